"""Multistart: sample a region, descend from the lowest of the sample, again and again, near and far.

Where there are no bounds the region is one of several levels around the start, each four times wider; all are
visited in turn, and the levels grow while far ones pay.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from blackbox.core.asking import Asking, Floats, Landing, Point, Prospect
from blackbox.descent.kinks import Kinks
from blackbox.descent.pattern import Pattern, pattern
from blackbox.descent.piecewise import Piecewise, piecewise
from blackbox.descent.quasi_newton import GiveUp, QuasiNewton, quasi_newton
from blackbox.descent.terrain import Descent, Terrain
from blackbox.search.edges import Holes, along_edge
from blackbox.search.ground import Ground
from blackbox.search.parts import Part
from blackbox.search.recognition import Known, Recognition
from blackbox.search.regions import Region
from blackbox.search.tubes import through_tube

SAMPLE_BASE, SAMPLE_PER_AXIS = 5, 2
"""Points sampled before each descent: 5 + 2 d, about the price of one gradient or two."""

PLAIN_EVERY = 3
"""Every third restart takes one uniform point unseen, so that a narrow basin low on a high plain is not starved."""

FIRST_ITERATES, RESTART_ITERATES, ITERATES_PER_AXIS = 200, 60, 10
"""A walk gets so many gradients, and ten more an axis: Rosenbrock's valley takes BFGS about ten an axis. Beyond, a
population is the better walker; the first walk gets more, since nothing is known yet that could use them better."""

PATTERN_PART = 0.5
"""A walk that ended at a kink is finished by a pattern search with this part of the cap."""

MOST_FOR_PIECES = 20
"""So many inputs at most: the programme of a step takes a time of the order of d³, for each of d + 1 evaluations."""

AT_AN_EDGE = 4
"""A walk that failed within its last so many evaluations an axis, those of its last gradients, ended at an edge."""


@dataclass(frozen=True, slots=True)
class Start:
    """Where a walk sets off."""

    point: Point
    value: float


def restarts(ground: Ground, landings: Sequence[Landing], seed: int, without: Collection[Part] = ()) -> Asking[None]:
    """Endless restarts; each ends in a `Landing`. `landings` grows outside with what all arms found."""
    turn, widest, reached, known = 0, 0, Reached(ground), Known(landings)
    while True:
        levels = ground.levels(reached.farthest(landings))
        if levels != widest:
            widest = levels
            yield ground.explored(levels)
        best = min((landing.value for landing in landings), default=float("inf"))
        yield prospect(ground, levels, seed, turn + 1, best)
        known.update()
        recognition = Recognition(known, ground.region(_spread(turn, levels)).terrain(ground.bounds))
        pains = Pains(give_up=None if Part.RECOGNITION in without else recognition, worth=best)
        walk = yield from restart(turn, levels, ground, seed, pains)
        turn += 1
        if recognition.found is not None:
            yield replace(recognition.found, origin="restart")
        elif walk is not None:
            yield landed(walk, "restart")


def prospect(ground: Ground, levels: int, seed: int, first: int, worth: float = -float("inf")) -> Prospect:
    """The restarts to come, as far as they can be told: those already found may change a level or an end."""

    def walk(turn: int) -> Asking[object]:
        return restart(turn, levels, ground, seed, Pains(worth=worth))

    return Prospect("restarts", walk, first, soon=first > 0)


def restart(turn: int, levels: int, ground: Ground, seed: int, pains: "Pains") -> Asking[Descent | None]:
    """One restart. Its random numbers are its own, so that it asks the same whatever the other arms have asked."""
    rng = np.random.default_rng((seed, turn))
    region = ground.region(_spread(turn, levels))
    # Each level must get its share of both kinds, so the kind goes by the round and the level by the turn.
    plain = (turn // levels + turn) % PLAIN_EVERY == 0
    start = yield from choose(region, plain, rng)
    if start is None:
        return None
    return (yield from land(start, region.terrain(ground.bounds), rng, pains))


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
    options = QuasiNewton(evaluations=cap, hessian=pains.hessian, give_up=pains.give_up)
    holes = Holes()
    walk = yield from holes.watch(_downhill(start, terrain, options))
    gave_up = not walk.settled and walk.evaluations < cap
    if holes.since <= AT_AN_EDGE * d and walk.value <= pains.worth:
        finish = Pattern(evaluations=int(PATTERN_PART * cap))
        walk = yield from pattern(walk.point, walk.value, terrain, rng, finish)
        walk = yield from along_edge(walk, terrain)
        return (yield from through_tube(walk, terrain, rng))
    if walk.smooth or gave_up or walk.value > pains.worth:
        return walk
    finish = Pattern(evaluations=int(PATTERN_PART * cap))
    return (yield from pattern(walk.point, walk.value, terrain, rng, finish))


def _downhill(start: Start, terrain: Terrain, options: QuasiNewton) -> Asking[Descent]:
    """Quasi-Newton steps; where they come down to a kink between smooth pieces, steps that know of pieces."""
    if start.point.size > MOST_FOR_PIECES:
        return (yield from quasi_newton(start.point, start.value, terrain, options))
    kinks = Kinks(terrain)
    walk = yield from quasi_newton(start.point, start.value, terrain, replace(options, suspicion=kinks))
    if not kinks.told:
        return walk
    asked, hessian = walk.evaluations, walk.hessian
    left = Piecewise(evaluations=max(options.evaluations - asked, 1))
    walk = yield from piecewise(kinks.samples, terrain, left)
    asked += walk.evaluations
    if not walk.smooth and asked < options.evaluations:
        rest = replace(options, evaluations=options.evaluations - asked, hessian=hessian)
        walk = yield from quasi_newton(walk.point, walk.value, terrain, rest)
        asked += walk.evaluations
    return replace(walk, evaluations=asked)


def landed(walk: Descent, origin: str) -> Landing:
    """The event that tells of a descent's end."""
    return Landing(walk.point, walk.value, walk.blur, walk.settled, origin, walk.resolution)


def _spread(turn: int, levels: int) -> int:
    """Levels in an order that visits near and far alike: middle ones first would favour one scale."""
    forward = turn % (2 * levels)
    return forward if forward < levels else 2 * levels - 1 - forward


def choose(region: Region, plain: bool, rng: np.random.Generator) -> Asking[Start | None]:
    """The lowest of a sample, or one point unseen; None where all failed."""
    sample = region.sample(1 if plain else SAMPLE_BASE + SAMPLE_PER_AXIS * region.lower.size, rng)
    values = yield sample
    if np.isnan(values).all():
        return None
    lowest = int(np.nanargmin(values))
    return Start(np.ascontiguousarray(sample[lowest]), float(values[lowest]))


class Reached:
    """How far from the start the landings lie; looks at each landing once, however often it is asked."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._values, self._away = np.empty(0), np.empty((0, ground.start.size))

    def farthest(self, landings: Sequence[Landing]) -> Floats:
        """How far the lower half of them lie along each axis, shape `(d,)`; `landings` only ever grows."""
        if not landings or self._ground.bounds.finite:
            return np.zeros(self._ground.start.size)  # nobody asks within finite bounds
        new = landings[len(self._values) :]
        if new:
            self._values = np.append(self._values, [landing.value for landing in new])
            self._away = np.vstack([self._away, *(np.abs(landing.point - self._ground.start) for landing in new)])
        return self._away[self._values <= np.median(self._values)].max(axis=0)
