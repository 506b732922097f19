"""Where directions other than the coordinates' tell something by themselves: f is a sum along them, or waves on a bowl.

A stage of the default search in a box, after the first descent; `hidden_axes.py` finds the directions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from blackbox.core.asking import Asking, Effort, Floats, Landing, Remark
from blackbox.core.bounds import Bounds
from blackbox.descent.terrain import Descent, Terrain
from blackbox.search.along_axes import descend_from
from blackbox.search.along_rings import in_a_trough
from blackbox.search.basins import by_value
from blackbox.search.ground import Ground
from blackbox.search.hidden_axes import Bend, Vicinity, directions_of, in_a_well
from blackbox.search.restarts import FIRST_ITERATES, SAMPLE_BASE, SAMPLE_PER_AXIS, Pains, Start, land, landed
from blackbox.search.ripples import Bowl, Lattice, Node, find_lattice, follow
from blackbox.search.skewed_search import skewed_search

WALKS = 8
"""From well to well: the first walk begins where the descent ended, the others in bowls that none before has met."""

TROUGH = 1e-3
"""Part of the largest curvature that all others are below where waves along hidden axes have not been met."""

LANDINGS = 12
"""So many landings at most: from the bottom of a well the next walk may lead lower by little, again and again."""

A_SUM = "as far as was seen it is a sum along directions other than its inputs, and was searched along them"
WAVES = "waves of one length in each direction lie on it, and it was searched from wave to wave"


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """Where hidden axes are looked for."""

    bounds: Bounds
    vicinity: Vicinity
    walk: Descent
    """The first descent, its Hessian in units of the vicinity's region."""

    @property
    def terrain(self) -> Terrain:
        return self.vicinity.region.terrain(self.bounds)


def along_hidden_axes(
    ground: Ground, best: Landing, walk: Descent, rng: np.random.Generator, *, waves: bool
) -> Asking[list[Landing]]:
    """A search along directions that f is a sum along, or from well to well where such waves lie on a bowl; a descent.

    2 (d² + d + 1) evaluations mostly say that there are none, half as many more where `waves` were met. `walk` is
    where the first descent ended, `best` the lowest landing.
    """
    yield Effort("hidden axes")
    scene = _scene(ground, walk)
    if scene is None:
        return []
    vicinity, found, additive = scene.vicinity, list[Landing](), False
    one, other = (yield from vicinity.bend(rng)), (yield from vicinity.bend(rng))
    if one is None or other is None:
        return []
    directions = directions_of(one.hessian, other.hessian)
    if directions is not None and (yield from vicinity.adds_up(directions, one, rng, widely=True)):
        wells = (yield from _from_well_to_well(scene, directions, one, best, rng)) if waves else None
        if wells is not None:
            return wells
        here = Start(scene.walk.point, scene.walk.value)
        begin, additive = yield from skewed_search(here, vicinity.in_x(directions), vicinity.region, rng)
        if additive:
            yield Remark("hidden axes", A_SUM)
        found += yield from descend_from(begin, best, vicinity.region, ground.bounds, rng)
    third = (yield from vicinity.bend(rng)) if waves and not additive else None
    if third is None:
        return found
    directions = directions_of(one.hessian - other.hessian, other.hessian - third.hessian)
    if directions is not None and (yield from vicinity.adds_up(directions, one, rng)):
        lowest = min([best, *found], key=by_value)
        found += (yield from _from_well_to_well(scene, directions, one, lowest, rng)) or []
    return found


def _scene(ground: Ground, walk: Descent) -> _Scene | None:
    """None where the walk knows no curvature, or that along one direction alone."""
    if walk.hessian is None or in_a_trough(walk, TROUGH):
        return None
    region = ground.around(walk.point)
    # The walk counts in widths of the first region.
    wider = region.width / ground.region(1).width
    walk = replace(walk, hessian=walk.hessian * np.outer(wider, wider))
    vicinity = Vicinity.of(walk, region)
    return None if vicinity is None else _Scene(ground.bounds, vicinity, walk)


def _from_well_to_well(
    scene: _Scene, directions: Floats, near: Bend, best: Landing, rng: np.random.Generator
) -> Asking[list[Landing] | None]:
    """Walks on the lattice of the waves, from the well first and then from random ones; each that led lower lands.

    None where the waves form no lattice.
    """
    region, walk = scene.vicinity.region, scene.walk
    if not walk.smooth:
        # It was given up on a slope between wells.
        pains = Pains(hessian=in_a_well(directions, near.hessian))
        walk = yield from land(Start(walk.point, walk.value), scene.terrain, rng, pains)
    if not walk.smooth or walk.hessian is None:
        return None
    curvature = walk.hessian / np.outer(region.width, region.width)
    well = Start(walk.point, walk.value)
    lattice = yield from find_lattice(well, scene.vicinity.in_x(directions), curvature, region)
    if lattice is None:
        return None
    yield Remark("waves", WAVES)
    found, pains = list[Landing](), Pains(FIRST_ITERATES, hessian=walk.hessian)
    bowls, begin = list[Bowl](), Node(np.zeros_like(walk.point), walk.value)
    for _ in range(WALKS):
        if begin is not None:
            end, bowl = yield from follow(lattice, begin)
            bowls.append(bowl)
            finer = lattice
            while end.value < best.value and len(found) < LANDINGS:
                walk = yield from land(finer.start(end), scene.terrain, rng, pains)
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
