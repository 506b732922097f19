"""What all parts of one search share: the bounds and where to draw from."""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Explored, Floats, Point
from blackbox.core.bounds import Bounds
from blackbox.search.regions import LEVEL_GROWTH, LEVELS, MOST_LEVELS, Region, level, whole

SHORTEST_REACH = float(np.finfo(np.float64).tiny) ** 0.25
"""A length whose fourth power is still a normal number: curvatures and their squares in its unit stay finite."""

DRAWN_LEVEL = 3
"""Without bounds the draws come from 64 reaches around: nearer, Rosenbrock's bent valley looks like a wave. So far away
they are no start for a walk, and so they come after it."""

FURTHEST_LEVELS = 14
"""… as long as it takes no more levels than that: each costs two restarts."""

USUAL_REACH = 4096.0
"""Without bounds the widest region goes so far at least along one axis, in units of the start's own size: 750 is no
unusual place."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The bounds, the start, and the reach that sounding found there."""

    bounds: Bounds
    start: Point
    reach: Floats
    """Shape `(d,)`: half width of the first level; unused where the bounds are finite."""

    def region(self, k: int) -> Region:
        """The k-th region to draw from; the box itself where there is one."""
        if self.bounds.finite:
            return whole(self.bounds)
        return level(self.start, self.reach, k, self.bounds)

    def around(self, point: Point) -> Region:
        """The region one wider than the first that holds the point; the box itself where there is one."""
        return self.region(self.level_of(point) + 1)

    def explored(self, levels: int) -> Explored:
        """The widest of so many regions, as an event."""
        widest = self.region(levels - 1)
        return Explored(widest.lower, widest.upper)

    def level_of(self, point: Point) -> int:
        """The first level whose box holds the point."""
        if self.bounds.finite:
            return 0
        ratio = float(np.max(np.abs(point - self.start) / self.reach))
        return max(0, int(np.ceil(np.log(max(ratio, 1.0)) / np.log(LEVEL_GROWTH))))

    def levels(self, farthest: Floats) -> int:
        """How many levels are in use when landings lie as far from the start as `farthest`, shape `(d,)`.

        The region grows while it pays: two levels beyond the farthest minimum that was worth landing at.
        """
        if self.bounds.finite:
            return 1
        ratio = float(np.max(np.maximum(farthest, self.reach) / self.reach))
        needed = int(np.ceil(np.log(ratio) / np.log(LEVEL_GROWTH))) + 2
        # A start at the bottom of a narrow valley has a tiny reach; what a person calls far is far all the same.
        wanted = float(np.min(USUAL_REACH * np.maximum(1.0, np.abs(self.start)) / self.reach))
        fewest = max(LEVELS, int(np.ceil(np.log(max(wanted, 1.0)) / np.log(LEVEL_GROWTH))) + 1)
        return int(np.clip(needed, min(fewest, FURTHEST_LEVELS), MOST_LEVELS))


def useful_reach(scale: Floats) -> Floats:
    """Half widths of the first level, from the scale that sounding found: kept off 0, so that ratios stay finite."""
    return np.maximum(scale, SHORTEST_REACH)
