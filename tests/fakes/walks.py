"""Send one walk off from one start."""

from itertools import pairwise

import numpy as np

from blackbox.core.asking import Floats
from blackbox.core.bounds import Bounds
from blackbox.descent.neighbour_descent import NeighbourDescent, neighbour_descent
from blackbox.descent.pattern import Pattern, pattern
from blackbox.descent.quasi_newton import QuasiNewton, quasi_newton
from blackbox.descent.terrain import Descent, Terrain
from tests.fakes.drive import Driven, Surface, drive, value_at


def terrain(d: int, bounds: Bounds | None = None, scale: float | Floats = 1.0) -> Terrain:
    """Any ground; scale 1 on every axis unless said."""
    return Terrain(bounds or Bounds.unbounded(d), np.broadcast_to(np.float64(scale), d).copy())


def walk(
    f: Surface, start: Floats, ground: Terrain | None = None, options: QuasiNewton | None = None
) -> Driven[Descent]:
    """The quasi-Newton walk."""
    return drive(quasi_newton(start, value_at(f, start), ground or terrain(start.size), options), f)


def neighbour_walk(
    f: Surface, start: Floats, ground: Terrain | None = None, options: NeighbourDescent | None = None
) -> Driven[Descent]:
    """The textbook's walk on a grid."""
    return drive(neighbour_descent(start, value_at(f, start), ground or terrain(start.size), options), f)


def pattern_walk(
    f: Surface, start: Floats, ground: Terrain | None = None, options: Pattern | None = None, seed: int = 0
) -> Driven[Descent]:
    """The walk that needs no slope."""
    rng = np.random.default_rng(seed)
    return drive(pattern(start, value_at(f, start), ground or terrain(start.size), rng, options), f)


def is_honest(driven: Driven[Descent], start_value: float) -> bool:
    """Whether the end is the best point asked (or the start), counted rightly, after steps that never went up."""
    end = driven.result
    assert end is not None
    heights = [start_value, *(step.value for step in driven.steps)]
    falls = all(later <= earlier for earlier, later in pairwise(heights))
    told = end.value in {start_value, *driven.values.tolist()} if driven.questions else end.value == start_value
    return falls and told and end.value <= min(heights)
