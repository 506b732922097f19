"""From well to well of waves that lie on a bowl, along hidden axes or along the inputs themselves.

Along hidden axes the waves add up (`along_hidden_axes.py`). Along the inputs they need not: what is looked for there is
a length along each after which f repeats, as Griewank's product of cosines does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from blackbox.core.asking import Asking, Effort, Floats, Landing, Remark
from blackbox.core.bounds import Bounds
from blackbox.descent.quasi_newton import QuasiNewton, quasi_newton
from blackbox.descent.terrain import Descent, Terrain
from blackbox.gradients.steps import rounding_of
from blackbox.search.basins import by_value
from blackbox.search.ground import Ground
from blackbox.search.hidden_axes import Bend, Vicinity, in_a_well
from blackbox.search.landing import FIRST_ITERATES, Pains, Start, land, landed
from blackbox.search.restarts import SAMPLE_BASE, SAMPLE_PER_AXIS
from blackbox.search.ripples import Bowl, Lattice, Node, find_lattice, follow
from blackbox.search.waves import repeats_along

WALKS = 8
"""Turns: the first walk begins where the descent ended, each other one at the lowest of a few random nodes that no
known bowl explains, if there is one."""

LANDINGS = 12
"""So many at most: from each bottom the next walk may lead a little lower, again and again."""

FAR_DIGITS = 1e12
"""The first look for what repeats is so far away that f changes by so many roundings at the curvature of the walk:
nearer, it takes more looks to come to the length of a wave."""

WELL = 40
"""Gradients that the way down into a well may take, before the lattice around it is looked for."""

ON_WAVES = "waves of one length in each direction lie on it, and it was searched from wave to wave"


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Where directions are looked for."""

    bounds: Bounds
    vicinity: Vicinity
    walk: Descent
    """The first descent, its Hessian in units of the vicinity's region."""

    @property
    def terrain(self) -> Terrain:
        """The ground for a walk."""
        return self.vicinity.region.terrain(self.bounds)


def survey(ground: Ground, walk: Descent) -> Scene | None:
    """Where the first descent ended; None where it met no curvature along some input."""
    region = ground.around(walk.point)
    # The walk counts in widths of the region of level 1 (`default.py`).
    wider = region.width / ground.region(1).width
    if walk.hessian is not None:
        walk = replace(walk, hessian=walk.hessian * np.outer(wider, wider))
    vicinity = Vicinity.of(walk, region)
    return None if vicinity is None else Scene(ground.bounds, vicinity, walk)


def along_inputs(
    ground: Ground, best: Landing, walk: Descent, rng: np.random.Generator
) -> Asking[tuple[list[Landing], bool]]:
    """The landings of a search from wave to wave where f repeats along each input; and whether that led below `best`.

    Some ten evaluations mostly say that f does not repeat.
    """
    yield Effort("waves")
    scene, found = survey(ground, walk), list[Landing]()
    if scene is None or not (walk.smooth or (yield from _repeats(scene))):
        return [], False
    if not walk.smooth:
        # It was given up on a slope between wells.
        options = QuasiNewton(hessian=scene.walk.hessian, evaluations=WELL * (walk.point.size + 1))
        scene = replace(scene, walk=(yield from quasi_newton(walk.point, walk.value, scene.terrain, options)))
        if not scene.walk.smooth:
            return [], False
        found.append(landed(scene.walk, "start"))
        yield found[0]
    well = Start(scene.walk.point, scene.walk.value)
    lattice = yield from _lattice(scene, well, np.eye(walk.point.size))
    if lattice is None or not (yield from lattice.repeats(well.value, _curvature(scene), rng)):
        return found, False
    found += yield from _walks(scene, lattice, min([best, *found], key=by_value), rng)
    return found, min(landing.value for landing in [best, *found]) < best.value


def from_well_to_well(
    scene: Scene, directions: Floats, near: Bend, best: Landing, rng: np.random.Generator
) -> Asking[tuple[list[Landing], bool]]:
    """Walks on the lattice of the waves along these directions; each that led lower lands.

    Their landings, and whether the waves form a lattice at all.
    """
    found = list[Landing]()
    if not scene.walk.smooth:
        # It was given up on a slope between wells.
        pains = Pains(hessian=in_a_well(directions, near.hessian))
        walk = yield from land(Start(scene.walk.point, scene.walk.value), scene.terrain, rng, pains)
        found.append(landed(walk, "start"))
        yield found[0]
        scene = replace(scene, walk=walk)
    if not scene.walk.smooth or scene.walk.hessian is None:
        return found, False
    lattice = yield from _lattice(scene, Start(scene.walk.point, scene.walk.value), directions)
    if lattice is None:
        return found, False
    found += yield from _walks(scene, lattice, best, rng)
    return found, True


def _repeats(scene: Scene) -> Asking[bool]:
    """Whether f repeats along the input along which it bends most."""
    walk, region = scene.walk, scene.vicinity.region
    axis = int(np.argmax(scene.vicinity.curvature))
    direction = np.where(np.arange(walk.point.size) == axis, region.width, 0.0)
    first = sqrt(2 * FAR_DIGITS * rounding_of(walk.value) / scene.vicinity.curvature[axis])
    return (yield from repeats_along(Start(walk.point, walk.value), direction, region, first))


def _curvature(scene: Scene) -> Floats:
    """The Hessian in the well, in units of x."""
    assert scene.walk.hessian is not None  # a walk that met none makes no scene
    return scene.walk.hessian / np.outer(scene.vicinity.region.width, scene.vicinity.region.width)


def _lattice(scene: Scene, well: Start, directions: Floats) -> Asking[Lattice | None]:
    """That of the waves around a well, along directions in units of the region."""
    return (yield from find_lattice(well, scene.vicinity.in_x(directions), _curvature(scene), scene.vicinity.region))


def _walks(scene: Scene, lattice: Lattice, best: Landing, rng: np.random.Generator) -> Asking[list[Landing]]:
    """The landings of walks from wave to wave, from the lattice's origin first and then from random nodes."""
    yield Remark("waves", ON_WAVES)
    found, bowls = list[Landing](), list[Bowl]()
    pains = Pains(FIRST_ITERATES, hessian=scene.walk.hessian)
    for turn in range(WALKS):
        origin = Node(np.zeros_like(scene.walk.point), scene.walk.value)
        begin = (yield from _elsewhere(lattice, bowls, rng)) if turn else origin
        if begin is None:
            continue
        end, bowl = yield from follow(lattice, begin)
        end = yield from _bottom(lattice, end, bowl)
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
    return found


def _bottom(lattice: Lattice, end: Node, bowl: Bowl) -> Asking[Node]:
    """The bottom of the bowl, where f is lower there than at the last node. One evaluation.

    Griewank's function has wells half a wave along two inputs away from those of the lattice, and the lowest well of
    all may be one of them: it lies at the bottom.
    """
    away = bowl.bottom()
    if away is None:
        return end
    place = bowl.node.place + away
    value = float((yield from lattice.ask(place))[0])
    return Node(place, value) if value < end.value else end


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
