"""A walk that is still falling when its evaluations are spent: does the valley it follows ever end?

Floors of valleys bend, so no straight ray shows them. Each coordinate of a floor grows like some power of the others,
so the next point is guessed by going on as before on logarithmic axes, and a short descent puts it on the floor again.
"""

import numpy as np

from blackbox.core.asking import Asking, Floats, Landing, Point, ask_one
from blackbox.core.stops import Stop
from blackbox.descent.quasi_newton import QuasiNewton, quasi_newton
from blackbox.descent.terrain import Terrain
from blackbox.search.finish import Told
from blackbox.search.ground import Ground
from blackbox.search.runaway import FAR, NO_RUNAWAY, STEADY, Runaway, distance

LEGS, LEG = 8, 4.0
"""Legs of the walk; each leads so many times farther out than the last."""

MOST_LEGS, SLOWEST = 16, 1024.0
"""Where a valley bends, some coordinates grow more slowly, and its end may lie along them: there are more legs until
each of them has grown so many times, since 1,000 is no unusual place to be one unit away from. Square roots have grown
so far after ten legs, cube roots after fifteen."""

GROWING = 2.0
"""A coordinate that has not grown so many times after all these legs stays where it is."""

PER_AXIS = 60
"""Evaluations of a leg's descent, times d + 2: enough to reach the floor, not to walk along it."""

FIRST_PART = 0.01
"""First stride of a leg's descent, as part of the distance from the start: the guess is near the floor."""


def follow_valley(ground: Ground, landing: Landing) -> Asking[Runaway]:
    """Look where the valley leads in which a walk was cut short. 0 to about 540 (d + 2) evaluations.

    Up to twice as many where some coordinates grow like square roots of others, or more slowly.
    """
    if ground.bounds.finite or landing.settled or distance(ground.start, landing.point) < FAR:
        return NO_RUNAWAY
    before, value = landing.point, landing.value
    here, lower = yield from _floor(before, value, ground)
    gains = [value - lower]
    while not _seen_enough(len(gains) - 1, np.abs(here - ground.start), np.abs(landing.point - ground.start)):
        if not gains[-1] > 0:
            return NO_RUNAWAY
        guess = _farther(ground.start, before, here)
        if guess is None:
            return NO_RUNAWAY
        height = yield from ask_one(ground.bounds.clip(guess))
        if np.isnan(height):
            return NO_RUNAWAY
        before, value = here, lower
        here, lower = yield from _floor(ground.bounds.clip(guess), height, ground)
        gains.append(value - lower)
    if not gains[-1] >= STEADY * max(gains[1:]):
        return NO_RUNAWAY
    away = here - ground.start
    ray = away / np.abs(away).max()
    shown = np.array2string(ray, precision=3, suppress_small=True)
    farther = f"{LEG ** (len(gains) - 1):.3g} times farther along a bent valley"
    told = f"it still {{falls}} {farther}, at the end in the direction {shown}"
    return Runaway(Stop.UNBOUNDED, Told.of(told), ray)


def _seen_enough(legs: int, now: Floats, first: Floats) -> bool:
    """Whether so many legs led far enough, from distances `first` to `now` along each axis."""
    if legs < LEGS or legs == MOST_LEGS:
        return legs == MOST_LEGS
    growing = (now >= GROWING * first) & (first > 0)
    return bool(np.all(now[growing] >= SLOWEST * first[growing]))


def _floor(point: Point, value: float, ground: Ground) -> Asking[tuple[Point, float]]:
    away = np.abs(point - ground.start)
    terrain = Terrain(ground.bounds, np.maximum(ground.reach, away))
    options = QuasiNewton(first_stride=FIRST_PART, evaluations=PER_AXIS * (point.size + 2))
    walk = yield from quasi_newton(point, value, terrain, options)
    return walk.point, walk.value


def _farther(start: Point, before: Point, here: Point) -> Floats | None:
    """The next point on the same powers, `LEG` times farther along the axis that grew most; None where none grew."""
    old, new = before - start, here - start
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where((old != 0) & (new / old > 0), np.abs(new / old), 1.0)
    most = float(ratios.max())
    if not 1 < most < float("inf"):
        return None
    return start + new * ratios ** (np.log(LEG) / np.log(most))
