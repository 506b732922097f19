"""How long the waves of f along one direction are, and whether it repeats along that direction at all."""

from dataclasses import dataclass
from math import asin, pi, sin, sqrt

import numpy as np

from blackbox.core.asking import Asking, Floats, ask_one
from blackbox.search.landing import Start
from blackbox.search.regions import Region

NEAREST = 1e-5
"""Part of the room at least that the first look is away."""

STRIDE = 3.0
"""Each look for the length of the waves is so many times as far from the well as the one before."""

SHORT = 8.0
"""A parabola rises by 9 at three times the distance; where a wave rises by less than this, the farther look is 1.25 rad
or more along it, and tells its length to some digits."""

ASIDE = 0.05
"""A slope in a well is told by a second point, so many waves aside."""

AWAY = (1, 4)
"""Wells at so many waves from the first tell the length of a wave: the near one roughly, the far one to four digits."""

ALIKE = 0.3
"""Part of how much f changes over half a wave that it may have changed by after a whole one."""

OFF = 0.15
"""Where the next well is not within so many waves of where it should be, there are no waves of one length."""


def wave_along(well: Start, direction: Floats, region: Region, first: float) -> Asking[float | None]:
    """The length of the waves along a direction, in its units; None where there are none, or no whole one.

    A cos ω t rises from a well's bottom by 2 A sin² (ω t / 2), and three times as far away by (3 − 4 sin² (ω t / 2))²
    as much; `first` is where to look first. Then wells a few waves away tell more digits. Some 16 evaluations.
    """
    side = max((1.0, -1.0), key=lambda side: region.room(well.point, side * direction))
    room = region.room(well.point, side * direction)
    away = max(first, NEAREST * room)

    if STRIDE * away > room:
        return None

    def risen(far: float) -> Asking[float]:
        # At the end of the room rounding must not lead outside.
        point = np.clip(well.point + side * far * direction, region.lower, region.upper)
        return (yield from ask_one(point)) - well.value

    near = yield from risen(away)
    while STRIDE * away <= room:
        far = yield from risen(STRIDE * away)
        if not far > near > 0:
            return None
        if far < SHORT * near:
            half_phase = _half_phase(near, far)
            bend = 2 * near / away**2 * (half_phase / sin(half_phase)) ** 2
            return (yield from _sharpened(well, direction, region, _Wave(pi * away / half_phase, bend)))
        away, near = STRIDE * away, far
    return None


def repeats_along(place: Start, direction: Floats, region: Region, first: float) -> Asking[bool]:
    """Whether f repeats along a direction, told from any place; `first` is where to look first. Some 16 evaluations.

    The even part of A cos(ω t + φ) is A cos φ (cos ω t − 1): of a wave it tells what `wave_along` sees from the bottom
    of a well, wherever it is looked at, and of a slope nothing at all.
    """
    room = min(region.room(place.point, direction), region.room(place.point, -direction))

    def even(*aways: float) -> Asking[list[float]]:
        far = np.outer(aways, direction)
        # At the end of the room rounding must not lead outside.
        points = np.clip(np.concatenate([place.point + far, place.point - far]), region.lower, region.upper)
        values = yield points
        return (values[: len(aways)] + values[len(aways) :] - 2 * place.value).tolist()

    away = max(first, NEAREST * room)
    if STRIDE * away > room:
        return False
    near = (yield from even(away))[0]
    while STRIDE * away <= room:
        far = (yield from even(STRIDE * away))[0]
        if near == 0 or not far / near > 0:
            return False
        if far / near < SHORT:
            length = pi * away / _half_phase(near, far)
            if not 1.5 * length <= room:
                return False
            half, whole, more = yield from even(length / 2, length, 1.5 * length)
            return abs(whole) <= ALIKE * abs(half) and abs(more - half) <= ALIKE * abs(half)
        away, near = STRIDE * away, far
    return False


def _half_phase(near: float, far: float) -> float:
    """Half of ω t, where a wave rises by `near` over t and by `far` over three times as much."""
    return asin(sqrt((STRIDE - sqrt(far / near)) / 4))


@dataclass(frozen=True, slots=True)
class _Wave:
    """Waves along a direction, in its units."""

    length: float
    bend: float
    """Second derivative at the bottom of a well."""


def _sharpened(well: Start, direction: Floats, region: Region, wave: _Wave) -> Asking[float | None]:
    """The length of the waves to some four digits, from wells away; None where these are not where they should be.

    The bowl's curvature Q draws a well nearer than a whole number of waves, by the part Q / (Q + A ω²) of the way.
    Where there is room on one side alone that is not known, and the length is told too short by as much.
    """
    length, told = wave.length, False
    for count in AWAY:
        bend, step = wave.bend * length**2, length * direction
        offs, heights = list[float](), list[float]()
        for side in (1.0, -1.0):
            places = well.point + side * np.outer([count, count - ASIDE], step)
            if not np.all((places >= region.lower) & (places <= region.upper)):
                continue
            there, aside = (yield places).tolist()
            slope = (there - aside) / ASIDE + bend * ASIDE / 2
            offs.append(-slope / bend)
            heights.append(there + slope * offs[-1] / 2 - well.value)
        if not offs:
            break
        if not all(abs(off) <= OFF for off in offs):
            return None
        bowl = sum(heights) / count**2 if len(heights) == 2 else 0.0
        length, told = length * (1 + sum(offs) / len(offs) / count + bowl / bend), True
    return length if told else None
