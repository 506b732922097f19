"""Inputs whose box spans decades: where f changes from decade to decade, the search goes by their logarithm.

A rate between 1e-4 and 1e4 is as likely below 1 as above, and f changes as much on either side; on an even scale all
that lies below 1 is a ten-thousandth of the box. But a box may also span decades because zero had to be left out, as
(1e-9, 10) does for whatever must be positive: then f is nearly constant over the lower decades. Five places an axis
tell the two apart. (docs/decisions/0011-decades.md)
"""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Asking, Floats, Point, Points
from blackbox.core.bounds import Bounds

PLACES = 5
"""Places on an axis, at even steps of the logarithm; the first three are its lower decades."""

TOLD = 0.05
"""Part of the range seen on an axis that f must change by over the lower decades; more where these are few, since a
bowl on an even scale changes a little there as well."""

Axes: TypeAlias = NDArray[np.bool_]


def spanning(bounds: Bounds) -> Axes:
    """Which axes of a finite box span decades, shape `(d,)`: both ends on one side of zero, and far apart."""
    return bounds.span_decades & bounds.finite


def by_decades(base: Point, axes: Axes, bounds: Bounds) -> Asking[tuple[Axes, Point]]:
    """Along which of these axes f changes from decade to decade, and the lowest point met. 5 evaluations an axis."""
    lens = Decades(bounds, axes)
    inner = lens.inward(base)
    steps = np.linspace(0.0, 1.0, PLACES)
    found, best, least = axes.copy(), base, float("inf")
    for axis in np.flatnonzero(axes):
        near_zero, far = lens.bounds.lower[axis], lens.bounds.upper[axis]
        points = np.repeat(inner[np.newaxis, :], PLACES, axis=0)
        points[:, axis] = near_zero + steps * (far - near_zero)
        asked = lens.outward(points)
        values = yield asked
        found[axis] = _changes(values, np.abs(asked[:, axis]))
        if np.isfinite(values).any() and np.nanmin(values) < least:
            best, least = asked[int(np.nanargmin(values))].copy(), float(np.nanmin(values))
    return found, best


def _changes(values: Floats, sizes: Floats) -> bool:
    """Whether f changes over the lower decades as it does over the higher ones; never where it fails on a lower one."""
    lower = values[:3]
    if np.isnan(lower).any():
        return False
    even = (sizes[1] - sizes[0]) / (sizes[2] - sizes[1])
    return bool(np.ptp(lower) > max(TOLD, even) * (np.nanmax(values) - np.nanmin(values)))


@dataclass(frozen=True, slots=True, eq=False)
class Decades:
    """A lens: the search sees the logarithm of the size of some inputs, and the others as they are."""

    outer: Bounds
    """Of the function."""
    axes: Axes
    """Which inputs, shape `(d,)`; their bounds lie on one side of zero."""
    bounds: Bounds = field(init=False)
    """Of the search."""
    _sign: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sign", np.where(self.axes & (self.outer.upper < 0), -1.0, 1.0))
        ends = np.array([self.inward(self.outer.lower), self.inward(self.outer.upper)])
        object.__setattr__(self, "bounds", Bounds(ends.min(axis=0), ends.max(axis=0)))

    def inward(self, point: Point) -> Point:
        """A point of the search, shape `(d,)`, from one of the function."""
        return np.where(self.axes, np.log(np.where(self.axes, np.abs(point), 1.0)), point)

    def outward(self, points: Points) -> Points:
        """Points of the function; the search's bounds become the function's to the last digit."""
        sizes = np.exp(np.where(self.axes, points, 0.0))
        outer = np.where(self.axes, self._sign * sizes, points)
        first, last = points <= self.bounds.lower, points >= self.bounds.upper
        low = np.where(self._sign > 0, self.outer.lower, self.outer.upper)
        high = np.where(self._sign > 0, self.outer.upper, self.outer.lower)
        return self.outer.clip(np.where(first, low, np.where(last, high, outer)))

    def lengths(self, point: Point, lengths: Floats) -> Floats:
        """A short step of the logarithm is that part of the size."""
        return np.where(self.axes, lengths * np.exp(np.where(self.axes, point, 0.0)), lengths)

    def slope(self, slope: float) -> float:  # noqa: ARG002 - a norm over axes of several scales
        """The gradient's norm does not tell it."""
        return float("nan")
