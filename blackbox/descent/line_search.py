"""How far to go along a direction: backtracking (Armijo), strong Wolfe, exact, and the walks that use them.

φ(t) = f(x + t p), φ'(t) = ∇f(x + t p) · p. (Nocedal & Wright 2006, chapter 3.)
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Step, ask_one
from blackbox.descent.ground import Here, Kit, begin, gradient_at
from blackbox.descent.stopping import WalkStop
from blackbox.gradients.steps import rounding_of

SUFFICIENT = 1e-4
"""c₁: a step must fall by this part of what the slope promises (Nocedal & Wright 2006, page 33)."""

FLATTER = 0.9
"""c₂ of the strong Wolfe conditions for Newton-like directions (page 34)."""

FLATTER_CONJUGATE = 0.1
"""c₂ for conjugate gradients (page 34)."""

HALVINGS = 50
"""2^-50 of a step is rounding."""

ZOOMS = 40
"""Halvings of a bracket, at most."""

GOLDEN = 0.381966011250105
"""(3 − √5) / 2."""

EXACT = 1e-10
"""Part of its own length to which an exact search narrows its bracket."""


POINTLESS = 1e-12
"""Steps below this part of x are made of rounding: a walk that takes them has arrived."""


@dataclass(frozen=True, slots=True, eq=False)
class Ray:
    """Where a line search ended; the gradient is None where the search did not need it."""

    t: float
    point: Point
    value: float
    gradient: Floats | None = None


Search: TypeAlias = Callable[[Here, Floats, float, Kit], Asking[Ray | None]]
"""From an iterate, a direction of shape `(d,)` and a first step length to a lower point, or None."""


def armijo(here: Here, direction: Floats, first: float, kit: Kit) -> Asking[Ray | None]:
    """Halve until φ(t) ≤ φ(0) + c₁ t φ'(0). 1 evaluation a try."""
    slope, t = float(here.gradient @ direction), first
    for _ in range(HALVINGS):
        point = kit.bounds.clip(here.point + t * direction)
        if np.array_equal(point, here.point):
            return None
        value = yield from ask_one(point)
        if value <= here.value + SUFFICIENT * t * slope and value < here.value:
            return Ray(t, point, value)
        t /= 2
    return None


def several(here: Here, direction: Floats, first: float, kit: Kit) -> Asking[Ray | None]:
    """Nine step lengths from 16 to 1/1024 times the first, in one batch; the lowest is kept. 9 evaluations."""
    lengths = first * 2.0 ** np.array([4.0, 2.0, 1.0, 0.0, -1.0, -2.0, -4.0, -7.0, -10.0])
    points = kit.bounds.clip(here.point + lengths[:, np.newaxis] * direction)
    values = yield np.ascontiguousarray(points)
    if np.isnan(values).all():
        return (yield from armijo(here, direction, first * 2.0**-11, kit))
    lowest = int(np.nanargmin(values))
    if not values[lowest] < here.value:
        return (yield from armijo(here, direction, first * 2.0**-11, kit))
    return Ray(float(lengths[lowest]), np.ascontiguousarray(points[lowest]), float(values[lowest]))


def strong_wolfe(here: Here, direction: Floats, first: float, kit: Kit, flatter: float = FLATTER) -> Asking[Ray | None]:
    """φ(t) ≤ φ(0) + c₁ t φ'(0) and |φ'(t)| ≤ c₂ |φ'(0)|. 2d + 1 evaluations a try. (Algorithms 3.5 and 3.6.)"""
    slope = float(here.gradient @ direction)
    low, high, t, best = 0.0, np.inf, first, None
    below = here.value
    for _ in range(ZOOMS):
        ray = yield from _look(here, direction, t, kit)
        if ray is None:
            high, t = t, (low + t) / 2
            continue
        too_high = ray.value > here.value + SUFFICIENT * t * slope or ray.value >= below
        if too_high and not (best is None and ray.value < here.value - rounding_of(here.value)):
            high = t
        else:
            gradient = yield from gradient_at(ray.point, ray.value, kit)
            ray = Ray(t, ray.point, ray.value, gradient)
            incline = float(gradient @ direction)
            if not too_high and abs(incline) <= -flatter * slope:
                return ray
            if too_high or incline >= 0:
                high = t
            else:
                low, below, best = t, ray.value, ray
        t = 2 * t if np.isinf(high) else (low + high) / 2
    return best


def exact(here: Here, direction: Floats, first: float, kit: Kit) -> Asking[Ray | None]:
    """The lowest point of φ itself: bracket by doubling, then golden sections and parabolas. About 30 evaluations.

    At its end the new slope is perpendicular to the direction. (Brent 1973, chapter 5.)
    """
    bracket = yield from _bracket(here, direction, first, kit)
    if bracket is None:
        return None
    low, middle, high = bracket
    for _ in range(4 * ZOOMS):
        if high.t - low.t <= EXACT * high.t or max(low.value, high.value) - middle.value <= 0:
            break
        t = _parabola(low, middle, high)
        ray = yield from _look(here, direction, t, kit)
        if ray is None:
            ray = Ray(t, here.point, float("inf"))
        if ray.value < middle.value:
            low, high = (middle, high) if t > middle.t else (low, middle)
            middle = ray
        elif t > middle.t:
            high = ray
        else:
            low = ray
    return middle if middle.value < here.value else None


def _bracket(here: Here, direction: Floats, first: float, kit: Kit) -> Asking[tuple[Ray, Ray, Ray] | None]:
    """Three points of φ with the lowest in the middle."""
    low, t = Ray(0.0, here.point, here.value), first
    middle = yield from _look(here, direction, t, kit)
    for _ in range(HALVINGS):
        if middle is not None and middle.value < here.value:
            break
        t /= 4
        middle = yield from _look(here, direction, t, kit)
    if middle is None or not middle.value < here.value:
        return None
    for _ in range(HALVINGS):
        t *= 2
        high = yield from _look(here, direction, t, kit)
        if high is None or high.value >= middle.value or np.array_equal(high.point, middle.point):
            return low, middle, high or Ray(t, here.point, float("inf"))
        low, middle = middle, high
    return None


def _parabola(low: Ray, middle: Ray, high: Ray) -> float:
    """The lowest point of the parabola through three points, kept off their middle; else a golden section."""
    left, right = middle.t - low.t, high.t - middle.t
    rise, fall = (high.value - middle.value) / right, (low.value - middle.value) / left
    golden = middle.t + GOLDEN * right if right > left else middle.t - GOLDEN * left
    if not (np.isfinite(rise) and np.isfinite(fall) and rise + fall > 0) or min(left, right) < 0.05 * max(left, right):
        return golden
    t = middle.t + (fall * right - rise * left) / (2 * (rise + fall))
    apart = EXACT * high.t / 4
    return middle.t + (apart if right > left else -apart) if abs(t - middle.t) < apart else t


def _look(here: Here, direction: Floats, t: float, kit: Kit) -> Asking[Ray | None]:
    point = kit.bounds.clip(here.point + t * direction)
    value = yield from ask_one(point)
    return None if np.isnan(value) else Ray(t, point, value)


def along(here: Here, direction: Floats, first: float, search: Search, kit: Kit) -> Asking[Here | None]:
    """The next iterate of a walk that searches a line, announced; None where nothing along it is lower."""
    ray = yield from search(here, inside(here, direction, kit), first, kit)
    if ray is None or not _goes_anywhere(here.point, ray.point):
        return None
    gradient = ray.gradient
    if gradient is None:
        gradient = yield from gradient_at(ray.point, ray.value, kit)
    found = Here(ray.point, ray.value, gradient)
    length = float(np.linalg.norm(ray.point - here.point))
    yield Step(found.point, found.value, found.slope, length / here.slope if here.slope > 0 else float("nan"))
    return found


def _goes_anywhere(here: Point, there: Point) -> bool:
    size = max(float(np.abs(here).max()), float(np.abs(there).max()))
    return float(np.abs(there - here).max()) > POINTLESS * size


def inside(here: Here, direction: Floats, kit: Kit) -> Floats:
    """The direction without the parts that lead straight out of the bounds."""
    out = ((here.point <= kit.bounds.lower) & (direction < 0)) | ((here.point >= kit.bounds.upper) & (direction > 0))
    return np.where(out, 0.0, direction)


def line_search(start: Point, kit: Kit) -> Asking[WalkStop]:
    """Steepest descent; of several step lengths around the last one the lowest is kept. 2d + 9 evaluations a step."""
    return (yield from steepest(start, kit, several))


def steepest_armijo(start: Point, kit: Kit) -> Asking[WalkStop]:
    """Steepest descent with backtracking."""
    return (yield from steepest(start, kit, armijo))


def steepest_wolfe(start: Point, kit: Kit) -> Asking[WalkStop]:
    """Steepest descent whose steps fulfil the strong Wolfe conditions."""
    return (yield from steepest(start, kit, strong_wolfe))


def steepest_exact(start: Point, kit: Kit) -> Asking[WalkStop]:
    """Steepest descent to the lowest point of each line; every turn is a right angle."""
    return (yield from steepest(start, kit, exact))


def steepest(start: Point, kit: Kit, search: Search) -> Asking[WalkStop]:
    """θ ← θ − t ∇J with t from a line search that begins at twice the last one."""
    here, rate = (yield from begin(start, kit)), kit.learning_rate
    while here is not None and here.slope > 0:
        before = here
        here = yield from along(here, -here.gradient, rate, search, kit)
        if here is not None:
            rate = 2 * float(np.linalg.norm(here.point - before.point)) / before.slope
    return WalkStop.NO_IMPROVEMENT
