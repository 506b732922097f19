"""Is f level around a point, and does it jump where the level part ends?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Asking, Floats, Point, ask_one
from blackbox.core.bounds import Bounds
from blackbox.gradients.steps import rounding_of

RINGS = 2.0 ** np.array([-24.0, -18.0, -12.0, -8.0, -5.0, -2.0, 0.0])
"""Distances at which both sides of every axis are looked at, in parts of the extent."""

BENDS_AT = 3
"""Which ring tells how much f bends: a 256th of the extent."""

LEVEL = 4.0
"""Values that differ by so many roundings are the same."""

STEEPEST = 3
"""Of a smooth f that looks level at one ring, no more than the cube of the rings' ratio shows at the next; where more
does, the level part ends at an edge."""

LEVEL_OUT_TO = 2.0**-12
"""A point with level sides out to this part of the extent lies on a plateau."""

HOLE_WITHIN = 2.0**-18
"""A failure this near makes the point one at the edge of where f has values."""

HALVINGS = 26
"""Of the distance between level and not: a continuous f changes there by 1e-8 of what it changes all in all."""

JUMP = 1e-4
"""An edge is a jump when so much of the rise is left after the halvings, …"""

CLEAR = 100.0
"""… and it is so many roundings."""

MOST_EDGES = 3
"""Sides on which the edge is looked for, the nearest first."""


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """What the rings showed. Row 2 i is the side above along axis i, row 2 i + 1 the side below."""

    reach: Floats
    """Shape `(2 d, rings)`: how far from x each point really lies; 0 where a bound leaves no room."""
    rise: Floats
    """Shape `(2 d, rings)`: the value there minus the value at x; NaN where f has none, or no room is left."""
    rounding: Floats
    """Shape `(2 d, rings)`."""
    holes: NDArray[np.bool_]
    """Shape `(2 d,)`: whether f has no value right beside x."""
    level_out_to: float
    """Every side is level out to this part of the extent; infinite where no point differs at all, 0 beside a hole."""

    @property
    def bends(self) -> Floats:
        """Second derivatives along the axes, shape `(d,)`, as one ring shows them; 0 where f does not bend upwards."""
        reach, rise = self.reach[:, BENDS_AT], self.rise[:, BENDS_AT]
        bends = 2 * np.nan_to_num(rise) / np.where(reach > 0, reach, np.inf) ** 2
        return np.maximum(bends.reshape(-1, 2).mean(axis=1), 0.0)

    @property
    def blurred(self) -> bool:
        """Whether it is level for its rounding alone: a side rises, and none faster than a smooth f can."""
        sides = range(len(self.rise))
        return any(_first_other(self, side) for side in sides) and not any(_edge(self, side) for side in sides)


@dataclass(frozen=True, slots=True)
class Ledge:
    """Where a level part ends in a jump."""

    axis: int
    distance: float
    jump: float


def look_around(x: Point, value: float, bounds: Bounds, extent: Floats) -> Asking[Around]:
    """Seven points on each side of every axis, nearest first; 14 d evaluations, fewer at bounds."""
    directions = np.repeat(np.eye(x.size), 2, axis=0) * np.tile([1.0, -1.0], x.size)[:, np.newaxis]
    lengths = np.repeat(extent, 2)[:, np.newaxis] * RINGS
    points = bounds.clip(x + lengths[:, :, np.newaxis] * directions[:, np.newaxis, :])
    reach: Floats = np.abs(points - x).max(axis=-1)
    # What a bound cut off stands at the bound, once.
    reach[:, 1:][reach[:, 1:] == reach[:, :-1]] = 0.0
    asked = reach > 0
    values = np.full(reach.shape, np.nan)
    if asked.any():
        values[asked] = yield np.ascontiguousarray(points[asked])
    rounding = np.vectorize(rounding_of, otypes=[np.float64])(np.fmax(np.abs(np.nan_to_num(values)), abs(value)))
    holes = np.any(asked & np.isnan(values) & (RINGS <= HOLE_WITHIN), axis=1)
    rise = values - value
    differs = asked & ~(np.abs(rise) <= LEVEL * rounding)
    last_level = np.concatenate([[0.0], RINGS])[np.argmax(differs, axis=1)]
    level = np.where(differs.any(axis=1), last_level, np.inf)
    return Around(reach, rise, rounding, holes, 0.0 if holes.any() else float(level.min()))


def find_ledge(x: Point, value: float, seen: Around, bounds: Bounds) -> Asking[Ledge | None]:
    """The nearest jump at the end of a level side; 0 to 78 evaluations, none where f looks smooth."""
    edges = [edge for side in range(len(seen.rise)) if (edge := _edge(seen, side)) is not None]
    for level, beyond, side in sorted(edges)[:MOST_EDGES]:
        axis, sign = side // 2, 1.0 if side % 2 == 0 else -1.0
        direction = sign * np.eye(x.size)[axis]
        rise = float(seen.rise[side][seen.reach[side] == beyond][0])
        total = abs(rise)
        for _ in range(HALVINGS):
            middle = (level + beyond) / 2
            answer = yield from ask_one(bounds.clip(x + middle * direction))
            if abs(answer - value) <= LEVEL * rounding_of(max(abs(answer), abs(value))):
                level = middle
            else:
                beyond, rise = middle, answer - value
        if abs(rise) > max(JUMP * total, CLEAR * rounding_of(abs(value) + abs(rise))):
            return Ledge(axis, beyond, rise)
    return None


def _first_other(seen: Around, side: int) -> tuple[int, int] | None:
    """The rings of the last level and of the first other distance on a side; None where one of them is missing."""
    reach, rise, rounding = seen.reach[side], seen.rise[side], seen.rounding[side]
    known = np.flatnonzero(reach > 0)
    failed = np.flatnonzero(np.isnan(rise[known]))
    known = known[: failed[0]] if failed.size else known
    if not known.size:
        return None
    other = np.abs(rise[known]) > LEVEL * rounding[known]
    k = int(np.argmax(other))
    return None if k == 0 or not other.any() else (int(known[k - 1]), int(known[k]))


def _edge(seen: Around, side: int) -> tuple[float, float, int] | None:
    """The last level and the first other distance on a side, where f rises faster than a smooth one could."""
    reach, rise, rounding = seen.reach[side], seen.rise[side], seen.rounding[side]
    rings = _first_other(seen, side)
    if rings is None:
        return None
    before, here = rings
    smooth = LEVEL * rounding[here] * float(reach[here] / reach[before]) ** STEEPEST
    return (float(reach[before]), float(reach[here]), side) if abs(float(rise[here])) > smooth else None
