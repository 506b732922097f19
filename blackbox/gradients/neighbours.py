"""Step-neighbour search: the slope as a walker on a grid sees it."""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Floats, Point
from blackbox.core.bounds import Bounds


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The lowest of the 2d neighbours one step away along each axis."""

    point: Point
    value: float
    drop: float
    """How much lower than the centre; not positive when no neighbour is lower."""
    asked: int
    """Evaluations."""
    ties: Floats
    """All neighbours with that same value, shape `(k, d)`: where the water divides, k > 1."""


def steepest_neighbour(x: Point, value: float, step: Floats, bounds: Bounds) -> Asking[Neighbour]:
    """The steepest drop among the 2d axis neighbours inside the bounds. At most 2d evaluations.

    On a plane the drop equals step × largest |slope|. Failed neighbours do not count.
    """
    offsets = np.diag(step)
    ring = np.vstack([x + offsets, x - offsets])
    inside = np.all((ring >= bounds.lower) & (ring <= bounds.upper), axis=1) & np.any(ring != x, axis=1)
    ring = ring[inside]
    if len(ring) == 0:
        return Neighbour(x, value, 0.0, 0, x[np.newaxis, :])
    values = yield ring
    if np.isnan(values).all():
        return Neighbour(x, value, 0.0, len(ring), x[np.newaxis, :])
    lowest = float(np.nanmin(values))
    ties = ring[values == lowest]
    return Neighbour(np.ascontiguousarray(ties[0]), lowest, value - lowest, len(ring), ties)
