"""What is known of a function that is the highest of several smooth ones: a model of each, learnt where it ruled.

max, abs, an exact penalty and a minimax fit are such functions. A gradient tells which piece ruled where it was taken;
of each piece the last value and gradient are kept, and a Hessian from how the gradient changed since. Coordinates are
in units of the terrain's scale. (Lewis & Wylie 2019, "A simple Newton method for local nonsmooth optimization", for
the second derivatives of every piece; Nocedal & Wright 2006, equation 6.24, for the update.)
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np

from blackbox.core.asking import Floats, Point
from blackbox.descent.probing import norm

SAME = 0.1
"""Two gradients that differ by this part of their length are of one piece …"""

SAME_NEARBY = 1e-4
"""… and by less, in proportion to the root of their distance, where they are nearer than this: a smooth gradient
changes little there, and pieces may meet at a small angle."""

FLAT = 1e-8
"""A change of the gradient that is orthogonal to the step, to so many digits, tells nothing of the curvature."""

SPARE = 4
"""Pieces kept beyond the 2 d that may meet at a vertex."""


@dataclass(slots=True, eq=False)
class Piece:
    """One smooth function, as it was last seen."""

    point: Point
    value: float
    gradient: Floats
    hessian: Floats
    seen: Point = field(init=False)
    """Where its value was last found right."""
    sure: bool = False
    """Whether it was found right anywhere but where it was measured: a difference may have straddled a kink."""
    turn: int = 0
    """When it was last of use."""

    def __post_init__(self) -> None:
        self.seen = self.point

    def at(self, point: Point) -> tuple[float, Floats]:
        """The value and the gradient that it promises there."""
        step = point - self.point
        bent = self.hessian.dot(step)
        return self.value + float(self.gradient.dot(step)) + float(step.dot(bent)) / 2, self.gradient + bent

    def learn(self, point: Point, value: float, gradient: Floats) -> None:
        """Move to a place where it ruled; the Hessian is mended by the symmetric update of rank one."""
        step = point - self.point
        missed = gradient - self.at(point)[1]
        along = float(missed @ step)
        if abs(along) > FLAT * norm(missed) * norm(step):
            self.hessian = self.hessian + np.outer(missed, missed) / along
        self.point, self.value, self.gradient = point, value, gradient
        self.seen, self.sure = point, False

    def far(self, point: Point) -> float:
        """How far from there it was last measured, along the axis where that is farthest."""
        return max(map(abs, (self.point - point).tolist()))


@dataclass(slots=True, eq=False)
class Pieces:
    """All pieces known, one of which rules where the walk stands."""

    home: Piece
    others: list[Piece] = field(default_factory=list[Piece])
    turn: int = 0

    @property
    def all(self) -> list[Piece]:
        """The one at home first."""
        return [self.home, *self.others]

    def take(self, point: Point, value: float, gradient: Floats) -> tuple[Piece, bool]:
        """The piece that rules there, and whether it was known."""
        self.turn += 1
        known = self.all
        missed = [norm(gradient - piece.at(point)[1]) for piece in known]
        piece = known[missed.index(min(missed))]
        same = min(missed) <= _alike(piece.far(point)) * max(norm(gradient), norm(piece.gradient))
        if same:
            piece.learn(point, value, gradient)
        else:
            piece = Piece(point, value, gradient, np.zeros((point.size, point.size)))
            self.others.append(piece)
        piece.turn = self.turn
        if len(self.others) > 2 * point.size + SPARE:
            self.others.remove(min(self.others, key=lambda other: other.turn))
        return piece, same

    def settle(self, piece: Piece) -> None:
        """The walk stands where this piece rules now."""
        if piece is not self.home:
            self.others = [self.home, *(other for other in self.others if other is not piece)]
            self.home = piece

    def forget(self, wrong: Piece, point: Point) -> None:
        """Forget a piece that turned out to be none; where it was at home, at `point`, the highest there is, if any."""
        self.others = [one for one in self.others if one is not wrong]
        if wrong is self.home and self.others:
            self.home = max(self.others, key=lambda other: other.at(point)[0])
            self.others = [one for one in self.others if one is not self.home]

    def drop_wrong(self, point: Point, value: float, reach: float, most: float) -> None:
        """Forget pieces measured farther away that stand above the value found there by more than `most`."""
        self.others = [one for one in self.others if one.far(point) <= reach or not one.at(point)[0] - value > most]

    def drop_doubles(self) -> None:
        """Of two models of one piece keep the one that was measured nearer."""
        here = self.home.point
        kept, slopes = [self.home], [self.home.gradient]
        for piece in sorted(self.others, key=lambda other: other.far(here)):
            slope = piece.at(here)[1]
            if not any(
                norm(slope - other) <= _alike(piece.far(one.point)) * max(norm(slope), norm(other))
                for one, other in zip(kept, slopes, strict=True)
            ):
                kept.append(piece)
                slopes.append(slope)
        self.others = kept[1:]

    def curvature(self, weights: Sequence[float]) -> Floats:
        """The Hessian of the pieces together, each with its weight; shape `(d, d)`."""
        together = np.zeros_like(self.home.hessian)
        for weight, piece in zip(weights, self.all, strict=True):
            if weight:
                together += weight * piece.hessian
        return together


def _alike(distance: float) -> float:
    return SAME * min(1.0, sqrt(distance / SAME_NEARBY))
