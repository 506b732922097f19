"""Well-known functions in boxes that give nothing away: cut from a seed, so that no minimiser is central."""

from collections.abc import Sequence

from benchmarks.problem import Problem, unit_of
from benchmarks.suites.formulas.catalogue import CLASSICS, GROUPS
from benchmarks.suites.shrinking import seeded, shrink

DIMENSIONS = tuple(sorted({d for function in CLASSICS.values() for d in function.dimensions}))
INSTANCES = (1,)


def functions(dimension: int) -> Sequence[str]:
    """The functions that exist with so many inputs."""
    return [name for name, function in CLASSICS.items() if function.exists(dimension)]


def problem(function: str, dimension: int, instance: int) -> Problem:
    """One function in a box of its own for every instance."""
    classic = CLASSICS[function]
    lower, upper = classic.box(dimension)
    minimum = classic.minimum(dimension)
    low, high = shrink(lower, upper, classic.minimiser(dimension), seeded(function, dimension, instance))
    return Problem(
        suite="classic",
        function=function,
        group=GROUPS[function],
        instance=instance,
        lower=low,
        upper=high,
        surface=classic.formula,
        minimum=minimum,
        unit=unit_of(minimum),
    )
