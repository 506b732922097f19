"""The default search: sound, descend, then let restarts and populations take turns until it is enough.

    start ─▶ sounding (no bounds) ─▶ first descent ─▶ separable? axis search ─▶ restarts ⇄ populations ─▶ polish

The search never sees a budget: it asks until it has converged, and whoever answers may stop at any question.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from blackbox.core.asking import Asking, Event, Floats, Landing, Point, Points, Question, Remark, ask_one
from blackbox.core.bounds import Bounds
from blackbox.core.stops import Stop
from blackbox.descent.pattern import Pattern, pattern
from blackbox.search.additivity import is_additive
from blackbox.search.axis_search import axis_search
from blackbox.search.basins import by_value, value_levels
from blackbox.search.colonies import colonies
from blackbox.search.converged import has_converged
from blackbox.search.ground import Ground, useful_reach
from blackbox.search.restarts import Start, land, landed, restarts
from blackbox.search.runaway import Runaway, look_beyond
from blackbox.search.sounding import sound

RUGGED_SHARE, SMOOTH_SHARE = 8.0, 0.5
"""Evaluations given to populations for each one given to restarts, once most restarts land somewhere new, or not."""

RUGGED = 0.5
"""The landscape is called rugged when more than this part of the restarts' values are distinct …"""

ENOUGH_TO_TELL = 8
"""… among at least this many restarts."""

HOPELESS = 200
"""Failed evaluations, times d + 4, after which a function that never gave a number is given up."""


@dataclass(frozen=True, slots=True)
class Finish:
    """Why the search itself ended."""

    stop: Stop
    detail: str = ""


@dataclass(slots=True)
class _Arm:
    """A paused generator inside the portfolio, with its pending question."""

    asking: Asking[None]
    question: Question
    spent: int = 0
    landings: list[Landing] = field(default_factory=list[Landing])


def default_search(bounds: Bounds, start: Point | None, rng: np.random.Generator) -> Asking[Finish]:
    """Find the global minimum within the bounds, or anywhere. Ends when converged; costs what it takes."""
    first = _first_point(bounds, start)
    value = yield from ask_one(first)
    first, value = yield from _somewhere_finite(first, value, bounds, rng)
    if np.isnan(value):
        return Finish(Stop.NO_FINITE_VALUE)
    ground, begin = yield from _survey(first, value, bounds)
    walk = yield from land(begin, ground.region(1).terrain(bounds), rng)
    landings = [landed(walk, "start")]
    yield landings[0]
    runaway = yield from _check_runaway(landings[0], ground)
    if runaway is not None:
        return runaway
    landings += yield from _separable(ground, landings[0], rng)
    return (yield from _take_turns(ground, landings, rng))


def _first_point(bounds: Bounds, start: Point | None) -> Point:
    """The start given, or the origin moved inside the bounds; inside a finite box a point off its centre.

    Authors of test functions like to put minima at centres: a start elsewhere claims nothing it did not earn.
    """
    if start is not None:
        return bounds.clip(start)
    if bounds.finite:
        golden = 0.381966011250105
        return bounds.clip(bounds.lower + golden * (bounds.upper - bounds.lower))
    return bounds.clip(np.zeros(bounds.dimension))


def _somewhere_finite(x: Point, value: float, bounds: Bounds, rng: np.random.Generator) -> Asking[tuple[Point, float]]:
    """Where the start fails: points around it, log-uniform in distance, until one gives a number."""
    asked, batch = 0, 4 + x.size
    while np.isnan(value) and asked < HOPELESS * (x.size + 4):
        if bounds.finite:
            points = bounds.lower + rng.random((batch, x.size)) * (bounds.upper - bounds.lower)
        else:
            radius = 10 ** rng.uniform(-3, 6, size=(batch, 1)) * np.maximum(1.0, np.abs(x))
            points = x + radius * rng.standard_normal((batch, x.size)) / np.sqrt(x.size)
        points = bounds.clip(points)
        values = yield points
        asked += batch
        if np.isfinite(values).any():
            lowest = int(np.nanargmin(values))
            return np.ascontiguousarray(points[lowest]), float(values[lowest])
    return x, value


def _survey(first: Point, value: float, bounds: Bounds) -> Asking[tuple[Ground, Start]]:
    if bounds.finite:
        return Ground(bounds, first, bounds.upper - bounds.lower), Start(first, value)
    sounding = yield from sound(first, value, bounds)
    if sounding.flat:
        yield Remark("plateau", "the function did not change along any axis from the start")
    return Ground(bounds, first, useful_reach(sounding.scale)), Start(sounding.point, sounding.value)


def _check_runaway(landing: Landing, ground: Ground) -> Asking[Finish | None]:
    if ground.bounds.finite:
        return None
    verdict: Runaway = yield from look_beyond(ground.start, landing, ground)
    if verdict.stop is None:
        return None
    yield Remark(verdict.stop.value, verdict.detail)
    return Finish(verdict.stop, verdict.detail)


def _separable(ground: Ground, best: Landing, rng: np.random.Generator) -> Asking[list[Landing]]:
    """Axis by axis, where f is a sum of functions of one variable, or has only one."""
    k = ground.level_of(best.point)
    region = ground.region(k + 1)
    if ground.start.size > 1:
        additive = yield from is_additive(region, rng)
        if not additive:
            return []
        yield Remark("separable", "the function is a sum of functions of one variable each")
    point, value = yield from axis_search(best.point, best.value, region, rng)
    walk = yield from land(Start(point, value), region.terrain(ground.bounds), rng)
    landing = landed(walk, "axis")
    yield landing
    return [landing]


def _take_turns(ground: Ground, landings: list[Landing], rng: np.random.Generator) -> Asking[Finish]:
    """Ask the question of the arm that has had least of its share, until it is enough."""
    generators = [restarts(ground, landings, rng), colonies(ground, landings, rng)]
    arms = [_Arm(asking, next(asking)) for asking in generators]
    polished = float("inf")
    while True:
        arm = _due(arms, landings)
        if not isinstance(arm.question, np.ndarray):
            event: Event = arm.question
            yield event
            if isinstance(event, Landing):
                landings.append(event)
                if has_converged(landings, ground.start.size):
                    best = min(landings, key=by_value)
                    if best.value >= polished:
                        return Finish(Stop.CONVERGED)
                    finer = yield from _polish(best, ground, rng)
                    polished = finer.value
                    landings.append(finer)
                    runaway = yield from _check_runaway(finer, ground)
                    return runaway or Finish(Stop.CONVERGED)
            arm.question = next(arm.asking)
            continue
        question: Points = arm.question
        values = yield question
        arm.spent += len(question)
        arm.question = arm.asking.send(values)


def _due(arms: Sequence[_Arm], landings: Sequence[Landing]) -> _Arm:
    restarting, colonising = arms
    for arm in arms:
        if not isinstance(arm.question, np.ndarray):
            return arm
    ended = [landing for landing in landings if landing.origin == "restart"]
    if len(ended) < ENOUGH_TO_TELL:
        return restarting
    rugged = len(value_levels(ended)) > RUGGED * len(ended)
    share = RUGGED_SHARE if rugged else SMOOTH_SHARE
    return colonising if colonising.spent < share * restarting.spent else restarting


def _polish(best: Landing, ground: Ground, rng: np.random.Generator) -> Asking[Landing]:
    """The last digits of the best landing: a short pattern search, which needs no slope."""
    scale = _polish_scale(best.point, ground)
    terrain = ground.region(0).terrain(ground.bounds)
    terrain = type(terrain)(ground.bounds, scale)
    options = Pattern(first_stride=1e-4, last_stride=1e-12, evaluations=60 * (best.point.size + 2))
    walk = yield from pattern(best.point, best.value, terrain, rng, options)
    landing = landed(walk, "polish")
    yield landing
    return landing


def _polish_scale(point: Point, ground: Ground) -> Floats:
    if ground.bounds.finite:
        return ground.bounds.upper - ground.bounds.lower
    return np.maximum(ground.reach, np.abs(point - ground.start))
