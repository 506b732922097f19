"""A point where derivatives are wanted, and how much of its value is noise."""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, ask_one
from blackbox.core.bounds import Bounds
from blackbox.gradients.noise import noise_along
from blackbox.gradients.steps import MACHINE, rounding_of

FIRST_SPACING = 2.0**-28
"""Of the noise table, in parts of the reach: short enough that curvature dies in six differences of most functions."""

SPACINGS = (1.0, 2.0**-8, 2.0**10, 2.0**-16, 2.0**20)
"""Tried in turn while the table shows no noise: shorter where curvature hides it, longer where nothing moves."""

LEAST_ROUNDING = 0.5 * MACHINE
"""No value is nearer to the truth than half its last digit."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where, in which box, with which noise."""

    point: Point
    value: float
    bounds: Bounds
    noise: float
    """Absolute error of one value, a standard deviation."""
    reach: Floats
    """Shape `(d,)`: the length from which steps are tried: |x|, or what stands in for it where x is 0."""


def reach_of(x: Point) -> Floats:
    """|x| along each axis; at 0 the largest other coordinate, or 1; shape `(d,)`."""
    largest = float(np.abs(x).max())
    return np.where(x == 0, largest if largest > 0 else 1.0, np.abs(x))


def survey(x: Point, bounds: Bounds) -> Asking[Place]:
    """The value at x and its noise. 8 evaluations where the first difference table tells it, at most 36.

    Noise is at least half the last digit of the value; where no table shows any, a few roundings stand in for it.
    """
    value = yield from ask_one(x)
    reach = reach_of(x)
    if np.isnan(value):
        return Place(x, value, bounds, float("nan"), reach)
    noise = 0.0
    for factor in SPACINGS:
        # Powers of two keep the points of the table exact, so that they add no noise of their own.
        spacing = 2.0 ** np.round(np.log2(factor * FIRST_SPACING * reach))
        noise = yield from noise_along(x, np.maximum(spacing, np.spacing(np.abs(x))), bounds)
        if 0 < noise < np.inf:
            break
        noise = 0.0
    return Place(x, value, bounds, max(noise or rounding_of(value), LEAST_ROUNDING * abs(value)), reach)
