"""What kind of landscape is this? Told from evaluations that were made anyway."""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from blackbox.core.asking import Points, Values
from blackbox.descent.quasi_newton import Iterate
from blackbox.descent.terrain import Terrain

RUGGED = 0.025
"""Far points lie lower than this part of what the local curvature promises: small waves on a wide bowl."""

EARLIEST = 6
"""Evaluations, times d, before the curvature of a walk is believed."""


LATEST = 12


class Landscape(Enum):
    RUGGED = "rugged"
    SMOOTH = "smooth"
    STALLED = "stalled"


@dataclass(slots=True)
class Referee:
    """Ends a walk on a rugged landscape."""

    points: Points
    values: Values
    terrain: Terrain
    rugged: bool = False

    def __call__(self, now: Iterate) -> bool:
        if not EARLIEST * now.x.size <= now.asked <= LATEST * now.x.size or not self.values.size:
            return False
        self.rugged = self.ratio(now) < RUGGED
        return self.rugged

    def ratio(self, now: Iterate) -> float:
        """How much of the rise that the local model promises at far points is there."""
        far = (self.points - now.x) / self.terrain.scale
        promised = np.einsum("ij,jk,ik->i", far, now.hessian, far) / 2
        rise = self.values - now.value
        return float(np.median(rise / np.maximum(promised, 1e-300)))
