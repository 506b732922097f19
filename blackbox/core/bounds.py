"""The box in which the search may ask."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Floats, Point, Points
from blackbox.core.errors import OptionError

GOLDEN = (sqrt(5.0) - 1) / 2
"""Golden section: each evaluation leaves this part of the interval."""

DECADES = 1e3
"""Far end over near end from which on an axis spans decades: fewer are no harm on an even scale."""

FARTHEST = 1e100
"""Coordinates stay below this, so that their squares are still finite numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """`lower` and `upper`, shape `(d,)`, infinities where an axis has no bound."""

    lower: Floats
    upper: Floats
    finite: bool = field(init=False, repr=False)
    """Whether every axis has two finite ends."""
    absent: bool = field(init=False, repr=False)
    """Whether no axis has any bound."""
    _lowest: Floats = field(init=False, repr=False)
    _highest: Floats = field(init=False, repr=False)
    _ends: list[tuple[float, float]] = field(init=False, repr=False)
    """The last two in plain floats."""

    def __post_init__(self) -> None:
        for axis, (low, high) in enumerate(zip(self.lower, self.upper, strict=True)):
            shown = (float(low), float(high))
            if np.isnan(low) or np.isnan(high):
                raise OptionError(f"bounds[{axis}]", shown, "a bound must be a number")
            if low > high:
                raise OptionError(f"bounds[{axis}]", shown, "the lower bound must not exceed the upper one")
            if any(FARTHEST < abs(end) < np.inf for end in shown):
                raise OptionError(f"bounds[{axis}]", shown, f"a bound must lie within ±{FARTHEST:g}, or be left out")
            if low == np.inf or high == -np.inf:
                raise OptionError(f"bounds[{axis}]", shown, "no finite number lies between these bounds")
        # Walks ask for these at every step.
        object.__setattr__(self, "finite", bool(np.isfinite(self.lower).all() and np.isfinite(self.upper).all()))
        object.__setattr__(self, "absent", bool(np.isinf(self.lower).all() and np.isinf(self.upper).all()))
        object.__setattr__(self, "_lowest", np.maximum(self.lower, -FARTHEST))
        object.__setattr__(self, "_highest", np.minimum(self.upper, FARTHEST))
        object.__setattr__(self, "_ends", list(zip(self._lowest.tolist(), self._highest.tolist(), strict=True)))

    @classmethod
    def unbounded(cls, dimension: int) -> "Bounds":
        """The whole space."""
        return cls(np.full(dimension, -np.inf), np.full(dimension, np.inf))

    @classmethod
    def from_pairs(cls, pairs: Iterable[object], dimension: int) -> "Bounds":
        """From `(low, high)` pairs, one for every axis or one for all; None stands for no bound.

        Raises `OptionError` naming the axis, the pair and the rule.
        """
        rows = [_pair(axis, row) for axis, row in enumerate(pairs)]
        if len(rows) == 1:
            rows = rows * dimension
        if len(rows) != dimension:
            wanted = f"{len(rows)} pairs, but the function has {dimension} inputs: give 1 pair or {dimension}"
            raise OptionError("bounds", [list(row) for row in rows], wanted)
        table = np.array(rows, dtype=np.float64).reshape(dimension, 2)
        return cls(np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1]))

    @property
    def dimension(self) -> int:
        """Number of axes."""
        return self.lower.size

    @property
    def span_decades(self) -> NDArray[np.bool_]:
        """Along which axes both ends lie on one side of zero and far apart, shape `(d,)`."""
        low, high = np.abs(self.lower), np.abs(self.upper)
        one_sided = (self.lower > 0) | (self.upper < 0)
        return (
            one_sided
            & np.isfinite(self.upper - self.lower)
            & (np.maximum(low, high) >= DECADES * np.minimum(low, high))
        )

    def lengths_at(self, point: Point) -> Floats:
        """How far one may have to go from a point for f to change: the width of the box, or x where it spans decades.

        Shape `(d,)`; infinite along an axis that has a bound missing.
        """
        return np.where(self.span_decades, np.abs(point), self.upper - self.lower)

    def clip(self, points: Points) -> Points:
        """The nearest points inside, same shape as given; never farther out than `FARTHEST` where no bound stands."""
        return np.minimum(np.maximum(points, self._lowest), self._highest)

    def clip_one(self, point: Point) -> Point:
        """The same for one point, itself where it lies well inside, as most do."""
        return point if self.surround(point) else self.clip(point)

    def surround(self, point: Point) -> bool:
        """Whether a point lies inside, and not on a bound: in plain floats, since walks ask at every step."""
        for at, (low, high) in zip(point.tolist(), self._ends):  # noqa: B905, SIM110 - `strict` and `all` take as long
            if not low < at < high:
                return False
        return True

    def step_inside(self, point: Point, step: Floats) -> Point | None:
        """The point a step ahead, shape `(d,)`, if it surely lies well inside; None where one must look closely."""
        moved: Point = point + step
        for at, by, to, (low, high) in zip(point.tolist(), step.tolist(), moved.tolist(), self._ends):  # noqa: B905
            if not (low < to < high and by <= high - at):
                return None
        return moved

    def contain(self, points: Points) -> bool:
        """Whether every point given lies inside."""
        return bool(np.all(points >= self.lower) and np.all(points <= self.upper))

    def pairs(self) -> list[list[float]]:
        """`[[low, high], …]`."""
        return [[float(low), float(high)] for low, high in zip(self.lower, self.upper, strict=True)]


def golden_cut(low: float, high: float) -> float:
    """Where golden section asks first."""
    return low + (1 - GOLDEN) * (high - low)


def _pair(axis: int, row: object) -> tuple[float, float]:
    try:
        low, high = cast("tuple[Any, Any]", row)
        return -np.inf if low is None else float(low), np.inf if high is None else float(high)
    except (TypeError, ValueError) as cause:
        raise OptionError(f"bounds[{axis}]", row, "must be a pair of numbers (low, high)") from cause
