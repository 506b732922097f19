"""A descent and its end: downhill, along kinks and walls, and to the last digits where no slope leads."""

from dataclasses import dataclass, replace

import numpy as np

from blackbox.core.asking import Asking, Floats, Landing, Point
from blackbox.descent.kinks import Kinks
from blackbox.descent.pattern import Pattern, pattern
from blackbox.descent.piecewise import Piecewise, piecewise
from blackbox.descent.quasi_newton import GiveUp, QuasiNewton, quasi_newton
from blackbox.descent.terrain import Descent, Terrain
from blackbox.search.edges import Holes, along_edge
from blackbox.search.tubes import through_tube
from blackbox.search.walls import along_wall

FIRST_ITERATES, RESTART_ITERATES, ITERATES_PER_AXIS = 200, 60, 10
"""A walk gets so many gradients, and ten more an axis: Rosenbrock's valley takes BFGS about ten an axis. Beyond, a
population is the better walker; the first walk gets more, since nothing is known yet that could use them better."""

PATTERN_PART = 0.5
"""A walk that ended at a kink is finished by a pattern search with this part of the cap."""

MOST_FOR_PIECES = 20
"""So many inputs at most: the programme of a step takes a time of the order of d³, for each of d + 1 evaluations."""

LAST_DIGITS, MOST_FOR_DIGITS = 1e-7, 40
"""The lowest point of a corner is found to some eight digits; a pattern search from a stride like this, of so many
evaluations an axis at most, finds the rest."""

AT_AN_EDGE = 4
"""A walk that failed within its last so many evaluations an axis, those of its last gradients, ended at an edge."""


@dataclass(frozen=True, slots=True)
class Start:
    """Where a walk sets off."""

    point: Point
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Pains:
    """How much a descent may cost, and what it knows beforehand."""

    iterates: int = RESTART_ITERATES
    """Gradients, besides those that the dimension asks for."""
    give_up: GiveUp | None = None
    hessian: Floats | None = None
    """In units of the terrain's scale, shape `(d, d)`."""
    worth: float = float("inf")
    """A walk that ended at a kink above this value is left unfinished."""


def land(start: Start, terrain: Terrain, rng: np.random.Generator, pains: Pains) -> Asking[Descent]:
    """A descent, finished by a pattern search where it did not end on a vanishing gradient."""
    d = start.point.size
    cap = (pains.iterates + ITERATES_PER_AXIS * d) * (d + 1)
    holes = Holes()
    walk = yield from holes.watch(_downhill(start, terrain, pains, cap))
    gave_up = not walk.settled and walk.evaluations < cap
    if holes.since <= AT_AN_EDGE * d and walk.value <= pains.worth:
        finish = Pattern(evaluations=int(PATTERN_PART * cap))
        walk = yield from pattern(walk.point, walk.value, terrain, rng, finish)
        walk = yield from along_edge(walk, terrain)
        return (yield from through_tube(walk, terrain, rng))
    if walk.wall and walk.value <= pains.worth:
        return (yield from along_wall(walk, terrain))
    if walk.corner and walk.value <= pains.worth:
        digits = Pattern(first_stride=LAST_DIGITS, evaluations=MOST_FOR_DIGITS * d)
        end = yield from pattern(walk.point, walk.value, terrain, rng, digits)
        return replace(end, smooth=True, settled=True, corner=True, evaluations=walk.evaluations + end.evaluations)
    if walk.smooth or gave_up or walk.value > pains.worth:
        return walk
    finish = Pattern(evaluations=int(PATTERN_PART * cap))
    walk = yield from holes.watch(pattern(walk.point, walk.value, terrain, rng, finish))
    if holes.since > AT_AN_EDGE * d:
        return walk
    # Not the walk's last steps failed, but those around where it ended.
    walk = yield from along_edge(walk, terrain)
    return (yield from through_tube(walk, terrain, rng))


def _downhill(start: Start, terrain: Terrain, pains: Pains, cap: int) -> Asking[Descent]:
    """Quasi-Newton steps; where they come down to a kink between smooth pieces, steps that know of pieces."""
    kinks = Kinks(terrain) if start.point.size <= MOST_FOR_PIECES else None
    options = QuasiNewton(evaluations=cap, hessian=pains.hessian, give_up=pains.give_up, suspicion=kinks)
    walk = yield from quasi_newton(start.point, start.value, terrain, options)
    if kinks is None or not kinks.told:
        return walk
    asked, hessian = walk.evaluations, walk.hessian
    left = Piecewise(evaluations=max(options.evaluations - asked, 1))
    walk = yield from piecewise(kinks.samples, terrain, left)
    asked += walk.evaluations
    if kinks.wall and not walk.smooth:
        return replace(walk, evaluations=asked, wall=True)
    if not walk.smooth and asked < options.evaluations:
        rest = replace(options, evaluations=options.evaluations - asked, hessian=hessian, suspicion=None)
        walk = yield from quasi_newton(walk.point, walk.value, terrain, rest)
        asked += walk.evaluations
    return replace(walk, evaluations=asked)


def landed(walk: Descent, origin: str) -> Landing:
    """The event that tells of a descent's end."""
    return Landing(walk.point, walk.value, walk.blur, walk.settled, origin, walk.resolution)
