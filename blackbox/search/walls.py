"""Down along a wall: where f jumps slopes are of no use, but a simplex feels its way.

One simplex alone lies down on the wall and collapses before the lowest point; the next one, smaller, stands up again.
Where f has no value beyond, `edges` knows more. (Nelder & Mead 1965; Gao & Han 2012 for many inputs.)
"""

from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Step
from blackbox.descent.nelder_mead import factors_for, move, worst
from blackbox.descent.terrain import Descent, Terrain
from blackbox.gradients.steps import rounding_of

FIRST, NEXT, LAST = 0.1, 0.2, 1e-4
"""Width of the first simplex, in units of the scale, of each next one as part of the last, and the least."""

NARROW = 1e-9
"""Part of its first width at which a simplex is done."""

NOTHING, IDLE = 1e-9, 2
"""A simplex that gained no more than this part of what all have gained found nothing; so many of them in a row, and
the walk has ended."""

FEW_DIGITS = 8.0
"""Last digits of a coordinate that are narrow enough."""

MOST = 150
"""Evaluations, times d, of one simplex."""


def along_wall(walk: Descent, terrain: Terrain) -> Asking[Descent]:
    """Go on from where a walk came to a wall. Some 20 to 50 d evaluations a simplex, 10 of them at most."""
    point, value, asked = walk.point, walk.value, walk.evaluations
    simplex = _Simplex(point, value, 0.0, terrain.scale, 0)
    stride, idle = FIRST, 0
    while stride > LAST and idle < IDLE:
        before = value
        simplex = yield from _one(_Corner(point, value), stride * terrain.scale, terrain)
        point, value, asked = simplex.point, simplex.value, asked + simplex.asked
        if value < before:
            yield Step(point, value, float("nan"), float("nan"))
        idle = 0 if before - value > NOTHING * (walk.value - value) else idle + 1
        stride *= NEXT
    blur = 4 * rounding_of(value) + simplex.span
    return Descent(
        point, value, False, idle == IDLE, blur, None, asked, np.maximum(simplex.width, LAST * terrain.scale)
    )


class _Corner(NamedTuple):
    """The first corner."""

    point: Point
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class _Simplex:
    """Where a simplex ended."""

    point: Point
    value: float
    span: float
    """Its highest corner above the lowest; 0 where one failed."""
    width: Floats
    asked: int


def _one(start: _Corner, stride: Floats, terrain: Terrain) -> Asking[_Simplex]:
    point, d, factors = start.point, start.point.size, factors_for(start.point.size)
    beside = terrain.bounds.clip(np.concatenate([point + np.diag(stride), point - np.diag(stride)]))
    found = worst((yield beside))
    # Of both ways along an axis the lower one: the other may lead beyond the wall.
    side = np.where(found[:d] <= found[d:], np.arange(d), d + np.arange(d))
    simplex, values = np.vstack([point, beside[side]]), np.concatenate([[start.value], found[side]])
    asked = 2 * d
    while True:
        order = np.argsort(values, kind="stable")
        simplex, values = simplex[order], values[order]
        width = np.abs(simplex[1:] - simplex[0]).max(axis=0)
        narrow = np.all(width <= np.maximum(NARROW * stride, FEW_DIGITS * np.spacing(np.abs(simplex[0]))))
        if narrow or asked >= MOST * d:
            span = float(values[-1]) - float(values[0])
            return _Simplex(simplex[0].copy(), float(values[0]), span if isfinite(span) else 0.0, width, asked)
        asked += yield from move(simplex, values, terrain.bounds, factors)
