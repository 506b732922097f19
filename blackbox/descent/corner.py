"""The step that models of smooth pieces advise: to the lowest point of the highest of them, within a radius.

Where the pieces meet it is Newton's step for their corner. The models are curved and a programme knows planes on one
bowl (`envelope`), so programmes follow one another, each from where the last one led. No evaluation is made here.
(Lewis & Wylie 2019; Conn, Gould & Toint 2000, chapter 11, for the radius and the correction of the second order.)
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from blackbox.core.asking import Floats
from blackbox.descent.envelope import LEAST_BEND, lowest
from blackbox.descent.pieces import Piece, Pieces
from blackbox.descent.samples import Sample
from blackbox.descent.terrain import Terrain

INNER = 16
"""Programmes for one step: models are curved, and their highest is lowered by one programme after the other."""

WORTHWHILE = 0.01
"""A programme that adds less than this part to what is promised is the last."""

SHRINK = 0.3
"""The radius after a step that led nowhere, as part of what it was."""

STALE = 10.0
"""What was measured is not relied on farther away than so many lengths of the step."""

SEEN = 1e-4
"""Pieces of less weight are no part of a corner."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the walk stands."""

    at: Sample
    radius: float
    weights: dict[Piece, float]
    """Of the pieces, by the last plan."""
    idle: int = 0
    """Steps in a row that led nowhere."""


class Plan(NamedTuple):
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


def advise(pieces: Pieces, terrain: Terrain, stand: Stand) -> Plan:
    """The step to the lowest point of the highest of all models, within the radius; no evaluation.

    The pieces that meet there are noted to be of use. Raises `LinAlgError` where values near the end of the floats make
    no model.
    """
    x, model = stand.at.point / terrain.scale, _Model(pieces, stand.at, terrain.scale)
    below, beyond = terrain.bounds.lower / terrain.scale - x, terrain.bounds.upper / terrain.scale - x
    step, room = np.zeros(x.size), stand.radius
    weights = np.array([stand.weights.get(piece, 0.0) for piece in model.pieces])
    heights, slopes = model.at(step)
    promised, first = 0.0, None
    advised = step
    for _ in range(INNER):
        box = (
            np.minimum(np.maximum(below - step, np.maximum(-stand.radius - step, -room)), 0.0),
            np.maximum(np.minimum(beyond - step, np.minimum(stand.radius - step, room)), 0.0),
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
        piece.turn = pieces.turn if weight > SEEN else piece.turn
    return Plan(advised, promised, seen)


class _Model:
    """The pieces as seen from where the walk stands: heights above its value, and none stands higher there."""

    def __init__(self, pieces: Pieces, at: Sample, scale: Floats) -> None:
        self._known, self._at = pieces, at
        self._x = at.point / scale
        self.pieces = pieces.all
        self._excess = [max(piece.at(self._x)[0] - at.value, 0.0) for piece in self.pieces]

    def at(self, step: Floats) -> tuple[Floats, Floats]:
        """Heights `(m + 1,)` and slopes `(m + 1, d)` after a step; the last is what was measured where it stands."""
        point = self._x + step
        rows = [piece.at(point) for piece in self.pieces]
        bent = self._known.home.hessian.dot(step)
        heights = [value - self._at.value - above for (value, _), above in zip(rows, self._excess, strict=True)]
        here = float(self._at.gradient.dot(step)) + float(step.dot(bent)) / 2
        return np.array([*heights, here]), np.array([*(slope for _, slope in rows), self._at.gradient + bent])

    def programme(
        self, heights: Floats, slopes: Floats, weights: Floats, box: tuple[Floats, Floats], room: float
    ) -> tuple[Floats, Floats]:
        """The lowest point of the highest of these planes in a box, and the weight of each piece there."""
        unit = float(np.abs(slopes).max()) * room
        if not unit > 0:
            return np.zeros(self._x.size), weights
        bend = self._known.curvature(weights.tolist()) * (room * room / unit)
        sizes, axes = np.linalg.eigh((bend + bend.T) / 2)
        bend = (axes * np.maximum(sizes, LEAST_BEND)).dot(axes.T)
        low, high = box
        step, shares = lowest(heights / unit, slopes * (room / unit), bend, (low / room, high / room))
        shares[0] += shares[-1]
        return step * room, shares[:-1]
