"""Where a campaign may ask: a box with an end on every side, and the decimal places in which its points are written."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor, log10, prod

import numpy as np

from blackbox.core.asking import Floats, Point, Points
from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError

FINE = 6
"""Decimal places for a box of width 1: a millionth of the box is finer than tens of evaluations can tell apart."""

MOST_PLACES = 15
"""Of decimals: more are not in a float of size 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A finite box and a grid of decimals in it."""

    bounds: Bounds
    places: tuple[int, ...]
    """Decimal places of each coordinate; −2 stands for hundreds."""
    half_open: bool = False
    """Whether the upper ends do not belong to the box."""

    def __post_init__(self) -> None:
        if not self.bounds.finite:
            raise OptionError("bounds", self.bounds.pairs(), "ask needs two finite ends for every input")
        if np.any(self.lowest > self.highest):
            raise OptionError("bounds", self.bounds.pairs(), f"no number of {max(self.places)} decimals lies inside")

    @classmethod
    def of(cls, bounds: Bounds, places: int | None = None, half_open: bool = False) -> "Field":
        """With the decimals given, or with those that cut every side into about a million."""
        widths = bounds.upper - bounds.lower
        found = [FINE - floor(log10(w)) if w > 0 and np.isfinite(w) else FINE for w in widths.tolist()]
        fine = [min(MOST_PLACES, count) for count in found]
        return cls(bounds, tuple(fine) if places is None else (places,) * bounds.dimension, half_open)

    @property
    def dimension(self) -> int:
        """Number of inputs."""
        return self.bounds.dimension

    @property
    def units(self) -> Floats:
        """The last decimal place of each coordinate."""
        return np.array([10.0**-count for count in self.places])

    @property
    def lowest(self) -> Point:
        """The first point of the grid."""
        return np.where(self._narrow, self.bounds.lower, self._rounded(self.bounds.lower, up=True))

    @property
    def highest(self) -> Point:
        """The last point of the grid."""
        last = self._rounded(self.bounds.upper, up=False)
        outside = self.half_open & (last >= self.bounds.upper)
        below = np.array([round(float(v - u), p) for v, u, p in zip(last, self.units, self.places, strict=True)])
        return np.where(self._narrow, self.bounds.lower, np.where(outside, below, last))

    def to_unit(self, points: Points) -> Floats:
        """In parts of the box, 0 to 1."""
        width = np.where(self._narrow, 1.0, self.bounds.upper - self.bounds.lower)
        return np.where(self._narrow, 0.5, (points - self.bounds.lower) / width)

    def to_world(self, units: Floats) -> Points:
        """The nearest points of the grid."""
        raw = self.bounds.lower + units * (self.bounds.upper - self.bounds.lower)
        return np.clip(self.snapped(raw), self.lowest, self.highest)

    def snapped(self, points: Points) -> Points:
        """Rounded to the grid's decimals: the float that Python reads from that many digits."""
        rounded = np.array([[round(float(v), p) for v, p in zip(row, self.places, strict=True)] for row in points])
        return np.where(self._narrow, self.bounds.lower, rounded.reshape(points.shape))

    def all_points(self, most: int) -> Iterator[Point]:
        """The points of the grid in their order, the first `most` of them."""
        spans = zip(self.lowest.tolist(), self.highest.tolist(), self.units.tolist(), strict=True)
        counts = [1 + round((high - low) / unit) for low, high, unit in spans]
        for index in range(min(most, prod(counts))):
            steps: list[int] = []
            for count in counts:
                index, step = divmod(index, count)
                steps.append(step)
            yield self.snapped((self.lowest + np.array(steps) * self.units)[np.newaxis])[0]

    def same(self, points: Points, point: Point) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Which of the points, shape `(n, d)`, are this one but for the rounding of its last decimal."""
        # A hair more than half a unit: the decimal half itself is seldom a float. Coordinates far from 0 round coarser.
        slack = np.maximum(0.5001 * self.units, 4 * np.spacing(np.abs(point)))
        return np.all(np.abs(points - point) <= slack, axis=1)

    @property
    def _narrow(self) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Axes whose bounds coincide."""
        return self.bounds.lower == self.bounds.upper

    def _rounded(self, ends: Point, up: bool) -> Point:
        steps = np.ceil(ends / self.units - 1e-6) if up else np.floor(ends / self.units + 1e-6)
        rounded = np.array([round(float(s * u), p) for s, u, p in zip(steps, self.units, self.places, strict=True)])
        # A bound that is itself a decimal stays what it is; any other is met from inside.
        return np.maximum(rounded, self.bounds.lower) if up else np.minimum(rounded, self.bounds.upper)
