"""The classic functions without bounds: shifted, stretched by axis, started away from the minimum.

x = shift + scale · y, where y is what the formula sees: scale 10^±3 by axis, shift up to 1000 scales. Odd instances
start within a box thrice as wide as the literature's, even ones at the origin, up to 1000 scales away.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from benchmarks.problem import Problem, unit_of
from benchmarks.suites.formulas.catalogue import CLASSICS
from benchmarks.suites.formulas.classic_function import Classic
from benchmarks.suites.shrinking import seeded
from blackbox.core.asking import Floats, Point, Points, Values

DIMENSIONS = (2, 3, 5, 10)
INSTANCES = (1, 2)

DECADES = 3.0
FARTHEST_SHIFT = 1000.0
NEAR = 1.5
"""Half width of the box of near starts, in widths of the literature's."""

ROUNDING = 1e-12
"""Of a coordinate y, where x is a thousand scales from 0; twice what it is, to be safe."""

REACHABLE = 1e-7
"""Functions that rounding alone lifts above this are left out: nobody could solve them."""


@cache
def functions(dimension: int) -> Sequence[str]:
    """The functions that are nowhere lower than in their box."""
    return [
        name
        for name, classic in CLASSICS.items()
        if classic.free and classic.exists(dimension) and _reachable(classic, dimension)
    ]


def problem(function: str, dimension: int, instance: int) -> Problem:
    """One instance: shift, scales and start follow from its number."""
    classic = CLASSICS[function]
    rng = seeded(function, dimension, instance)
    scale = 10 ** rng.uniform(-DECADES, DECADES, dimension)
    near = instance % 2 == 1
    shift, start = _near(classic, scale, rng) if near else _far(classic, scale, rng)
    minimum = classic.minimum(dimension)

    def surface(points: Points) -> Values:
        return classic.formula((points - shift) / scale)

    return Problem(
        suite="unbounded",
        function=function,
        group="start near" if near else "start far",
        instance=instance,
        lower=np.full(dimension, -np.inf),
        upper=np.full(dimension, np.inf),
        surface=surface,
        minimum=minimum,
        unit=unit_of(minimum),
        start=start,
    )


def _near(classic: Classic, scale: Floats, rng: np.random.Generator) -> tuple[Point, Point]:
    """Shift and start."""
    d = scale.size
    shift = scale * rng.uniform(-FARTHEST_SHIFT, FARTHEST_SHIFT, d)
    lower, upper = classic.box(d)
    reach = NEAR
    while True:
        y = (lower + upper) / 2 + reach * (upper - lower) * rng.uniform(-1, 1, d)
        if np.isfinite(classic.formula(y)):
            return shift, shift + scale * y
        reach /= 1.1


def _far(classic: Classic, scale: Floats, rng: np.random.Generator) -> tuple[Point, Point]:
    """Shift and start; as near as it takes for the function to have a value at the start."""
    d = scale.size
    reach = FARTHEST_SHIFT
    while True:
        y = rng.uniform(-reach, reach, d)
        with np.errstate(all="ignore"):
            value = classic.formula(y)
        if np.isfinite(value):
            return -scale * y, np.zeros(d)
        reach /= 1.1


def _reachable(classic: Classic, dimension: int) -> bool:
    y = classic.minimiser(dimension)
    minimum = classic.minimum(dimension)
    lifted = [float(classic.formula(y + sign * ROUNDING)) - minimum for sign in (-1, 1)]
    return max(lifted) <= REACHABLE * unit_of(minimum)
