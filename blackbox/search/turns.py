"""Restarts and populations take turns: which question is asked next, and when it is enough."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Landing, Question
from blackbox.search.basins import by_value, value_levels
from blackbox.search.colonies import colonies
from blackbox.search.converged import why_enough
from blackbox.search.ground import Ground
from blackbox.search.landscape import Landscape
from blackbox.search.restarts import restarts
from blackbox.search.runaway import SUSPICIOUS, distance, look_beyond

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


def take_turns(ground: Ground, before: Sequence[Landing], rng: np.random.Generator, kind: Landscape) -> Asking[list[Landing]]:
    """Ask the question of the arm that has had least of its share, until it is enough; the landings of all arms.

    A lowest landing that lies absurdly far away, on a ray that falls for ever, ends the turns as well.

    Every arm sees all that was found: the list of landings grows here, and the arms read it.
    """
    landings = list(before)
    generators = [restarts(ground, landings, rng), colonies(ground, landings, rng, (FIRST or (2 if ground.start.size < 4 else 4)) if kind is Landscape.RUGGED else 1)]
    arms = [_Arm(asking, next(asking)) for asking in generators]
    last: int | None = None
    best = min(landing.value for landing in landings)
    while True:
        arm = _due(arms, landings, kind, last)
        question = arm.question
        if isinstance(question, np.ndarray):
            values = yield question
            arm.spent += len(question)
            lowest = float(np.nanmin(values)) if np.isfinite(values).any() else float("inf")
            if lowest < best - 1e-9 * abs(best):
                best, last = lowest, arms.index(arm)
            arm.question = arm.asking.send(values)
            continue
        yield question
        if isinstance(question, Landing):
            landings.append(question)
            lowest = question is min(landings, key=by_value)
            escaped = False
            if lowest and distance(ground.start, question.point) > SUSPICIOUS:
                verdict = yield from look_beyond(ground.start, question, ground.bounds)
                escaped = verdict.stop is not None
            if escaped or why_enough(landings, boxed=ground.bounds.finite):
                return landings[len(before) :]
        arm.question = next(arm.asking)


import os
FIRST = int(os.environ.get('FIRST', '0'))
CR = float(os.environ.get('CR', '3'))
SHARES = {Landscape.RUGGED: float(os.environ.get('SR','10')), Landscape.SMOOTH: float(os.environ.get('SS','1')), Landscape.STALLED: float(os.environ.get('ST','8'))}


def _due(arms: Sequence[_Arm], landings: Sequence[Landing], kind: Landscape, last: int | None) -> _Arm:
    restarting, colonising = arms
    for arm in arms:
        if not isinstance(arm.question, np.ndarray):
            return arm
    share = SHARES[kind]
    if last is not None and kind is not Landscape.RUGGED:
        share = CR if last == 1 else 1 / CR
    return colonising if colonising.spent < share * restarting.spent + (kind is not Landscape.SMOOTH) else restarting
