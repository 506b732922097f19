"""Sounding: from one point and no bounds, over what length does f change along each axis, and which way is down?

Exponential probing along one axis at a time: from ±t, flat means ten times farther, uphill on both sides means ten
times nearer, downhill means on by a half decade while it improves. Values are compared with the rounding level of
f, so that any unit of x and of f will do.
"""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Floats, Point
from blackbox.core.bounds import Bounds
from blackbox.gradients.steps import rounding_of

FIRST_REACH = 1.0
"""Without any hint, one unit: the person who wrote the function chose its units."""

NEAREST, FARTHEST = 1e-9, 1e12
"""Probing gives up on an axis nearer or farther than this, relative to max(1, |x|)."""

HALF_DECADE = 10.0**0.5

FLATNESS = 64.0
"""A change below this many roundings of f is no change: a flat direction, or too near to see."""

NEARER = 3
"""Tens by which an uphill axis is looked at more closely: a basin a thousandth of the first reach is still found
by the descent that follows."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """What was found around the start."""

    point: Point
    """The lowest point met."""
    value: float
    """NaN where every probe failed."""
    scale: Floats
    """Shape `(d,)`: the length over which f changes along each axis."""
    flat: bool
    """Whether f did not change anywhere that was asked."""


@dataclass(frozen=True, slots=True)
class _AxisSounding:
    shift: float
    value: float
    scale: float
    flat: bool


def sound(start: Point, value: float, bounds: Bounds) -> Asking[Sounding]:
    """Probe every axis in turn from `start`, whose value is known (NaN if it failed). 4 to 28 evaluations an axis."""
    x, scale, flat = start.copy(), np.ones(start.size), True
    for axis in range(start.size):
        found = yield from _sound_axis(x, value, axis, bounds)
        if found.shift != 0:
            x = x.copy()
            x[axis] += found.shift
            x = bounds.clip(x)
        value, scale[axis], flat = found.value, found.scale, flat and found.flat
    return Sounding(x, value, scale, flat)


def _sound_axis(x: Point, value: float, axis: int, bounds: Bounds) -> Asking[_AxisSounding]:
    unit = max(1.0, abs(float(x[axis])))
    room = float(bounds.upper[axis] - bounds.lower[axis])
    reach, nearer = min(FIRST_REACH * unit, room / 4), 0
    scale, flat = reach, True
    while NEAREST * unit <= reach <= min(FARTHEST * unit, room):
        plus, minus = yield from _both_sides(x, axis, reach, bounds)
        change = np.nanmax(np.abs([plus - value, minus - value, 0.0]))
        if not np.isfinite(plus) and not np.isfinite(minus):
            reach, nearer = reach / 10, nearer + 1
            if nearer > NEARER:
                break
            continue
        if np.isnan(value) or min(_inf(plus), _inf(minus)) < value:
            sign = 1.0 if _inf(plus) <= _inf(minus) else -1.0
            return (yield from _run_down(x, axis, sign, reach, min(_inf(plus), _inf(minus)), bounds))
        if change <= FLATNESS * rounding_of(value):
            if nearer:
                break
            reach *= 10
            continue
        scale, flat = reach, False
        if nearer == NEARER:
            break
        reach, nearer = reach / 10, nearer + 1
    return _AxisSounding(0.0, value, scale, flat)


def _both_sides(x: Point, axis: int, reach: float, bounds: Bounds) -> Asking[tuple[float, float]]:
    pair = np.repeat(x[np.newaxis, :], 2, axis=0)
    pair[0, axis] += reach
    pair[1, axis] -= reach
    values = yield bounds.clip(pair)
    return float(values[0]), float(values[1])


def _run_down(x: Point, axis: int, sign: float, reach: float, value: float, bounds: Bounds) -> Asking[_AxisSounding]:
    """Half a decade farther each time, while it improves and the bound is not reached."""
    best, shift, first = value, sign * reach, reach
    limit = FARTHEST * max(1.0, abs(float(x[axis])))
    while reach < limit:
        reach *= HALF_DECADE
        point = x.copy()
        point[axis] += sign * reach
        inside = bounds.clip(point)
        answer = yield inside[np.newaxis, :]
        if not answer[0] < best:
            break
        best, shift = float(answer[0]), float(inside[axis] - x[axis])
        if inside[axis] != point[axis]:
            break
    return _AxisSounding(shift, best, max(abs(shift), first), flat=False)


def _inf(value: float) -> float:
    return value if np.isfinite(value) else float("inf")
