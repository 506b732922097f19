"""What the search itself costs an evaluation, without f: `python -m benchmarks.overhead` prints a table.

A run is made once and its answers are kept; what is timed is the same run, sent those answers, so that neither f nor
a clock is in it. Processor time, the least of several runs. Beside it stands how many times that of an empty loop
it is: a generator that yields the same questions and computes nothing. The ratio is what can be compared between
machines, and on a busy one.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from benchmarks.problem import Problem
from benchmarks.suites import classic
from blackbox.core.asking import Asking, Points, Values
from blackbox.core.bounds import Bounds
from blackbox.search.default import default_search
from blackbox.search.population import Cloud, colonise
from blackbox.search.regions import whole

FUNCTIONS = ("sphere", "rosenbrock", "rastrigin", "rotated_ellipse", "schwefel_1_2", "ackley")
"""Separable or not, one basin or many, well or ill shaped."""

DIMENSIONS = (2, 5, 10)

INSTANCE, SEED = 101, 1

BATCH = 200
"""Questions of so many points are what the goal for batches is about."""

REPEATS = 5
"""The least of so many runs: whatever else the machine does only ever adds."""

Search: TypeAlias = Callable[[Problem], Asking[object]]


@dataclass(frozen=True, slots=True)
class Record:
    """What a run asked and was answered."""

    questions: list[Points]
    answers: list[Values]

    @property
    def evaluations(self) -> int:
        """Points asked."""
        return sum(map(len, self.questions))


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of processor time an evaluation."""

    search: float
    empty: float
    """Those of a generator that only asks the same."""

    @property
    def times(self) -> float:
        """How many times the empty loop."""
        return self.search / max(self.empty, 1e-9)


def one_at_a_time(problem: Problem) -> Asking[object]:
    """The default search, as it asks by itself."""
    return default_search(Bounds(problem.lower, problem.upper), None, np.random.default_rng(SEED))


def in_batches(problem: Problem) -> Asking[object]:
    """The search's population, of a size that it reaches by doubling."""
    bounds, rng = Bounds(problem.lower, problem.upper), np.random.default_rng(SEED)
    cloud = Cloud(rng.random(problem.dimension), 0.2, BATCH)
    return colonise(cloud, whole(bounds), bounds, rng)


def record(asking: Asking[object], problem: Problem, evaluations: int) -> Record:
    """A run of so many evaluations, or until it ends by itself."""
    told = Record([], [])
    asked = 0
    try:
        question = next(asking)
        while asked < evaluations:
            if not isinstance(question, np.ndarray):
                question = next(asking)
                continue
            values = problem.surface(question)
            told.questions.append(question)
            told.answers.append(np.where(np.isfinite(values), values, np.nan))
            asked += len(question)
            question = asking.send(told.answers[-1])
    except StopIteration:
        pass
    finally:
        asking.close()
    return told


def replay(asking: Asking[object], answers: list[Values]) -> float:
    """Seconds of processor time that the run takes when it is sent its answers."""
    due = iter(answers)
    began = time.process_time()
    try:
        question = next(asking)
        while True:
            question = asking.send(next(due)) if isinstance(question, np.ndarray) else next(asking)
    except StopIteration:  # of either
        return time.process_time() - began
    finally:
        asking.close()


def cost(search: Search, problem: Problem, evaluations: int, repeats: int = REPEATS) -> Cost:
    """What a search costs an evaluation on a problem."""
    with np.errstate(all="ignore"):
        told = record(search(problem), problem, evaluations)
        made = told.evaluations
        ours = min(replay(search(problem), told.answers) for _ in range(repeats))
        empty = min(replay(_only_ask(told.questions), told.answers) for _ in range(repeats))
    return Cost(1e6 * ours / made, 1e6 * empty / made)


def _only_ask(questions: list[Points]) -> Asking[object]:
    for question in questions:
        _ = yield question


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--functions", default=",".join(FUNCTIONS))
    parser.add_argument("--dimensions", default=",".join(map(str, DIMENSIONS)))
    parser.add_argument("--evaluations", type=int, default=1000, help="times d")
    told = parser.parse_args()
    print(f"| function | d | one at a time, µs | times an empty loop | batches of {BATCH}, µs | times an empty loop |")
    print("|" + "---|" * 6)
    alone: list[float] = []
    batched: list[float] = []
    for function in told.functions.split(","):
        for d in map(int, told.dimensions.split(",")):
            if function not in classic.functions(d):
                continue
            problem = classic.problem(function, d, INSTANCE)
            one, many = (cost(search, problem, told.evaluations * d) for search in (one_at_a_time, in_batches))
            alone.append(one.search)
            batched.append(many.search)
            cells = f"{one.search:.1f} | {one.times:.0f} | {many.search:.2f} | {many.times:.0f}"
            print(f"| {function} | {d} | {cells} |", flush=True)
    print(f"| mean | | {np.mean(alone):.1f} | | {np.mean(batched):.2f} | |")


if __name__ == "__main__":
    main()
