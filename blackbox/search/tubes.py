"""Thin tubes of values amid failures: a small population, of the tube's own width, creeps along it and bends with it.

Inside a tube slopes across it lead nowhere and a straight step leaves it. The covariance of a population turns with the
tube, and its points that fail count as the worst. (Hansen 2016, arXiv:1604.00772, section B.5 on infeasible points.)
"""

import numpy as np

from blackbox.core.asking import Asking, Floats, Step
from blackbox.descent.terrain import Descent, Terrain
from blackbox.gradients.steps import rounding_of
from blackbox.search.population import Cloud, colonise, default_size
from blackbox.search.regions import Region

SPREADS = 10.0 ** np.arange(2, -9, -1)
"""How widely the neighbourhood is looked at, in units of the scale, widest first."""

PROBES = 8
"""Points, times d, for each spread: enough to tell a third from a tenth."""

INSIDE, OUTSIDE = 1 / 3, 0.15
"""A tube is as wide as the widest spread at which so many points have values, if at some wider one no more than the
second part do. Beside a flat edge half of them have values at every spread, and in a corner few: neither is a tube."""

CROWD = 3
"""The population, times the default: the default size lost itself in half of the tubes tried, this one in a tenth."""

RUNS = 4
"""Runs at most, each from where the last one ended, as long as they gain."""

GAIN = 1e-9
"""A run that gained less than this part of the first is the last."""


def through_tube(walk: Descent, terrain: Terrain, rng: np.random.Generator) -> Asking[Descent]:
    """Go on from where a walk ended near failures; the walk itself where no tube is there or d = 1.

    8 d evaluations for each spread, and in a tube some 1,000 (d + 1) for each run.
    """
    d = walk.point.size
    point, value, asked, first, gain = walk.point, walk.value, walk.evaluations, 0.0, 0.0
    for run in range(RUNS if d > 1 else 0):
        region = Region(point - terrain.scale / 2, point + terrain.scale / 2)
        spread, cost = yield from _width(point, terrain, rng)
        asked += cost
        if spread is None:
            break
        cloud = Cloud(np.full(d, 0.5), spread, CROWD * default_size(d))
        colony = yield from colonise(cloud, region, terrain.bounds, rng)
        asked += colony.evaluations
        gain = value - colony.value
        if not gain > 0:
            gain = 0.0
            break
        point, value = colony.point, colony.value
        yield Step(point, value, float("nan"), float("nan"))
        first = first if run else gain
        if gain <= GAIN * first + rounding_of(value):
            break
    if value >= walk.value:
        return walk
    blur = walk.blur + 8 * rounding_of(value) + gain
    return Descent(point, value, False, True, blur, None, asked, walk.resolution, edge=True)


def _width(point: Floats, terrain: Terrain, rng: np.random.Generator) -> Asking[tuple[float | None, int]]:
    """The spread of a cloud that fits into the tube, None where there is none; and what it cost to find out."""
    probes = PROBES * point.size
    wider, asked = 1.0, 0
    for spread in SPREADS:
        cloud = point + spread * rng.standard_normal((probes, point.size)) * terrain.scale
        values = yield terrain.bounds.clip(cloud)
        asked += probes
        share = float(np.isfinite(values).mean())
        if share >= INSIDE:
            return (float(spread) if wider <= OUTSIDE else None), asked
        wider = min(wider, share)
    return None, asked
