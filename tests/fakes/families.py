"""Families of smooth functions with their derivatives in closed form: the judges of every error bar.

f(x) = offset + amount · Σ_k φ(w_k · u + b_k) with u = R (x − c) / scale, R a random rotation: a sum of ridges, whose
gradient and Hessian follow from φ′ and φ″ whatever φ is. The truth is told in extended precision where the machine has
it, so that its own rounding is no part of the judgement.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Floats
from tests.fakes.functions import rotation

Profile = tuple[Callable[[Floats], Floats], Callable[[Floats], Floats], Callable[[Floats], Floats]]
"""φ, φ′, φ″, element by element; complex numbers pass through φ."""

PROFILES: dict[str, Profile] = {
    "quadratic": (lambda t: t * t + t, lambda t: 2 * t + 1, lambda t: 2 + 0 * t),
    "cubic": (lambda t: t * t * t - t, lambda t: 3 * t * t - 1, lambda t: 6 * t),
    "quintic": (lambda t: t**5 / 5 + t * t, lambda t: t**4 + 2 * t, lambda t: 4 * t**3 + 2),
    "exponential": (np.exp, np.exp, np.exp),
    "gaussian": (
        lambda t: np.exp(-t * t),
        lambda t: -2 * t * np.exp(-t * t),
        lambda t: (4 * t * t - 2) * np.exp(-t * t),
    ),
    "sine": (np.sin, np.cos, lambda t: -np.sin(t)),
    "fast sine": (lambda t: np.sin(40 * t), lambda t: 40 * np.cos(40 * t), lambda t: -1600 * np.sin(40 * t)),
    "logarithm": (lambda t: np.log(5 + t), lambda t: 1 / (5 + t), lambda t: -1 / (5 + t) ** 2),
    "rational": (
        lambda t: 1 / (1 + t * t),
        lambda t: -2 * t / (1 + t * t) ** 2,
        lambda t: (6 * t * t - 2) / (1 + t * t) ** 3,
    ),
    "root": (lambda t: np.sqrt(1 + t * t), lambda t: t / np.sqrt(1 + t * t), lambda t: (1 + t * t) ** -1.5),
    "power": (
        lambda t: (5 + t) ** 2.5,
        lambda t: 2.5 * (5 + t) ** 1.5,
        lambda t: 3.75 * (5 + t) ** 0.5,
    ),
    "cancelling": (
        lambda t: np.exp(t) - 1 - t - t * t / 2,
        lambda t: np.exp(t) - 1 - t,
        lambda t: np.exp(t) - 1,
    ),
    "expanded": (  # (t − 1)^5 multiplied out: near 1 its value is what 2^5 roundings leave of terms near 10
        lambda t: t**5 - 5 * t**4 + 10 * t**3 - 10 * t * t + 5 * t - 1,
        lambda t: 5 * (t - 1) ** 4,
        lambda t: 20 * (t - 1) ** 3,
    ),
}
"""Each is of size 1 and smooth over |t| ≤ 3."""


@dataclass(frozen=True, slots=True, eq=False)
class Ridges:
    """A function of a family; takes points `(…, d)`, real or complex, and answers `(…,)`."""

    profile: Profile
    weights: Floats
    """Shape `(k, d)`: w_k R / scale."""
    shifts: Floats
    center: Floats
    x: Floats
    """Where it is to be differentiated, shape `(d,)`."""
    amount: float
    offset: float

    def __call__(self, points: Floats) -> Floats:
        inner = (points - self.center) @ self.weights.T + self.shifts
        return self.offset + self.amount * self.profile[0](inner).sum(axis=-1)

    def gradient(self) -> Floats:
        """At `x`, shape `(d,)`."""
        weights, inner = self._exactly()
        return np.asarray(self.amount * (self.profile[1](inner) @ weights), dtype=np.float64)

    def hessian(self) -> Floats:
        """At `x`, shape `(d, d)`."""
        weights, inner = self._exactly()
        return np.asarray(self.amount * (weights.T * self.profile[2](inner)) @ weights, dtype=np.float64)

    def _exactly(self) -> tuple[Floats, Floats]:
        weights = self.weights.astype(np.longdouble)
        inner = weights @ (self.x.astype(np.longdouble) - self.center) + self.shifts
        return weights, inner


def ridges(
    family: str,
    d: int,
    rng: np.random.Generator,
    *,
    scale: float = 1.0,
    amount: float = 1.0,
    offset: float = 0.0,
    away: float = 1.0,
) -> Ridges:
    """A random function of the family; `offset` in parts of the amount, `away` of the origin in parts of the scale."""
    turn = rotation(d, rng)
    count = min(d, 3) + 1
    weights = rng.standard_normal((count, d))
    weights /= np.linalg.norm(weights, axis=1, keepdims=True)
    center = scale * away * rng.uniform(-1, 1, d)
    x = center + scale * rng.uniform(-1, 1, d) / np.sqrt(d)
    return Ridges(
        PROFILES[family], weights @ turn / scale, rng.uniform(-0.5, 0.5, count), center, x, amount, offset * amount
    )
