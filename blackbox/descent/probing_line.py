"""The line search of the probing-gradient walk: backtrack, look back where a step went too far, run on where it pays.

A value costs one evaluation and the gradient that follows d, so a line is searched only as well as its parabolas tell.
(Nocedal & Wright 2006, chapter 3.)
"""

from dataclasses import dataclass, replace
from functools import partial
from math import isnan

import numpy as np

from blackbox.core.asking import Asking, Floats, Foresight, Point, Points, ask_one
from blackbox.descent.probing import Iterate, along, slope_points
from blackbox.descent.terrain import Terrain

SUFFICIENT = 1e-4
"""Armijo's constant, the textbook's (Nocedal & Wright 2006, page 33)."""

STRETCH = 5.0
"""A line search that runs downhill may look this many times farther in one stride."""

SPOILT = 0.7
"""A step that gains less than this part of what the parabola through it promises is followed by a look at the
parabola's lowest point: one evaluation against the d + 1 of the next gradient."""

SHORTEST = 0.1
"""… and one that went too far keeps this part of its step at least."""

STRIDES = 12
"""Strides of one extrapolation: 5^12 = 2e8 of the first stride, far enough for any scale that was misjudged."""

BACKTRACKS = 24
"""Halvings at least; beyond 2^-24 of a stride the difference is rounding."""

NEXT = 1
"""Rank of the next gradient among what is foreseen: after what is asked already, before what only comes later."""


@dataclass(frozen=True, slots=True)
class Ray:
    """A line search's result."""

    point: Point
    value: float
    asked: int


def line_search(now: Iterate, direction: Floats, newton: bool, terrain: Terrain) -> Asking[Ray]:
    """Backtrack until f has fallen enough; run on where a step that was cut short still goes downhill."""
    slope = float(now.gradient.dot(direction))
    t, asked = 1.0, 0
    for tries in range(BACKTRACKS):
        point = along(now.x, direction, t, terrain)
        if point.tolist() == now.x.tolist():  # a tenth of what .all() takes
            break
        yield _foresee(now, direction, t, _ends(t, tries), terrain)
        value = yield from ask_one(point)
        asked += 1
        if value <= now.value + SUFFICIENT * t * slope:
            ray = Ray(point, value, asked)
            lowest = _bend(now.value, slope, value, t)
            if lowest < t and now.value - value < SPOILT * -slope * lowest / 2:
                return (yield from _look_back(now, direction, lowest, ray, terrain))
            if newton and lowest < 2 * t:
                return ray
            return (yield from _run_on(now, direction, t, ray, terrain))
        least = SHORTEST * t
        shorter = least if isnan(value) else min(max(_bend(now.value, slope, value, t), least), 0.5 * t)
        if value < now.value and abs(t * slope) <= 10 * now.noise:
            return Ray(point, value, asked)
        if abs(t * slope) <= now.noise:
            break  # a shorter step could not show a gain even if there were one
        t = shorter
    return Ray(now.x, now.value, asked)


def _ends(t: float, tries: int) -> tuple[float, ...]:
    """Lengths that a line search may ask after t: where the parabola's minimiser is out of reach, which is often.

    Once it has shortened its step so, it often does again; it is trusted to do so as many times as it has.
    """
    shorter = [SHORTEST * t]
    while len(shorter) < tries:
        shorter.append(SHORTEST * shorter[-1])
    # A step that was shortened too much runs on.
    return (STRETCH * t, *shorter) if tries else (shorter[0], STRETCH * t)


def _look_back(now: Iterate, direction: Floats, t: float, ray: Ray, terrain: Terrain) -> Asking[Ray]:
    """The lowest point of the parabola that the last step went beyond, or that step if it is no lower."""
    point = along(now.x, direction, t, terrain)
    yield _foresee(now, direction, t, (), terrain)
    value = yield from ask_one(point)
    return Ray(point, value, ray.asked + 1) if value < ray.value else replace(ray, asked=ray.asked + 1)


def _run_on(now: Iterate, direction: Floats, t: float, ray: Ray, terrain: Terrain) -> Asking[Ray]:
    """Extrapolate the parabola through the last step while it keeps paying."""
    slope, best = float(now.gradient.dot(direction)), ray
    for _ in range(STRIDES):
        farther = min(_bend(now.value, slope, best.value, t), STRETCH * t)
        if farther < 1.5 * t:
            break
        point = along(now.x, direction, farther, terrain)
        if point.tolist() == best.point.tolist():
            break
        yield _foresee(now, direction, farther, (STRETCH * farther,) if farther == STRETCH * t else (), terrain)
        value = yield from ask_one(point)
        best = replace(best, asked=best.asked + 1)
        if not value < best.value:
            break
        best, t = Ray(point, value, best.asked), farther
    return best


def _bend(origin: float, slope: float, value: float, t: float) -> float:
    """Minimiser of the parabola with f(0), f'(0) and f(t); infinite where it opens downward."""
    curvature = (value - origin - slope * t) / t**2
    return -slope / (2 * curvature) if curvature > 0 else float("inf")


def _foresee(now: Iterate, direction: Floats, t: float, on: tuple[float, ...], terrain: Terrain) -> Foresight:
    """What a line search leads to from the length t: the gradient there, or perhaps the lengths `on`."""
    return Foresight(
        "walk",
        partial(_slope_along, now, direction, t, terrain),
        NEXT,
        partial(_lengths_along, now, direction, on, terrain) if on else None,
    )


def _slope_along(now: Iterate, direction: Floats, t: float, terrain: Terrain) -> Points:
    """What the gradient there asks if the value, which nobody knows yet, falls as the parabola of the model does."""
    guess = now.value + t * float(now.gradient.dot(direction)) / 2
    return slope_points(along(now.x, direction, t, terrain), guess, now, terrain)


def _lengths_along(now: Iterate, direction: Floats, lengths: tuple[float, ...], terrain: Terrain) -> Points:
    return np.array([along(now.x, direction, t, terrain) for t in lengths])
