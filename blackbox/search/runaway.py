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

STEADY = 0.5
"""A fall whose last drop is at least this part of its first does not dwindle."""


@dataclass(frozen=True, slots=True)
class Runaway:
    """The verdict; `stop` is None for an honest minimum."""

    stop: Stop | None
    detail: str


NO_RUNAWAY = Runaway(None, "")


def look_beyond(start: Point, landing: Landing, bounds: Bounds) -> Asking[Runaway]:
    """Follow the ray from the start through a far landing and beyond. 0 or 27 evaluations.

    Never rising, and falling by amounts that do not dwindle: unbounded. Never rising, and falling by amounts that
    dwindle to nothing: an infimum that is never reached, even where the values underflow to it.
    """
    away = landing.point - start
    if not np.max(np.abs(away) / np.maximum(1.0, np.abs(start))) >= FAR:
        return NO_RUNAWAY
    reach = 2.0 ** np.arange(-HALVINGS, DOUBLINGS + 1)
    points = bounds.clip(start + reach[:, np.newaxis] * away)
    values = yield points
    if np.isnan(values).any():
        return NO_RUNAWAY
    inner, outer = -np.diff(values[: HALVINGS + 1]), -np.diff(values[HALVINGS:])
    direction = np.array2string(away / np.abs(away).max(), precision=3, suppress_small=True)
    return _judge(inner, outer, values[HALVINGS:], direction)


def _judge(inner: Floats, outer: Floats, values: Floats, direction: str) -> Runaway:
    rounding = VALUE_ROUNDINGS * MACHINE * np.abs(values[1:])
    if np.any(outer < -rounding):
        return NO_RUNAWAY
    if outer[-1] > rounding[-1] and outer[-1] >= STEADY * outer[0]:
        farthest = 2**DOUBLINGS
        return Runaway(Stop.UNBOUNDED, f"it still falls {farthest:.3g} times farther out along {direction}")
    dwindling = bool(np.all(inner > 0) and np.all(np.diff(inner) < 0) and outer[0] < inner[-1])
    if dwindling:
        level = f"{values[-1]:.6g}"
        return Runaway(Stop.INFIMUM, f"along {direction} it falls ever more slowly towards {level} and never turns")
    return NO_RUNAWAY
