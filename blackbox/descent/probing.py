"""Where a probing-gradient walk stands, what it has learnt of f, and the gradients it asks with that."""

from math import log2, sqrt
from typing import NamedTuple

from blackbox.core.asking import Asking, Floats, Point, Points
from blackbox.descent.terrain import Terrain
from blackbox.gradients.differences import Slope, central_difference, central_points, forward_difference, forward_points
from blackbox.gradients.steps import CENTRAL_WIDER, forward_step, rounding_of

PRECISIONS = (1.0, CENTRAL_WIDER, CENTRAL_WIDER**2)
"""Gradients get coarser, and deafer to noise, each time a line search fails; after the last the walk ends."""


class Iterate(NamedTuple):
    """Where the walk stands, and what it has learnt."""

    x: Point
    value: float
    gradient: Floats
    """In units of the scale: scale × ∂f/∂x."""
    hessian: Floats
    """In units of the scale, shape `(d, d)`."""
    stride: float
    """The longest step allowed next."""
    precision: int
    """Index into `PRECISIONS`."""
    asked: int = 0
    """Evaluations of the walk so far."""
    measured: float | None = None
    """The noise level of f, once a line search came to nothing and it was measured."""

    @property
    def noise(self) -> float:
        """By how much one value may be wrong."""
        return noise_of(self.value, self.measured)


def slope_at(x: Point, value: float, now: Iterate, terrain: Terrain) -> Asking[tuple[Slope, int]]:
    """The gradient at x, as precise as the iterate is and with what it knows of f, and its evaluations."""
    curvature = now.hessian.diagonal() / terrain.square
    step = forward_step(x, terrain.scale, curvature, _coarse(noise_of(value, now.measured)))
    if now.precision == 0:
        slope = yield from forward_difference(x, value, step, curvature, terrain.bounds)
    else:
        slope = yield from central_difference(x, value, step * PRECISIONS[now.precision], terrain.bounds)
    return slope, slope.asked


def slope_points(x: Point, value: float, now: Iterate, terrain: Terrain) -> Points:
    """What `slope_at` asks."""
    step = steps_at(x, value, now, terrain)
    if now.precision == 0:
        return forward_points(x, step, terrain.bounds)
    return central_points(x, step * PRECISIONS[now.precision], terrain.bounds)


def step_of(now: Iterate, terrain: Terrain) -> Floats:
    """The forward step at the iterate, shape `(d,)`."""
    return steps_at(now.x, now.value, now, terrain)


def steps_at(x: Point, value: float, now: Iterate, terrain: Terrain) -> Floats:
    """The same at another point, with what the iterate knows of f."""
    curvature = now.hessian.diagonal() / terrain.square
    return forward_step(x, terrain.scale, curvature, _coarse(noise_of(value, now.measured)))


def noise_of(value: float, measured: float | None) -> float:
    """By how much one value may be wrong, if nothing, or this much, was measured."""
    rounding = rounding_of(value)
    return max(rounding, measured) if measured else rounding


def _coarse(noise: float) -> float:
    """The nearest power of 4: steps are within a factor of √2 of the best, and mostly known before the value is."""
    return 2.0 ** (2 * round(log2(noise) / 2)) if noise else noise


def norm(vector: Floats) -> float:
    """Euclidean length."""
    return sqrt(float(vector.dot(vector)))


def along(x: Point, direction: Floats, t: float, terrain: Terrain) -> Point:
    """The point t directions from x, inside the bounds."""
    step = direction if t == 1.0 else t * direction  # mostly 1
    return terrain.bounds.clip_one(x + step * terrain.scale)
