"""Where restarts are drawn from: the box of the bounds, or boxes around the start, each four times the last."""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Floats, Point, Points
from blackbox.core.bounds import Bounds
from blackbox.descent.terrain import Terrain

LEVEL_GROWTH = 4.0
"""Each level is this much wider than the one before; a basin then fills a good part of the level of its distance."""

LEVELS = 9
"""Levels to begin with: 4^8 = 65,536 times the first reach."""

MOST_LEVELS = 24
"""4^24 = 3e14 first reaches: beyond, two neighbouring floats near the start could not be told from the start."""


@dataclass(frozen=True, slots=True)
class Region:
    """A finite box inside the bounds."""

    lower: Floats
    upper: Floats

    @property
    def width(self) -> Floats:
        """Shape `(d,)`."""
        return self.upper - self.lower

    def room(self, point: Point, step: Floats) -> float:
        """How many such steps one can go from a point inside, shape `(d,)` each; infinite where the step is 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            room = np.where(step > 0, self.upper - point, point - self.lower) / np.abs(step)
        return float(np.min(room, initial=np.inf, where=step != 0))

    def sample(self, n: int, rng: np.random.Generator) -> Points:
        """Uniform points, shape `(n, d)`."""
        return (self.lower + rng.random((n, self.lower.size)) * self.width).clip(self.lower, self.upper)

    def terrain(self, bounds: Bounds) -> Terrain:
        """The ground for a walk from a point of this region."""
        return Terrain(bounds, self.width)


def level(center: Point, reach: Floats, k: int, bounds: Bounds) -> Region:
    """The k-th box around `center`: half width reach · 4^k, cut by the bounds."""
    half = reach * LEVEL_GROWTH**k
    lower, upper = bounds.clip(center - half), bounds.clip(center + half)
    return Region(lower, upper)


def whole(bounds: Bounds) -> Region:
    """The region of finite bounds."""
    return Region(bounds.lower, bounds.upper)
