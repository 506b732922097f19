"""Step-neighbour search: the slope as a walker on a grid sees it."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from blackbox.core.asking import Asking, Floats, Point
from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError

MOST_NEIGHBOURS = 20_000
"""3^9 − 1 neighbours are asked; 3^10 − 1 are refused."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The lowest of the neighbours one step away along each axis."""

    point: Point
    value: float
    drop: float
    """How much lower than the centre; not positive when no neighbour is lower."""
    asked: int
    """Evaluations."""
    ties: Floats
    """All neighbours with that same value, shape `(k, d)`: where the water divides, k > 1."""


def steepest_neighbour(
    x: Point, value: float, step: Floats, bounds: Bounds, diagonals: bool = False
) -> Asking[Neighbour]:
    """The steepest drop among the 2d axis neighbours inside the bounds. At most 2d evaluations.

    On a plane the drop equals step × largest |slope|. Failed neighbours do not count. With `diagonals` all 3^d − 1
    neighbours of the grid are asked. Raises `OptionError` where that is more than `MOST_NEIGHBOURS`.
    """
    ring = x + (_grid(x.size) * step if diagonals else np.vstack([np.diag(step), -np.diag(step)]))
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


def _grid(dimension: int) -> Floats:
    """All offsets of −1, 0 and 1 but the centre, shape `(3^d − 1, d)`."""
    if 3**dimension > MOST_NEIGHBOURS:
        raise OptionError("diagonals", True, f"{dimension} inputs have 3^{dimension} − 1 neighbours: too many to ask")
    offsets = np.array(list(product((-1.0, 0.0, 1.0), repeat=dimension)))
    return offsets[np.any(offsets != 0, axis=1)]
