"""Is this a minimum, or does f fall for ever in this direction?"""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Landing, Point
from blackbox.core.stops import Stop
from blackbox.gradients.steps import MACHINE
from blackbox.search.ground import Ground

FAR = 1e6
"""Landings nearer than this many first reaches are minima until proved otherwise."""

DOUBLINGS = 24
"""Points asked along the ray, each twice as far."""


@dataclass(frozen=True, slots=True)
class Runaway:
    """The verdict; `stop` is None for an honest minimum."""

    stop: Stop | None
    detail: str


def look_beyond(start: Point, landing: Landing, ground: Ground) -> Asking[Runaway]:
    """Follow the ray from the start through a far landing, twice as far each time. 0 or 24 evaluations.

    Falling all the way by amounts that do not dwindle: unbounded. Falling all the way by amounts that dwindle
    geometrically: an infimum that is never reached.
    """
    away = landing.point - start
    if not np.max(np.abs(away) / ground.reach) >= FAR:
        return Runaway(None, "")
    far = 2.0 ** np.arange(1, DOUBLINGS + 1)
    points = ground.bounds.clip(start + far[:, np.newaxis] * away)
    values = yield points
    chain = np.concatenate([[landing.value], values])
    if np.isnan(chain).any():
        return Runaway(None, "")
    drops = -np.diff(chain)
    rounding = 4 * MACHINE * np.abs(chain[1:])
    if np.any(drops < -rounding):
        return Runaway(None, "")
    direction = np.array2string(away / np.linalg.norm(away), precision=3, suppress_small=True)
    if drops[-1] > rounding[-1] and drops[-1] >= 0.5 * drops[0]:
        return Runaway(Stop.UNBOUNDED, f"it still falls {far[-1]:.3g} times farther out along {direction}")
    if drops[0] > 0:
        return Runaway(
            Stop.INFIMUM, f"it falls ever more slowly along {direction} and levels off near {values[-1]:.12g}"
        )
    return Runaway(None, "")
