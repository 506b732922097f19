"""What should hold at a minimum, tried with evaluations of its own. Pure generators: 2d + 22 evaluations at most."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blackbox.answer.answer import Check
from blackbox.answer.repeats import MORE, ask_again
from blackbox.core.asking import Asking, Estimate, Floats, Point, Values
from blackbox.core.bounds import Bounds
from blackbox.gradients.differences import Slope, central_difference
from blackbox.gradients.noise import TABLE_POINTS, line_of_table, noise_in_table
from blackbox.gradients.steps import MACHINE, central_step, rounding_of

NOISE_SPACING = 1e-9
"""Spacing of the noise table as part of the scale: so near that any smooth f is a straight line."""

NOISY = 1e3
"""A level below this many roundings of f is what a long formula costs, and called 0."""

WIDER, SAME_NOISE = 100.0, 10.0
"""A second table, a hundred times wider, must show the same noise within a factor of ten."""

JUMP, TURNS = 0.05, 2
"""Noise changes direction at least twice in a table of seven, among steps of at least this part of the largest."""

FAR = 30.0
"""The gradient counts as zero when the parabola through the probes has its lowest point within this many steps."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The checks made at a point, and the noise level met there."""

    checks: tuple[Check, ...]
    noise: float
    estimate: Estimate | None
    """Of the value, where the point gave another one each time; None where it repeats."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where to check."""

    point: Point
    value: float
    magnitude: float
    """The largest |f| on the way here: what cancelled to a small value was rounded at that size."""


def cost_of_checks(dimension: int) -> int:
    """Evaluations that `verify` needs."""
    return 2 * dimension + 1 + MORE + 2 * TABLE_POINTS


LEAP = 1e4
"""A side that rises by so many times what the other changes by has a jump: at a smooth minimum both rise alike, and a
kink that steep would hide the other side in rounding."""


def verify(place: Place, bounds: Bounds) -> Asking[Verified]:
    """Try the point: does its value repeat, is the gradient zero, how noisy is f near it?"""
    x, value = place.point, place.value
    lengths = bounds.lengths_at(x)
    scale = np.maximum(np.abs(x), np.where(np.isfinite(lengths), lengths, 1.0))
    repeats = yield from ask_again(x, value)
    noise = repeats.spread or (yield from _noise(x, NOISE_SPACING * scale / np.sqrt(x.size), bounds))
    exact = repeats.spread == 0 and noise <= NOISY * rounding_of(max(abs(value), place.magnitude))
    level = 0.0 if exact else noise
    estimate = Estimate(x, repeats.mean, repeats.error, repeats.spread) if repeats.spread > 0 else None
    # A value of 0 has no roundings of its own to balance: those of what has cancelled count.
    known = max(abs(value), 0.0 if level else place.magnitude)
    step = np.maximum(central_step(x, scale, max(level, rounding_of(value)), known), 1e3 * MACHINE * scale)
    slope = yield from central_difference(x, value if estimate is None else estimate.value, step, bounds)
    checks = [
        repeats.check,
        _gradient(x, slope, step, bounds, max(level, rounding_of(max(abs(value), place.magnitude)))),
    ]
    return Verified((*checks, _inside(x, bounds)), level, estimate)


def _noise(x: Point, spacing: Floats, bounds: Bounds) -> Asking[float]:
    """Noise is what does not grow with the spacing of the table; a kink or a curve does, and a jump is one alone."""
    near = yield from _table(x, spacing, bounds)
    if near == 0:
        return 0.0
    wide = yield from _table(x, WIDER * spacing, bounds)
    return near if 0 < wide <= SAME_NOISE * near else 0.0


def _table(x: Point, spacing: Floats, bounds: Bounds) -> Asking[float]:
    values = yield line_of_table(x, spacing, bounds)
    if np.isnan(values).any() or not _scattered(values):
        return 0.0
    return noise_in_table(values)


def _scattered(values: Values) -> bool:
    """Whether the values go up and down about their trend, again and again: a jump does so once, a valley never."""
    steps = np.diff(values)
    steps = steps - np.median(steps)
    large = steps[np.abs(steps) > JUMP * np.abs(steps).max()]
    return large.size >= TURNS + 1 and int(np.sum(large[1:] * large[:-1] < 0)) >= TURNS


def _gradient(x: Point, slope: Slope, step: Floats, bounds: Bounds, noise: float) -> Check:
    """Zero where free; at a bound, or beside a hole, it may push outward."""
    gradient = slope.gradient
    outward = ((x - bounds.lower < step) & (gradient > 0)) | ((bounds.upper - x < step) & (gradient < 0))
    edge = (slope.side * gradient > 0) & ~outward
    jump = _jumps(slope, step, noise) & ~outward & ~edge
    free = np.where(outward | edge | jump, 0.0, gradient)
    near = np.abs(free) <= FAR * step * np.maximum(np.nan_to_num(slope.curvature), 0.0)
    holds = bool(np.all(near | (free == 0)))
    size = float(np.max(np.abs(free), initial=0.0))
    pinned = int(outward.sum())
    where = f"; {pinned} of {x.size} coordinates at a bound" if pinned else ""
    where += f"; {int(edge.sum())} of {x.size} at the edge of where f has values" if edge.any() else ""
    where += f"; {int(jump.sum())} of {x.size} beside a jump" if jump.any() else ""
    return Check("gradient-is-zero", holds, f"largest component {size:.3g} by central differences{where}")


def _jumps(slope: Slope, step: Floats, noise: float) -> NDArray[np.bool_]:
    """Along which axes f leaps up on one side: by so much more than it changes on the other that no smooth f would."""
    half = np.nan_to_num(slope.curvature) * step / 2
    rise, fall = np.abs(slope.gradient + half), np.abs(slope.gradient - half)
    return (half > 0) & (np.maximum(rise, fall) > LEAP * np.maximum(np.minimum(rise, fall), noise / step))


def _inside(x: Point, bounds: Bounds) -> Check:
    detail = "no bounds were given" if bounds.absent else "every coordinate lies within its bounds"
    return Check("inside-bounds", bounds.contain(x), detail)
