"""Nelder–Mead: a simplex of d + 1 points reflects, expands, contracts and shrinks its way down.

(Nelder & Mead 1965; Lagarias, Reeds, Wright & Wright 1998 for the rules; Gao & Han 2012 for the factors in d.)
"""

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Step, Values, ask_one
from blackbox.descent.ground import Kit
from blackbox.descent.stopping import WalkStop

FLAT = 1e-11
"""The simplex has collapsed where it is no wider than this part of its place and its values agree to rounding."""


def nelder_mead(start: Point, kit: Kit) -> Asking[WalkStop]:
    """From a simplex `stride` wide. 1 or 2 evaluations a step, d more for a shrink; a failed point is the worst."""
    d = start.size
    expand, contract, shrink = 1 + 2 / d, 0.75 - 0.5 / d, 1 - 1 / d
    if d == 1:
        expand, contract, shrink = 2.0, 0.5, 0.5
    simplex = kit.bounds.clip(np.vstack([start, _corners(start, kit)]))
    values = _worst((yield np.ascontiguousarray(simplex)))
    if np.isinf(values[0]):
        return WalkStop.NO_IMPROVEMENT
    yield Step(start, float(values[0]), float("nan"), float("nan"))
    lowest = float(values[0])
    while not _collapsed(simplex, values):
        order = np.argsort(values, kind="stable")
        simplex, values = simplex[order], values[order]
        if values[0] < lowest:
            lowest = float(values[0])
            yield Step(simplex[0].copy(), lowest, float("nan"), float("nan"))
        middle = simplex[:-1].mean(axis=0)
        away = middle - simplex[-1]
        reflected, height = yield from _try(middle + away, kit)
        if height < values[0]:
            farther, lower = yield from _try(middle + expand * away, kit)
            if lower < height:
                reflected, height = farther, lower
        elif height >= values[-2]:
            outside = height < values[-1]
            nearer, lower = yield from _try(middle + (contract if outside else -contract) * away, kit)
            if lower >= min(height, float(values[-1])):
                simplex[1:] = kit.bounds.clip(simplex[0] + shrink * (simplex[1:] - simplex[0]))
                values[1:] = _worst((yield np.ascontiguousarray(simplex[1:])))
                continue
            reflected, height = nearer, lower
        simplex[-1], values[-1] = reflected, height
    return WalkStop.NO_IMPROVEMENT


def _corners(start: Point, kit: Kit) -> Floats:
    """One corner along each axis, on the side where there is room."""
    step = np.where(start + kit.stride <= kit.bounds.upper, kit.stride, -kit.stride)
    return start + np.diag(step)


def _try(point: Point, kit: Kit) -> Asking[tuple[Point, float]]:
    point = kit.bounds.clip(point)
    value = yield from ask_one(point)
    return point, float("inf") if np.isnan(value) else value


def _worst(values: Values) -> Values:
    """A failed evaluation is worse than any number."""
    return np.where(np.isnan(values), np.inf, values)


def _collapsed(simplex: Floats, values: Values) -> bool:
    width = float(np.abs(simplex - simplex[0]).max())
    place = max(float(np.abs(simplex[0]).max()), FLAT)
    spread = float(values.max() - values.min()) if np.isfinite(values).all() else float("inf")
    flat = spread <= 4 * np.finfo(np.float64).eps * abs(float(values.min()))
    return (width <= 1e-7 * place and flat) or width <= FLAT * place
