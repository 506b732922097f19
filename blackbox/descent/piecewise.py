"""Walk down a function that is the highest of several smooth ones: to a kink, along it, and to its lowest point.

    model of every piece ─▶ lowest point of the highest of them, within a radius ─▶ value and gradient there ─▶ model …

A quasi-Newton walk stalls at a kink, since the slopes on its two sides never become one. Here each side is a model of
its own (`pieces`), and where they meet the step is Newton's for that corner: planes are solved exactly, d + 1 of them
in some 2 d steps, curved ones with the speed of sequential quadratic programming. One model too many makes corners
that are not there, so what was measured far away is asked again before a step rests on it.
(Lewis & Wylie 2019; Conn, Gould & Toint 2000, chapter 11, for the radius and the correction of the second order.)
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import NamedTuple

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Points, Step, ask_one
from blackbox.core.errors import OptionError
from blackbox.descent.envelope import LEAST_BEND, lowest, standing_out
from blackbox.descent.pieces import Piece, Pieces
from blackbox.descent.terrain import Descent, Terrain
from blackbox.gradients.differences import inward_steps, neighbours
from blackbox.gradients.steps import rounding_of, shortest_step

INNER = 16
"""Programmes for one step: models are curved, and their highest is lowered by one programme after the other."""

WORTHWHILE = 0.01
"""A programme that adds less than this part to what is promised is the last."""

SHRINK, GROW, WIDEST = 0.3, 3.0, 0.5
"""The radius after a step that led nowhere, after one that led as far as it may as promised, and at most, in units of
the scale."""

TAKEN, AS_PROMISED = 0.05, 0.5
"""Parts of what was promised: a step that gains so much is taken; one that gains so much may be followed by longer
ones."""

STALE = 10.0
"""A piece that was measured so many steps away is asked again before the step rests on it …"""

ASKED_AT = 0.05
"""… at this part of the distance to where it was measured, and holds if it is right to `HOLDS` of what it rises by
over the others there …"""

HOLDS = 1e-5

ASKED_BEYOND = 3.0
"""… and no nearer than so many times `NEAREST`: where a difference ended, what it showed is right in any case."""

SEEN = 1e-4
"""Pieces of less weight are no part of a corner."""

FINEST = 1e-13
"""The walk ends where the radius or the step is less, in units of the scale."""

NEAREST = 1e-6
"""Nothing is measured nearer than this to where the walk stands, in units of the scale: a step ends on the kink to
many digits, and a difference that straddles a kink is of no piece. Shorter steps are only tried."""

DIFFERENCE = 1e-3
"""Length of a difference, as part of the step that led there, but of no shorter one than `NEAREST` and never more than
`NEAREST`, since a kink within it spoils it …"""

ROUNDINGS = 1e4
"""… but no less than what changes f by so many roundings."""

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


class Sample(NamedTuple):
    """What was measured at a point."""

    point: Point
    """In units of x, shape `(d,)`."""
    value: float
    gradient: Floats
    """Scale times ∂f/∂x, shape `(d,)`."""


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


class _Plan(NamedTuple):
    """The step that the models advise."""

    step: Floats
    """In units of the scale."""
    promised: float
    weights: dict[Piece, float]
    """Of the pieces that meet where it leads to, by the first programme."""

    @property
    def reach(self) -> float:
        """Its longest component."""
        return float(np.abs(self.step).max())


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where the walk stands."""

    at: Sample
    radius: float
    weights: dict[Piece, float]
    idle: int = 0
    """Steps in a row that led nowhere."""


def piecewise(samples: Sequence[Sample], terrain: Terrain, options: Piecewise | None = None) -> Asking[Descent]:
    """Walk on from the last sample; those before it tell what other pieces there are. d + 1 evaluations a step.

    Smooth means here that no step is left that the pieces would let f fall by: the lowest point of a corner.
    """
    options = options or Piecewise()
    walk = _Walk(terrain, samples)
    stand = _Stand(samples[-1], options.first_radius, {})
    asked, doubts, reach, promised, agreed = 0, 0, stand.radius, 0.0, inf
    done = lost = False
    dear = stand.at.point.size + 1
    while asked < options.evaluations and not done and not lost:
        try:
            plan = walk.plan(stand)
        except np.linalg.LinAlgError:  # values near the end of the floats make no model
            lost = True
            break
        reach, promised = plan.reach, plan.promised
        doubtful, cost = yield from walk.doubt(stand, plan)
        asked, doubts = asked + cost, doubts + cost
        lost = (asked > TRIAL * dear * dear and doubts > asked / 2) or stand.idle > LOST * dear
        if doubtful is not None:
            at = walk.seen(stand.at)
            stand = replace(stand, at=at, radius=min(stand.radius, doubtful), weights=plan.weights)
            continue
        nothing = (NEARLY if stand.idle >= IDLE else NOTHING) * rounding_of(stand.at.value)
        if promised <= nothing or min(reach, stand.radius) <= FINEST:
            done = not stand.at.value < agreed - nothing
            agreed = stand.at.value
            stand, cost = yield from walk.forget(stand)
            asked += cost
            continue
        before = stand.at.value
        stand, cost = yield from walk.go(stand, plan)
        asked += cost
        if stand.at.value < before:
            slope = float(np.linalg.norm(stand.at.gradient / terrain.scale))
            yield Step(stand.at.point, stand.at.value, slope, float("nan"))
    blur = 4 * rounding_of(stand.at.value) + max(promised, 0.0) + UNSEEN * float(np.abs(stand.at.gradient).max())
    resolution = max(reach, 2 * UNSEEN) * terrain.scale
    ended = asked < options.evaluations and not lost
    return Descent(stand.at.point, stand.at.value, done, ended, blur, None, asked, resolution, corner=done)


class _Walk:
    """The models, and what is asked to mend them; points in units of the scale but in a `Sample`."""

    def __init__(self, terrain: Terrain, samples: Sequence[Sample]) -> None:
        self._terrain, self._scale = terrain, terrain.scale
        self._lower, self._upper = terrain.bounds.lower / self._scale, terrain.bounds.upper / self._scale
        first, *rest = samples
        d = first.point.size
        self._pieces = Pieces(Piece(first.point / self._scale, first.value, first.gradient, np.zeros((d, d))))
        for sample in rest:  # the last one is where the walk stands
            piece, _ = self._pieces.take(sample.point / self._scale, sample.value, sample.gradient)
            self._pieces.settle(piece)

    def plan(self, stand: _Stand) -> _Plan:
        """The step to the lowest point of the highest of all models, within the radius; no evaluation."""
        x, model = stand.at.point / self._scale, _Model(self._pieces, stand.at, self._scale)
        step, room = np.zeros(x.size), stand.radius
        weights = np.array([stand.weights.get(piece, 0.0) for piece in model.pieces])
        heights, slopes = model.at(step)
        promised, first = 0.0, None
        advised = step
        for _ in range(INNER):
            box = (
                np.minimum(np.maximum(self._lower - x - step, np.maximum(-stand.radius - step, -room)), 0.0),
                np.maximum(np.minimum(self._upper - x - step, np.minimum(stand.radius - step, room)), 0.0),
            )
            more, weights = model.programme(heights, slopes, weights, box, room)
            first = weights if first is None else first
            there, slopes_there = model.at(step + more)
            if not -there.max() > promised:
                # The same step with the models as they are at its end.
                more, _ = model.programme(there - slopes_there @ more, slopes_there, weights, box, room)
                there, slopes_there = model.at(step + more)
            advised = step + more if promised == 0.0 else advised
            if not -there.max() > promised:
                room *= SHRINK
                continue
            gained = -float(there.max()) - promised
            step, promised = step + more, promised + gained
            advised, heights, slopes = step, there, slopes_there
            if gained < WORTHWHILE * promised:
                break
            longest = float(np.abs(more).max())
            room = min(2 * room, stand.radius) if longest > room / STALE else STALE * longest
        assert first is not None
        seen = dict(zip(model.pieces, first.tolist(), strict=True))
        for piece, weight in seen.items():
            piece.turn = self._pieces.turn if weight > SEEN else piece.turn
        return _Plan(advised, promised, seen)

    def forget(self, stand: _Stand) -> Asking[tuple[_Stand, int]]:
        """Look at the place as if it were new: a corner that is one will be found again.

        d evaluations where no piece is known that rules there.
        """
        self._pieces.others = []
        at, cost = self.seen(stand.at), 0
        if at.value - self._pieces.home.at(at.point / self._scale)[0] > NEARLY * rounding_of(at.value):
            sample, cost = yield from self._measure(at.point, at.value, NEAREST, stand)
            if sample is not None:
                at, d = sample, at.point.size
                self._pieces.home = Piece(at.point / self._scale, at.value, at.gradient, np.zeros((d, d)))
        return _Stand(at, FRESH, {}), cost

    def seen(self, at: Sample) -> Sample:
        """The sample where the walk stands with the gradient of the piece that rules there: it may be another now."""
        return at._replace(gradient=self._pieces.home.at(at.point / self._scale)[1])

    def doubt(self, stand: _Stand, plan: _Plan) -> Asking[tuple[float | None, int]]:
        """Ask again for pieces of the corner that were measured far from where the step leads, one evaluation each.

        One that does not hold is measured anew. Answers the radius that is left then, None where all hold, and what it
        cost.
        """
        x, far = stand.at.point / self._scale, STALE * max(plan.reach, NEAREST)
        short = plan.reach < STALE * NEAREST
        doubtful = [
            piece
            for piece, weight in plan.weights.items()
            if SEEN < weight < 1.0 - SEEN
            and (
                (piece.far(x) > far and float(np.abs(piece.seen - x).max()) > far and piece is not self._pieces.home)
                or (short and not piece.sure)
            )
        ]
        if not doubtful:
            return None, 0
        corner = [piece for piece, weight in plan.weights.items() if weight > SEEN]
        places = [self._where_it_rules(piece, corner, stand, far) for piece in doubtful]
        points = self._terrain.bounds.clip(np.array(places) * self._scale)
        values = yield points
        asked, left = len(values), None
        for piece, point, value in zip(doubtful, points, values.tolist(), strict=True):
            place = point / self._scale
            others = [other.at(place)[0] for other in corner if other is not piece]
            if piece is not self._pieces.home or not others:
                others.append(stand.at.value + float(stand.at.gradient @ (place - x)))
            promised = piece.at(place)[0]
            rise = max(promised - max(others), 0.0)
            if abs(value - promised) <= HOLDS * rise + 2 * rounding_of(stand.at.value):
                piece.seen, piece.sure = x, True
                continue
            away = float(np.abs(place - x).max())
            # A difference that straddled a kink says nothing about how far the other models reach.
            reach = stand.radius if piece.far(x) <= far else max(STALE * away, SHRINK * STALE * plan.reach)
            left = max(reach, left or 0.0)
            sample, cost = yield from self._measure(point, value, away, stand)
            asked += cost
            ruling = None if sample is None else self._pieces.take(place, sample.value, sample.gradient)[0]
            if ruling is piece:
                piece.sure = True
            else:
                self._pieces.forget(piece, x)
        return left, asked

    def _where_it_rules(self, piece: Piece, corner: Sequence[Piece], stand: _Stand, far: float) -> Point:
        """A place near x where a piece stands well above the others of its corner, if it is what it seems."""
        x = stand.at.point / self._scale
        away = max(min(ASKED_AT * piece.far(x), max(stand.radius, far)), ASKED_BEYOND * NEAREST)
        others = [other.at(x)[1] for other in corner if other is not piece]
        if piece is not self._pieces.home or not others:
            others.append(stand.at.gradient)
        box = np.clip((self._lower - x) / away, -1.0, 0.0), np.clip((self._upper - x) / away, 0.0, 1.0)
        return x + away * standing_out(piece.at(x)[1] - np.array(others), box)

    def go(self, stand: _Stand, plan: _Plan) -> Asking[tuple[_Stand, int]]:
        """Value and gradient where the plan leads, d + 1 evaluations at once; take the step if it gains."""
        x, scale = stand.at.point / self._scale, self._scale
        point = self._terrain.bounds.clip(stand.at.point + plan.step * scale)
        if plan.reach < NEAREST:
            return (yield from self._try(point, stand, plan)), 1
        moved = self._beside(point, plan.reach, stand)
        values = yield np.concatenate([point[np.newaxis, :], neighbours(point, moved)])
        cost, value = len(values), float(values[0])
        if not np.isfinite(values).all():
            return replace(stand, radius=SHRINK * plan.reach, weights=plan.weights), cost
        place = point / scale
        self._pieces.drop_wrong(place, value, plan.reach, plan.promised / 2 + rounding_of(value))
        sample = Sample(point, value, (values[1:] - value) / (moved - point) * scale)
        piece, same = self._pieces.take(place, value, sample.gradient)
        part = (stand.at.value - value) / plan.promised
        if part > TAKEN:
            self._pieces.settle(piece)
            self._pieces.drop_doubles()
            longer = part > AS_PROMISED and plan.reach > 0.9 * stand.radius
            radius = min(GROW * stand.radius, WIDEST) if longer else stand.radius
            return _Stand(sample, radius, plan.weights), cost
        self._pieces.drop_doubles()
        # A new piece explains why the step led nowhere; a known one that was wrong was asked too far away.
        idle, reach = stand.idle + 1, float(np.abs(place - x).max())
        shrunk = same or idle > x.size + 1
        radius = SHRINK * min(stand.radius, max(reach, stand.radius / STALE)) if shrunk else stand.radius
        return _Stand(stand.at, radius, plan.weights, idle), cost

    def _try(self, point: Point, stand: _Stand, plan: _Plan) -> Asking[_Stand]:
        """A step too short to measure anything at its end."""
        value = yield from ask_one(point)
        if not stand.at.value - value > TAKEN * plan.promised:
            return replace(stand, radius=SHRINK * plan.reach, weights=plan.weights, idle=stand.idle + 1)
        slope = stand.at.gradient + self._pieces.home.hessian @ plan.step
        # Without this a walk would crawl on at a radius that too short a difference left it with.
        radius = GROW * stand.radius if plan.reach > 0.9 * stand.radius else stand.radius
        return _Stand(Sample(point, value, slope), radius, plan.weights)

    def _measure(self, point: Point, value: float, reach: float, stand: _Stand) -> Asking[tuple[Sample | None, int]]:
        """The gradient at a point whose value is known; d evaluations. None where something fails."""
        moved = self._beside(point, reach, stand)
        values = yield neighbours(point, moved)
        if not np.isfinite(values).all() or not np.isfinite(value):
            return None, len(values)
        return Sample(point, value, (values - value) / (moved - point) * self._scale), len(values)

    def _beside(self, point: Point, reach: float, stand: _Stand) -> Points:
        """The other ends of the differences, shape `(d,)`."""
        steepest = max(float(np.abs(stand.at.gradient).max()), float(np.finfo(np.float64).tiny))
        part = max(DIFFERENCE * max(reach, NEAREST), ROUNDINGS * rounding_of(stand.at.value) / steepest)
        part = min(part, NEAREST)
        step = np.maximum(part * self._scale, shortest_step(point, self._scale))
        return self._terrain.bounds.clip(point + inward_steps(point, step, self._terrain.bounds))


class _Model:
    """The pieces as seen from where the walk stands: heights above its value, and none stands higher there."""

    def __init__(self, pieces: Pieces, at: Sample, scale: Floats) -> None:
        self._known, self._at = pieces, at
        self._x = at.point / scale
        self.pieces = pieces.all
        self._excess = np.array([max(piece.at(self._x)[0] - at.value, 0.0) for piece in self.pieces])

    def at(self, step: Floats) -> tuple[Floats, Floats]:
        """Heights `(m + 1,)` and slopes `(m + 1, d)` after a step; the last is what was measured where it stands."""
        rows = [piece.at(self._x + step) for piece in self.pieces]
        bent = self._known.home.hessian @ step
        heights = [value - self._at.value for value, _ in rows] - self._excess
        here = float(self._at.gradient @ step) + float(step @ bent) / 2
        return np.append(heights, here), np.array([*(slope for _, slope in rows), self._at.gradient + bent])

    def programme(
        self, heights: Floats, slopes: Floats, weights: Floats, box: tuple[Floats, Floats], room: float
    ) -> tuple[Floats, Floats]:
        """The lowest point of the highest of these planes in a box, and the weight of each piece there."""
        unit = float(np.abs(slopes).max()) * room
        if not unit > 0:
            return np.zeros(self._x.size), weights
        bend = self._known.curvature(weights.tolist()) * (room * room / unit)
        sizes, axes = np.linalg.eigh((bend + bend.T) / 2)
        bend = (axes * np.maximum(sizes, LEAST_BEND)) @ axes.T
        low, high = box
        step, shares = lowest(heights / unit, slopes * (room / unit), bend, (low / room, high / room))
        shares[0] += shares[-1]
        return step * room, shares[:-1]
