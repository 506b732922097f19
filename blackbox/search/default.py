"""The default search: sound, descend, then let restarts and populations take turns until it is enough.

    start ─▶ draws ─▶ separable?   ─▶ first descent ─▶ restarts ⇄ populations ─▶ polish
                      all axes first  waves?

Where an axis has no bound it begins otherwise:

    start ─▶ sounding ─▶ first descent ─▶ runaway? ─▶ draws ─▶ separable? ─▶ …

In a box a few simple places are asked beside the start and after the first descent.

The search never sees a budget: it asks until it has converged, and whoever answers may stop at any question.
"""

from collections.abc import Collection

import numpy as np

from blackbox.core.asking import Asking, Effort, Floats, Landing, Point, Remark, ask_one
from blackbox.core.bounds import Bounds
from blackbox.core.stops import Stop
from blackbox.descent.pattern import Pattern, pattern
from blackbox.descent.terrain import Terrain
from blackbox.search.additivity import EARLY_DRAWS, Draws, draw
from blackbox.search.along_axes import (
    axes_by_themselves,
    axes_first,
    diagonal,
    factors_first,
    known_curvatures,
)
from blackbox.search.basins import by_value, value_levels
from blackbox.search.beginning import first_point, somewhere_finite
from blackbox.search.converged import why_enough
from blackbox.search.decades import Decades, by_decades, spanning
from blackbox.search.finish import Finish
from blackbox.search.ground import DRAWN_LEVEL, Ground, useful_reach
from blackbox.search.landing import FIRST_ITERATES, Pains, Start, land, landed
from blackbox.search.landscape import Referee
from blackbox.search.lens import through
from blackbox.search.outlook import populations_after
from blackbox.search.parts import Part
from blackbox.search.plateau import leave
from blackbox.search.restarts import prospect, restart
from blackbox.search.runaway import Runaway, look_beyond, look_into
from blackbox.search.simple_places import AT_ONCE, LATER, lowest_simple_place
from blackbox.search.sounding import sound
from blackbox.search.structure import Met, by_structure
from blackbox.search.turns import size_on_waves, take_turns
from blackbox.search.valley import follow_valley

EDGE_WALKS, EDGE_HITS = 12, 6
"""So many walks are gone where the first one ended on the edge of where f has values; it is enough when half of them
ended at the best value."""

SOUNDED = 0.01
"""Part of the curvature that sounding met that the first descent begins with: far from a minimum most functions bend
more than near it, and what is too small is mended in one update an axis."""

ONE_VALUE = "every evaluation gave one value: there is nothing to find, or a needle that chance alone would meet"

PARTS: tuple[str, ...] = tuple(Part)
"""What `without` may name."""


def default_search(
    bounds: Bounds, start: Point | None, rng: np.random.Generator, without: Collection[Part] = ()
) -> Asking[Finish]:
    """Find the global minimum within the bounds, or anywhere. Ends when converged; costs what it takes.

    `without` names parts to leave out, for measurements.
    """
    first = first_point(bounds, start)
    axes = spanning(bounds)
    if axes.any() and Part.DECADES not in without:
        yield Effort("decades")
        axes, first = yield from by_decades(first, axes, bounds)
        if axes.any():
            lens = Decades(bounds, axes)
            yield Remark("decades", "it changes from decade to decade of some inputs: they were searched by logarithm")
            # 0 and 1 by logarithm are no simple places.
            rest = {*without, Part.SIMPLE_PLACES}
            return (yield from through(_search(lens.bounds, lens.inward(first), rng, rest), lens))
    return (yield from _search(bounds, first, rng, without))


def _search(bounds: Bounds, first: Point, rng: np.random.Generator, without: Collection[Part]) -> Asking[Finish]:
    yield Effort("start")
    value = yield from ask_one(first)
    first, value = yield from somewhere_finite(first, value, bounds, rng)
    if np.isnan(value):
        return Finish(Stop.NO_FINITE_VALUE)
    simple = None if Part.SIMPLE_PLACES in without else (yield from lowest_simple_place(AT_ONCE, bounds))
    ground, begin, known = yield from _survey(first, value, bounds)
    terrain = ground.region(1).terrain(bounds)
    yield Effort("draws")
    yield ground.explored(ground.levels(np.zeros(bounds.dimension)))
    draws = yield from draw(ground.region(DRAWN_LEVEL), rng, EARLY_DRAWS if bounds.finite else 0)
    referee = Referee(draws, terrain)
    seed = int(rng.spawn(1)[0].integers(2**63))
    yield prospect(ground, ground.levels(np.zeros(bounds.dimension)), seed, 0)
    begin, axes = _lowest(begin, draws), None
    populations = populations_after(begin, draws, ground, rng, size_on_waves(bounds.dimension))
    if populations is not None:
        yield populations
    if bounds.finite and draws.additive and Part.AXIS_SEARCH not in without:
        axes = yield from axes_first(begin, ground.region(0), rng)
        begin = Start(axes.point, axes.value) if axes else begin
    adds_up = axes is not None and axes.additive
    if bounds.finite and draws.multiplied and Part.AXIS_SEARCH not in without:
        begin = yield from factors_first(begin, draws, ground.region(0), rng)
    elif bounds.finite and draws.ordered and not draws.additive and Part.AXIS_SEARCH not in without:
        begin, known = yield from axes_by_themselves(begin, ground)
    pains = known_curvatures(axes, ground.region(0)) if axes and adds_up else _first_pains(referee, without, known)
    yield Effort("first descent")
    walk = yield from land(begin, terrain, rng, pains)
    landings = [landed(walk, "axis" if adds_up else "start")]
    yield landings[0]
    runaway = yield from _check_runaway(landings[0], ground)
    if runaway is not None:
        return runaway
    if Part.SIMPLE_PLACES not in without:
        landings += yield from _from_simple_places(simple, landings[0], ground, rng)
    if not bounds.finite:
        yield Effort("draws")
        draws = referee.draws = yield from draw(ground.region(DRAWN_LEVEL), rng, EARLY_DRAWS)
    if len(landings) == 1 and landings[0].value == value and np.all(draws.values == value):
        off = yield from leave(first, value, bounds, rng)
        if off is None:
            return Finish(Stop.CONVERGED, ONE_VALUE)
        landings.append(landed(off, "start"))
        yield landings[-1]
    lowest = min(landings, key=by_value)
    if walk.edge:
        found, enough = yield from _along_the_edge(ground, lowest, seed)
        landings += found
        if enough:
            return (yield from _conclude(landings, ground, rng, enough))
    met = Met(walk, landings[0], lowest, draws, referee.verdict(walk), adds_up)
    landings += yield from by_structure(ground, met, rng, seed, without)
    if why_enough(landings, boxed=bounds.finite) is None:
        landings += yield from take_turns(ground, landings, rng, seed, met.kind, without)
    return (yield from _conclude(landings, ground, rng))


def _from_simple_places(
    simple: Start | None, first: Landing, ground: Ground, rng: np.random.Generator
) -> Asking[list[Landing]]:
    """A descent from the lowest simple place, if that is lower than where the first descent has ended."""
    later = yield from lowest_simple_place(LATER, ground.bounds)
    lowest = min((place for place in (simple, later) if place is not None), key=lambda place: place.value, default=None)
    if lowest is None or not lowest.value < first.value:
        return []
    walk = yield from land(lowest, ground.region(1).terrain(ground.bounds), rng, Pains())
    landing = landed(walk, "start")
    yield landing
    return [landing]


def _first_pains(referee: Referee, without: Collection[Part], known: Floats | None) -> Pains:
    if Part.FIRST_DESCENT in without:
        return Pains(FIRST_ITERATES, lambda _: True)
    return Pains(FIRST_ITERATES, None if Part.LANDSCAPE in without else referee, known)


def _lowest(begin: Start, draws: Draws) -> Start:
    if draws.values.size == 0 or not draws.values.min() < begin.value:
        return begin
    lowest = int(np.argmin(draws.values))
    return Start(draws.points[lowest].copy(), float(draws.values[lowest]))


def _survey(first: Point, value: float, bounds: Bounds) -> Asking[tuple[Ground, Start, Floats | None]]:
    if bounds.finite:
        return Ground(bounds, first, bounds.upper - bounds.lower), Start(first, value), None
    yield Effort("sounding")
    sounding = yield from sound(first, value, bounds)
    if sounding.flat:
        yield Remark("plateau", "the function did not change along any axis from the start")
    ground = Ground(bounds, first, useful_reach(sounding.scale))
    curvature = SOUNDED * sounding.curvature * ground.region(1).width ** 2
    return ground, Start(sounding.point, sounding.value), diagonal(curvature)


def _check_runaway(landing: Landing, ground: Ground) -> Asking[Finish | None]:
    yield Effort("runaway")
    verdict: Runaway = yield from look_beyond(ground.start, landing, ground.bounds)
    if verdict.stop is None:
        verdict = yield from follow_valley(ground, landing)
    if verdict.stop is None and landing.blur > -landing.value > 0:
        # Blurred by more than itself: beside a pole.
        verdict = yield from look_into(landing, _polish_scale(landing.point, ground), ground.bounds)
    if verdict.stop is None:
        return None
    return Finish.told(verdict.stop, verdict.told, verdict.ray)


def _along_the_edge(ground: Ground, best: Landing, seed: int) -> Asking[tuple[list[Landing], str]]:
    """Walks to the edge of where f has values from elsewhere, and why they are enough; empty where they are not.

    On an edge a population lands nowhere exactly, so walks alone can tell whether they agree.
    """
    yield Effort("edge")
    found = list[Landing]()
    levels = ground.levels(np.zeros(ground.start.size))
    for turn in range(EDGE_WALKS):
        walk = yield from restart(turn, levels, ground, seed + 1, Pains())
        if walk is None:
            continue
        landing = landed(walk, "restart")
        found.append(landing)
        yield landing
        hits = value_levels([best, *found])[0]
        if hits >= EDGE_HITS:
            return found, f"{hits} of {len(found) + 1} walks to the edge of where it has values ended at the best value"
    return found, ""


def _conclude(landings: list[Landing], ground: Ground, rng: np.random.Generator, why: str = "") -> Asking[Finish]:
    """The last digits of the best landing, and a look at whether it is a minimum at all."""
    finer = yield from _polish(min(landings, key=by_value), ground, rng)
    runaway = yield from _check_runaway(finer, ground)
    return runaway or Finish(Stop.CONVERGED, why or why_enough(landings, boxed=ground.bounds.finite) or "")


def _polish(best: Landing, ground: Ground, rng: np.random.Generator) -> Asking[Landing]:
    """The last digits of the best landing: a short pattern search, which needs no slope."""
    yield Effort("polish")
    terrain = Terrain(ground.bounds, _polish_scale(best.point, ground))
    options = Pattern(first_stride=1e-4, last_stride=1e-12, evaluations=60 * (best.point.size + 2))
    walk = yield from pattern(best.point, best.value, terrain, rng, options)
    landing = landed(walk, "polish")
    yield landing
    return landing


def _polish_scale(point: Point, ground: Ground) -> Floats:
    if ground.bounds.finite:
        return ground.bounds.upper - ground.bounds.lower
    return np.maximum(ground.reach, np.abs(point - ground.start))
