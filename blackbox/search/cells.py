"""Is f constant within unit cells, as a function that rounds its inputs to whole numbers is?"""

import numpy as np

from blackbox.core.asking import Asking, Point
from blackbox.core.bounds import GOLDEN, Bounds

CELLS = 4
"""Cells looked at; they must not all have one value."""

AROUND = 10.0
"""Without bounds the cells lie so many units around the point, or as far as its own size."""

FARTHEST_CELL = 2.0**40
"""Beyond, too few floats lie within a unit to tell a cell from the grid of floats itself."""

OFFSETS = (0.3, 0.7)
"""How far into a cell is looked: within half a unit for those that round, beyond for those that cut off …"""

SPREAD = 0.2
"""… along the first axis; up to so much nearer to the corner along the others, each otherwise: a function of
differences of its inputs does not see a shift that is the same along all."""


def is_cellular(point: Point, bounds: Bounds, rng: np.random.Generator) -> Asking[bool]:
    """Whether whole numbers stand for all that rounds, floors, ceils or cuts off to them. At most 28 evaluations."""
    half = np.maximum(AROUND, np.abs(point))
    low, high = np.ceil(np.maximum(bounds.lower, point - half)), np.floor(np.minimum(bounds.upper, point + half))
    if np.any(high - low < 2) or np.abs([low, high]).max() > FARTHEST_CELL:
        return False
    cells = low + 1 + np.floor(rng.random((CELLS, point.size)) * (high - low - 1))
    signs = np.where(cells < 0, -1.0, 1.0)
    centres = yield cells
    if np.isnan(centres).any() or np.ptp(centres) == 0:
        return False
    otherwise = SPREAD * (np.arange(point.size) * GOLDEN % 1.0)
    near, far = OFFSETS[0] - otherwise, OFFSETS[1] + otherwise
    ahead = yield from _same(cells + near, centres)
    behind = yield from _same(cells - near, centres)
    if ahead and behind:
        return True
    shifts = [shift for shift, possible in ((far, ahead), (-far, behind)) if possible]
    for offset in [*shifts, *([] if shifts else [signs * far])]:
        if (yield from _same(cells + offset, centres)):
            return True
    return False


def _same(points: np.ndarray, values: np.ndarray) -> Asking[bool]:
    answers = yield points
    return bool(np.array_equal(answers, values))
