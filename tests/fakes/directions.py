"""Directions at random, and a box that they cross."""

import numpy as np

from blackbox.core.asking import Floats
from blackbox.search.regions import Region


def mixing(d: int, rng: np.random.Generator) -> Floats:
    """A matrix whose rows are far from parallel: singular values between 0.5 and 2."""
    left, right = (np.linalg.qr(rng.standard_normal((d, d)))[0] for _ in range(2))
    return left @ np.diag(rng.uniform(0.5, 2, d)) @ right


def box(d: int) -> Region:
    return Region(np.full(d, -5.0), np.full(d, 5.0))
