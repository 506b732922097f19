"""Minima on the edge of where f has values: a walk along the edge, each of whose steps is drawn back onto it.

A slope is of no use there, and a poll of fixed directions gets stuck, since most lead over the edge or away from it.
From failures near a point the plane of the edge is found; over that plane the height of f on the edge is a function
of one coordinate less, which the usual descent minimises. The plane is laid anew until nothing is gained.
(The idea of the reduced gradient: Nocedal & Wright 2006, chapter 15; here the constraint only says yes or no.)
"""

from dataclasses import dataclass
from math import isnan
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Asking, Floats, Point, Step, Values, ask_one
from blackbox.core.bounds import Bounds
from blackbox.descent.quasi_newton import QuasiNewton, quasi_newton
from blackbox.descent.terrain import Descent, Terrain
from blackbox.gradients.steps import rounding_of

T = TypeVar("T")
Truths: TypeAlias = NDArray[np.bool_]

REACHES = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8)
"""How far from the point the edge is looked at, in units of the scale: the widest at which the inside is inside."""

FARTHER = 4.0
"""From a point one reach inside, the edge must be met within so many reaches along an axis, or runs along it."""

NARROWINGS = 12
"""Quarters of a reach after which a tube is too thin to be walked in."""

PLANES = 12
"""Planes laid at most; a walk along a curved edge needs a few, along a straight one two."""

HEIGHTS = 20
"""Heights, times d, that one plane is good for."""

BISECTIONS = 60
"""Halvings that lead from any distance to neighbouring floats."""

GAIN = 1e-10
"""A plane that gained less than this part of the value is the last."""


@dataclass(slots=True)
class Holes:
    """Watches a walk for failures."""

    since: float = float("inf")
    """Evaluations since the last failure; infinite while there was none."""

    def watch(self, walk: Asking[T]) -> Asking[T]:
        """The same questions and result."""
        try:
            question = next(walk)
            while True:
                if not isinstance(question, np.ndarray):
                    yield question
                    question = next(walk)
                    continue
                values = yield question
                # A sum of squares is NaN where one of them is, and never else: next to no cost where nothing failed.
                if isnan(values.dot(values)):
                    self._note_failure(values)
                else:
                    self.since += values.size
                question = walk.send(values)
        except StopIteration as finished:
            return finished.value
        finally:
            walk.close()

    def _note_failure(self, values: Values) -> None:
        failed = np.flatnonzero(np.isnan(values))
        self.since = values.size - 1 - int(failed[-1])


@dataclass(frozen=True, slots=True, eq=False)
class _Plane:
    """The edge near a point, flattened; in units of the scale."""

    origin: Point
    tangents: Floats
    """Shape `(d − 1, d)`, orthonormal rows."""
    outward: Floats
    """Shape `(d,)`, a unit vector towards where f fails."""
    reach: float


@dataclass(slots=True)
class _Lowest:
    """The lowest point met on the edge, and what that cost."""

    point: Point
    value: float
    asked: int = 0

    def take(self, point: Point, value: float) -> None:
        """Count an answer, and keep it if it is lower."""
        self.asked += 1
        if value < self.value:
            self.point, self.value = point.copy(), value


def along_edge(walk: Descent, terrain: Terrain) -> Asking[Descent]:
    """Go on from where a walk ended near failures; the walk itself where no edge is near or d = 1.

    Some 50 evaluations for each height, and some 10 d heights for each plane.
    """
    lowest = _Lowest(walk.point, walk.value)
    edges, gain = 0, 0.0
    for _ in range(PLANES if walk.point.size > 1 else 0):
        before, origin = lowest.value, lowest.point
        plane = yield from _lay(origin, terrain, lowest)
        if plane is None:
            break
        edges += 1
        yield from _walk_on(plane, terrain, lowest)
        gain = before - lowest.value
        if gain > 0:
            yield Step(lowest.point, lowest.value, float("nan"), float("nan"))
        if gain <= GAIN * abs(before - walk.value) + rounding_of(before):
            break
    if not edges:
        return walk
    blur = walk.blur + 8 * rounding_of(lowest.value) + gain
    asked = walk.evaluations + lowest.asked
    return Descent(lowest.point, lowest.value, False, True, blur, None, asked, walk.resolution, edge=True)


def _lay(x: Point, terrain: Terrain, lowest: _Lowest) -> Asking[_Plane | None]:
    """The plane of the edge at x, from where axes through a point inside meet it; None where no edge is near."""
    eye = np.eye(x.size)
    walls = np.zeros(x.size, dtype=bool)
    for reach in REACHES:
        ahead, behind = yield from _open(x, reach, terrain, lowest)
        if (ahead & behind).all():
            return (yield from _along_tube(x, reach, walls, terrain, lowest)) if walls.any() else None
        walls = ~ahead & ~behind
        if walls.any() and not walls.all():
            return (yield from _along_tube(x, reach, walls, terrain, lowest))
        inward = ahead.astype(np.float64) - behind
        if not inward.any():
            continue
        inside = terrain.bounds.clip(x + reach * inward / np.linalg.norm(inward) * terrain.scale)
        value = yield from ask_one(inside)
        lowest.take(inside, value)
        if np.isnan(value):
            continue
        ahead, behind = yield from _open(inside, FARTHER * reach, terrain, lowest)
        slopes = np.zeros(x.size)
        for axis in np.flatnonzero(ahead != behind):
            side = -1.0 if ahead[axis] else 1.0
            step = side * FARTHER * reach * eye[axis] * terrain.scale
            distance = yield from _distance(inside, step, terrain.bounds, lowest)
            slopes[axis] = side / max(distance, 1e-6)
        if not slopes.any():
            continue
        outward = slopes / np.linalg.norm(slopes)
        return _plane(x, outward, reach)
    return None


def _plane(x: Point, outward: Floats, reach: float) -> _Plane:
    frame, _ = np.linalg.qr(np.column_stack([outward, np.eye(x.size)]))
    return _Plane(x, np.ascontiguousarray(frame.T[1 : x.size]), outward, reach)


def _along_tube(x: Point, reach: float, closed: Truths, terrain: Terrain, lowest: _Lowest) -> Asking[_Plane | None]:
    """The plane across a tube, where f fails on both sides of x along an axis; outward is where f falls."""
    axis = int(np.flatnonzero(closed)[-1])
    side = np.zeros(x.size)
    side[axis] = 1.0
    for _ in range(NARROWINGS):
        reach /= FARTHER
        pair = terrain.bounds.clip(np.array([x + reach * side * terrain.scale, x - reach * side * terrain.scale]))
        values = yield pair
        for point, value in zip(pair, values, strict=True):
            lowest.take(point, float(value))
        if np.isfinite(values).all():
            return _plane(x, side if values[0] <= values[1] else -side, FARTHER * reach)
    return None


def _open(
    x: Point, reach: float, terrain: Terrain, lowest: _Lowest
) -> Asking[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Along which axes f has values a reach ahead, and behind; a bound counts as open, since it is no edge of f."""
    points = np.concatenate([x + reach * np.diag(terrain.scale), x - reach * np.diag(terrain.scale)])
    inside = terrain.bounds.clip(points)
    values = yield inside
    for point, value in zip(inside, values, strict=True):
        lowest.take(point, float(value))
    known = np.isfinite(values)
    return known[: x.size], known[x.size :]


def _distance(inside: Point, step: Floats, bounds: Bounds, lowest: _Lowest) -> Asking[float]:
    """Where between an inside point (0) and a failing one (1) the edge lies, to a thousandth."""
    good, bad = 0.0, 1.0
    for _ in range(10):
        middle = (good + bad) / 2
        point = bounds.clip(inside + middle * step)
        value = yield from ask_one(point)
        lowest.take(point, value)
        good, bad = (middle, bad) if np.isfinite(value) else (good, middle)
    return good


def _walk_on(plane: _Plane, terrain: Terrain, lowest: _Lowest) -> Asking[None]:
    """The usual descent over the plane, each of whose questions is answered by the height of f on the edge."""
    free = len(plane.tangents)
    flat = Terrain(Bounds.unbounded(free), np.ones(free))
    options = QuasiNewton(first_stride=plane.reach, evaluations=HEIGHTS * (free + 1))
    # The point itself may stand a little inside, where f is not what it is on the edge.
    begin = yield from _height(plane, np.zeros(free), terrain, lowest)
    descent = quasi_newton(np.zeros(free), begin, flat, options)
    try:
        question = next(descent)
        while True:
            if not isinstance(question, np.ndarray):
                question = next(descent)
                continue
            heights = np.empty(len(question))
            for row, place in enumerate(question):
                heights[row] = yield from _height(plane, place, terrain, lowest)
            question = descent.send(heights)
    except StopIteration:
        return


def _height(plane: _Plane, place: Floats, terrain: Terrain, lowest: _Lowest) -> Asking[float]:
    """The lowest value met while a point of the plane is drawn to the edge; NaN where no edge is near."""
    base = plane.origin + (place @ plane.tangents) * terrain.scale
    away = float(np.linalg.norm(place))
    best = float("nan")

    def point_at(shift: float) -> Point:
        return terrain.bounds.clip(base + shift * plane.outward * terrain.scale)

    value = yield from ask_one(point_at(0.0))
    lowest.take(point_at(0.0), value)
    best, outward = value, bool(np.isfinite(value))
    good, bad = 0.0, 0.0
    stride, limit = max(1e-3 * away, 1e-15), max(2 * away, 4 * plane.reach)
    found = False
    while stride <= limit and not found:
        # From an inside point the edge lies outward; from a failing one the inside may lie either way, as in a tube.
        for shift in (stride,) if outward else (-stride, stride):
            value = yield from ask_one(point_at(shift))
            lowest.take(point_at(shift), value)
            best = float(np.fmin(best, value))
            found = bool(np.isfinite(value)) != outward
            if found:
                good, bad = (good, shift) if outward else (shift, bad if shift < 0 else 4 * shift)
                break
        if not found:
            good, bad = (stride, bad) if outward else (good, -stride)
        stride *= 8
    if not found:
        return best
    for _ in range(BISECTIONS):
        middle = (good + bad) / 2
        point = point_at(middle)
        if (point == point_at(good)).all() or (point == point_at(bad)).all():
            break
        value = yield from ask_one(point)
        lowest.take(point, value)
        best = float(np.fmin(best, value))
        good, bad = (middle, bad) if np.isfinite(value) else (good, middle)
    return best
