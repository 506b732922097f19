"""Problems people have, all of them in boxes: fits, kinks, designs, atoms, plans, counts, shapes."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from benchmarks.problem import Problem, unit_of
from benchmarks.suites.applied import atoms, counts, fits, nonsmooth, penalties, plans, shapes
from benchmarks.suites.applied.made import Applied, Made
from benchmarks.suites.shrinking import seeded
from blackbox.core.asking import Point, Points, Values

DIMENSIONS = (2, 3, 4, 5, 6, 8, 9, 10)
INSTANCES = (1, 2, 3)

_GROUPS: dict[str, tuple[Applied, ...]] = {
    "fits": fits.FUNCTIONS,
    "nonsmooth": nonsmooth.FUNCTIONS,
    "penalties": penalties.FUNCTIONS,
    "atoms": atoms.FUNCTIONS,
    "plans": plans.FUNCTIONS,
    "counts": counts.FUNCTIONS,
    "shapes": shapes.FUNCTIONS,
}

APPLIED: dict[str, Applied] = {function.name: function for group in _GROUPS.values() for function in group}

GROUPS: dict[str, str] = {function.name: name for name, group in _GROUPS.items() for function in group}

UNITS = {"offset": 1.0}
"""Where the size of the minimum says nothing about the precision that is fair to ask."""


def functions(dimension: int) -> Sequence[str]:
    """The functions that exist with so many inputs."""
    return [name for name, function in APPLIED.items() if dimension in function.dimensions]


def problem(function: str, dimension: int, instance: int) -> Problem:
    """One instance: its data follow from its number. Those of least_absolute, max_affine and penalties need SciPy."""
    made = _made(function, dimension, instance)

    def surface(points: Points) -> Values:
        with np.errstate(all="ignore"):
            values = made.surface(points)
        return np.where(np.isfinite(values), values, np.nan)

    return Problem(
        suite="applied",
        function=function,
        group=GROUPS[function],
        instance=instance,
        lower=made.lower.copy(),
        upper=made.upper.copy(),
        surface=surface,
        minimum=made.minimum,
        unit=UNITS.get(function, unit_of(made.minimum)),
    )


def minimiser(function: str, dimension: int, instance: int) -> Point:
    """Where an instance is lowest, shape `(dimension,)`; some are as low elsewhere."""
    return _made(function, dimension, instance).minimiser.copy()


@cache
def _made(function: str, dimension: int, instance: int) -> Made:
    """Some minima are found by searches of their own, so each is found once a process."""
    return APPLIED[function].make(dimension, seeded(function, dimension, instance))
