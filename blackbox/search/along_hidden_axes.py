"""Where directions other than the coordinates' tell something by themselves: f is a sum along them, or waves on a bowl.

A stage of the default search in a box, after the first descent; `hidden_axes.py` finds the directions.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from blackbox.core.asking import Asking, Effort, Floats, Landing
from blackbox.descent.terrain import Descent
from blackbox.search.along_axes import descend_from
from blackbox.search.along_rings import in_a_trough
from blackbox.search.basins import by_value
from blackbox.search.ground import Ground
from blackbox.search.hidden_axes import ADDS_UP, ON_A_BOWL, Vicinity, directions_of, in_a_well
from blackbox.search.restarts import FIRST_ITERATES, SAMPLE_BASE, SAMPLE_PER_AXIS, Pains, Start, land, landed
from blackbox.search.ripples import Bowl, Lattice, Node, find_lattice, follow
from blackbox.search.skewed_search import skewed_search

WALKS = 8
"""From well to well: the first walk begins where the descent ended, the others in bowls that none before has met."""

TROUGH = 1e-3
"""Part of the largest curvature that all others are below where waves along hidden axes have not been met."""


def along_hidden_axes(
    ground: Ground, best: Landing, walk: Descent, rng: np.random.Generator, *, waves: bool
) -> Asking[list[Landing]]:
    """A search along directions that f is a sum along, or from well to well where such waves lie on a bowl; a descent.

    2 (d² + d + 1) evaluations mostly say that there are none, half as many more where `waves` were met. `walk` is
    where the first descent ended, `best` the lowest landing.
    """
    yield Effort("hidden axes")
    if walk.hessian is None or in_a_trough(walk, TROUGH):
        return []
    here, region = Start(walk.point, walk.value), ground.around(walk.point)
    # The walk counts in widths of the first region.
    wider = region.width / ground.region(1).width
    vicinity = Vicinity.of(here, np.diag(walk.hessian) * wider**2, region)
    if vicinity is None:
        return []
    one = yield from vicinity.bend(rng)
    other = yield from vicinity.bend(rng)
    if one is None or other is None:
        return []
    found, additive = list[Landing](), False
    directions = directions_of(one.hessian, other.hessian)
    if directions is not None and (yield from vicinity.adds_up(directions, one, rng, ADDS_UP)):
        begin, additive = yield from skewed_search(here, vicinity.in_x(directions), region, rng)
        found += yield from descend_from(begin, best, region, ground.bounds, rng)
    third = (yield from vicinity.bend(rng)) if waves and not additive else None
    if third is None:
        return found
    directions = directions_of(one.hessian - other.hessian, other.hessian - third.hessian)
    if directions is not None and (yield from vicinity.adds_up(directions, one, rng, ON_A_BOWL)):
        if not walk.smooth:
            # It was given up on a slope between wells.
            pains = Pains(hessian=in_a_well(directions, one.hessian))
            walk = yield from land(here, region.terrain(ground.bounds), rng, pains)
        else:
            walk = replace(walk, hessian=walk.hessian * np.outer(wider, wider))
        lowest = min([best, *found], key=by_value)
        found += yield from _from_well_to_well(vicinity.in_x(directions), ground, walk, lowest, rng)
    return found


def _from_well_to_well(
    directions: Floats, ground: Ground, walk: Descent, best: Landing, rng: np.random.Generator
) -> Asking[list[Landing]]:
    """Walks on the lattice of the waves, from the well first and then from random ones; each that led lower lands."""
    region, found = ground.around(walk.point), list[Landing]()
    if not walk.smooth or walk.hessian is None:
        return found
    units = np.outer(region.width, region.width)
    lattice = yield from find_lattice(Start(walk.point, walk.value), directions, walk.hessian / units, region)
    if lattice is None:
        return found
    pains = Pains(FIRST_ITERATES, hessian=walk.hessian)
    bowls, begin = list[Bowl](), Node(np.zeros_like(walk.point), walk.value)
    for _ in range(WALKS):
        if begin is not None:
            end, bowl = yield from follow(lattice, begin)
            bowls.append(bowl)
            finer = lattice
            while end.value < best.value:
                walk = yield from land(finer.start(end), region.terrain(ground.bounds), rng, pains)
                best = landed(walk, "start")
                found.append(best)
                yield best
                # At the bottom of a well the others lie a little elsewhere than from where the lattice began.
                finer = replace(lattice, origin=walk.point)
                end, _ = yield from follow(finer, Node(np.zeros_like(walk.point), walk.value))
        begin = yield from _elsewhere(lattice, bowls, rng)
    return found


def _elsewhere(lattice: Lattice, bowls: Sequence[Bowl], rng: np.random.Generator) -> Asking[Node | None]:
    """The lowest of a few random nodes that lie in none of the known bowls; None where all do."""
    places, values = yield from lattice.sample(SAMPLE_BASE + SAMPLE_PER_AXIS * lattice.origin.size, rng)
    known = np.zeros(len(values), dtype=bool)
    for bowl in bowls:
        known |= bowl.explains(places, values)
    if known.all():
        return None
    lowest = int(np.argmin(np.where(known, np.inf, values)))
    return Node(places[lowest], float(values[lowest]))
