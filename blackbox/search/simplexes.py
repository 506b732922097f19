"""Simplexes on rugged ground: from the lowest of a sample, as far as they promise to end below the best value known.

Where waves stand on every scale, as on Katsuura's function, a slope says nothing and a population is a long way; a
simplex of a tenth of the box looks over the small waves and follows the large ones. It helps up to three inputs.
(Nelder & Mead 1965.)
"""

from collections.abc import Sequence

import numpy as np

from blackbox.core.asking import Asking, Landing, Prospect
from blackbox.core.bounds import Bounds
from blackbox.descent.nelder_mead import Factors, corners, move, worst
from blackbox.descent.terrain import Descent
from blackbox.gradients.steps import rounding_of
from blackbox.search.ground import Ground
from blackbox.search.landing import Start, landed
from blackbox.search.regions import Region
from blackbox.search.restarts import PLAIN_EVERY, choose

STRIDE = 0.1
"""First width of a simplex, as part of the region's."""

NARROWED = 0.01
"""A simplex narrower than this part of the region has chosen its valley …"""

HOPELESS = 1.0
"""… and is given up where its lowest corner lies above the best value by more than this part of what its corners span:
shrinking on, it would gain about as much again."""

FACTORS = Factors()
"""Those of 1965: Gao & Han's are for many inputs."""

LAST = 1e-12
"""Part of the region that is narrow enough …"""

FEW_DIGITS = 8.0
"""… and so are so many of the last digits of a coordinate, where the region lies far from 0."""

NUMBERED = 1_000_000
"""Simplexes are told of in the place of restarts, under numbers that no restart has: those told before are void."""

MOST = 400
"""Evaluations, times d, of one simplex."""


def simplexes(ground: Ground, landings: Sequence[Landing], seed: int) -> Asking[None]:
    """Endless simplexes; each that ends by itself yields a `Landing`. `landings` grows outside."""
    turn, region = 0, ground.region(0)
    while True:
        best = min((landing.value for landing in landings), default=float("inf"))
        yield _prospect(region, ground.bounds, seed, turn + 1, best)
        walk = yield from explore(region, ground.bounds, np.random.default_rng((seed, turn)), turn, best)
        turn += 1
        if walk is not None:
            yield landed(walk, "simplex")


def explore(region: Region, bounds: Bounds, rng: np.random.Generator, turn: int, best: float) -> Asking[Descent | None]:
    """One simplex. At most about 400 d evaluations.

    None where it was given up because it would end above `best`, spent all of them, or its sample failed.
    """
    start = yield from choose(region, turn % PLAIN_EVERY == 0, rng)
    if start is None:
        return None
    return (yield from _go_down(start, region, bounds, best))


def _prospect(region: Region, bounds: Bounds, seed: int, first: int, best: float) -> Prospect:
    def walk(number: int) -> Asking[object]:
        turn = number - NUMBERED
        return explore(region, bounds, np.random.default_rng((seed, turn)), turn, best)

    return Prospect("restarts", walk, NUMBERED + first)


def _go_down(start: Start, region: Region, bounds: Bounds, best: float) -> Asking[Descent | None]:
    d, width = start.point.size, np.where(region.width > 0, region.width, 1.0)
    simplex = np.vstack([start.point, corners(start.point, STRIDE * region.width, bounds)])
    values = np.concatenate([[start.value], worst((yield simplex[1:].copy()))])
    asked = d
    while asked < MOST * d:
        order = np.argsort(values, kind="stable")
        simplex, values = simplex[order], values[order]
        lowest, highest = float(values[0]), float(values[-1])
        wide = np.abs(simplex[1:] - simplex[0])
        size = float((wide / width).max())
        if np.all(wide <= np.maximum(LAST * width, FEW_DIGITS * np.spacing(np.abs(simplex[0])))):
            return Descent(simplex[0], lowest, False, True, 4 * rounding_of(lowest), None, asked, size * width)
        if size < NARROWED and lowest - best > HOPELESS * (highest - lowest):
            return None
        asked += yield from move(simplex, values, bounds, FACTORS)
    return None
