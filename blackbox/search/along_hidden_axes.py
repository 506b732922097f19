"""Where directions other than the coordinates' tell something by themselves: f is a sum along them, or waves on a bowl.

A stage of the default search after the first descent, in a box on smooth ground and anywhere on waves;
`hidden_axes.py` finds the directions.
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
from blackbox.search.landing import FIRST_ITERATES, Pains, Start, land, landed
from blackbox.search.restarts import SAMPLE_BASE, SAMPLE_PER_AXIS
from blackbox.search.ripples import Bowl, Lattice, Node, find_lattice, follow
from blackbox.search.skewed_search import skewed_search

WALKS = 8
"""Turns: the first walk begins where the descent ended, each other one at the lowest of a few random nodes that no
known bowl explains, if there is one."""

ONE_WAY = 1e-3
"""Where all other curvatures are below this part of the largest f bends one way only, and no hidden axes are looked
for."""

LANDINGS = 12
"""So many at most: from each bottom the next walk may lead a little lower, again and again."""

A_SUM = "as far as was seen it is a sum along directions other than its inputs, and was searched along them"
ON_WAVES = "waves of one length in each direction lie on it, and it was searched from wave to wave"


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
    """A search along directions in which f is a sum, or from well to well where such waves lie on a bowl; a descent.

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
        if waves:
            found, solved = yield from _from_well_to_well(scene, directions, one, best, rng)
            if solved:
                return found
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
        found += (yield from _from_well_to_well(scene, directions, one, lowest, rng))[0]
    return found


def _scene(ground: Ground, walk: Descent) -> _Scene | None:
    """None where the walk knows no curvature, or that along one direction alone."""
    if walk.hessian is None or in_a_trough(walk, ONE_WAY):
        return None
    region = ground.around(walk.point)
    # The walk counts in widths of the region of level 1 (`default.py`).
    wider = region.width / ground.region(1).width
    walk = replace(walk, hessian=walk.hessian * np.outer(wider, wider))
    vicinity = Vicinity.of(walk, region)
    return None if vicinity is None else _Scene(ground.bounds, vicinity, walk)


def _from_well_to_well(
    scene: _Scene, directions: Floats, near: Bend, best: Landing, rng: np.random.Generator
) -> Asking[tuple[list[Landing], bool]]:
    """Walks on the lattice of the waves, from the well first and then from random ones; each that led lower lands.

    Their landings, and whether the waves form a lattice at all.
    """
    region, first = scene.vicinity.region, scene.walk
    found = list[Landing]()
    if not first.smooth:
        # It was given up on a slope between wells.
        pains = Pains(hessian=in_a_well(directions, near.hessian))
        first = yield from land(Start(first.point, first.value), scene.terrain, rng, pains)
        found.append(landed(first, "start"))
        yield found[0]
    if not first.smooth or first.hessian is None:
        return found, False
    curvature = first.hessian / np.outer(region.width, region.width)
    well = Start(first.point, first.value)
    lattice = yield from find_lattice(well, scene.vicinity.in_x(directions), curvature, region)
    if lattice is None:
        return found, False
    yield Remark("waves", ON_WAVES)
    bowls, pains = list[Bowl](), Pains(FIRST_ITERATES, hessian=first.hessian)
    for turn in range(WALKS):
        begin = (yield from _elsewhere(lattice, bowls, rng)) if turn else Node(np.zeros_like(well.point), well.value)
        if begin is None:
            continue
        end, bowl = yield from follow(lattice, begin)
        bowls.append(bowl)
        finer, lowest = lattice, min([best, *found], key=by_value)
        while end.value < lowest.value and len(found) < LANDINGS:
            walk = yield from land(finer.start(end), scene.terrain, rng, pains)
            lowest = landed(walk, "start")
            found.append(lowest)
            yield lowest
            # At the bottom of a well the others lie a little elsewhere than from where the lattice began.
            finer = replace(lattice, origin=walk.point)
            end, _ = yield from follow(finer, Node(np.zeros_like(walk.point), walk.value))
    return found, True


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
