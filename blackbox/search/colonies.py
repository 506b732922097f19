"""Restarted populations: BIPOP, which doubles the population and runs small ones at equal cost in between.

(Hansen 2009, "Benchmarking a BI-population CMA-ES on the BBOB-2009 function testbed".)
"""

import numpy as np

from blackbox.core.asking import Asking
from blackbox.descent.quasi_newton import QuasiNewton, quasi_newton
from blackbox.search.ground import Ground
from blackbox.search.population import Cloud, colonise, default_size
from blackbox.search.restarts import landed

SIGMA = 0.2
"""First spread, as part of the region's width (measured, see the solver notes)."""

LARGEST = 2**9
"""The population is doubled at most to this many times the default."""

POLISH = 30
"""Evaluations, times d + 2, of the descent that finishes a run."""


def colonies(ground: Ground, first_level: int, rng: np.random.Generator) -> Asking[None]:
    """Endless runs of CMA-ES with restarts; each ends in a `Landing`."""
    d = ground.start.size
    base, factor = default_size(d), 1
    spent_large, spent_small, run = 0, 0, 0
    while True:
        region = ground.region(_level(first_level, run, ground))
        small = run > 0 and spent_small < spent_large
        u, v = rng.random(2)
        size = max(base, int(base * (0.5 * factor) ** (u**2))) if small else base * factor
        sigma = SIGMA * 10 ** (-2 * v) if small else SIGMA
        mean = (region.sample(1, rng)[0] - region.lower) / np.where(region.width > 0, region.width, 1.0)
        colony = yield from colonise(Cloud(mean, sigma, size), region, ground.bounds, rng)
        spent = colony.evaluations
        if np.isfinite(colony.value):
            cap = QuasiNewton(first_stride=1e-6, evaluations=POLISH * (d + 2))
            walk = yield from quasi_newton(colony.point, colony.value, region.terrain(ground.bounds), cap)
            spent += walk.evaluations
            yield landed(walk, "population")
        if small:
            spent_small += spent
        else:
            spent_large += spent
            factor = min(2 * factor, LARGEST)
        run += 1


def _level(first: int, run: int, ground: Ground) -> int:
    """Without bounds: the level of the best so far, then the ones beside it, in turn."""
    if ground.bounds.finite:
        return 0
    return max(0, first + (0, 1, -1, 2)[run % 4])
