"""Restarts and populations take turns: which question is asked next, and when it is enough."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from blackbox.core.asking import Asking, Effort, Foresight, Landing, Points, Question, Values
from blackbox.search.basins import SAME_VALUE, by_value, value_levels
from blackbox.search.colonies import colonies
from blackbox.search.converged import unseen_part, why_enough
from blackbox.search.ground import Ground
from blackbox.search.landscape import Landscape
from blackbox.search.outlook import populations_due
from blackbox.search.parts import Part
from blackbox.search.restarts import restarts
from blackbox.search.runaway import SUSPICIOUS, distance, look_beyond
from blackbox.search.simplexes import simplexes

SHARES = {
    Landscape.RUGGED: 30.0,
    Landscape.STEPS: 30.0,
    Landscape.WAVY: 10.0,
    Landscape.SMOOTH: 1.0,
    Landscape.STALLED: 8.0,
}
"""Evaluations given to populations for each one given to restarts, by what the first descent met, in a box …"""

FAR_SHARES = SHARES | {Landscape.RUGGED: 10.0, Landscape.STEPS: 10.0, Landscape.WAVY: 3.0}
"""… and without bounds, where restarts alone look near and far."""

SIMPLEX_SHARE, SIMPLEX_CREDIT = 3.0, 6.0
"""Where simplexes take the place of restarts, populations get so many evaluations for each one of theirs, until one of
the two improves the best value: then so many where it was a population, and as many as they where it was a simplex."""

CREDIT = 2.0
"""Evaluations given to the arm that improved the best value last, for each one given to the other, where restarts run
and no waves were seen."""

ENOUGH_TO_TELL = 8
"""So many restarts tell something; if all ended at one value, populations have nothing to find."""

SCATTERED, SCATTERED_SHARE = 0.5, 8.0
"""Restarts of which more than this part ended at values of their own have met waves as well, whatever the first
descent met: populations get so many evaluations for each one of theirs."""

NEARLY_ALL = 0.1
"""Restarts that leave less than this part of the region unseen (`converged.unseen_part`) have met no waves to speak of,
whatever the first descent met."""

AGREED = 3
"""Populations that ended at the lowest value known; more of them have little to tell, and restarts get an equal share
to look for what all of them passed by."""

FEW_AXES = 3
"""Up to so many axes, and on steps, the first population on a wavy landscape is twice the default size, beyond four
times: the default, made for one basin, loses its first runs to the waves. And up to so many axes simplexes find their
way on rugged ground."""

OTHER_ARM = 0
"""Rank of its pending question among what is foreseen: it is asked for certain."""


@dataclass(slots=True)
class _Arm:
    """A paused generator inside the portfolio, with its pending question."""

    effort: Effort
    asking: Asking[None]
    question: Question
    spent: int = 0


def take_turns(
    ground: Ground,
    before: Sequence[Landing],
    rng: np.random.Generator,
    seed: int,
    kind: Landscape,
    without: Collection[Part] = (),
) -> Asking[list[Landing]]:
    """Ask the question of the arm that has had least of its share, until it is enough; the landings of all arms.

    `kind` is what the first descent met, `seed` that of the restarts, or of the simplexes in their place.

    A lowest landing that lies absurdly far away, on a ray that falls for ever, ends the turns as well.

    Every arm sees all that was found: the list of landings grows here, and the arms read it.
    """
    landings = list(before)
    policy = _Policy.of(kind, ground, without, min(landings, key=by_value).value)
    size = policy.first_size(ground.start.size)

    def runs(known: Sequence[Landing], numbers: np.random.Generator) -> Asking[None]:
        return colonies(ground, known, numbers, size, without, near=kind is Landscape.STEPS)

    yield populations_due(partial(runs, tuple(landings)), rng, policy.share)
    populations = runs(landings, rng)
    foreseen: Question | None = None
    many = simplexes(ground, landings, seed) if policy.simplexes else restarts(ground, landings, seed, without)
    restarting, colonising = (
        _Arm(Effort(part), asking, next(asking))
        for part, asking in (("simplexes" if policy.simplexes else "restarts", many), ("populations", populations))
    )
    counted: _Arm | None = None
    arm = policy.due(restarting, colonising, landings)
    while True:
        question = arm.question
        if isinstance(question, np.ndarray):
            waiting = (colonising if arm is restarting else restarting).question
            if waiting is not foreseen and isinstance(waiting, np.ndarray):
                foreseen = waiting
                yield Foresight("turns", partial(_pending, waiting), OTHER_ARM)
            if arm is not counted:
                counted = arm
                yield arm.effort
            values = yield question
            arm.spent += len(question)
            arm.question = arm.asking.send(values)
            policy.credit(arm, values)
            if isinstance(arm.question, np.ndarray):  # what an arm tells it tells at once
                arm = policy.due(restarting, colonising, landings)
            continue
        yield question
        if isinstance(question, Landing):
            landings.append(question)
            lowest = question is min(landings, key=by_value)
            escaped = False
            if lowest and distance(ground.start, question.point) > SUSPICIOUS:
                counted = None
                yield Effort("runaway")
                verdict = yield from look_beyond(ground.start, question, ground.bounds)
                escaped = verdict.stop is not None
            if escaped or why_enough(landings, boxed=ground.bounds.finite):
                return landings[len(before) :]
        arm.question = next(arm.asking)
        if isinstance(arm.question, np.ndarray):
            arm = policy.due(restarting, colonising, landings)


def _pending(question: Points) -> Points:
    return question


def size_on_waves(dimension: int) -> int:
    """Size of the first population where there are waves, times the default."""
    return 2 if dimension <= FEW_AXES else 4


@dataclass(slots=True)
class _Policy:
    """Which arm is due."""

    kind: Landscape
    share: float
    """Evaluations for populations for each one for restarts, or for simplexes in their place, until more is known."""
    without: Collection[Part]
    best: float
    simplexes: bool
    """Whether they stand for restarts."""
    last: _Arm | None = None
    """The arm that improved the best value last."""
    rough: bool = field(init=False)
    """Whether slopes tell little: waves or steps."""
    seen: int = 0
    """So many landings are counted in the next two."""
    ended: int = 0
    """Restarts that have landed …"""
    distinct: int | None = None
    """… at so many values; None while there are too few to tell."""
    agreed: bool = False
    """Whether populations agree about the lowest value."""
    share_now: float | None = None
    """What `share` has become by all this; None where it must be looked at anew."""

    def __post_init__(self) -> None:
        self.rough = self.kind in (Landscape.RUGGED, Landscape.WAVY, Landscape.STEPS)

    @classmethod
    def of(cls, kind: Landscape, ground: Ground, without: Collection[Part], best: float) -> "_Policy":
        """The policy on a landscape of this kind, where `best` is the lowest value so far."""
        boxed = ground.bounds.finite
        few = boxed and 1 < ground.start.size <= FEW_AXES
        simplexes = kind is Landscape.RUGGED and few and Part.SIMPLEXES not in without
        share = SIMPLEX_SHARE if simplexes else (SHARES if boxed else FAR_SHARES)[kind]
        return cls(kind, share, without, best, simplexes)

    def due(self, restarting: _Arm, colonising: _Arm, landings: Sequence[Landing]) -> _Arm:
        """The arm whose question is asked next: one that only tells something, else the one short of its share."""
        if not isinstance(restarting.question, np.ndarray):
            return restarting
        if not isinstance(colonising.question, np.ndarray):
            return colonising
        if len(landings) != self.seen:
            self._count(landings)
        if Part.POPULATIONS in self.without or self.distinct == 1:
            return restarting
        if Part.RESTARTS in self.without:
            return colonising
        if self.share_now is None:
            self.share_now = self._share(colonising)
        # Waves send the populations first, and so does a stalled descent, since another would stall as well.
        ahead = self.kind is not Landscape.SMOOTH
        return colonising if colonising.spent < self.share_now * restarting.spent + ahead else restarting

    def _share(self, colonising: _Arm) -> float:
        """Evaluations for populations for each one for restarts, by all that is known; few questions change it."""
        share, distinct = self.share, self.distinct
        if self.last is not None and Part.CREDIT not in self.without:
            if self.simplexes:
                share = SIMPLEX_CREDIT if self.last is colonising else 1.0
            elif not self.rough:
                share = CREDIT if self.last is colonising else 1 / CREDIT
        if distinct is not None and unseen_part(self.ended, distinct) < NEARLY_ALL:
            share = min(share, SHARES[Landscape.SMOOTH])
        if distinct is not None and distinct > SCATTERED * self.ended and Part.LANDSCAPE not in self.without:
            share = max(share, SCATTERED_SHARE)
        if self.agreed:
            share = min(share, SHARES[Landscape.SMOOTH])
        return share

    def credit(self, arm: _Arm, values: Values) -> None:
        """Remember who improved last."""
        bar = self.best - SAME_VALUE * abs(self.best)
        if values.item() < bar if values.size == 1 else np.count_nonzero(values < bar):
            self.best, self.last, self.share_now = float(np.fmin.reduce(values)), arm, None

    def first_size(self, dimension: int) -> int:
        """Size of the first population, times the default."""
        if Part.LARGE_POPULATION in self.without or not self.rough:
            return 1
        return 2 if self.kind is Landscape.STEPS else size_on_waves(dimension)

    def _count(self, landings: Sequence[Landing]) -> None:
        """Once a landing, not once a question."""
        ended = [landing for landing in landings if landing.origin == "restart"]
        self.seen, self.ended, self.share_now = len(landings), len(ended), None
        self.distinct = len(value_levels(ended)) if len(ended) >= ENOUGH_TO_TELL else None
        populations = [landing for landing in landings if landing.origin == "population" and landing.settled]
        if populations:
            self.agreed = value_levels([min(landings, key=by_value), *populations])[0] > AGREED
