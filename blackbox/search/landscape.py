"""What kind of landscape is this? Told from evaluations that were made anyway.

The curvature that a walk meets promises how high f must stand far away. Where it stands much lower, the curvature is
that of small waves on a wide bowl.
"""

from dataclasses import dataclass
from enum import Enum
from math import isnan, nan

import numpy as np

from blackbox.core.asking import Floats, Point
from blackbox.descent.probing import Iterate
from blackbox.descent.terrain import Descent, Terrain
from blackbox.search.additivity import Draws

WAVY = 0.025
"""Part of the promised rise that is there, below which waves are what the walk sees: bbob's smooth functions show
0.05 to 1e4 (4 instances of each in d = 2, 3, 5, 10, 20), its Rastrigin and Schaffer functions 1e-3 to 0.025 …"""

RUGGED = 0.002
"""… and its Weierstrass, Katsuura, Griewank and Gallagher-like ones below: there a descent leads nowhere."""

EARLIEST, LATEST = 6, 16
"""Evaluations, times d, between which the curvature is believed: before, the updates have hardly seen it; later, the
walk may stand at a kink, whose curvature is that of its own step."""


class Landscape(Enum):
    """What the first descent met; `turns` shares out the evaluations by it."""

    SMOOTH = "smooth"
    """It ended where the gradient vanishes."""
    STALLED = "stalled"
    """It ended without that: a kink, or a valley longer than the walk."""
    WAVY = "wavy"
    RUGGED = "rugged"
    STEPS = "steps"
    """It ended on a plateau, where slopes tell nothing."""


@dataclass(slots=True)
class Referee:
    """Watches a walk, and ends it where waves are all that it sees. Costs no evaluation."""

    draws: Draws
    terrain: Terrain
    ratio: float = float("inf")
    """How much of the promised rise was there, the last time it was looked at."""

    def __call__(self, now: Iterate) -> bool:
        """Whether the walk should end here: waves seen twice in a row, lest one bad update decides."""
        if self.draws.values.size == 0 or not EARLIEST * now.x.size <= now.asked <= LATEST * now.x.size:
            return False
        ratio = self._kept(now.x, now.value, now.hessian)
        if not ratio > 0:
            return False
        twice = max(ratio, self.ratio) < RUGGED
        self.ratio = ratio
        return twice

    def _kept(self, x: Point, value: float, hessian: Floats) -> float:
        """The part of the promised rise that is there, in the median of the draws; not positive where x is high."""
        # Far apart values overflow; an infinite part is no small one.
        with np.errstate(over="ignore", invalid="ignore"):
            far = (self.draws.points - x) / self.terrain.scale
            promised = np.einsum("ij,jk,ik->i", far, hessian, far) / 2
            kept = (self.draws.values - value) / np.maximum(promised, np.finfo(np.float64).tiny)
            return _median(kept.tolist())

    def verdict(self, walk: Descent) -> Landscape:
        """The landscape, once the walk has ended."""
        if walk.smooth and walk.hessian is not None and self.draws.values.size:
            # At the end the curvature is known best.
            self.ratio = self._kept(walk.point, walk.value, walk.hessian)
        if walk.flat:
            return Landscape.STEPS
        if self.ratio < WAVY:
            return Landscape.RUGGED if self.ratio < RUGGED else Landscape.WAVY
        return Landscape.SMOOTH if walk.smooth else Landscape.STALLED


def _median(values: list[float]) -> float:
    """NaN where one of them is; of a handful, several times faster than numpy's."""
    if any(isnan(value) for value in values):
        return nan
    values.sort()
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
