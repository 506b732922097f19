"""Sounding: from one point and no bounds, where is the lowest point along each axis, and how far away is it?

One axis after another: two probes at ±t, then parabolas. Flat means ten times farther, uphill on both sides with
nothing lower between means ten times nearer, downhill means on to the parabola's lowest point while that promises
something. Values are compared with the rounding level of f, so that any unit of x and of f will do.
(Powell 1964 begins with such a sweep as well.)
"""

from bisect import insort
from dataclasses import dataclass, field
from functools import partial
from math import inf, isfinite, nan

import numpy as np

from blackbox.core.asking import Asking, Floats, Foresight, Point, Points
from blackbox.core.bounds import Bounds
from blackbox.gradients.steps import rounding_of

FIRST_REACH = 1.0
"""Without any hint, one unit: the person who wrote the function chose its units."""

NEAREST, FARTHEST = 1e-9, 1e12
"""Probing gives up on an axis nearer or farther than this, relative to max(1, |x|)."""

FLATNESS = 64.0
"""A change below this many roundings of f is no change: a flat direction, or too near to see."""

NEARER = 3
"""Tens by which an uphill axis is looked at more closely: a basin a thousandth of the first reach is still found
by the descent that follows."""

LEAST_STRETCH, STRETCH = 2.0, 10.0
"""Downhill the next point lies so many times farther at least, and at most, whatever the parabola says."""

LOOKS = 4
"""Points asked between others, on one axis, at most: the descent that follows is the better searcher."""

AT_BOTTOM, IN_A_ROW = 0.002, 2
"""Where one direction across all axes moves f most, one axis goes to the bottom of that, and the next ones are at
theirs already: so many in a row that bend, and need no more than this part of the box. From a random point they do
so by chance in one case of 60,000 an axis; a person's own start may be right about some axes."""

NEXT = 1
"""Rank of the next probes among what is foreseen."""

WORTHWHILE = 5e-5
"""A parabola that promises less than this part of what the axis has given is not worth an evaluation."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """What was found around the start."""

    point: Point
    """The lowest point met."""
    value: float
    """NaN where every probe failed."""
    scale: Floats
    """Shape `(d,)`: the length over which f changes along each axis, by as much as it has fallen on the way here."""
    curvature: Floats
    """Shape `(d,)`: the second derivative along each axis; NaN where no parabola opens upward, or none was sounded."""
    flat: bool
    """Whether f did not change anywhere that was asked."""
    coupled: bool
    """Whether it ended early: one direction across all axes moves f most, and the axes tell nothing by themselves."""


@dataclass(frozen=True, slots=True)
class _AxisSounding:
    shift: float
    value: float
    scale: float
    curvature: float
    widest: float
    """How far away the farthest point was."""
    flat: bool


def sound(start: Point, value: float, bounds: Bounds, *, doubting: bool = False) -> Asking[Sounding]:
    """Probe every axis in turn from `start`, whose value is known (NaN if it failed). 3 to 30 evaluations an axis.

    With `doubting`, in a box, it ends where one axis seems to have brought the next ones to their bottoms.
    """
    x, scale, curvature, flat = start.copy(), np.ones(start.size), np.full(start.size, nan), True
    high, widest, settled, coupled = value, np.ones(start.size), 0, False
    for axis in range(start.size):
        found = yield from _sound_axis(_Line(x, axis, bounds), value)
        if found.shift != 0:
            x = _moved(x, axis, found.shift, bounds)
        value, scale[axis], flat = found.value, found.scale, flat and found.flat
        curvature[axis], widest[axis] = found.curvature, found.widest
        if doubting and axis > 0:
            moved = bool(np.any(x[:axis] != start[:axis]))
            near = (
                moved
                and found.curvature > 0
                and abs(found.shift) <= AT_BOTTOM * float(bounds.upper[axis] - bounds.lower[axis])
            )
            settled = settled + 1 if near else 0
            coupled = settled == IN_A_ROW and axis < start.size - 1
            if coupled:
                break
    if high > value:
        # An axis that the start was lucky on is as long as the others, or far places beside it were never seen.
        bends = np.where(curvature > 0, curvature, inf)
        with np.errstate(over="ignore"):
            lengths = np.sqrt(high / 2 - value / 2) * 2 / np.sqrt(bends)
        scale = np.maximum(scale, np.minimum(lengths, widest))
    return Sounding(x, value, scale, curvature, flat, coupled)


def _moved(x: Point, axis: int, shift: float, bounds: Bounds) -> Point:
    x = x.copy()
    x[axis] += shift
    return bounds.clip(x)


@dataclass(slots=True)
class _Line:
    """Points along an axis and their values; a failed one stands infinitely high."""

    origin: Point
    axis: int
    bounds: Bounds
    met: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """Shift and value, in order of shifts."""

    @property
    def unit(self) -> float:
        """The size of the coordinate itself."""
        return max(1.0, abs(float(self.origin[self.axis])))

    @property
    def room(self) -> float:
        """Between the bounds."""
        return float(self.bounds.upper[self.axis] - self.bounds.lower[self.axis])

    @property
    def lowest(self) -> tuple[float, float]:
        """Shift and value of the lowest point; of equal ones the nearest, since a plateau leads nowhere."""
        return min(self.met, key=lambda point: (point[1], abs(point[0])))

    @property
    def widest(self) -> float:
        """How far away the farthest point was."""
        return max((abs(at) for at, _ in self.met), default=0.0)

    @property
    def first_reach(self) -> float:
        """How far away the first probes are: a box tells how far to look, whatever the units."""
        return self.room / 4 if self.bounds.finite else min(FIRST_REACH * self.unit, self.room / 4)

    def at(self, *shifts: float) -> Points:
        """The points at these shifts, inside the bounds."""
        points = np.repeat(self.origin[np.newaxis, :], len(shifts), axis=0)
        points[:, self.axis] += shifts
        return self.bounds.clip(points)

    def ask(self, *shifts: float) -> Asking[list[float]]:
        """Values at these shifts, inside the bounds."""
        points = self.at(*shifts)
        values = yield points
        found = [float(value) if isfinite(value) else inf for value in values]
        for at, value in zip((points[:, self.axis] - self.origin[self.axis]).tolist(), found, strict=True):
            insort(self.met, (at, value))
        return found

    def knows(self, shift: float) -> bool:
        """Whether the point at this shift, inside the bounds, was met."""
        at = float(self.bounds.clip(self.origin + shift * (np.arange(self.origin.size) == self.axis))[self.axis])
        return any(at - self.origin[self.axis] == met for met, _ in self.met)

    def parabola(self) -> tuple[float, float, float]:
        """Shift, promised gain and curvature at the bottom of the parabola through the lowest point and its nearest."""
        at, value = self.lowest
        place = self.met.index((at, value))
        middle = min(max(place, 1), len(self.met) - 2)
        (a, low), (b, mid), (c, high) = self.met[middle - 1 : middle + 2]
        if not (a < b < c and isfinite(low + mid + high)):
            return nan, nan, nan
        left, right = (mid - low) / (b - a), (high - mid) / (c - b)
        curvature = 2 * (right - left) / (c - a)
        if not curvature > 0:
            return nan, nan, nan
        bottom = (a + b) / 2 - left / curvature
        return bottom, curvature * (bottom - at) * (bottom - at) / 2, curvature


def _sound_axis(line: _Line, value: float) -> Asking[_AxisSounding]:
    reach, nearer = line.first_reach, 0
    scale, flat, curvature = reach, True, nan
    while NEAREST * line.unit <= reach <= min(FARTHEST * line.unit, line.room):
        line.met = [(0.0, value if isfinite(value) else inf)]
        sides = yield from line.ask(reach, -reach)
        seen = [abs(side - value) for side in sides if isfinite(side)]
        if seen and not max(seen) <= FLATNESS * rounding_of(value):
            flat, scale = False, reach
            curvature = yield from _run_down(line, rounding_of(value))
            shift, lowest = line.lowest
            if shift != 0:
                return _AxisSounding(
                    shift, lowest, max(abs(shift), reach / 10**NEARER), curvature, line.widest, flat=False
                )
        elif seen:
            if nearer:
                break
            reach *= 10
            continue
        if nearer == NEARER:
            break
        reach, nearer = reach / 10, nearer + 1
    return _AxisSounding(0.0, value, scale, curvature, line.widest, flat)


def _run_down(line: _Line, rounding: float) -> Asking[float]:
    """To the bottom of one parabola after the other while they promise something; answers the last one's curvature.

    Where the first parabola's bottom is no lower than the origin, it ends: the view was too wide.
    """
    high, looks = dict(line.met)[0.0], 0
    while looks < LOOKS:
        at, value = line.lowest
        bottom, gain, _ = line.parabola()
        if isfinite(bottom) and gain <= max(WORTHWHILE * (high - value), rounding):
            break
        if at in (line.met[0][0], line.met[-1][0]):
            ahead = abs(bottom) if bottom * at > 0 else inf
            bottom = float(np.copysign(min(max(ahead, LEAST_STRETCH * abs(at)), STRETCH * abs(at)), at))
        else:
            looks += 1
        if not abs(bottom) <= FARTHEST * line.unit or line.knows(bottom):
            break
        yield Foresight("walk", partial(_sides_after, line, bottom), NEXT)
        yield from line.ask(bottom)
        if line.lowest[0] == 0:
            break
    return line.parabola()[2]


def _sides_after(line: _Line, bottom: float) -> Points:
    """The probes that come after the look at this bottom, if it is the last on its axis, shape `(n, d)`.

    They are those of the next axis, from the bottom or from the lowest point before; or nearer ones, where the look
    finds nothing lower than the origin.
    """
    axis, lowest, widest = line.axis + 1, line.lowest[0], line.met[-1][0]
    parts = [np.empty((0, line.origin.size))]
    if axis < line.origin.size:
        place = float(line.at(bottom)[0, line.axis] - line.origin[line.axis])
        for shift in (place, lowest) if lowest != 0 else (place,):
            beside = _Line(_moved(line.origin, line.axis, shift, line.bounds), axis, line.bounds)
            parts.append(beside.at(beside.first_reach, -beside.first_reach))
    if lowest == 0:
        parts.append(line.at(widest / 10, -widest / 10))
    return np.concatenate(parts)
