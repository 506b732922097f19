"""Doubt about the pieces of a corner: what was measured far away is asked again before a step rests on it.

One model too many makes a corner that is not there, and a walk that believes in it goes nowhere. One evaluation, where
a piece would stand well above all others, tells whether it still holds. (Our own; the place is found by `envelope`.)
"""

from collections.abc import Sequence

import numpy as np

from blackbox.core.asking import Asking, Point
from blackbox.descent.corner import SEEN, SHRINK, STALE, Plan, Stand
from blackbox.descent.envelope import standing_out
from blackbox.descent.pieces import Piece, Pieces
from blackbox.descent.samples import NEAREST, measure
from blackbox.descent.terrain import Terrain
from blackbox.gradients.steps import rounding_of

ASKED_AT = 0.05
"""A piece that was measured `STALE` steps away is asked again at this part of the distance to where it was measured,
and holds if it is right to `HOLDS` of what it rises by over the others there …"""

HOLDS = 1e-5

ASKED_BEYOND = 3.0
"""… and no nearer than so many times `NEAREST`: where a difference ended, what it showed is right in any case."""


def doubt(pieces: Pieces, terrain: Terrain, stand: Stand, plan: Plan) -> Asking[tuple[float | None, int]]:
    """Ask again for pieces of the corner that were measured far from where the step leads, one evaluation each.

    One that does not hold is measured anew, d evaluations. Answers the radius that is left then, None where all hold,
    and what it cost.
    """
    x, far = stand.at.point / terrain.scale, STALE * max(plan.reach, NEAREST)
    doubtful = _doubtful(pieces.home, plan, x, far)
    if not doubtful:
        return None, 0
    corner = [piece for piece, weight in plan.weights.items() if weight > SEEN]
    tangent = Piece(x, stand.at.value, stand.at.gradient, np.zeros((x.size, x.size)))
    places = [
        _where_it_rules(piece, _rivals(piece, corner, pieces.home, tangent), stand, far, terrain) for piece in doubtful
    ]
    points = terrain.bounds.clip(np.array(places) * terrain.scale)
    values = yield points
    asked, left = len(values), None
    for piece, point, value in zip(doubtful, points, values.tolist(), strict=True):
        place = point / terrain.scale
        # Not those of before: another piece may be at home by now.
        rivals = _rivals(piece, corner, pieces.home, tangent)
        promised = piece.at(place)[0]
        rise = max(promised - max(rival.at(place)[0] for rival in rivals), 0.0)
        if abs(value - promised) <= HOLDS * rise + 2 * rounding_of(stand.at.value):
            piece.seen, piece.sure = x, True
            continue
        away = float(np.abs(place - x).max())
        # A difference that straddled a kink says nothing about how far the other models reach.
        reach = stand.radius if piece.far(x) <= far else max(STALE * away, SHRINK * STALE * plan.reach)
        left = max(reach, left or 0.0)
        sample, cost = yield from measure(point, value, away, stand.at, terrain)
        asked += cost
        ruling = None if sample is None else pieces.take(place, sample.value, sample.gradient)[0]
        if ruling is piece:
            piece.sure = True
        else:
            pieces.forget(piece, x)
    return left, asked


def _doubtful(home: Piece, plan: Plan, x: Point, far: float) -> list[Piece]:
    """Those that share a corner and were last found right far away; before a short step all that were never tried."""
    short = plan.reach < STALE * NEAREST
    return [
        piece
        for piece, weight in plan.weights.items()
        if SEEN < weight < 1.0 - SEEN
        and (
            (piece.far(x) > far and float(np.abs(piece.seen - x).max()) > far and piece is not home)
            or (short and not piece.sure)
        )
    ]


def _rivals(piece: Piece, corner: Sequence[Piece], home: Piece, tangent: Piece) -> list[Piece]:
    """What a piece must stand above to be seen: the others of its corner, and the tangent where the walk stands.

    That tangent is of the piece at home itself, which has it for a rival only where there is no other.
    """
    others = [other for other in corner if other is not piece]
    return [*others, tangent] if piece is not home or not others else others


def _where_it_rules(piece: Piece, rivals: Sequence[Piece], stand: Stand, far: float, terrain: Terrain) -> Point:
    """A place near x where a piece stands well above its rivals, if it is what it seems; in units of the scale."""
    x = stand.at.point / terrain.scale
    lower, upper = terrain.bounds.lower / terrain.scale, terrain.bounds.upper / terrain.scale
    away = max(min(ASKED_AT * piece.far(x), max(stand.radius, far)), ASKED_BEYOND * NEAREST)
    slopes = np.array([rival.at(x)[1] for rival in rivals])
    box = np.clip((lower - x) / away, -1.0, 0.0), np.clip((upper - x) / away, 0.0, 1.0)
    return x + away * standing_out(piece.at(x)[1] - slopes, box)
