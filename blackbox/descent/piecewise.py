"""Walk down a function that is the highest of several smooth ones: to a kink, along it, and to its lowest point.

    model of every piece ─▶ lowest point of the highest of them, within a radius ─▶ value and gradient there ─▶ model …

A quasi-Newton walk stalls at a kink, since the slopes on its two sides never become one. Here each side is a model of
its own (`pieces`), and where they meet the step is Newton's for that corner (`corner`): planes are solved exactly,
d + 1 of them in some 2 d steps, curved ones with the speed of sequential quadratic programming. One model too many
makes corners that are not there, so what was measured far away is asked again before a step rests on it (`doubt`).
(Lewis & Wylie 2019; Conn, Gould & Toint 2000, chapter 11, for the radius.)
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Step, ask_one
from blackbox.core.errors import OptionError
from blackbox.descent.corner import SHRINK, STALE, Plan, Stand, advise
from blackbox.descent.doubt import doubt
from blackbox.descent.pieces import Piece, Pieces
from blackbox.descent.samples import NEAREST, Sample, beside, measure
from blackbox.descent.terrain import Descent, Terrain
from blackbox.gradients.differences import neighbours
from blackbox.gradients.steps import rounding_of

GROW, WIDEST = 3.0, 0.5
"""The radius after a step that led as far as it may as promised, as part of what it was, and at most, in units of the
scale."""

TAKEN, AS_PROMISED = 0.05, 0.5
"""Parts of what was promised: a step that gains so much is taken; one that gains so much may be followed by longer
ones."""

FINEST = 1e-13
"""The walk ends where the radius or the step is less, in units of the scale."""

NOTHING, NEARLY, IDLE = 64.0, 1e6, 3
"""A promise of so many roundings is nothing; so is one of the second, after so many steps in a row that led nowhere:
then the differences are at the end of their digits."""

TRIAL, LOST = 4, 2
"""After so many gradients, times d + 1, a walk is given up that has spent more on doubt than on steps, and at any time
one with so many steps in a row, times d + 1, that led nowhere: f is not of a few smooth pieces."""

UNSEEN = 1e-8
"""Part of the scale that the lowest point of a corner may lie away, as far as slopes can tell."""

FRESH = 1e-2
"""Radius of the second look at a corner, in units of the scale: an end is believed when two agree."""


@dataclass(frozen=True, slots=True)
class Piecewise:
    """Options of the walk."""

    first_radius: float = 0.1
    """How far the first step may lead, in units of the scale."""
    evaluations: int = 10_000

    def __post_init__(self) -> None:
        if not 0 < self.first_radius <= WIDEST:
            raise OptionError("first_radius", self.first_radius, f"must lie in (0, {WIDEST}]")
        if self.evaluations < 1:
            raise OptionError("evaluations", self.evaluations, "must be at least 1")


def piecewise(samples: Sequence[Sample], terrain: Terrain, options: Piecewise | None = None) -> Asking[Descent]:
    """Walk on from the last sample; those before it tell what other pieces there are. d + 1 evaluations a step.

    Smooth means here that no step is left that the pieces would let f fall by: the lowest point of a corner.
    """
    options = options or Piecewise()
    pieces = _learnt(samples, terrain.scale)
    stand = Stand(samples[-1], options.first_radius, {})
    asked, doubts, reach, promised, agreed = 0, 0, stand.radius, 0.0, inf
    done = lost = False
    dear = stand.at.point.size + 1
    while asked < options.evaluations and not done and not lost:
        try:
            plan = advise(pieces, terrain, stand)
        except np.linalg.LinAlgError:  # values near the end of the floats make no model
            lost = True
            break
        reach, promised = plan.reach, plan.promised
        doubtful, cost = yield from doubt(pieces, terrain, stand, plan)
        asked, doubts = asked + cost, doubts + cost
        lost = (asked > TRIAL * dear * dear and doubts > asked / 2) or stand.idle > LOST * dear
        if doubtful is not None:
            at = _seen(pieces, stand.at, terrain.scale)
            stand = replace(stand, at=at, radius=min(stand.radius, doubtful), weights=plan.weights)
            continue
        nothing = (NEARLY if stand.idle >= IDLE else NOTHING) * rounding_of(stand.at.value)
        if promised <= nothing or min(reach, stand.radius) <= FINEST:
            done = not stand.at.value < agreed - nothing
            agreed = stand.at.value
            stand, cost = yield from _look_afresh(pieces, terrain, stand)
            asked += cost
            continue
        before = stand.at.value
        stand, cost = yield from _go(pieces, terrain, stand, plan)
        asked += cost
        if stand.at.value < before:
            slope = float(np.linalg.norm(stand.at.gradient / terrain.scale))
            yield Step(stand.at.point, stand.at.value, slope, float("nan"))
    blur = 4 * rounding_of(stand.at.value) + max(promised, 0.0) + UNSEEN * float(np.abs(stand.at.gradient).max())
    resolution = max(reach, 2 * UNSEEN) * terrain.scale
    ended = asked < options.evaluations and not lost
    return Descent(stand.at.point, stand.at.value, done, ended, blur, None, asked, resolution, corner=done)


def _learnt(samples: Sequence[Sample], scale: Floats) -> Pieces:
    """The pieces that the samples tell of, the last sample's at home."""
    first, *rest = samples
    d = first.point.size
    pieces = Pieces(Piece(first.point / scale, first.value, first.gradient, np.zeros((d, d))))
    for sample in rest:
        piece, _ = pieces.take(sample.point / scale, sample.value, sample.gradient)
        pieces.settle(piece)
    return pieces


def _seen(pieces: Pieces, at: Sample, scale: Floats) -> Sample:
    """The sample where the walk stands with the gradient of the piece that rules there: it may be another now."""
    return at._replace(gradient=pieces.home.at(at.point / scale)[1])


def _look_afresh(pieces: Pieces, terrain: Terrain, stand: Stand) -> Asking[tuple[Stand, int]]:
    """Look at the place as if it were new: a corner that is one will be found again.

    d evaluations where no piece is known that rules there.
    """
    pieces.others = []
    at, cost = _seen(pieces, stand.at, terrain.scale), 0
    if at.value - pieces.home.at(at.point / terrain.scale)[0] > NEARLY * rounding_of(at.value):
        sample, cost = yield from measure(at.point, at.value, NEAREST, stand.at, terrain)
        if sample is not None:
            at, d = sample, at.point.size
            pieces.home = Piece(at.point / terrain.scale, at.value, at.gradient, np.zeros((d, d)))
    return Stand(at, FRESH, {}), cost


def _go(pieces: Pieces, terrain: Terrain, stand: Stand, plan: Plan) -> Asking[tuple[Stand, int]]:
    """Value and gradient where the plan leads, d + 1 evaluations at once; take the step if it gains."""
    x, scale = stand.at.point / terrain.scale, terrain.scale
    point = terrain.bounds.clip(stand.at.point + plan.step * scale)
    if plan.reach < NEAREST:
        return (yield from _try(point, pieces.home, stand, plan)), 1
    moved = beside(point, plan.reach, stand.at, terrain)
    values = yield np.concatenate([point[np.newaxis, :], neighbours(point, moved)])
    cost, value = len(values), float(values[0])
    if not np.isfinite(values).all():
        return replace(stand, radius=SHRINK * plan.reach, weights=plan.weights), cost
    place = point / scale
    pieces.drop_wrong(place, value, plan.reach, plan.promised / 2 + rounding_of(value))
    sample = Sample(point, value, (values[1:] - value) / (moved - point) * scale)
    piece, same = pieces.take(place, value, sample.gradient)
    part = (stand.at.value - value) / plan.promised
    if part > TAKEN:
        pieces.settle(piece)
        pieces.drop_doubles()
        longer = part > AS_PROMISED and plan.reach > 0.9 * stand.radius
        radius = min(GROW * stand.radius, WIDEST) if longer else stand.radius
        return Stand(sample, radius, plan.weights), cost
    pieces.drop_doubles()
    # A new piece explains why the step led nowhere; a known one that was wrong was asked too far away.
    idle, reach = stand.idle + 1, float(np.abs(place - x).max())
    shrunk = same or idle > x.size + 1
    radius = SHRINK * min(stand.radius, max(reach, stand.radius / STALE)) if shrunk else stand.radius
    return Stand(stand.at, radius, plan.weights, idle), cost


def _try(point: Point, home: Piece, stand: Stand, plan: Plan) -> Asking[Stand]:
    """A step too short to measure anything at its end."""
    value = yield from ask_one(point)
    if not stand.at.value - value > TAKEN * plan.promised:
        return replace(stand, radius=SHRINK * plan.reach, weights=plan.weights, idle=stand.idle + 1)
    slope = stand.at.gradient + home.hessian @ plan.step
    # Without this a walk would crawl on at a radius that too short a difference left it with.
    radius = GROW * stand.radius if plan.reach > 0.9 * stand.radius else stand.radius
    return Stand(Sample(point, value, slope), radius, plan.weights)
