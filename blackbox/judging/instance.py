"""Instances of a challenge: the same landscape moved, turned and stretched by a seed, so that no answer can be learnt.

candidate's point x = shift + scale · R z          z: point of the packed function
candidate's value   = stretch · f(z) + lift
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Floats, Points
from blackbox.core.errors import OptionError

TRANSFORMS = ("shift", "rotation", "scale", "value")
WIDEST = 2.0
"""Lengths and values are stretched by a factor between 1/2 and 2."""
LIFT = 5.0
"""Values are lifted by up to so much, either way."""


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """One variant."""

    shift: Floats
    """Shape `(d,)`."""
    rotation: NDArray[np.float64]
    """Shape `(d, d)`, orthogonal."""
    scale: float
    stretch: float
    lift: float

    @classmethod
    def plain(cls, dimension: int) -> "Instance":
        """The packed function as it is."""
        return cls(np.zeros(dimension), np.eye(dimension), 1.0, 1.0, 0.0)

    @classmethod
    def drawn(cls, dimension: int, seed: list[int], transforms: tuple[str, ...], reach: float) -> "Instance":
        """The instance of a seed; shifts are up to `reach` along each axis. Raises `OptionError`."""
        for name in transforms:
            if name not in TRANSFORMS:
                raise OptionError("transform", name, f"must be one of {', '.join(TRANSFORMS)}")
        rng = np.random.default_rng(seed)
        # All are drawn, wanted or not: leaving one out changes no other.
        shift = rng.uniform(-reach, reach, dimension)
        rotation = _rotation(rng, dimension)
        scale, stretch = np.exp(rng.uniform(-np.log(WIDEST), np.log(WIDEST), 2))
        lift = rng.uniform(-LIFT, LIFT)
        return cls(
            shift if "shift" in transforms else np.zeros(dimension),
            rotation if "rotation" in transforms else np.eye(dimension),
            float(scale) if "scale" in transforms else 1.0,
            float(stretch) if "value" in transforms else 1.0,
            float(lift) if "value" in transforms else 0.0,
        )

    def inward(self, points: Points) -> Points:
        """Points of shape (n, d) as the packed function takes them."""
        return ((points - self.shift) / self.scale) @ self.rotation

    def outward(self, points: Points) -> Points:
        """Points of shape (n, d) of the packed function as the candidate sees them."""
        return self.shift + self.scale * (points @ self.rotation.T)

    def bounds(self, pairs: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        """The same box as the candidate sees it. A turned box is no box: only for instances without rotation."""
        low, high = self.outward(np.array(pairs, dtype=np.float64).T)
        return tuple(zip(low.tolist(), high.tolist(), strict=True))


def _rotation(rng: np.random.Generator, dimension: int) -> NDArray[np.float64]:
    """Uniform among the rotations (Stewart 1980): the Q of a normal matrix, signs fixed."""
    q, r = np.linalg.qr(rng.standard_normal((dimension, dimension)))
    return q * np.sign(np.diag(r))
