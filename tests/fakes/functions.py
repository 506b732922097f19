"""Functions with a known truth. Each takes points of shape `(..., d)` and answers values of shape `(...,)`."""

from collections.abc import Callable

import numpy as np

from blackbox.core.asking import Floats

Surface = Callable[[Floats], Floats]

SIAM_4 = -3.306868647475237
"""Bornemann, Laurie, Wagon & Waldvogel 2004, "The SIAM 100-digit challenge", problem 4."""


def sphere(center: Floats) -> Surface:
    """Minimum 0 at `center`."""
    return lambda x: np.sum((x - center) ** 2, axis=-1)


def rosenbrock(x: Floats) -> Floats:
    """Minimum 0 at (1, …, 1)."""
    return np.sum(100 * (x[..., 1:] - x[..., :-1] ** 2) ** 2 + (1 - x[..., :-1]) ** 2, axis=-1)


def rastrigin(center: Floats, rotation: Floats | None = None) -> Surface:
    """Minimum 0 at `center`; a local minimum near every integer offset from it."""

    def surface(x: Floats) -> Floats:
        u = x - center if rotation is None else (x - center) @ rotation.T
        return np.sum(u**2 + 10 - 10 * np.cos(2 * np.pi * u), axis=-1)

    return surface


def quadratic(matrix: Floats, center: Floats) -> Surface:
    """(x − c)ᵀ A (x − c) / 2."""
    return lambda x: np.einsum("...i,ij,...j->...", x - center, matrix, x - center) / 2


def siam_4(x: Floats) -> Floats:
    """Minimum `SIAM_4` near (−0.0244, 0.2106)."""
    a, b = x[..., 0], x[..., 1]
    with np.errstate(over="ignore", invalid="ignore"):
        waves = np.exp(np.sin(50 * a)) + np.sin(60 * np.exp(b)) + np.sin(70 * np.sin(a)) + np.sin(np.sin(80 * b))
        return waves - np.sin(10 * (a + b)) + (a**2 + b**2) / 4


def two_basins(x: Floats) -> Floats:
    """The textbook's map: a pond near the origin, the lake at (750, 500) with the minimum −100."""
    u, v = (x[..., 0] - 750) / 250, (x[..., 1] - 500) / 250
    q = u**2 + 2 * v**2
    pond = 30 * np.exp(-((x[..., 0] - 40) ** 2 + (x[..., 1] - 20) ** 2) / 60**2)
    return 40 * q / (1 + np.sqrt(1 + q)) - 100 - pond


def bowl_and_wave(x: Floats) -> Floats:
    """The textbook's x² + sin² y; a minimum 0 at (0, k π) for every whole k."""
    return x[..., 0] ** 2 + np.sin(x[..., 1]) ** 2


def kink(x: Floats) -> Floats:
    """|x − 123.456| + 2."""
    return np.abs(x[..., 0] - 123.456) + 2


def taxicab(center: Floats) -> Surface:
    """Minimum 0 at `center`; no derivative anywhere that matters."""
    return lambda x: np.sum(np.abs(x - center), axis=-1)


def stairs(center: Floats) -> Surface:
    """⌊|x − c|⌋ summed: minimum 0 on the open cell around `center`, flat steps of width 1 and height 1."""
    return lambda x: np.sum(np.floor(np.abs(x - center)), axis=-1)


def with_holes(surface: Surface, hole: Callable[[Floats], Floats]) -> Surface:
    """NaN wherever `hole` says so."""
    return lambda x: np.where(hole(x), np.nan, surface(x))


def falling(x: Floats) -> Floats:
    """x₁ − 2 x₂, without a minimum."""
    return x[..., 0] - 2 * x[..., 1]


def rotation(d: int, rng: np.random.Generator) -> Floats:
    """A random orthogonal matrix."""
    turned, _ = np.linalg.qr(rng.standard_normal((d, d)))
    return np.ascontiguousarray(turned)


def ill_conditioned(d: int, condition: float, rng: np.random.Generator) -> Floats:
    """A random symmetric positive definite matrix with eigenvalues from 1 to `condition`, log-uniform between."""
    turned = rotation(d, rng)
    inner = 10 ** rng.uniform(0, np.log10(condition), d)
    if d > 1:
        inner[0], inner[-1] = 1.0, condition
    matrix = turned.T @ np.diag(inner) @ turned
    return (matrix + matrix.T) / 2


def bumps(d: int, rng: np.random.Generator) -> Surface:
    """A smooth multimodal surface: a shallow bowl and a dozen Gaussian pits and hills in [0, 1]^d."""
    places, depths = rng.uniform(0.05, 0.95, (12, d)), rng.normal(0, 1, 12)
    widths, middle = rng.uniform(0.05, 0.3, 12), rng.uniform(0.2, 0.8, d)

    def surface(x: Floats) -> Floats:
        squares = np.sum((x[..., np.newaxis, :] - places) ** 2, axis=-1)
        return np.sum((x - middle) ** 2, axis=-1) + np.sum(depths * np.exp(-squares / widths**2), axis=-1)

    return surface
