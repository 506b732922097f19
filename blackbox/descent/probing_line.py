"""The line search of the probing-gradient walk: backtrack, look back where a step went too far, run on where it pays.

A value costs one evaluation and the gradient that follows d, so a line is searched only as well as its parabolas tell.
(Nocedal & Wright 2006, chapter 3.)
"""

from math import isnan

import numpy as np

from blackbox.core.asking import Asking, ask_one
from blackbox.descent.line_ahead import HALF, SHORTEST, STRETCH, LineAhead, Ray
from blackbox.descent.probing import along

SUFFICIENT = 1e-4
"""Armijo's constant, the textbook's (Nocedal & Wright 2006, page 33)."""

SPOILT = 0.85
"""A step that gains less than this part of what the parabola through it promises is followed by a look at the
parabola's lowest point: one evaluation against the d + 1 of the next gradient."""

FARTHER = 1.5
"""A parabola whose minimiser is so many times as far is worth a look there, after a whole Newton step as well."""

STRIDES = 18
"""Strides of one extrapolation: 3^18 = 4e8 of the first stride, far enough for any scale that was misjudged."""

BACKTRACKS = 24
"""Halvings at least; beyond 2^-24 of a stride the difference is rounding."""


def line_search(ahead: LineAhead, last: Ray | None = None) -> Asking[Ray]:
    """Backtrack until f has fallen enough; run on where a step that was too short still goes downhill.

    `last` is what the walk's last line search came to: the next often goes the same way, and that is foreseen.
    """
    now, direction, terrain = ahead.now, ahead.direction, ahead.terrain
    slope = float(now.gradient.dot(direction))
    t, part, asked = 1.0, SHORTEST, tuple[float, ...]()
    for tries in range(BACKTRACKS):
        point = along(now.x, direction, t, terrain)
        if point.tolist() == now.x.tolist():  # a tenth of what .all() takes
            break
        yield ahead.tried(t, tries, part) if tries else ahead.first(last)
        answers = yield point[np.newaxis]  # not by `ask_one`: most single questions are asked here
        value = float(answers[0])
        asked = (*asked, t)
        if value <= now.value + SUFFICIENT * t * slope:
            ray = Ray(point, value, asked, t)
            lowest = _bend(now.value, slope, value, t)
            if lowest < t and now.value - value < SPOILT * -slope * lowest / 2:
                return (yield from _look_back(ahead, lowest, ray))
            return (yield from _run_on(ahead, t, ray))
        least = SHORTEST * t
        shorter = least if isnan(value) else min(max(_bend(now.value, slope, value, t), least), HALF * t)
        if value < now.value and abs(t * slope) <= 10 * now.noise:
            return Ray(point, value, asked, t)
        if abs(t * slope) <= now.noise:
            break  # a shorter step could not show a gain even if there were one
        part = SHORTEST if shorter == least else HALF if shorter == HALF * t else 0.0
        t = shorter
    return Ray(now.x, now.value, asked)


def _look_back(ahead: LineAhead, t: float, ray: Ray) -> Asking[Ray]:
    """The lowest point of the parabola that the last step went beyond, or that step if it is no lower."""
    point = along(ahead.now.x, ahead.direction, t, ahead.terrain)
    yield ahead.beyond(t, ray)
    value = yield from ask_one(point)
    asked = (*ray.lengths, t)
    return Ray(point, value, asked, t) if value < ray.value else ray._replace(lengths=asked)


def _run_on(ahead: LineAhead, t: float, ray: Ray) -> Asking[Ray]:
    """Extrapolate the parabola through the last step while it keeps paying."""
    now, direction = ahead.now, ahead.direction
    slope, best = float(now.gradient.dot(direction)), ray
    for _ in range(STRIDES):
        farther = min(_bend(now.value, slope, best.value, t), STRETCH * t)
        if farther < FARTHER * t:
            break
        point = along(now.x, direction, farther, ahead.terrain)
        if point.tolist() == best.point.tolist():
            break
        yield ahead.beyond(farther, best, (STRETCH * farther,) if farther == STRETCH * t else ())
        value = yield from ask_one(point)
        asked = (*best.lengths, farther)
        if not value < best.value:
            best = best._replace(lengths=asked)
            break
        best, t = Ray(point, value, asked, farther), farther
    return best


def _bend(origin: float, slope: float, value: float, t: float) -> float:
    """Minimiser of the parabola with f(0), f'(0) and f(t); infinite where it opens downward."""
    curvature = (value - origin - slope * t) / t**2
    return -slope / (2 * curvature) if curvature > 0 else float("inf")
