"""Expected improvement in logarithms, so that it tells places apart where it is next to nothing (Ament et al. 2023)."""

import math
from math import log, pi, sqrt

import numpy as np

from blackbox.core.asking import Floats

FAR = -25.0
"""Below this many deviations the first terms of the asymptotic series are exact to 1e-8, the formula itself no more."""

_erfc = np.frompyfunc(math.erfc, 1, 1)


def log_gain(z: Floats) -> tuple[Floats, Floats, Floats]:
    """log h(z) with h(z) = φ(z) + z Φ(z), and the ratios Φ / h and φ / h: what EI and its gradient are made of.

    EI = σ h(z) with z = (best − μ) / σ; ∂EI/∂μ = −Φ, ∂EI/∂σ = φ (Jones, Schonlau & Welch 1998).
    """
    near = np.maximum(z, FAR)
    density = np.exp(-0.5 * near * near) / sqrt(2 * pi)
    below = 0.5 * np.asarray(_erfc(-near / sqrt(2)), dtype=np.float64)
    gain = density + near * below
    far = np.minimum(z, FAR)
    square = far * far
    share = 1 - 3 / square + 15 / square**2 - 105 / square**3
    tail = -0.5 * square - 0.5 * log(2 * pi) - np.log(square) + np.log(share)
    is_far = z < FAR
    log_h = np.where(is_far, tail, np.log(gain))
    below_ratio = np.where(is_far, -far * (1 - 1 / square + 3 / square**2 - 15 / square**3) / share, below / gain)
    density_ratio = np.where(is_far, square / share, density / gain)
    return log_h, below_ratio, density_ratio


def log_improvement(best: Floats, mean: Floats, deviation: Floats) -> Floats:
    """log EI below `best`, shape of `mean`; `best` has shape `(S, 1)`."""
    return np.log(deviation) + log_gain((best - mean) / deviation)[0]
