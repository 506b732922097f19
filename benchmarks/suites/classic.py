"""Well-known functions in boxes that give nothing away: cut and shifted from a seed.

No minimiser is central, and none lies at the origin, at round numbers or at equal coordinates: x = y + shift, where y
is what the formula sees. Without the shift, half of these functions have their minimiser at the origin, which some
optimisers try on purpose.
"""

from collections.abc import Sequence

import numpy as np

from benchmarks.problem import Problem, unit_of
from benchmarks.suites.formulas.catalogue import CLASSICS, GROUPS
from benchmarks.suites.formulas.classic_function import Classic
from benchmarks.suites.shrinking import seeded, shrink
from blackbox.core.asking import Floats, Points, Values

DIMENSIONS = tuple(sorted({d for function in CLASSICS.values() for d in function.dimensions}))
INSTANCES = (1,)

REACHABLE = 2e-9
"""A function that the rounding of a shifted x alone lifts above this is left where it is: nobody could solve it."""

ROUNDING = 2 * float(np.finfo(np.float64).eps)
"""Of the largest coordinate met: that of x, and that of x − shift."""


def functions(dimension: int) -> Sequence[str]:
    """The functions that exist with so many inputs."""
    return [name for name, function in CLASSICS.items() if function.exists(dimension)]


def placed(function: str, dimension: int, instance: int) -> tuple[Floats, Floats, Floats]:
    """Lower and upper bounds of an instance, and its shift; shape `(d,)` each."""
    lower, upper, shift = cut(function, dimension, instance)
    return lower + shift, upper + shift, shift


def cut(function: str, dimension: int, instance: int) -> tuple[Floats, Floats, Floats]:
    """The same bounds before they are shifted, and by how much they will be."""
    classic = CLASSICS[function]
    lower, upper = classic.box(dimension)
    rng = seeded(function, dimension, instance)
    low, high = shrink(lower, upper, classic.minimiser(dimension), rng)
    shift = (upper - lower) * rng.uniform(-1, 1, dimension) * _bears_rounding(classic, dimension)
    return low, high, shift


def problem(function: str, dimension: int, instance: int) -> Problem:
    """One function in a box of its own for every instance."""
    return put("classic", function, instance, *placed(function, dimension, instance))


def put(suite: str, function: str, instance: int, lower: Floats, upper: Floats, shift: Floats) -> Problem:
    """The function shifted by so much, in this box; shape `(d,)` each."""
    classic = CLASSICS[function]
    minimum = classic.minimum(shift.size)

    def surface(points: Points) -> Values:
        return classic.formula(points - shift)

    return Problem(
        suite=suite,
        function=function,
        group=GROUPS[function],
        instance=instance,
        lower=lower,
        upper=upper,
        surface=surface,
        minimum=minimum,
        unit=unit_of(minimum),
    )


def _bears_rounding(classic: Classic, dimension: int) -> bool:
    """Whether the minimum stays within reach when x is rounded far from the origin."""
    y, minimum = classic.minimiser(dimension), classic.minimum(dimension)
    lower, upper = classic.box(dimension)
    apart: Floats = ROUNDING * (upper - lower + np.maximum(np.abs(lower), np.abs(upper)))
    lifted = max(float(classic.formula(y + sign * apart)) - minimum for sign in (-1, 1))
    return lifted <= max(REACHABLE * unit_of(minimum), float(classic.formula(y)) - minimum)
