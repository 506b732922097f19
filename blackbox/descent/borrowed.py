"""The walks that the search uses itself, as textbook walks: they announce their start and a reason for their end."""

import numpy as np

from blackbox.core.asking import Asking, Point, Step, ask_one
from blackbox.descent.ground import Kit
from blackbox.descent.neighbour_descent import NeighbourDescent
from blackbox.descent.neighbour_descent import neighbour_descent as walk_on_grid
from blackbox.descent.pattern import Pattern
from blackbox.descent.pattern import pattern as poll
from blackbox.descent.stopping import WalkStop
from blackbox.descent.terrain import Terrain


def neighbour_descent(start: Point, kit: Kit) -> Asking[WalkStop]:
    """To the steepest neighbour one `stride` away, until none is lower. 2d evaluations a step, 3^d − 1 by diagonals."""
    value = yield from ask_one(start)
    if np.isnan(value):
        return WalkStop.NO_IMPROVEMENT
    yield Step(start, value, float("nan"), float("nan"))
    options = NeighbourDescent(step=kit.stride, halvings=kit.halvings, diagonals=kit.diagonals)
    yield from walk_on_grid(start, value, Terrain(kit.bounds, np.ones(start.size)), options)
    return WalkStop.NO_LOWER_NEIGHBOUR


def pattern(start: Point, kit: Kit) -> Asking[WalkStop]:
    """Polls along turning axes, from `stride` on, longer after success and shorter after failure."""
    value = yield from ask_one(start)
    if np.isnan(value):
        return WalkStop.NO_IMPROVEMENT
    yield Step(start, value, float("nan"), float("nan"))
    options = Pattern(first_stride=1.0, evaluations=1_000_000)
    yield from poll(start, value, Terrain(kit.bounds, np.full(start.size, kit.stride)), kit.rng, options)
    return WalkStop.NO_IMPROVEMENT
