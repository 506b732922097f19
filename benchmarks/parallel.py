"""What several workers bring on a slow function: `python -m benchmarks.parallel` prints a table.

bbob at d = 5, every evaluation sleeps; the members of the crew are threads here, since a sleeping function needs no
processor. The answers must be those of one worker, bit for bit.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np

from benchmarks.suites import bbob
from blackbox.answer.answer import Answer
from blackbox.core.asking import Points, Values
from blackbox.core.bounds import Bounds
from blackbox.core.evaluations import Reply
from blackbox.oracle.executors.crew import Crew
from blackbox.oracle.oracle import Limits, Oracle
from blackbox.solve.plan import Plan
from blackbox.solve.run import run

DIMENSION, INSTANCE, SEED = 5, 101, 1


class Sleeper:
    """A member that takes its time."""

    def __init__(self, surface: Callable[[Points], Values], seconds: float) -> None:
        self._surface, self._seconds = surface, seconds

    def start(self) -> None:
        """Nothing to load."""

    def ask(self, points: Points) -> Reply:
        """Values, late."""
        time.sleep(self._seconds * len(points))
        return Reply.from_values(np.array([self._surface(point) for point in points]))

    def dismiss(self) -> None:
        """It will have slept enough."""

    def close(self) -> None:
        """Nothing to release."""


def solve(function: str, budget: int, workers: int, seconds: float) -> tuple[Answer, float, int]:
    """The answer, the seconds that it took, and the evaluations that were made ahead for nothing."""
    problem = bbob.problem(function, DIMENSION, INSTANCE)
    limits = Limits(budget)
    crew = Crew([Sleeper(problem.surface, seconds) for _ in range(workers)])
    try:
        oracle = Oracle(crew, limits)
        began = time.perf_counter()
        answer = run(Plan(Bounds(problem.lower, problem.upper), None, SEED, False, limits), oracle)
        return answer, time.perf_counter() - began, oracle.ahead
    finally:
        crew.close()


def same(one: Answer, other: Answer) -> bool:
    """Whether two runs asked and found the same."""
    return one.evaluations == other.evaluations and np.array_equal(one.history.x, other.history.x)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--functions", default=",".join(f"f{n}" for n in range(1, 25)))
    parser.add_argument("--budget", type=int, default=500)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=0.05)
    parser.add_argument("--serially", action="store_true", help="run one worker too, instead of reckoning its time")
    told = parser.parse_args()
    print(f"| function | evaluations | one worker | {told.workers} workers | times faster | ahead for nothing | same |")
    print("|" + "---|" * 7)
    gains: list[float] = []
    for function in told.functions.split(","):
        answer, took, ahead = solve(function, told.budget, told.workers, told.seconds)
        alone, agrees = answer.evaluations * told.seconds, "not run"
        if told.serially:
            single, alone, _ = solve(function, told.budget, 1, told.seconds)
            agrees = "yes" if same(single, answer) else "NO"
        gains.append(alone / took)
        numbers = f"{answer.evaluations} | {alone:.1f} s | {took:.1f} s | {gains[-1]:.1f} | {ahead} | {agrees}"
        print(f"| {function} | {numbers} |", flush=True)
    print(f"| all, harmonic mean | | | | {len(gains) / sum(1 / gain for gain in gains):.1f} | | |")


if __name__ == "__main__":
    main()
