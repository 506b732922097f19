"""Is this a minimum, or does f fall for ever in this direction?"""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Floats, Landing, Point
from blackbox.core.bounds import Bounds
from blackbox.core.stops import Stop
from blackbox.gradients.steps import MACHINE, VALUE_ROUNDINGS
from blackbox.search.finish import Told

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

MINOR = 0.01
"""A coordinate that went less than this part of the way of the farthest may stand at its own minimum."""

FURTHER, DWINDLING, NOTHING_LEFT = 12, 4, 1e-6
"""Before a hole the ray is looked at so many halvings nearer; what falls less and less over the last four of them, and
by less than a millionth of the largest drop in the end, has nothing left to fall."""

DECADES, POLE = 14, 0.8
"""Tenths of a distance from a pole, and the least part of one drop that the next must be."""

STEADY = 0.5
"""A fall whose last drop is at least this part of its first does not dwindle."""


SUSPICIOUS = 1e12
"""A landing so many units away is looked beyond at once, not only in the end."""


@dataclass(frozen=True, slots=True, eq=False)
class Runaway:
    """The verdict; `stop` is None for an honest minimum."""

    stop: Stop | None
    told: Told
    ray: Floats | None = None
    """Shape `(d,)`: where f falls without end, its largest component ±1."""


NO_RUNAWAY = Runaway(None, Told())


def look_beyond(start: Point, landing: Landing, bounds: Bounds) -> Asking[Runaway]:
    """Follow the ray from the start through a far landing and beyond. 6 or 12 evaluations for most minima, up to 68.

    Never rising, and falling by amounts that do not dwindle: unbounded. Never rising, and falling by amounts that
    dwindle to nothing: an infimum that is never reached, even where the values underflow to it, or where f fails
    once they do. Coordinates that went much less far than others may be at home: a second ray holds them.
    """
    away = landing.point - start
    if bounds.finite or distance(start, landing.point) < FAR:
        return NO_RUNAWAY
    verdict = yield from _follow(landing.point, landing.value, away, bounds)
    major = np.where(np.abs(away) >= MINOR * np.abs(away).max(), away, 0.0)
    if verdict.stop is None and not np.array_equal(major, away):
        verdict = yield from _follow(landing.point, landing.value, major, bounds)
    return verdict


def _follow(point: Point, value: float, away: Floats, bounds: Bounds) -> Asking[Runaway]:
    reach = 2.0 ** np.arange(-HALVINGS, DOUBLINGS + 1)
    ray_points = bounds.clip(point + (reach[:, np.newaxis] - 1) * away)
    last = yield ray_points[-LAST:]
    if np.all(last - value > DOUBLINGS * VALUE_ROUNDINGS * MACHINE * np.abs(last)):
        return NO_RUNAWAY  # what is not lower there does not fall for ever, whatever lies between
    nearer = yield ray_points[:-LAST]
    values = np.concatenate([nearer, last])
    holes = np.flatnonzero(np.isnan(values))
    values = values[: holes[0]] if holes.size else values
    ray = away / np.abs(away).max()
    if HALVINGS < values.size < FEWEST:
        nearer = 2.0 ** -np.arange(HALVINGS + FURTHER, HALVINGS, -1.0)
        inside = yield bounds.clip(point + (nearer[:, np.newaxis] - 1) * away)
        return _judge_before_a_hole(np.concatenate([inside, values]), ray)
    if values.size < FEWEST:
        return NO_RUNAWAY
    inner, outer = -np.diff(values[: HALVINGS + 1]), -np.diff(values[HALVINGS:])
    return _judge(inner, outer, values[HALVINGS:], ray)


def _judge_before_a_hole(values: Floats, ray: Floats) -> Runaway:
    """Where f fails a little farther out: an infimum all the same if nothing worth mentioning was left to fall."""
    drops = -np.diff(values)
    if np.isnan(values).any() or np.any(drops < 0) or drops[0] <= 0:
        return NO_RUNAWAY
    last = drops[-DWINDLING:]
    if np.all(np.diff(last) <= 0) and last[-1] <= NOTHING_LEFT * drops.max():
        return Runaway(Stop.INFIMUM, _slower(ray, values[-1]), ray)
    return NO_RUNAWAY


def _slower(ray: Floats, level: float) -> Told:
    return Told.of(f"along {_shown(ray)} it {{falls}} ever more slowly towards {{level}} and never turns", level)


def _shown(ray: Floats) -> str:
    return np.array2string(ray, precision=3, suppress_small=True)


def look_into(landing: Landing, scale: Floats, bounds: Bounds) -> Asking[Runaway]:
    """Does f fall without end towards a point, as 1/x and log|x| do at 0? 28 evaluations.

    The nearer to a minimum, the less is left to fall, a tenth for each tenth of the distance at a kink; towards a pole
    every tenth of the distance falls as much as the last, or more.
    """
    side = scale / np.sqrt(scale.size)
    shares = 10.0 ** -np.arange(DECADES, dtype=np.float64)
    for sign in (1.0, -1.0):
        values = yield bounds.clip(landing.point + sign * shares[:, np.newaxis] * side)
        drops = -np.diff(values)
        steady = np.all(drops > 0) and np.all(drops[1:] >= POLE * drops[:-1])
        if steady:
            place = np.array2string(landing.point, precision=3)
            return Runaway(Stop.UNBOUNDED, Told.of(f"it {{falls}} without end the nearer x comes to {place}"))
    return NO_RUNAWAY


def distance(start: Point, point: Point) -> float:
    """How far away a point is, in units of the start's own size, along the axis where that is most."""
    return float(np.max(np.abs(point - start) / np.maximum(1.0, np.abs(start))))


def _judge(inner: Floats, outer: Floats, values: Floats, ray: Floats) -> Runaway:
    rounding = VALUE_ROUNDINGS * MACHINE * np.abs(values[1:])
    places = np.flatnonzero(np.diff(np.minimum.accumulate(values)) < -rounding) + 1
    records = values[places]
    to_the_end = places.size >= RECORDS and places[-1] >= values.size - LAST
    if to_the_end and records[-2] - records[-1] >= STEADY * (values[0] - records[0]):
        farther = 2.0 ** (values.size - 1)
        return Runaway(
            Stop.UNBOUNDED, Told.of(f"it still {{falls}} {farther:.3g} times farther out along {_shown(ray)}"), ray
        )
    if np.any(outer < -rounding):
        return NO_RUNAWAY
    dwindling = bool(np.all(inner > 0) and np.all(np.diff(inner) < 0) and outer[0] < inner[-1])
    if dwindling:
        return Runaway(Stop.INFIMUM, _slower(ray, values[-1]), ray)
    return NO_RUNAWAY
