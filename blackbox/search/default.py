"""The default search: sound, descend, then let restarts and populations take turns until it is enough.

    start ─▶ draws ─▶ separable? ─▶ first descent ─▶ restarts ⇄ populations ─▶ polish
                      axis search   waves?

Where an axis has no bound it begins otherwise:

    start ─▶ sounding ─▶ first descent ─▶ runaway? ─▶ draws ─▶ separable? ─▶ …

The search never sees a budget: it asks until it has converged, and whoever answers may stop at any question.
"""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from blackbox.core.asking import Asking, Effort, Floats, Landing, Point, Remark, ask_one
from blackbox.core.bounds import Bounds
from blackbox.core.stops import Stop
from blackbox.descent.pattern import Pattern, pattern
from blackbox.descent.terrain import Terrain
from blackbox.search.additivity import DRAWS, EARLY_DRAWS, FIRST_DRAWS, LAST_DRAWS, Draws, draw, is_additive, is_ordered
from blackbox.search.axis_search import FIRST_POINTS, Axes, axis_search, sweep
from blackbox.search.basins import by_value, value_levels
from blackbox.search.beginning import first_point, somewhere_finite
from blackbox.search.converged import AXIS_HITS, why_enough
from blackbox.search.finish import Finish
from blackbox.search.ground import Ground, useful_reach
from blackbox.search.landscape import Referee
from blackbox.search.outlook import populations_after
from blackbox.search.parts import Part
from blackbox.search.plateau import leave
from blackbox.search.regions import Region
from blackbox.search.restarts import FIRST_ITERATES, Pains, Start, land, landed, prospect, restart
from blackbox.search.runaway import Runaway, look_beyond, look_into
from blackbox.search.sounding import sound
from blackbox.search.turns import size_on_waves, take_turns
from blackbox.search.valley import follow_valley

COMBS = (FIRST_POINTS, 32, 128)
"""Places at which the axis searches of one function begin to look: what only a fine comb finds is found by the last."""


EDGE_WALKS, EDGE_HITS = 12, 6
"""So many walks are gone where the first one ended on the edge of where f has values; it is enough when half of them
ended at the best value."""

DRAWN_LEVEL = 3
"""Without bounds the draws come from 64 reaches around: nearer, Rosenbrock's bent valley looks like a wave. So far away
they are no start for a walk, and so they come after it."""

SOUNDED = 0.01
"""Part of the curvature that sounding met that the first descent begins with: far from a minimum most functions bend
more than near it, and what is too small is mended in one update an axis."""

SWEPT = 1e-3
"""The same in a box, where the draws order the axes only by chance in one case of four."""

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
    yield Effort("start")
    value = yield from ask_one(first)
    first, value = yield from somewhere_finite(first, value, bounds, rng)
    if np.isnan(value):
        return Finish(Stop.NO_FINITE_VALUE)
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
        axes = yield from _axes_first(begin, ground.region(0), rng)
        begin = Start(axes.point, axes.value) if axes else begin
    adds_up = axes is not None and axes.additive
    if bounds.finite and draws.ordered and not draws.additive and Part.AXIS_SEARCH not in without:
        begin, known = yield from _axes_by_themselves(begin, ground)
    pains = _known(axes, ground.region(0)) if axes and adds_up else _first_pains(referee, without, known)
    yield Effort("first descent")
    walk = yield from land(begin, terrain, rng, pains)
    landings = [landed(walk, "axis" if adds_up else "start")]
    yield landings[0]
    runaway = yield from _check_runaway(landings[0], ground)
    if runaway is not None:
        return runaway
    if not bounds.finite:
        yield Effort("draws")
        draws = referee.draws = yield from draw(ground.region(DRAWN_LEVEL), rng, EARLY_DRAWS)
    if landings[0].value == value and np.all(draws.values == value):
        off = yield from leave(first, value, bounds, rng)
        if off is None:
            return Finish(Stop.CONVERGED, ONE_VALUE)
        landings.append(landed(off, "start"))
        yield landings[-1]
    if walk.edge:
        found, enough = yield from _along_the_edge(ground, landings[0], seed)
        landings += found
        if enough:
            return (yield from _conclude(landings, ground, rng, enough))
    if Part.AXIS_SEARCH not in without:
        landings += yield from _separable(ground, landings[0], draws, rng)
        if bounds.finite and draws.ordered and not draws.additive and not walk.flat:
            landings += yield from _ordered(ground, landings[0], rng)
    if why_enough(landings, boxed=bounds.finite) is None:
        landings += yield from take_turns(ground, landings, rng, seed, referee.verdict(walk), without)
    return (yield from _conclude(landings, ground, rng))


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
    return ground, Start(sounding.point, sounding.value), _diagonal(curvature)


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


def _axes_first(begin: Start, region: Region, rng: np.random.Generator) -> Asking[Axes | None]:
    """A search along all axes in a box, before anything else, where the draws still add up."""
    yield Effort("axis search")
    if not (yield from is_additive(region, rng, FIRST_DRAWS - EARLY_DRAWS)):
        return None
    return (yield from axis_search(begin.point, begin.value, region, rng))


def _axes_by_themselves(begin: Start, ground: Ground) -> Asking[tuple[Start, Floats | None]]:
    """One axis after the other to the bottom of its parabola, in a box whose draws are ordered; with the curvatures.

    An axis that shows none is taken to bend as the others do. Where the axes are coupled it was in vain: down in a
    ravine a walk that knows nothing has a worse start than above it.
    """
    yield Effort("sounding")
    sounding = yield from sound(begin.point, begin.value, ground.bounds, doubting=True)
    if sounding.coupled:
        return begin, None
    bends = sounding.curvature
    if np.any(bends > 0):
        bends = np.where(np.isnan(bends), np.nanmean(bends), bends)
    curvature = SWEPT * bends * ground.region(0).width ** 2
    return Start(sounding.point, sounding.value), _diagonal(curvature)


def _separable(ground: Ground, best: Landing, draws: Draws, rng: np.random.Generator) -> Asking[list[Landing]]:
    """Axis by axis, where f is a sum of functions of one variable, or has only one.

    `best` is where the first descent ended, or the first axis search.
    """
    region = ground.region(ground.level_of(best.point) + 1)
    begun, single = best.origin == "axis", ground.start.size == 1
    yield Effort("axis search")
    # In a box that was asked before the first descent.
    hopeful = draws.additive and not ground.bounds.finite
    if not (begun or single or (hopeful and (yield from is_additive(region, rng, FIRST_DRAWS)))):
        return []
    found, lowest = list[Landing](), best
    for run in range(begun, AXIS_HITS):
        if run == 1 and not single:
            # Two draws are enough to try; more are needed to rest a claim on it.
            if not (yield from is_additive(region, rng, DRAWS - FIRST_DRAWS)):
                return [replace(landing, origin="start") for landing in found]
            yield Remark("separable", "the function is a sum of functions of one variable each")
        # The last search ends the run in a box.
        last = run == AXIS_HITS - 1 and ground.bounds.finite and not single
        if last and not (yield from is_additive(region, rng, LAST_DRAWS)):
            yield Remark("mixed", "but for a part of the region: it is no sum after all")
            return [replace(landing, origin="start") for landing in found]
        axes = yield from axis_search(lowest.point, lowest.value, region, rng, COMBS[run])
        walk = yield from land(Start(axes.point, axes.value), region.terrain(ground.bounds), rng, _known(axes, region))
        found.append(landed(walk, "axis"))
        yield found[-1]
        lowest = min(lowest, found[-1], key=by_value)
        if not axes.additive:
            return [replace(landing, origin="start") for landing in found]
    return found


def _ordered(ground: Ground, best: Landing, rng: np.random.Generator) -> Asking[list[Landing]]:
    """A sweep along all axes, and a descent from where it led, where each axis may tell where it is low by itself."""
    region = ground.region(0)
    yield Effort("axis search")
    if not (yield from is_ordered(region, rng)):
        return []
    axes = yield from sweep(best.point, best.value, region, rng)
    if not axes.value < best.value:
        return []
    walk = yield from land(Start(axes.point, axes.value), region.terrain(ground.bounds), rng, Pains(FIRST_ITERATES))
    landing = landed(walk, "start")
    yield landing
    return [landing]


def _along_the_edge(ground: Ground, first: Landing, seed: int) -> Asking[tuple[list[Landing], str]]:
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
        hits = value_levels([first, *found])[0]
        if hits >= EDGE_HITS:
            return found, f"{hits} of {len(found) + 1} walks to the edge of where it has values ended at the best value"
    return found, ""


def _known(axes: Axes, region: Region) -> Pains:
    """The descent after an axis search begins with the curvatures that the lines show."""
    return Pains(FIRST_ITERATES, hessian=_diagonal(axes.curvature * region.width**2))


def _diagonal(curvature: Floats) -> Floats | None:
    """The Hessian with these second derivatives, where all are known and positive."""
    return np.diag(curvature) if np.all(np.isfinite(curvature) & (curvature > 0)) else None


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
