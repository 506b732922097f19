"""Restarts and populations take turns: which question is asked next, and when it is enough."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Landing, Question
from blackbox.search.basins import value_levels
from blackbox.search.colonies import colonies
from blackbox.search.converged import has_converged
from blackbox.search.ground import Ground
from blackbox.search.restarts import restarts

RUGGED_SHARE, SMOOTH_SHARE = 8.0, 0.5
"""Evaluations given to populations for each one given to restarts, once most restarts land somewhere new, or not."""

RUGGED = 0.5
"""The landscape is called rugged when more than this part of the restarts' values are distinct …"""

ENOUGH_TO_TELL = 8
"""… among at least this many restarts."""


@dataclass(slots=True)
class _Arm:
    """A paused generator inside the portfolio, with its pending question."""

    asking: Asking[None]
    question: Question
    spent: int = 0


def take_turns(ground: Ground, before: Sequence[Landing], rng: np.random.Generator) -> Asking[list[Landing]]:
    """Ask the question of the arm that has had least of its share, until it is enough; the landings of all arms.

    Every arm sees all that was found: the list of landings grows here, and the arms read it.
    """
    landings = list(before)
    generators = [restarts(ground, landings, rng), colonies(ground, landings, rng)]
    arms = [_Arm(asking, next(asking)) for asking in generators]
    while True:
        arm = _due(arms, landings)
        question = arm.question
        if isinstance(question, np.ndarray):
            values = yield question
            arm.spent += len(question)
            arm.question = arm.asking.send(values)
            continue
        yield question
        if isinstance(question, Landing):
            landings.append(question)
            if has_converged(landings, boxed=ground.bounds.finite):
                return landings[len(before) :]
        arm.question = next(arm.asking)


def _due(arms: Sequence[_Arm], landings: Sequence[Landing]) -> _Arm:
    restarting, colonising = arms
    for arm in arms:
        if not isinstance(arm.question, np.ndarray):
            return arm
    ended = [landing for landing in landings if landing.origin == "restart"]
    if len(ended) < ENOUGH_TO_TELL:
        return restarting
    values = len(value_levels(ended))
    if values == 1:
        return restarting
    rugged = values > RUGGED * len(ended)
    share = RUGGED_SHARE if rugged else SMOOTH_SHARE
    return colonising if colonising.spent < share * restarting.spent else restarting
