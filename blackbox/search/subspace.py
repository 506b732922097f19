"""Axes with one possible value are no dimension: the search runs on the others."""

from typing import TypeVar

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Points
from blackbox.core.bounds import Bounds
from blackbox.search.lens import through

T = TypeVar("T")


def free_bounds(bounds: Bounds) -> Bounds:
    """The bounds of the axes that are not fixed."""
    free = bounds.lower < bounds.upper
    return Bounds(bounds.lower[free], bounds.upper[free])


def free_part(x: Point, bounds: Bounds) -> Point:
    """The coordinates of the axes that are not fixed."""
    return np.ascontiguousarray(x[bounds.lower < bounds.upper])


def embedded_ray(ray: Floats, bounds: Bounds) -> Floats:
    """A direction of the free axes as one of all axes."""
    whole = np.zeros(bounds.dimension)
    whole[bounds.lower < bounds.upper] = ray
    return whole


def embed(asking: Asking[T], bounds: Bounds) -> Asking[T]:
    """Pass the questions of a search on the free axes through, with the fixed coordinates filled in."""
    return through(asking, _Filled(bounds))


class _Filled:
    """The fixed coordinates are what they must be."""

    def __init__(self, bounds: Bounds) -> None:
        self._free, self._fixed = bounds.lower < bounds.upper, bounds.lower

    def outward(self, points: Points) -> Points:
        """With the fixed coordinates."""
        whole = np.repeat(self._fixed[np.newaxis, :], len(points), axis=0)
        whole[:, self._free] = points
        return whole

    def lengths(self, point: Point, lengths: Floats) -> Floats:  # noqa: ARG002 - they are the same everywhere
        """None along a fixed axis."""
        whole = np.zeros(self._fixed.size)
        whole[self._free] = lengths
        return whole

    def slope(self, slope: float) -> float:
        """The same: what is fixed has no slope."""
        return slope
