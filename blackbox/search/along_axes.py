"""Where the axes tell something by themselves: f is a sum, a product, or increases with a sum.

Each of these is a stage of the default search; when it comes, and whether, is said in `default.py`.
"""

from dataclasses import replace

import numpy as np

from blackbox.core.asking import Asking, Effort, Floats, Landing, Remark
from blackbox.core.bounds import Bounds
from blackbox.search.additivity import DRAWS, EARLY_DRAWS, FIRST_DRAWS, LAST_DRAWS, Draws, is_additive, is_ordered
from blackbox.search.axis_search import FIRST_POINTS, Axes, axis_search, sweep
from blackbox.search.basins import by_value
from blackbox.search.converged import AXIS_HITS
from blackbox.search.ground import Ground
from blackbox.search.landing import FIRST_ITERATES, Pains, Start, land, landed
from blackbox.search.product_search import product_search
from blackbox.search.regions import Region
from blackbox.search.sounding import sound

COMBS = (FIRST_POINTS, 32, 128)
"""Places at which the axis searches of one function begin to look: what only a fine comb finds is found by the last."""

SWEPT = 1e-3
"""Part of the curvature met along each axis of a box that the first descent begins with: in one case of four the draws
are ordered by chance, and the axes tell nothing."""


def axes_first(begin: Start, region: Region, rng: np.random.Generator) -> Asking[Axes | None]:
    """A search along all axes in a box, before anything else, where the draws still add up.

    At most 191 d + 24 evaluations.
    """
    yield Effort("axis search")
    if not (yield from is_additive(region, rng, FIRST_DRAWS - EARLY_DRAWS)):
        return None
    return (yield from axis_search(begin.point, begin.value, region, rng))


def factors_first(begin: Start, draws: Draws, region: Region, rng: np.random.Generator) -> Asking[Start]:
    """A search along all axes in a box, before anything else, where the draws multiply. At most 191 d + 21 evaluations.

    Where f is 0 at the start no factor can be told, and it begins at the lowest draw.
    """
    yield Effort("axis search")
    lowest = int(np.argmin(draws.values))
    away = begin if begin.value != 0 else Start(draws.points[lowest].copy(), float(draws.values[lowest]))
    found = yield from product_search(away, region, rng)
    return found if found.value < begin.value else begin


def axes_by_themselves(begin: Start, ground: Ground) -> Asking[tuple[Start, Floats | None]]:
    """One axis after the other to the bottom of its parabola, in a box whose draws are ordered; with the curvatures.

    3 to 30 evaluations an axis. An axis that shows none is taken to bend as the others do, in units of the box. Where
    the axes are coupled it was in vain: down in a ravine a walk that knows nothing has a worse start than above it.
    """
    yield Effort("sounding")
    sounding = yield from sound(begin.point, begin.value, ground.bounds, doubting=True)
    if sounding.coupled:
        return begin, None
    bends = sounding.curvature * ground.region(0).width ** 2
    if np.any(bends > 0):
        bends = np.where(np.isnan(bends), np.nanmean(bends), bends)
    return Start(sounding.point, sounding.value), diagonal(SWEPT * bends)


def separable(ground: Ground, best: Landing, draws: Draws, rng: np.random.Generator) -> Asking[list[Landing]]:
    """Axis by axis, where f is a sum of functions of one variable, or has only one. Three searches at most.

    `best` is where the first descent ended, or the first axis search.
    """
    region = ground.region(ground.level_of(best.point) + 1)
    begun, single = best.origin == "axis", ground.start.size == 1
    yield Effort("axis search")
    # In a box that was asked before the first descent.
    hopeful = draws.additive and not ground.bounds.finite
    if not (begun or single or (hopeful and (yield from is_additive(region, rng, FIRST_DRAWS)))):
        return []
    found, lowest = list[Landing](), best
    for run in range(begun, AXIS_HITS):
        if run == 1 and not single:
            # Two draws are enough to try; more are needed to rest a claim on it.
            if not (yield from is_additive(region, rng, DRAWS - FIRST_DRAWS)):
                return [replace(landing, origin="start") for landing in found]
            yield Remark("separable", "the function is a sum of functions of one variable each")
        # The last search ends the run in a box.
        last = run == AXIS_HITS - 1 and ground.bounds.finite and not single
        if last and not (yield from is_additive(region, rng, LAST_DRAWS)):
            yield Remark("mixed", "but for a part of the region: it is no sum after all")
            return [replace(landing, origin="start") for landing in found]
        axes = yield from axis_search(lowest.point, lowest.value, region, rng, COMBS[run])
        walk = yield from land(
            Start(axes.point, axes.value), region.terrain(ground.bounds), rng, known_curvatures(axes, region)
        )
        found.append(landed(walk, "axis"))
        yield found[-1]
        lowest = min(lowest, found[-1], key=by_value)
        if not axes.additive:
            return [replace(landing, origin="start") for landing in found]
    return found


def ordered(ground: Ground, best: Landing, rng: np.random.Generator) -> Asking[list[Landing]]:
    """A sweep along all axes, and a descent from where it led, where each axis may tell where it is low by itself.

    At most 126 d + 19 evaluations, and the descent's.
    """
    region = ground.region(0)
    yield Effort("axis search")
    if not (yield from is_ordered(region, rng)):
        return []
    axes = yield from sweep(best.point, best.value, region, rng)
    return (yield from descend_from(Start(axes.point, axes.value), best, region, ground.bounds, rng))


def multiplied(ground: Ground, best: Landing, rng: np.random.Generator) -> Asking[list[Landing]]:
    """Without bounds: a search along all axes of a product, from where the first descent ended, and another descent.

    At most 191 d + 21 evaluations, and the descent's.
    """
    region = ground.region(ground.level_of(best.point) + 1)
    yield Effort("axis search")
    begin = yield from product_search(Start(best.point, best.value), region, rng)
    return (yield from descend_from(begin, best, region, ground.bounds, rng))


def descend_from(
    begin: Start, best: Landing, region: Region, bounds: Bounds, rng: np.random.Generator
) -> Asking[list[Landing]]:
    """A descent from what the axes have found, if that is lower than the best landing."""
    if not begin.value < best.value:
        return []
    walk = yield from land(begin, region.terrain(bounds), rng, Pains(FIRST_ITERATES))
    landing = landed(walk, "start")
    yield landing
    return [landing]


def known_curvatures(axes: Axes, region: Region) -> Pains:
    """The descent after an axis search begins with the curvatures that the lines show."""
    return Pains(FIRST_ITERATES, hessian=diagonal(axes.curvature * region.width**2))


def diagonal(curvature: Floats) -> Floats | None:
    """The Hessian with these second derivatives, where all are known and positive."""
    return np.diag(curvature) if np.all(np.isfinite(curvature) & (curvature > 0)) else None
