"""Linear regression: h = X θ, and the cost (Xθ − y)ᵀ(Xθ − y) / n that measures it.

X has shape `(n, k)`, one row a sample; y shape `(n,)`; θ shape `(k + 1,)`, the last one the intercept b of
y = m x + b.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Floats
from blackbox.core.errors import OptionError


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Measured pairs."""

    features: Floats
    """Shape `(n, k)`."""
    targets: Floats
    """Shape `(n,)`."""

    def __post_init__(self) -> None:
        if self.features.ndim != 2 or self.targets.shape != (len(self.features),) or len(self.targets) == 0:
            shapes = (self.features.shape, self.targets.shape)
            raise OptionError("samples", shapes, "features must have shape (n, k) and targets (n,), n at least 1")

    @classmethod
    def of(cls, x: object, y: object) -> "Samples":
        """From anything numpy reads; a single feature may be given as shape `(n,)`."""
        features = np.array(x, dtype=np.float64)
        return cls(features.reshape(len(features), -1), np.array(y, dtype=np.float64))

    @property
    def design(self) -> Floats:
        """X with a column of ones for the intercept, shape `(n, k + 1)`."""
        return np.column_stack([self.features, np.ones(len(self.features))])

    def some(self, rows: NDArray[np.intp]) -> "Samples":
        """The samples of these indices."""
        return Samples(self.features[rows], self.targets[rows])


def predict(theta: Floats, features: Floats) -> Floats:
    """X θ + b, shape `(n,)`."""
    return features @ theta[:-1] + theta[-1]


def cost(theta: Floats, samples: Samples) -> float:
    """Mean squared error."""
    residual = predict(theta, samples.features) - samples.targets
    return float(residual @ residual) / len(residual)


def costs(thetas: Floats, samples: Samples) -> Floats:
    """The same for several θ of shape `(m, k + 1)`: what a descent asks; shape `(m,)`."""
    # Row by row, so that the last digits do not depend on how many θ are asked at once.
    predictions = np.sum(thetas[:, np.newaxis, :] * samples.design, axis=-1)
    return np.sum((predictions - samples.targets) ** 2, axis=-1) / len(samples.targets)


def slopes(theta: Floats, samples: Samples) -> Floats:
    """∂cost/∂θ = 2 Xᵀ (Xθ − y) / n, shape `(k + 1,)`: 2 mean(x (m x + b − y)) for m, 2 mean(m x + b − y) for b."""
    residual = predict(theta, samples.features) - samples.targets
    return 2.0 * samples.design.T @ residual / len(residual)


def normal_equations(samples: Samples) -> Floats:
    """The least-squares θ from Xᵀ X θ = Xᵀ y; the shortest of them where columns depend on each other."""
    solution, *_ = np.linalg.lstsq(samples.design, samples.targets, rcond=None)
    return np.asarray(solution, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Normalisation:
    """(x − mean) / std for each feature, and back. Shapes `(k,)`."""

    mean: Floats
    deviation: Floats
    """1 for a feature that never changes."""

    @classmethod
    def of(cls, features: Floats) -> "Normalisation":
        """From features of shape `(n, k)`."""
        deviation = features.std(axis=0)
        return cls(features.mean(axis=0), np.where(deviation > 0, deviation, 1.0))

    def apply(self, features: Floats) -> Floats:
        """Features of mean 0 and deviation 1."""
        return (features - self.mean) / self.deviation

    def undo(self, theta: Floats) -> Floats:
        """θ for the features as they were, from θ for normalised ones."""
        weights = theta[:-1] / self.deviation
        return np.append(weights, theta[-1] - float(weights @ self.mean))
