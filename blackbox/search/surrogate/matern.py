"""The Matérn kernel with ν = 5/2 and a length for each axis (Rasmussen & Williams 2006, equations 4.17 and 5.1).

k(x, x') = (1 + √5 r + 5 r² / 3) exp(−√5 r),  r² = Σ ((x_k − x'_k) / ℓ_k)². All functions work on a batch of S sets of
lengths at once, since the arrays of tens of points are too small to keep numpy busy one by one.
"""

from math import sqrt

import numpy as np

from blackbox.core.asking import Floats, Points

ROOT_5 = sqrt(5.0)


def squared_gaps(a: Points, b: Points) -> Floats:
    """(a_ik − b_jk)², shape `(d, n, m)`."""
    return np.square(a.T[:, :, np.newaxis] - b.T[:, np.newaxis, :])


def distances(gaps: Floats, lengths: Floats) -> Floats:
    """r of every pair, shape `(S, n, m)`, for lengths of shape `(S, d)`."""
    d, n, m = gaps.shape
    return np.sqrt((lengths**-2.0) @ gaps.reshape(d, n * m)).reshape(-1, n, m)


def matern(r: Floats) -> Floats:
    """The kernel at distance r."""
    scaled = ROOT_5 * r
    return (1 + scaled + scaled * scaled / 3) * np.exp(-scaled)


def steepness(r: Floats) -> Floats:
    """−k'(r) / r = 5/3 (1 + √5 r) exp(−√5 r): finite at 0, where k' / r would be 0 / 0.

    ∂k/∂x_k = −steepness · (x_k − x'_k) / ℓ_k², and ∂k/∂(log ℓ_k) = steepness · (x_k − x'_k)² / ℓ_k².
    """
    scaled = ROOT_5 * r
    return (5 / 3) * (1 + scaled) * np.exp(-scaled)
