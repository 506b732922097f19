"""What an applied function is made of: from a dimension and randomness to a box, a surface, a minimiser, a minimum."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.problem import Surface
from blackbox.core.asking import Floats, Point

End = float | Sequence[float] | Floats
"""One end of a box: a number stands for all axes."""


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """One instance of a function. The surface may overflow and divide by zero: nobody is told more than NaN."""

    lower: Floats
    upper: Floats
    surface: Surface
    minimiser: Point
    """One of those it has, shape `(d,)`."""
    minimum: float


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """A function in some dimensions."""

    name: str
    dimensions: tuple[int, ...]
    make: Callable[[int, np.random.Generator], Made]


def made(low: End, high: End, surface: Surface, minimiser: Point, minimum: float = 0.0) -> Made:
    """An instance in the box from `low` to `high`."""
    return Made(_axes(low, minimiser.size), _axes(high, minimiser.size), surface, minimiser, float(minimum))


def scalable(make: Callable[[int, np.random.Generator], Made], *dimensions: int) -> Applied:
    """A function of several numbers of inputs."""
    return Applied(make.__name__, dimensions, make)


def fixed(make: Callable[[np.random.Generator], Made], dimension: int) -> Applied:
    """A function of so many inputs."""
    return Applied(make.__name__, (dimension,), lambda _, rng: make(rng))


def _axes(end: End, dimension: int) -> Floats:
    return np.broadcast_to(np.asarray(end, dtype=np.float64), (dimension,)).copy()
