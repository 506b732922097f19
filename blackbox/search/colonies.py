"""Restarted populations: BIPOP, which doubles the population and runs small ones in between.

(Hansen 2009, "Benchmarking a BI-population CMA-ES on the BBOB-2009 function testbed".)
"""

from collections.abc import Collection, Sequence
from functools import partial

import numpy as np

from blackbox.core.asking import Asking, Floats, Landing, Point
from blackbox.descent.quasi_newton import QuasiNewton, quasi_newton
from blackbox.descent.terrain import Descent, Terrain
from blackbox.search.basins import by_value
from blackbox.search.ground import Ground
from blackbox.search.landing import landed
from blackbox.search.parts import Part
from blackbox.search.population import Cloud, colonise, default_size

SIGMA = 0.2
"""First spread, as part of the region's width: one cloud covers most of it."""

SMALL_PART = 0.3
"""What small populations may cost, for each evaluation of large ones; BIPOP gives them as much."""

LARGEST = 2**9
"""The population is doubled at most to this many times the default."""

POLISH = 30
"""Evaluations, times d + 2, of the descent that finishes a run."""


def colonies(
    ground: Ground,
    landings: Sequence[Landing],
    rng: np.random.Generator,
    first: int = 1,
    without: Collection[Part] = (),
    *,
    near: bool = False,
) -> Asking[None]:
    """Endless runs of CMA-ES with restarts; each ends in a `Landing`. `landings` grows outside.

    `first` is the size of the first population, times the default; with `near` it begins around the best point known.
    """
    d = ground.start.size
    base, factor = default_size(d), first
    spent_large, spent_small, run, large = 0, 0, 0, 0
    while True:
        small = run > 0 and spent_small < SMALL_PART * spent_large
        region = ground.region(_level(landings, int(rng.integers(3)) if small else large % 2, ground))
        u, v = rng.random(2)
        size = max(base, int(base * (0.5 * factor) ** (u**2))) if small else base * factor
        sigma = SIGMA * 10 ** (-2 * v) if small else SIGMA
        mean = (region.sample(1, rng)[0] - region.lower) / np.where(region.width > 0, region.width, 1.0)
        if near and run == 0:
            mean = (min(landings, key=by_value).point - region.lower) / np.where(region.width > 0, region.width, 1.0)
        terrain = region.terrain(ground.bounds)
        leave = None if Part.BOWLS in without else partial(_leave, terrain)
        colony = yield from colonise(Cloud(mean, sigma, size), region, ground.bounds, rng, leave)
        spent, walk = colony.evaluations, colony.walk
        if walk is None and np.isfinite(colony.value):
            cap = QuasiNewton(first_stride=1e-6, evaluations=POLISH * (d + 2))
            walk = yield from quasi_newton(colony.point, colony.value, terrain, cap)
            spent += walk.evaluations
        if walk is not None:
            yield landed(walk, "population")
        if small:
            spent_small += spent
        else:
            spent_large += spent
            factor = min(2 * factor, LARGEST)
            large += 1
        run += 1


def _leave(terrain: Terrain, point: Point, value: float, hessian: Floats) -> Asking[Descent]:
    """A descent out of a run whose cloud lies in a bowl with this Hessian."""
    options = QuasiNewton(hessian=hessian, evaluations=POLISH * (point.size + 2))
    return quasi_newton(point, value, terrain, options)


def _level(landings: Sequence[Landing], above: int, ground: Ground) -> int:
    """Without bounds: so many levels above the one of the best so far."""
    best = min(landings, key=by_value)
    return ground.level_of(best.point) + above
