"""How well hyperparameters explain the data: log marginal likelihood plus log prior, with gradient.

θ = (log ℓ_1 … log ℓ_d, log s², log v): lengths, variance of the signal, variance of the noise. The model of the values,
scaled to mean 0 and variance 1, is a constant of variance 1 + a Matérn process of variance s² + noise of variance v.
(Rasmussen & Williams 2006, equations 5.8 and 5.9.)
"""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Floats, Points, Values
from blackbox.search.surrogate.matern import distances, matern, squared_gaps, steepness

MEAN_VARIANCE = 1.0
"""Of the constant: the values have mean 0 and variance 1, their process may well have another mean."""

JITTER = 1e-8
"""Added to the noise, so that points which nearly coincide cannot break the factorisation."""


@dataclass(frozen=True, slots=True)
class Prior:
    """Independent normal distributions of θ, and the box it is searched in."""

    length: float = 0.5
    """Median length at d = 1, in units of the region; it grows as √d, as distances do (Hvarfner et al. 2024)."""
    length_spread: float = 0.7
    """Standard deviation of log ℓ."""
    signal_spread: float = 1.0
    noise: float = 1e-4
    """Median variance of the noise: most functions are exact, or nearly."""
    noise_spread: float = 2.0

    def centre(self, d: int) -> Floats:
        """Shape `(d + 2,)`."""
        return np.array([np.log(self.length * np.sqrt(d))] * d + [0.0, np.log(self.noise)])

    def spread(self, d: int) -> Floats:
        """Shape `(d + 2,)`."""
        return np.array([self.length_spread] * d + [self.signal_spread, self.noise_spread])

    def box(self, d: int) -> tuple[Floats, Floats]:
        """Where θ is searched: lengths of 1/100 to 100 regions, a noise of 1e-7 to all there is."""
        return np.log(np.array([0.01] * d + [0.02, 1e-7])), np.log(np.array([100.0] * d + [50.0, 2.0]))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Data, with what every θ needs of them."""

    points: Points
    """Shape `(n, d)`."""
    values: Values
    """Shape `(n,)`, or `(S, n)` where each θ explains values of its own."""
    prior: Prior
    gaps: Floats

    @classmethod
    def of(cls, points: Points, values: Values, prior: Prior) -> "Evidence":
        """The evidence that data are."""
        return cls(points, values, prior, squared_gaps(points, points))

    def loss(self, theta: Floats) -> tuple[Floats, Floats]:
        """−log posterior density of θ, up to a constant, `(S,)`, and its gradient, `(S, d + 2)`. O(S n² (n + d))."""
        d, n, _ = self.gaps.shape
        inverse_squares = np.exp(-2 * theta[:, :d])
        signal, noise = np.exp(theta[:, d]), np.exp(theta[:, d + 1])
        r = distances(self.gaps, np.exp(theta[:, :d]))
        correlation = matern(r)
        covariance = covariance_of(correlation, signal, noise)
        factor = np.linalg.cholesky(covariance)
        inverse = np.linalg.inv(covariance)
        values = np.broadcast_to(self.values, (len(theta), n))
        weights = np.einsum("sij,sj->si", inverse, values)
        fit = np.einsum("si,si->s", weights, values) / 2 + np.log(np.einsum("sii->si", factor)).sum(axis=1)
        pull = weights[:, :, np.newaxis] * weights[:, np.newaxis, :] - inverse
        lengthwise = (pull * steepness(r)).reshape(-1, n * n) @ self.gaps.reshape(d, n * n).T
        slope = np.empty_like(theta)
        slope[:, :d] = -0.5 * signal[:, np.newaxis] * lengthwise * inverse_squares
        slope[:, d] = -0.5 * signal * np.einsum("sij,sij->s", pull, correlation)
        slope[:, d + 1] = -0.5 * noise * np.einsum("sii->s", pull)
        away = (theta - self.prior.centre(d)) / self.prior.spread(d)
        return fit + 0.5 * np.sum(away**2, axis=1), slope + away / self.prior.spread(d)


def covariance_of(correlation: Floats, signal: Floats, noise: Floats) -> Floats:
    """Of the answers at n points, shape `(S, n, n)`."""
    n = correlation.shape[1]
    nugget = (noise + JITTER * (1 + signal))[:, np.newaxis, np.newaxis] * np.eye(n)
    return signal[:, np.newaxis, np.newaxis] * correlation + MEAN_VARIANCE + nugget
