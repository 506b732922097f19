"""Under which conditions trial calls are made: inside the bounds, from the start on, of as many inputs as they tell."""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Point
from blackbox.core.bounds import Bounds, golden_cut


@dataclass(frozen=True, slots=True, eq=False)
class Conditions:
    """What the person said of the points, and how the function answers too few inputs."""

    bounds: Bounds | None = None
    """One pair for each input, or one pair for all of however many there are."""
    start: Point | None = None
    """Shape `(d,)`: a point at which the function should have a value."""
    hushed: bool = False
    """Too few inputs are answered by silence, as by a program that waits for more numbers."""

    @property
    def told(self) -> int | None:
        """The number of inputs, where start or bounds tell it: one pair of bounds may stand for all inputs."""
        if self.start is not None:
            return self.start.size
        return self.bounds.dimension if self.bounds is not None and self.bounds.dimension > 1 else None

    def begins_at(self, dimension: int) -> Point | None:
        """Where the search will begin as well, so that its first answer is known: the start, or in an interval its cut.

        None where that is not known, or would show little: cuts of several intervals make all inputs alike.
        """
        if self.start is not None:
            return self.start if self.start.size == dimension else None
        box = self._box(1) if dimension == 1 else None
        return np.array([golden_cut(box.lower[0], box.upper[0])]) if box is not None and box.finite else None

    def inside(self, point: Point, *, whole: bool = False) -> Point:
        """The point itself where it lies inside the bounds; any coordinate that does not is wrapped or mirrored.

        With `whole`, a whole number inside them where there is one.
        """
        box = self._box(point.size)
        if box is None:
            return point
        lower, upper = (np.ceil(box.lower), np.floor(box.upper)) if whole else (box.lower, box.upper)
        out = (point < lower) | (point > upper)
        width = np.where(np.isfinite(upper - lower), np.maximum(upper - lower, 0.0), np.inf)
        finite = np.isfinite(width)
        span = np.where(finite & (width > 0), width, 1.0)
        wrapped = np.where(finite, lower + np.mod(point - np.where(finite, lower, 0.0), span), 0.0)
        mirrored = np.where(np.isfinite(lower), lower + np.abs(point), upper - np.abs(point))
        moved = np.where(out, np.where(finite, wrapped, mirrored), point)
        return box.clip(np.rint(moved) if whole else moved)

    def _box(self, dimension: int) -> Bounds | None:
        if self.bounds is None:
            return None
        if self.bounds.dimension == dimension:
            return self.bounds
        if self.bounds.dimension == 1:
            return Bounds.from_pairs(self.bounds.pairs(), dimension)
        return None


ANYWHERE = Conditions()
