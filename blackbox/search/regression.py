"""The minimum of a noisy function near a point: parabolas fitted to many values, which average the noise away.

A trust region of half widths `radius` is sampled at random, a quadratic is fitted by least squares, and the region
moves, shrinks where the quadratic does not fit, and grows where the noise hides the shape or the way leads out of it.
(Conn, Scheinberg & Vicente 2009, "Introduction to Derivative-Free Optimization", chapters 4 and 10, for regression
models in trust regions; the tests of fit are the usual F-like ratios.)
"""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Points, Values
from blackbox.core.bounds import Bounds

MOST_FULL = 8
"""Up to so many inputs the quadratic has mixed terms; beyond, their number would ask for too many values."""

SAMPLES = 3
"""Values for each coefficient at first: enough to tell lack of fit from noise."""

MOST_SAMPLES = 40
"""… and at most: more would only average noise."""

ROUNDS = 40
"""Fits at most; each that moves, shrinks or grows the region changes it by a factor of about two."""

MISFIT = 1.8
"""Residuals so many times the noise mean that the surface is no quadratic here."""

DEAF = 4.0
"""A rise over the region of less than so many standard deviations of the noise shows no shape."""

EDGE = 0.75
"""A minimum beyond this part of the region is outside it: the region goes there."""

LOSS = 0.06
"""The walk ends when the place of the minimum is so well known that the value there is at most this part of the noise
above the lowest: as much as sixteenfold averaging resolves a quarter of."""


@dataclass(frozen=True, slots=True, eq=False)
class Refined:
    """Where the fits ended."""

    point: Point
    radius: Floats
    """Shape `(d,)`."""


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    gradient: Floats
    hessian: Floats
    residual: float
    """Standard deviation of the values about the quadratic."""
    rise: float
    """Of the quadratic over the region."""
    loss: float
    """How far above its lowest value the quadratic stands, on average, where noise places the minimum."""


def refine(start: Refined, noise: float, bounds: Bounds, rng: np.random.Generator) -> Asking[Refined]:
    """Walk from a point by fits to noisy values. About 10 d² to 100 d² evaluations for small d."""
    x, radius, per_term = start.point, start.radius, SAMPLES
    terms = _terms(x.size)
    known_points, known = np.empty((0, x.size)), np.empty(0)
    for _ in range(ROUNDS):
        wanted = per_term * terms
        near = np.all(np.abs(known_points - x) <= 1.2 * radius, axis=1)
        missing = max(terms, wanted - int(near.sum()))
        points = _sample(x, radius, missing, bounds, rng)
        values = yield points
        good = np.isfinite(values)
        known_points = np.concatenate([known_points[near], points[good]])
        known = np.concatenate([known[near], values[good]])
        fit = _fit((known_points - x) / radius, known)
        if fit is None:
            radius = radius / 2
            continue
        step = _lowest(fit, x, radius, bounds)
        moved = bounds.clip(x + step * radius)
        if fit.residual > MISFIT * noise:
            x, radius = moved, radius / 2
        elif fit.rise < DEAF * noise:
            radius = _grown(radius, bounds)
        else:
            x = moved
            if np.abs(step).max() > EDGE and not _pinned(x, bounds, np.abs(step) > EDGE):
                radius = _grown(radius, bounds)
                continue
            if fit.loss <= LOSS * noise or per_term >= MOST_SAMPLES:
                break
            per_term *= 2
    return Refined(x, radius)


def _terms(d: int) -> int:
    return (d + 1) * (d + 2) // 2 if d <= MOST_FULL else 2 * d + 1


def _sample(x: Point, radius: Floats, n: int, bounds: Bounds, rng: np.random.Generator) -> Points:
    """Points of the region, as far as it lies inside; one face of it is slid in where a bound cuts it off."""
    low, high = bounds.clip(x - radius), bounds.clip(x + radius)
    return bounds.clip(low + rng.random((n, x.size)) * (high - low))


def _grown(radius: Floats, bounds: Bounds) -> Floats:
    """Twice as wide, but no wider than the box."""
    return np.minimum(
        2 * radius, np.where(np.isfinite(bounds.upper - bounds.lower), bounds.upper - bounds.lower, np.inf)
    )


def _pinned(x: Point, bounds: Bounds, axes: np.ndarray) -> bool:
    """Whether along all these axes a bound, and not the region, ends the way."""
    return bool(np.all((x == bounds.lower) | (x == bounds.upper) | ~axes))


def _design(u: Points) -> Floats:
    d = u.shape[1]
    if d <= MOST_FULL:
        rows, columns = np.triu_indices(d)
        return np.column_stack([np.ones(len(u)), u, u[:, rows] * u[:, columns]])
    return np.column_stack([np.ones(len(u)), u, u**2])


def _fit(u: Points, values: Values) -> _Fit | None:
    """The quadratic through the values at `u`, in units of the region; None where there are too few."""
    d = u.shape[1]
    design = _design(u)
    free = len(u) - design.shape[1]
    if free < 2:
        return None
    coefficients: Floats = np.linalg.lstsq(design, values, rcond=None)[0].astype(np.float64)
    fitted = design @ coefficients
    residual = float(np.sqrt(np.sum((values - fitted) ** 2) / free))
    gradient = coefficients[1 : d + 1]
    hessian: Floats = np.zeros((d, d))
    if d <= MOST_FULL:
        rows, columns = np.triu_indices(d)
        hessian[rows, columns] = coefficients[d + 1 :]
        hessian += hessian.T.copy()
    else:
        hessian = np.diag(2 * coefficients[d + 1 :])
    covariance = residual**2 * np.linalg.pinv(design.T @ design)[1 : d + 1, 1 : d + 1]
    bends, axes = np.linalg.eigh(hessian)
    spread = np.einsum("ij,jk,ki->i", axes.T, covariance, axes)
    upward = bends > 0
    loss = float(np.sum(spread[upward] / bends[upward]) / 2)
    return _Fit(gradient, hessian, residual, float(np.ptp(fitted)), loss)


def _lowest(fit: _Fit, x: Point, radius: Floats, bounds: Bounds) -> Floats:
    """The lowest point of the quadratic in the region, in its units: coordinate descent, which never leaves the box."""
    low = np.maximum((bounds.lower - x) / radius, -1.0)
    high = np.minimum((bounds.upper - x) / radius, 1.0)
    step = np.clip(np.zeros(x.size), low, high)
    for _ in range(50):
        before = step.copy()
        for axis in range(x.size):
            slope = fit.gradient[axis] + fit.hessian[axis] @ step - fit.hessian[axis, axis] * step[axis]
            bend = fit.hessian[axis, axis]
            if bend > 0:
                step[axis] = np.clip(-slope / bend, low[axis], high[axis])
            else:
                ends = [slope * end + bend * end**2 / 2 for end in (low[axis], high[axis])]
                step[axis] = low[axis] if ends[0] < ends[1] else high[axis]
        if np.abs(step - before).max() < 1e-6:
            break
    return step
