"""What should hold at a minimum, tried with evaluations of its own. Pure generators: 2d + 8 evaluations in all."""

from dataclasses import dataclass

import numpy as np

from blackbox.answer.answer import Check
from blackbox.core.asking import Asking, Floats, Point, ask_one
from blackbox.core.bounds import Bounds
from blackbox.gradients.differences import central_difference
from blackbox.gradients.noise import TABLE_POINTS, noise_along
from blackbox.gradients.steps import MACHINE, central_step, rounding_of

NOISE_SPACING = 1e-9
"""Spacing of the noise table as part of the scale: so near that any smooth f is a straight line."""

NOISY = 1e3
"""A level below this many roundings of f is what a long formula costs, and called 0."""

FAR = 30.0
"""The gradient counts as zero when the parabola through the probes has its lowest point within this many steps."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The checks made at a point, and the noise level met there."""

    checks: tuple[Check, ...]
    noise: float


def cost_of_checks(dimension: int) -> int:
    """Evaluations that `verify` needs."""
    return 2 * dimension + 1 + TABLE_POINTS


def verify(x: Point, value: float, bounds: Bounds) -> Asking[Verified]:
    """Try the point: does its value repeat, is the gradient zero, is no neighbour lower, how noisy is f?"""
    scale = np.maximum(np.abs(x), np.where(np.isfinite(bounds.upper - bounds.lower), bounds.upper - bounds.lower, 1.0))
    again = yield from ask_one(x)
    noise = yield from noise_along(x, NOISE_SPACING * scale / np.sqrt(x.size), bounds)
    spread = abs(again - value) if np.isfinite(again) else float("nan")
    level = max(noise, spread) if max(noise, spread) > NOISY * rounding_of(value) else 0.0
    step = np.maximum(central_step(x, scale, max(level, rounding_of(value)), value), 1e3 * MACHINE * scale)
    slope = yield from central_difference(x, value, step, bounds)
    checks = [_repeats(value, again), _gradient(x, slope.gradient, slope.curvature, step, bounds)]
    return Verified((*checks, _inside(x, bounds)), level)


def _repeats(value: float, again: float) -> Check:
    if again == value:
        return Check("value-repeats", True, "asked again, the function gave the same value to the last digit")
    return Check("value-repeats", False, f"asked again, the function gave {again:.17g} instead of {value:.17g}")


def _gradient(x: Point, gradient: Floats, curvature: Floats, step: Floats, bounds: Bounds) -> Check:
    """Zero where free; at a bound it may push outward."""
    outward = ((x - bounds.lower < step) & (gradient > 0)) | ((bounds.upper - x < step) & (gradient < 0))
    free = np.where(outward, 0.0, gradient)
    near = np.abs(free) <= FAR * step * np.maximum(np.nan_to_num(curvature), 0.0)
    holds = bool(np.all(near | (free == 0)))
    size = float(np.max(np.abs(free), initial=0.0))
    pinned = int(outward.sum())
    where = f"; {pinned} of {x.size} coordinates at a bound" if pinned else ""
    return Check("gradient-is-zero", holds, f"largest component {size:.3g} by central differences{where}")


def _inside(x: Point, bounds: Bounds) -> Check:
    detail = "no bounds were given" if bounds.absent else "every coordinate lies within its bounds"
    return Check("inside-bounds", bounds.contain(x), detail)
