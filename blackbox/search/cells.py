"""Is f constant within unit cells, as a function that rounds its inputs to whole numbers is?"""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Points, Values, ask_one
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

WITHIN = 8
"""Random points of a single cell that must all have its value: steps of another kind are finer where f is low."""

EDGES = 2
"""Edges between cells of different values that are looked at: steps of another kind fall between them."""

BESIDE_EDGES = np.array([0.05, 0.45, 0.55, 0.95])
"""Places between two neighbouring whole numbers that tell where the step between them is."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Unit cells within which f is constant, and how far from its whole number each was seen to reach."""

    ahead: float
    behind: float
    outward: bool = False
    """Whether they reach away from 0 instead of ahead, as where inputs are cut off."""

    def number(self, point: Point) -> Point:
        """The whole numbers that stand for a point, shape `(d,)`."""
        if self.outward:
            return np.trunc(point)
        if self.ahead == self.behind:
            return np.rint(point)
        return np.floor(point) if self.ahead > 0 else np.ceil(point)

    def inside(self, number: Point, rng: np.random.Generator) -> Points:
        """Random points of the cell of these whole numbers, shape `(WITHIN, d)`."""
        shift = rng.uniform(-self.behind, self.ahead, (WITHIN, number.size))
        return number + (np.where(number < 0, -shift, shift) if self.outward else shift)


def find_cells(point: Point, bounds: Bounds, rng: np.random.Generator) -> Asking[Cells | None]:
    """What stands for all points around `point` and for its own cell: rounded, floored, ceiled or cut off numbers.

    None where whole numbers do not. At most 25 evaluations, and for each of two edges at most d + 4 and a bisection.
    """
    half = np.maximum(AROUND, np.abs(point))
    low, high = np.ceil(np.maximum(bounds.lower, point - half)), np.floor(np.minimum(bounds.upper, point + half))
    if np.any(high - low < 2) or np.abs([low, high]).max() > FARTHEST_CELL:
        return None
    numbers = low + 1 + np.floor(rng.random((CELLS, point.size)) * (high - low - 1))
    centres = yield numbers
    if np.isnan(centres).any() or np.ptp(centres) == 0:
        return None
    cells = yield from _reach(numbers, centres)
    if cells is None or not (yield from is_constant(cells, point, bounds, rng)):
        return None
    apart = [k for k in range(1, CELLS) if centres[k] != centres[k - 1]]
    for k in apart[:EDGES]:
        if not (yield from _steps_at_an_edge(cells, numbers[k - 1 : k + 1], centres[k - 1 : k + 1])):
            return None
    return cells


def is_constant(cells: Cells, point: Point, bounds: Bounds, rng: np.random.Generator) -> Asking[bool]:
    """Whether f has one value within the cell of a point. 9 evaluations."""
    number = cells.number(point)
    values = yield bounds.clip(np.vstack([number, cells.inside(number, rng)]))
    return bool(np.all(values == values[0]))


def _steps_at_an_edge(cells: Cells, ends: Points, values: Values) -> Asking[bool]:
    """Whether, on the way from one cell to another of another value, a step is where two cells meet."""
    here, value = ends[0].copy(), float(values[0])
    for axis, end in enumerate(ends[1].tolist()):
        start = float(here[axis])
        here[axis] = end
        if (found := (yield from ask_one(here))) != value:
            low, high = start, end
            while abs(high - low) > 1:
                here[axis] = middle = float(np.trunc((low + high) / 2))
                if (between := (yield from ask_one(here))) == value:
                    low = middle
                else:
                    high, found = middle, between
            points = np.repeat(here[np.newaxis, :], BESIDE_EDGES.size, axis=0)
            points[:, axis] = low + (high - low) * BESIDE_EDGES
            answers = yield points
            stands = [cells.number(point)[axis] == low for point in points]
            return np.array_equal(answers, np.where(stands, value, found), equal_nan=True)
    return True


def _reach(numbers: Points, centres: Values) -> Asking[Cells | None]:
    """How far the cells of these numbers reach. 8 or 12 evaluations."""
    axes: Floats = np.arange(numbers[0].size, dtype=np.float64)
    otherwise = SPREAD * (axes * GOLDEN % 1.0)
    near, far = OFFSETS[0] - otherwise, OFFSETS[1] + otherwise
    ahead = yield from _same(numbers + near, centres)
    behind = yield from _same(numbers - near, centres)
    if ahead and behind:
        return Cells(OFFSETS[0], OFFSETS[0])
    if ahead and (yield from _same(numbers + far, centres)):
        return Cells(OFFSETS[1], 0.0)
    if behind and (yield from _same(numbers - far, centres)):
        return Cells(0.0, OFFSETS[1])
    outward = np.where(numbers < 0, -1.0, 1.0) * far
    if not ahead and not behind and (yield from _same(numbers + outward, centres)):
        return Cells(OFFSETS[1], 0.0, outward=True)
    return None


def _same(points: Points, values: Values) -> Asking[bool]:
    answers = yield points
    return bool(np.array_equal(answers, values))
