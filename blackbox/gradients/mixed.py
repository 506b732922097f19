"""The mixed derivative ∂²f / ∂x_i ∂x_j: what the corners of a rectangle around x say together.

(Abramowitz & Stegun 1972, 25.3.26.) Like the quotients of one axis it is formed at several widths, and the width with
the shortest error bar is told; beside a bound or a hole the rectangles lie to the sides that give numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Asking, Floats
from blackbox.core.bounds import Bounds
from blackbox.gradients.ladder import DEVIATIONS, RUNG, SHORTEST, Reading, Table, truncations, unresolved
from blackbox.gradients.place import Place
from blackbox.gradients.steps import MACHINE

WIDE = 4.0
"""Each rectangle is four times as wide as the next: how they differ tells the truncation error. The first two are as
long as the curvatures liked their steps, and four times that."""

MOST_TURNS = 16
"""4^14 = 3e8: the first rectangle may be too wide by so much, as where f is a parabola along the axes alone."""

KINKED = 1 / 8
"""Of a rectangle four times smaller a smooth function's twist is 1/16, that of a slanted kink 1/4."""

TRUST = 2.0
"""What the difference of two widths says of their truncation is doubled: the next order is not always small."""

SIDE_RUNGS = 6

SIDE_TRUST = 8.0
"""One-sided quotients owe terms of every order, so that the coarser rung foretells less well what is still owed."""

_QUARTERS = ((1, 1), (1, -1), (-1, 1), (-1, -1))
"""Sides of the two axes, in the order of the corners of a rectangle."""

UNKNOWN = Reading(float("nan"), float("inf"), 0.0)


def mixed_derivative(place: Place, steps: Floats, pair: tuple[int, int]) -> Asking[Reading]:
    """∂²f / ∂x_i ∂x_j for the pair (i, j) of axes; `steps`, shape `(d,)`, are about right.

    8 evaluations, and four more for each further rectangle.
    """
    _, _, whole = _rectangle(place, WIDE * steps, pair)
    if not whole:
        return (yield from _beside(place, steps, pair))
    turns: list[_Turn] = []
    for width in (WIDE, 1.0):
        turns.append((yield from _turn(place, width * steps, pair)))
    failed = np.asarray(np.isnan([turn.corners for turn in turns]).any(axis=0))
    if failed.any():
        return (yield from _in_a_quarter(place, steps, pair, failed))
    table = yield from _climbed(place, steps, pair, turns)
    best = int(np.argmin(table.bars))
    if not np.isfinite(table.bars[best]):
        return UNKNOWN
    return Reading(float(table.values[best]), float(table.bars[best]), 0.0)


def _climbed(place: Place, steps: Floats, pair: tuple[int, int], turns: list["_Turn"]) -> Asking[Table]:
    """Narrower rectangles until noise explains what still changes, and wider ones while noise explains everything."""
    axes = list(pair)
    narrow, wide = steps[axes], WIDE * steps[axes]
    shortest, farthest = SHORTEST * MACHINE * np.abs(place.point[axes]), place.reach[axes] / RUNG
    table = _twisted(turns, place)
    while len(turns) < MOST_TURNS:
        change, noise = np.abs(np.diff(table.values)), table.noises[:-1] + table.noises[1:]
        if change[-1] > noise[-1] or np.isinf(table.bars[-1]):
            narrow = narrow / WIDE
            if np.any(narrow <= shortest):
                break
            turns.append((yield from _turn(place, steps * narrow[0] / steps[axes[0]], pair)))
        elif change[0] <= noise[0] and bool(np.all(WIDE * wide < farthest)):
            wide = WIDE * wide
            turns.insert(0, (yield from _turn(place, steps * wide[0] / steps[axes[0]], pair)))
        else:
            break
        if not np.isfinite(turns[0].corners).all() or not np.isfinite(turns[-1].corners).all():
            break
        table = _twisted(turns, place)
    return table


@dataclass(frozen=True, slots=True, eq=False)
class _Turn:
    """One rectangle: the values at its corners ++, +−, −+, −−, and its area."""

    corners: Floats
    area: float

    @property
    def twist(self) -> float:
        """What the corners say together: the mixed derivative times the area."""
        return float(self.corners @ np.array([1.0, -1.0, -1.0, 1.0]))


def _turn(place: Place, steps: Floats, pair: tuple[int, int]) -> Asking[_Turn]:
    """4 evaluations."""
    corners, area, _ = _rectangle(place, steps, pair)
    return _Turn((yield corners), area)


def _twisted(turns: Sequence[_Turn], place: Place) -> Table:
    """The quotients of the rectangles, widest first, with their bars."""
    areas, twists = np.array([turn.area for turn in turns]), np.array([turn.twist for turn in turns])
    levels = np.array([place.noise_of(float(np.abs(turn.corners).max())) for turn in turns])
    values, noises = twists / areas, DEVIATIONS * 4 * levels / areas
    blind = unresolved(twists, levels, KINKED)
    return Table(areas, values, noises, truncations(values, noises, 2, TRUST, WIDE) + noises + blind, ())


def _beside(place: Place, steps: Floats, pair: tuple[int, int]) -> Asking[Reading]:
    """The same from a ladder of rectangles that lie to one side of x along one axis, or both. 24 evaluations."""
    widths: Floats = np.power(RUNG, 1.0 - np.arange(SIDE_RUNGS, dtype=np.float64))
    corners, areas, _ = zip(*(_rectangle(place, width * steps, pair) for width in widths), strict=True)
    if min(areas) == 0:
        return UNKNOWN
    values = (yield np.ascontiguousarray(np.vstack(corners))).reshape(len(widths), 4)
    turns = [_Turn(four, area) for four, area in zip(values, areas, strict=True)]
    usable = np.array([np.isfinite(turn.twist) for turn in turns])
    if not usable.any():
        return UNKNOWN
    twists = np.array([turn.twist / turn.area for turn in turns])
    noises = DEVIATIONS * 4 * place.noise_of(float(np.nanmax(np.abs(values)))) / np.array(areas)
    return extrapolated(twists[usable], noises[usable], widths[usable])


def _in_a_quarter(place: Place, steps: Floats, pair: tuple[int, int], failed: NDArray[np.bool_]) -> Asking[Reading]:
    """The mixed derivative beside a hole, from the first quarter around x that gives numbers. 24 evaluations each."""
    for up, right in (_QUARTERS[k] for k in np.flatnonzero(~failed)):
        lower, upper = place.bounds.lower.copy(), place.bounds.upper.copy()
        for axis, side in zip(pair, (up, right), strict=True):
            (lower if side > 0 else upper)[axis] = place.point[axis]
        found = yield from mixed_derivative(replace(place, bounds=Bounds(lower, upper)), steps, pair)
        if np.isfinite(found.error):
            return replace(found, note="one quarter around the point alone could be used")
    return UNKNOWN


def extrapolated(quotients: Floats, noises: Floats, steps: Floats) -> Reading:
    """Quotients of order 1 at steps h, h/8, … as quotients of order 2, and the one with the shortest bar."""
    if quotients.size < 3:
        return Reading(float("nan"), float("inf"), float("nan"))
    values = (RUNG * quotients[1:] - quotients[:-1]) / (RUNG - 1)
    doubts = (RUNG * noises[1:] + noises[:-1]) / (RUNG - 1)
    bars = truncations(values, doubts, 2, SIDE_TRUST) + doubts
    # The longest step has a noisy witness alone: they may err alike.
    bars[0] += doubts[1]
    best = int(np.argmin(bars))
    return Reading(float(values[best]), float(bars[best]), float(steps[best + 1]))


def _rectangle(place: Place, steps: Floats, pair: tuple[int, int]) -> tuple[Floats, float, bool]:
    """Corners ++, +−, −+, −− inside the bounds, shape `(4, d)`, the area they span, and whether x is in the middle."""
    i, j = pair
    offsets = np.zeros((4, place.point.size))
    offsets[:, i] = steps[i] * np.array([1, 1, -1, -1])
    offsets[:, j] = steps[j] * np.array([1, -1, 1, -1])
    wanted = place.point + offsets
    corners = np.nan_to_num(place.bounds.clip(wanted))
    area = float((corners[0, i] - corners[3, i]) * (corners[0, j] - corners[3, j]))
    return corners, area, place.bounds.contain(wanted)
