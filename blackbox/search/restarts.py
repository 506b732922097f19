"""Multistart: sample a region, descend from the lowest of the sample, again and again, near and far.

Where there are no bounds the region is one of several levels around the start, each four times wider; all are
visited in turn, and the levels grow while far ones pay.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from math import inf

import numpy as np

from blackbox.core.asking import Asking, Floats, Landing, Prospect
from blackbox.descent.terrain import Descent
from blackbox.search.basins import by_value
from blackbox.search.ground import Ground
from blackbox.search.landing import Pains, Start, land, landed
from blackbox.search.parts import Part
from blackbox.search.recognition import Known, Recognition
from blackbox.search.regions import Region

SAMPLE_BASE, SAMPLE_PER_AXIS = 5, 2
"""Points sampled before each descent: 5 + 2 d, about the price of one gradient or two."""

PLAIN_EVERY = 3
"""Every third restart takes one uniform point unseen, so that a narrow basin low on a high plain is not starved."""


def restarts(ground: Ground, landings: Sequence[Landing], seed: int, without: Collection[Part] = ()) -> Asking[None]:
    """Endless restarts; each ends in a `Landing`. `landings` grows outside with what all arms found."""
    turn, widest, reached, known = 0, 0, Reached(ground), Known(landings)
    while True:
        levels = ground.levels(reached.farthest(landings))
        if levels != widest:
            widest = levels
            yield ground.explored(levels)
        best = min(landings, key=by_value).value if landings else inf
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


def _spread(turn: int, levels: int) -> int:
    """Levels in an order that visits near and far alike: middle ones first would favour one scale."""
    forward = turn % (2 * levels)
    return forward if forward < levels else 2 * levels - 1 - forward


def choose(region: Region, plain: bool, rng: np.random.Generator) -> Asking[Start | None]:
    """The lowest of a sample, or one point unseen; None where all failed."""
    sample = region.sample(1 if plain else SAMPLE_BASE + SAMPLE_PER_AXIS * region.lower.size, rng)
    values = yield sample
    if np.count_nonzero(np.isnan(values)) == values.size:
        return None
    lowest = int(np.fmin(values, np.inf).argmin())  # a failure is no number, and not the lowest
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
