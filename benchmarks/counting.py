"""The one oracle that counts for all solvers, and keeps what the figures are made of."""

import time
from array import array
from dataclasses import dataclass

import numpy as np

from benchmarks.problem import Problem
from blackbox.core.asking import Floats, Point, Points, Values

OVERRUN = 100_000
"""Calls after the last counted one that are answered, for a peer that swallows exceptions, before it is given up."""

NOTHING_YET = 1e20
"""What a peer is told of a failed evaluation while no other has given a number."""


class Spent(Exception):  # noqa: N818 - a signal, no error
    """The budget is spent or the time is up: the record is closed, whatever else is asked."""


class GivenUp(BaseException):
    """A peer that kept asking long after `Spent`; no `except Exception` holds it."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Improvements of the best true value: numbers of the evaluations, from 1, and the values, both shape `(k,)`."""

    evaluations: np.ndarray
    values: Floats


class Counter:
    """Answers points, counts them and keeps the improvements; after `budget` evaluations nothing changes it."""

    def __init__(self, problem: Problem, budget: int, rng: np.random.Generator) -> None:
        self.problem = problem
        self.budget = budget
        self.evaluations = 0
        self.overrun = 0
        self.seconds_inside = 0.0
        """Wall-clock seconds in the function and in counting: what is not the solver's own."""
        self._rng = rng
        self._best = np.inf
        self._highest = -np.inf
        self._at = array("q")
        self._values = array("d")
        self._open = True

    @property
    def left(self) -> int:
        """Evaluations that still count."""
        return self.budget - self.evaluations if self._open else 0

    @property
    def closed(self) -> bool:
        """Whether the record was closed."""
        return not self._open

    @property
    def trace(self) -> Trace:
        """The improvements so far."""
        return Trace(np.array(self._at, dtype=np.int64), np.array(self._values, dtype=np.float64))

    def freeze(self) -> None:
        """Close the record: the time is up."""
        self._open = False

    def ask(self, points: Points) -> Values:
        """Values of points `(n, d)`, shape `(n,)`, NaN where the function has none. Raises `Spent`.

        Where fewer than n evaluations are left, those are counted and the record is closed at once.
        """
        began = time.perf_counter()
        try:
            affordable = self.left
            if affordable <= 0:
                self._refuse()
            counted = points[:affordable]
            true = self.problem.surface(counted)
            self._remember(true)
            if len(points) > affordable:
                raise Spent
            disturb = self.problem.disturb
            return true if disturb is None else disturb(true, self._rng)
        finally:
            self.seconds_inside += time.perf_counter() - began

    def value(self, x: Point) -> float:
        """The value at one point as a peer is told it: of a failed evaluation, the highest number so far."""
        point = np.array(x, dtype=np.float64).reshape(1, -1)  # a copy: libraries hand out memory of their own
        value = float(self.ask(point)[0])
        if not np.isfinite(value):
            return self.worst
        self._highest = max(self._highest, value)
        return value

    @property
    def worst(self) -> float:
        """The highest number a peer has been told."""
        return self._highest if np.isfinite(self._highest) else NOTHING_YET

    def _refuse(self) -> None:
        self.freeze()
        self.overrun += 1
        if self.overrun > OVERRUN:
            raise GivenUp
        raise Spent

    def _remember(self, true: Values) -> None:
        if len(true) > 1 and not np.fmin.reduce(true) < self._best:
            self.evaluations += len(true)
            return
        for value in true.tolist():
            self.evaluations += 1
            if value < self._best and value > -np.inf:
                self._best = value
                self._at.append(self.evaluations)
                self._values.append(value)
