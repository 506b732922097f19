"""Nelder–Mead: a simplex of d + 1 points reflects, expands, contracts and shrinks its way down.

(Nelder & Mead 1965; Lagarias, Reeds, Wright & Wright 1998 for the rules; Gao & Han 2012 for the factors in d.)
"""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Step, Values, ask_one
from blackbox.core.bounds import Bounds
from blackbox.descent.ground import Kit
from blackbox.descent.stopping import WalkStop

FLAT = 1e-11
"""The simplex has collapsed where it is no wider than this part of its place and its values agree to rounding."""


def nelder_mead(start: Point, kit: Kit) -> Asking[WalkStop]:
    """From a simplex `stride` wide. 1 or 2 evaluations a step, d more for a shrink; a failed point is the worst."""
    simplex = kit.bounds.clip(np.vstack([start, corners(start, np.full(start.size, kit.stride), kit.bounds)]))
    values = worst((yield np.ascontiguousarray(simplex)))
    if np.isinf(values[0]):
        return WalkStop.NO_IMPROVEMENT
    yield Step(start, float(values[0]), float("nan"), float("nan"))
    lowest, factors = float(values[0]), factors_for(start.size)
    while not _collapsed(simplex, values):
        order = np.argsort(values, kind="stable")
        simplex, values = simplex[order], values[order]
        if values[0] < lowest:
            lowest = float(values[0])
            yield Step(simplex[0].copy(), lowest, float("nan"), float("nan"))
        yield from move(simplex, values, kit.bounds, factors)
    return WalkStop.NO_IMPROVEMENT


@dataclass(frozen=True, slots=True)
class Factors:
    """How far a simplex reaches."""

    expand: float = 2.0
    contract: float = 0.5
    shrink: float = 0.5


def factors_for(dimension: int) -> Factors:
    """Gao & Han's, which keep simplexes of many corners from collapsing; in two dimensions those of 1965."""
    d = dimension
    return Factors(1 + 2 / d, 0.75 - 0.5 / d, 1 - 1 / d) if d > 1 else Factors()


def move(simplex: Floats, values: Values, bounds: Bounds, factors: Factors) -> Asking[int]:
    """One move of a simplex of shape `(d + 1, d)`, lowest corner first; it and its values are changed in place.

    Its evaluations: 1 or 2, and d more for a shrink.
    """
    middle = simplex[:-1].mean(axis=0)
    away = middle - simplex[-1]
    reflected, height = yield from _try(middle + away, bounds)
    asked = 1
    if height < values[0]:
        asked = 2
        farther, lower = yield from _try(middle + factors.expand * away, bounds)
        if lower < height:
            reflected, height = farther, lower
    elif height >= values[-2]:
        asked, outside = 2, height < values[-1]
        nearer, lower = yield from _try(middle + (factors.contract if outside else -factors.contract) * away, bounds)
        if lower >= min(height, float(values[-1])):
            simplex[1:] = bounds.clip(simplex[0] + factors.shrink * (simplex[1:] - simplex[0]))
            values[1:] = worst((yield np.ascontiguousarray(simplex[1:])))
            return asked + simplex.shape[1]
        reflected, height = nearer, lower
    simplex[-1], values[-1] = reflected, height
    return asked


def corners(start: Point, stride: Floats, bounds: Bounds) -> Floats:
    """One corner along each axis, on the side where there is room; shape `(d, d)`."""
    step = np.where(start + stride <= bounds.upper, stride, -stride)
    return start + np.diag(step)


def _try(point: Point, bounds: Bounds) -> Asking[tuple[Point, float]]:
    point = bounds.clip(point)
    value = yield from ask_one(point)
    return point, float("inf") if np.isnan(value) else value


def worst(values: Values) -> Values:
    """A failed evaluation is worse than any number."""
    return np.where(np.isnan(values), np.inf, values)


def _collapsed(simplex: Floats, values: Values) -> bool:
    width = float(np.abs(simplex - simplex[0]).max())
    place = max(float(np.abs(simplex[0]).max()), FLAT)
    spread = float(values.max() - values.min()) if np.isfinite(values).all() else float("inf")
    flat = spread <= 4 * np.finfo(np.float64).eps * abs(float(values.min()))
    return (width <= 1e-7 * place and flat) or width <= FLAT * place
