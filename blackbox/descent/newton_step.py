"""Where a quadratic model has its minimum: the whole step there, or the best one that bounds and stride allow."""

from math import isfinite

import numpy as np

from blackbox.core.asking import Floats
from blackbox.descent.positive_definite import solve_positive
from blackbox.descent.probing import Iterate, norm
from blackbox.descent.terrain import Terrain
from blackbox.descent.trust_region import restricted_step


def newton_step(now: Iterate, terrain: Terrain) -> tuple[Floats, bool]:
    """The projected Newton step, or the best within the stride; 0 where nothing is free. And whether it is whole."""
    gradient, hessian, axes = now.gradient, now.hessian, None
    if not (terrain.bounds.surround(now.x) and all(gradient.tolist())):
        free = _free(now, terrain)
        if not any(free):
            return np.zeros(now.x.size), False
        if not all(free):
            axes = np.array(free).nonzero()[0]
            gradient, hessian = gradient[axes], hessian[np.ix_(axes, axes)]
    direction = -_solve(hessian, gradient)
    length = norm(direction)
    if not isfinite(length):
        return np.zeros(now.x.size), False
    whole = length <= now.stride
    if not whole:
        direction = restricted_step(hessian, gradient, now.stride)
    if axes is not None:
        partial_step, direction = direction, np.zeros(now.x.size)
        direction[axes] = partial_step
    return direction, whole


def _free(now: Iterate, terrain: Terrain) -> list[bool]:
    """Along which axes there is a slope and no bound in the way."""
    bounds, slopes = terrain.bounds, now.gradient.tolist()
    axes = zip(now.x.tolist(), slopes, bounds.lower.tolist(), bounds.upper.tolist(), strict=True)
    return [
        slope != 0 and not (at <= low and slope > 0) and not (at >= high and slope < 0) for at, slope, low, high in axes
    ]


def _solve(matrix: Floats, vector: Floats) -> Floats:
    """`matrix`⁻¹ `vector` for a positive definite matrix; steepest descent where rounding made it singular."""
    try:
        return solve_positive(matrix, vector)
    except np.linalg.LinAlgError:
        return vector / max(float(np.abs(np.diag(matrix)).max()), float(np.finfo(np.float64).tiny))
