"""Pattern search: polls along orthogonal directions, longer after success, shorter after failure.

It needs no slope, so it finishes what a quasi-Newton walk leaves at kinks, stairs and edges of holes. Directions
are turned at random now and then, since a valley with a kinked floor is invisible along fixed axes.
(Torczon 1997; Audet & Dennis 2006 for why the directions must not stay the same.)
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import partial

import numpy as np

from blackbox.core.asking import Asking, Floats, Foresight, Point, Points, Step, ask_one
from blackbox.core.errors import OptionError
from blackbox.descent.terrain import Descent, Terrain
from blackbox.gradients.steps import rounding_of

LONGER, SHORTER = 2.0, 0.5

NEXT = 1
"""Rank of the rest of a poll among what is foreseen."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Options of the walk."""

    first_stride: float = 0.01
    """In units of the scale."""
    last_stride: float = 1e-13
    """In units of the scale; the walk ends below it, or at the rounding level of x."""
    evaluations: int = 10_000
    turn: bool = True
    """Whether every second failed poll turns the directions at random."""

    def __post_init__(self) -> None:
        if not 0 < self.last_stride <= self.first_stride:
            raise OptionError("last_stride", self.last_stride, f"must lie in (0, {self.first_stride}]")
        if self.evaluations < 1:
            raise OptionError("evaluations", self.evaluations, "must be at least 1")


@dataclass(frozen=True, slots=True)
class _Poll:
    point: Point
    value: float
    asked: int
    rise: float
    """The steepest rise met: when nothing is lower, the minimum itself is at most so much lower."""


def pattern(
    start: Point, value: float, terrain: Terrain, rng: np.random.Generator, options: Pattern | None = None
) -> Asking[Descent]:
    """Walk from `start`, whose value is known, until the stride is spent. At most 2d evaluations a poll."""
    options = options or Pattern()
    x, stride, asked, failures, rise = start, options.first_stride, 0, 0, 0.0
    basis: Floats = np.eye(start.size)
    while asked < options.evaluations and stride >= options.last_stride:
        turns = options.turn and failures % 2 == 1 and start.size > 1
        later = partial(_poll_after, x, basis, stride * SHORTER, rng if turns else None, terrain)
        poll = yield from _poll(x, value, basis * stride, terrain, later)
        asked += poll.asked
        if poll.asked == 0:
            break
        if poll.value < value:
            basis = _lead_with(basis, (poll.point - x) / terrain.scale)
            x, value = poll.point, poll.value
            stride = min(stride * LONGER, 1.0)
            yield Step(x, value, float("nan"), float("nan"))
            continue
        failures += 1
        rise = poll.rise
        stride *= SHORTER
        if turns:
            basis = _random_basis(start.size, rng)
    blur = 4 * rounding_of(value) + 2 * rise
    return Descent(x, value, False, asked < options.evaluations, blur, None, asked, 2 * stride * terrain.scale)


def _poll(x: Point, value: float, steps: Floats, terrain: Terrain, later: Callable[[], Points]) -> Asking[_Poll]:
    """Ask each direction and its opposite in turn; the first lower point is taken and followed by the next pair.

    `later` tells what the next poll asks if none is lower.
    """
    asked, rise, start = 0, 0.0, x
    for index, step in enumerate(steps):
        rest = partial(_poll_points, x, steps[index:], terrain)
        yield Foresight("walk", rest, NEXT, later if x is start else None)
        for sign in (1.0, -1.0):
            point = terrain.bounds.clip(x + sign * step * terrain.scale)
            if point.tolist() == x.tolist():  # a tenth of what .all() takes
                continue
            answer = yield from ask_one(point)
            asked += 1
            if answer < value:
                x, value = point, answer
                break
            rise = max(rise, answer - value)
    return _Poll(x, value, asked, rise)


def _poll_points(x: Point, steps: Floats, terrain: Terrain) -> Points:
    """All that a poll asks along these directions if nothing is lower."""
    both = np.repeat(steps, 2, axis=0)
    both[1::2] *= -1.0
    return terrain.bounds.clip(x + both * terrain.scale)


def _poll_after(x: Point, basis: Floats, stride: float, rng: np.random.Generator | None, terrain: Terrain) -> Points:
    """What the poll after a failure asks; along directions that are still to be drawn where `rng` is given."""
    basis = basis if rng is None else _random_basis(x.size, deepcopy(rng))
    return _poll_points(x, basis * stride, terrain)


def _lead_with(basis: Floats, direction: Floats) -> Floats:
    """An orthonormal basis whose first direction is the last success: the walk learns the valley's floor."""
    length = float(np.linalg.norm(direction))
    if length == 0 or basis.shape[0] == 1:
        return basis
    columns = np.column_stack([direction / length, basis.T])
    rotated, _ = np.linalg.qr(columns)
    return np.ascontiguousarray(rotated.T)


def _random_basis(dimension: int, rng: np.random.Generator) -> Floats:
    rotated, _ = np.linalg.qr(rng.standard_normal((dimension, dimension)))
    return np.ascontiguousarray(rotated.T)
