"""Is this a minimum, or does f fall for ever in this direction?"""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Floats, Landing, Point
from blackbox.core.bounds import Bounds
from blackbox.core.stops import Stop
from blackbox.gradients.steps import MACHINE, VALUE_ROUNDINGS

FAR = 10.0
"""Landings within this many units of the start are minima until proved otherwise."""

HALVINGS, DOUBLINGS = 3, 24
"""Points asked along the ray: each half as far as the last towards the start, each twice as far beyond."""

FEWEST = HALVINGS + 5
"""Points of the ray, from its beginning, that must have values; beyond, values may be too large for a float."""

RECORDS = 3
"""New lowest values beyond a landing that make it a runaway: waves that grow need not fall at every point."""

LAST = 6
"""The lowest of all must be among so many of the farthest points: nearer, it is another basin on the way."""

STEADY = 0.5
"""A fall whose last drop is at least this part of its first does not dwindle."""


SUSPICIOUS = 1e12
"""A landing so many units away is looked beyond at once, not only in the end."""


@dataclass(frozen=True, slots=True)
class Runaway:
    """The verdict; `stop` is None for an honest minimum."""

    stop: Stop | None
    detail: str


NO_RUNAWAY = Runaway(None, "")


def look_beyond(start: Point, landing: Landing, bounds: Bounds) -> Asking[Runaway]:
    """Follow the ray from the start through a far landing and beyond. 0 or 28 evaluations.

    Never rising, and falling by amounts that do not dwindle: unbounded. Never rising, and falling by amounts that
    dwindle to nothing: an infimum that is never reached, even where the values underflow to it.
    """
    away = landing.point - start
    if bounds.finite or distance(start, landing.point) < FAR:
        return NO_RUNAWAY
    reach = 2.0 ** np.arange(-HALVINGS, DOUBLINGS + 1)
    points = bounds.clip(start + reach[:, np.newaxis] * away)
    values = yield points
    holes = np.flatnonzero(np.isnan(values))
    values = values[: holes[0]] if holes.size else values
    if values.size < FEWEST:
        return NO_RUNAWAY
    inner, outer = -np.diff(values[: HALVINGS + 1]), -np.diff(values[HALVINGS:])
    direction = np.array2string(away / np.abs(away).max(), precision=3, suppress_small=True)
    return _judge(inner, outer, values[HALVINGS:], direction)


def distance(start: Point, point: Point) -> float:
    """How far away a point is, in units of the start's own size, along the axis where that is most."""
    return float(np.max(np.abs(point - start) / np.maximum(1.0, np.abs(start))))


def _judge(inner: Floats, outer: Floats, values: Floats, direction: str) -> Runaway:
    rounding = VALUE_ROUNDINGS * MACHINE * np.abs(values[1:])
    places = np.flatnonzero(np.diff(np.minimum.accumulate(values)) < -rounding) + 1
    records = values[places]
    to_the_end = places.size >= RECORDS and places[-1] >= values.size - LAST
    if to_the_end and records[-2] - records[-1] >= STEADY * (values[0] - records[0]):
        farther = 2.0 ** (values.size - 1)
        return Runaway(Stop.UNBOUNDED, f"it still falls {farther:.3g} times farther out along {direction}")
    if np.any(outer < -rounding):
        return NO_RUNAWAY
    dwindling = bool(np.all(inner > 0) and np.all(np.diff(inner) < 0) and outer[0] < inner[-1])
    if dwindling:
        level = f"{values[-1]:.6g}"
        return Runaway(Stop.INFIMUM, f"along {direction} it falls ever more slowly towards {level} and never turns")
    return NO_RUNAWAY
