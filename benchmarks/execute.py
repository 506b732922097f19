"""Run one item and say what came of it."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import numpy as np

from benchmarks.counting import Counter, GivenUp, Spent
from benchmarks.item import Item, Record
from benchmarks.solvers import solver_named
from benchmarks.suites.catalogue import SUITES
from benchmarks.task import Task

RING_AGAIN = 1.0
"""Seconds after which an alarm that a peer swallowed is raised again."""


def execute(item: Item, seconds: float) -> Record:
    """The record of one run of at most `seconds`; a solver that fails leaves the record of what it had found."""
    problem = SUITES[item.suite].problem(item.function, item.dimension, item.instance)
    solve = solver_named(item.solver)
    rng = item.rng()
    counter = Counter(problem, item.budget, rng.spawn(1)[0])
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        with _alarm(counter, seconds), np.errstate(all="ignore"):
            solve(Task(counter, rng))
        end = _how_it_ended(counter)
    except (Spent, GivenUp):
        end = _how_it_ended(counter)
    except Exception as failure:  # whatever a library raises ends its run, and its run only
        told = f"failed: {type(failure).__name__}: {failure}"[:200]
        end = told if counter.left else _how_it_ended(counter)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    own = max(0.0, cpu * (1 - counter.seconds_inside / wall))
    return Record(
        item=item,
        group=problem.group,
        minimum=problem.minimum,
        unit=problem.unit,
        evaluations=counter.evaluations,
        overhead=own / max(1, counter.evaluations),
        end=end,
        trace=counter.trace,
    )


def _how_it_ended(counter: Counter) -> str:
    if counter.evaluations >= counter.budget:
        return "budget"
    return "time" if counter.closed else "ended"


@contextmanager
def _alarm(counter: Counter, seconds: float) -> Iterator[None]:
    """Close the record and raise `Spent` when the time is up, wherever the solver is."""

    def ring(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
        counter.freeze()
        raise Spent

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, RING_AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
