"""Many methods on one function, each with its own counted oracle, the same budget and the same seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from blackbox.comparison.scipy_methods import SCIPY, Task
from blackbox.core.asking import Asking, Floats, Point, ask_one
from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError
from blackbox.core.numbers import require_whole
from blackbox.core.quiet import quietly
from blackbox.descent.catalogue import METHODS
from blackbox.descent.ground import Kit
from blackbox.descent.restarts import random_starts, restarts
from blackbox.descent.stopping import Rules
from blackbox.oracle.executors.executor import Executor
from blackbox.oracle.oracle import Limits, Oracle
from blackbox.solve.plan import Plan
from blackbox.solve.run import search_of

OURS = "blackbox"

PRECISIONS = (1e-2, 1e-6)
"""Distances to the best value known at which evaluations are counted."""

DEFAULT_METHODS = (
    OURS, "random-search", "neighbour-descent", "gradient-descent", "momentum", "adam", "newton", "bfgs",
    "conjugate-gradient", "nelder-mead", "pattern", *SCIPY,
)  # fmt: skip

BUDGET_PER_AXIS = 1000
"""Evaluations for each of d + 2 where none are given: enough to tell the methods apart in a minute."""

WALK_STEPS = 1000
SETTLED = 1e-6
"""A textbook walk is restarted when its slope or its move is below this."""


class _Spent(Exception):  # noqa: N818 - a signal, no error
    """The budget is spent: leaves whatever loop a foreign method is in."""


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """What every method gets."""

    bounds: Bounds
    start: Point
    budget: int
    seed: int = 0
    maximize: bool = False
    repeats: int = 1
    """Runs a method, with the seeds `seed`, `seed` + 1, …"""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """What a method made of it with one seed; values in the function's own sign."""

    seed: int
    x: Point | None
    value: float
    evaluations: int
    curve: Floats
    """Shape `(k, 2)`: evaluations and best value at each improvement."""
    error: str | None

    def evaluations_to(self, level: float, maximize: bool) -> int | None:
        """Evaluations until the best value was that good; None where it never was."""
        good = self.curve[:, 1] >= level if maximize else self.curve[:, 1] <= level
        return int(self.curve[np.argmax(good), 0]) if good.any() else None


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """A method and its runs, in the order of their seeds."""

    name: str
    runs: tuple[Run, ...]
    maximize: bool

    @property
    def ranked(self) -> tuple[Run, ...]:
        """Best value first; of equal ones the one that had it sooner; runs without a number last."""
        sign = -1.0 if self.maximize else 1.0
        keys = {run.seed: (np.isnan(run.value), sign * run.value, *run.curve[-1:, 0]) for run in self.runs}
        return tuple(sorted(self.runs, key=lambda run: keys[run.seed]))

    @property
    def median(self) -> Run:
        """The run in the middle: half of the others did no better. It speaks for the method."""
        return self.ranked[len(self.runs) // 2]


def known_methods() -> tuple[str, ...]:
    """Every name that a contest takes."""
    return (OURS, *(name for name, method in METHODS.items() if not method.ascends), *SCIPY)


def compare(
    executor: Executor,
    contest: Contest,
    names: Sequence[str] = DEFAULT_METHODS,
    say: Callable[[str], None] | None = None,
) -> tuple[Result, ...]:
    """`repeats` runs a method, `budget` evaluations each. Raises `OptionError` for a name that is no method."""
    require_whole("repeats", contest.repeats, 1)
    for name in names:
        if name not in known_methods():
            raise OptionError("methods", name, f"must be among {', '.join(known_methods())}")
    results: list[Result] = []
    for name in names:
        if say is not None:
            say(name)
        seeds = range(contest.seed, contest.seed + contest.repeats)
        runs = tuple(_run(name, executor, replace(contest, seed=seed)) for seed in seeds)
        results.append(Result(name, runs, contest.maximize))
    return tuple(results)


def best_known(results: Sequence[Result], maximize: bool) -> float:
    """The best value of all; NaN where nobody found a number."""
    values = [run.value for result in results for run in result.runs if np.isfinite(run.value)]
    return (max(values) if maximize else min(values)) if values else float("nan")


def _run(name: str, executor: Executor, contest: Contest) -> Run:
    oracle = Oracle(executor, Limits(contest.budget), maximize=contest.maximize)
    error: str | None = None
    if name in SCIPY:
        error = _scipy(name, oracle, contest)
    elif name == OURS:
        plan = Plan(contest.bounds, contest.start, contest.seed, contest.maximize, oracle.limits)
        oracle.drive(search_of(plan))
    else:
        oracle.drive(quietly(_with_restarts(name, contest)))
    curve = np.array([(found.evaluations, found.value) for found in oracle.improvements]).reshape(-1, 2)
    best = oracle.best
    if best is None and error is None:
        error = "no evaluation gave a finite number"
    value = float("nan") if best is None else best.value
    return Run(contest.seed, None if best is None else best.x, value, oracle.evaluations, curve, error)


def _with_restarts(name: str, contest: Contest) -> Asking[None]:
    """The walk from the start, then from random ones, until somebody ends it."""
    kit = Kit(contest.bounds, np.random.default_rng(contest.seed), stride=_stride(contest), halvings=20)
    rules = Rules(steps=WALK_STEPS, slope=SETTLED, tolerance=SETTLED)
    yield from restarts(METHODS[name].walk, random_starts(contest.start, kit), kit, rules)


def _stride(contest: Contest) -> float:
    if contest.bounds.finite:
        return max(0.1 * float((contest.bounds.upper - contest.bounds.lower).max()), 1e-300)
    return max(1.0, 0.1 * float(np.abs(contest.start).max()))


def _scipy(name: str, oracle: Oracle, contest: Contest) -> str | None:
    """Run one of SciPy's; its failure in words, or None."""

    def counted(x: Floats) -> float:
        drive = oracle.drive(ask_one(np.asarray(x, dtype=np.float64).ravel()))
        if drive.stop is not None:
            raise _Spent(drive.detail)
        value = drive.result
        return float("inf") if value is None or np.isnan(value) else value

    try:
        SCIPY[name](Task(counted, contest.bounds, contest.start, contest.budget, contest.seed))
    except _Spent:
        return None
    except Exception as failure:  # whatever SciPy does is a result of the contest
        return f"{type(failure).__name__}: {failure}"
    return None
