"""What the Gaussian process expects where nothing was asked (Rasmussen & Williams 2006, algorithm 2.1)."""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Floats, Points
from blackbox.search.surrogate.likelihood import JITTER, MEAN_VARIANCE, covariance_of
from blackbox.search.surrogate.matern import distances, matern, squared_gaps, steepness

LEAST_VARIANCE = 1e-12
"""A variance below this is rounding."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """S Gaussian processes on the same points, one for each set of hyperparameters."""

    theta: Floats
    """Shape `(S, d + 2)`."""
    points: Points
    """Shape `(n, d)`."""
    values: Floats
    """Shape `(S, n)`: they differ where fantasies stand for answers."""
    inverse: Floats
    """Of the covariance, shape `(S, n, n)`."""
    weights: Floats
    """inverse · values, shape `(S, n)`."""

    @classmethod
    def of(cls, theta: Floats, points: Points, values: Floats) -> "Posterior":
        """The processes given the data; O(S n³)."""
        d = points.shape[1]
        correlation = matern(distances(squared_gaps(points, points), np.exp(theta[:, :d])))
        covariance = covariance_of(correlation, np.exp(theta[:, d]), np.exp(theta[:, d + 1]))
        inverse: Floats = np.asarray(np.linalg.inv(covariance), dtype=np.float64)
        told = np.broadcast_to(values, (len(theta), len(points)))
        return cls(theta, points, told, inverse, np.einsum("sij,sj->si", inverse, told))

    def predict(self, places: Points) -> tuple[Floats, Floats]:
        """Mean and standard deviation of f itself, without the noise, at m places: shapes `(S, m)`. O(S m n²)."""
        signal, cross, _ = self._cross(places)
        return self._moments(signal, cross, cross @ self.inverse)

    def predict_slopes(self, places: Points) -> tuple[Floats, Floats, Floats, Floats]:
        """Mean, deviation and their gradients, shapes `(S, m)` and `(S, m, d)`."""
        signal, cross, r = self._cross(places)
        pulled = cross @ self.inverse
        mean, deviation = self._moments(signal, cross, pulled)
        steep = signal[:, np.newaxis, np.newaxis] * steepness(r)
        inverse_squares = np.exp(-2 * self.theta[:, np.newaxis, : self.points.shape[1]])
        mean_slope = self._slope(places, steep * self.weights[:, np.newaxis, :]) * inverse_squares
        deviation_slope = self._slope(places, steep * pulled) * inverse_squares
        return mean, deviation, mean_slope, -deviation_slope / deviation[:, :, np.newaxis]

    def believing(self, places: Points) -> "Posterior":
        """The processes once the answers at the places are what they expect (Ginsbourger et al. 2010)."""
        mean, _ = self.predict(places)
        return Posterior.of(self.theta, np.vstack([self.points, places]), np.hstack([self.values, mean]))

    def _cross(self, places: Points) -> tuple[Floats, Floats, Floats]:
        d = self.points.shape[1]
        signal = np.exp(self.theta[:, d])
        r = distances(squared_gaps(places, self.points), np.exp(self.theta[:, :d]))
        return signal, signal[:, np.newaxis, np.newaxis] * matern(r) + MEAN_VARIANCE, r

    def _moments(self, signal: Floats, cross: Floats, pulled: Floats) -> tuple[Floats, Floats]:
        mean = np.einsum("smn,sn->sm", cross, self.weights)
        explained = np.einsum("smn,smn->sm", cross, pulled)
        before = (signal + MEAN_VARIANCE)[:, np.newaxis]
        return mean, np.sqrt(np.maximum(before - explained, LEAST_VARIANCE + JITTER * before))

    def _slope(self, places: Points, pairs: Floats) -> Floats:
        """−Σ_j pairs_ij (x_i − p_j), for each axis: shape `(S, m, d)`."""
        return pairs @ self.points - pairs.sum(axis=2)[:, :, np.newaxis] * places
