"""Off a plateau: where f does not change around the start, random points near and far look for where it does.

No slope leads anywhere, so nothing is better than to draw: uniformly from a box, and without bounds from boxes around
the start, each four times wider than the last.
"""

import numpy as np

from blackbox.core.asking import Asking, Effort, Point, Remark
from blackbox.core.bounds import Bounds
from blackbox.descent.terrain import Descent, Terrain
from blackbox.search.ground import useful_reach
from blackbox.search.landing import Pains, Start, land
from blackbox.search.regions import LEVELS, level, whole
from blackbox.search.sounding import sound

DRAWS = 1_000
"""Points, times d + 2: a well that takes up a thousandth of a box is met in 98 of 100 runs for two inputs."""

BATCH = 32

NEEDLE = (
    "a plateau: {} random points all gave the same value as the start; a needle, lower on less than about "
    "{:.1g} of the region, would most likely not have been found"
)


def leave(first: Point, value: float, bounds: Bounds, rng: np.random.Generator) -> Asking[Descent | None]:
    """A descent from where f first differs from the plateau; None where it differs nowhere that was asked.

    At most 1,000 (d + 2) evaluations to find such a point. Its surroundings are sounded, since a descent with strides
    of the size of the region would step over a well.
    """
    yield Effort("plateau")
    off = yield from _draw(first, value, bounds, rng)
    if off is None:
        return None
    sounding = yield from sound(off.point, off.value, bounds)
    terrain = Terrain(bounds, useful_reach(sounding.scale))
    return (yield from land(Start(sounding.point, sounding.value), terrain, rng, Pains(worth=float("inf"))))


def _draw(first: Point, value: float, bounds: Bounds, rng: np.random.Generator) -> Asking[Start | None]:
    """The lowest of the first points drawn that differ."""
    drawn, promised = 0, DRAWS * (first.size + 2)
    while drawn < promised:
        reach, k = np.maximum(1.0, np.abs(first)), drawn // BATCH % LEVELS
        region = whole(bounds) if bounds.finite else level(first, reach, k, bounds)
        points = region.sample(min(BATCH, promised - drawn), rng)
        values = yield points
        drawn += len(points)
        other = np.isfinite(values) & (values != value)
        if other.any():
            lowest = int(np.argmin(np.where(other, values, np.inf)))
            return Start(np.ascontiguousarray(points[lowest]), float(values[lowest]))
    yield Remark("plateau", NEEDLE.format(f"{drawn:,}", 3 / drawn))
    return None
