"""What a solver is given: a counted function, a box, perhaps a start, and randomness."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.counting import Counter
from benchmarks.problem import Problem
from blackbox.core.asking import Floats, Point

TOLD_HALF_WIDTH = 1e4
"""Solvers that need a box where there is none are told start ± this."""

RESTART_DECADES = (-2.0, 4.0)
"""Without a box, nobody knows the scale: restarts lie between 0.01 and the told half width away from the start."""

IDLE_RESTARTS = 100
"""Restarts in a row that asked nothing, after which a solver has nothing more to do."""


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One solver's run on one problem."""

    counter: Counter
    rng: np.random.Generator

    @property
    def problem(self) -> Problem:
        """What is to be minimised."""
        return self.counter.problem

    @property
    def f(self) -> Callable[[Point], float]:
        """The counted function of one point."""
        return self.counter.value

    @property
    def left(self) -> int:
        """Evaluations left."""
        return self.counter.left

    @property
    def dimension(self) -> int:
        """Number of inputs."""
        return self.problem.dimension

    @property
    def lower(self) -> Floats:
        """The problem's own lower bounds, shape `(d,)`, −inf where there are none."""
        return self.problem.lower

    @property
    def upper(self) -> Floats:
        """The problem's own upper bounds, shape `(d,)`."""
        return self.problem.upper

    @property
    def start(self) -> Point | None:
        """Where the problem says to start; None: wherever the solver likes."""
        return self.problem.start

    @property
    def box(self) -> tuple[Floats, Floats]:
        """A finite box, shape `(d,)` twice: the bounds, or, where there are none, what such solvers are told."""
        if self.problem.boxed:
            return self.lower, self.upper
        assert self.start is not None
        return self.start - TOLD_HALF_WIDTH, self.start + TOLD_HALF_WIDTH

    @property
    def pairs(self) -> list[tuple[float, float]]:
        """The finite box as `(low, high)` pairs."""
        lower, upper = self.box
        return list(zip(lower.tolist(), upper.tolist(), strict=True))

    def draw(self) -> Point:
        """A uniform point of the box; where there is none, one at a log-uniform distance from the start."""
        if self.start is not None and not self.problem.boxed:
            distance = 10 ** self.rng.uniform(*RESTART_DECADES)
            return self.start + distance * self.rng.standard_normal(self.dimension)
        lower, upper = self.box
        return lower + self.rng.random(self.dimension) * (upper - lower)

    def first(self) -> Point:
        """The start given, or a uniform point."""
        return self.draw() if self.start is None else self.start.copy()

    def seed(self) -> int:
        """A fresh seed for a library that wants a whole number."""
        return int(self.rng.integers(1, 2**31 - 1))

    def restarts(self, again: Callable[[], Point] | None = None) -> Iterator[Point]:
        """Starts until the budget is spent: the first one, then what `again` gives (uniform points by default)."""
        point, idle = self.first(), 0
        while self.left > 0 and idle < IDLE_RESTARTS:
            before = self.left
            yield point
            idle = idle + 1 if self.left == before else 0
            point = (again or self.draw)()
