"""Hyperparameters that explain the data: the likeliest, and others nearly as likely."""

from dataclasses import dataclass, field

import numpy as np

from blackbox.core.asking import Floats, Points, Values
from blackbox.search.surrogate.likelihood import Evidence, Prior
from blackbox.search.surrogate.settling import settle

ROUNDS = 40
"""Of the descents on the likelihood: more changed no proposal that mattered."""

START_LENGTHS = (0.15, 0.5, 1.5)
"""Times √d: likelihoods of few data have several peaks, the wiggly one and the smooth one above all."""

START_NOISES = (1e-4, 1e-4, 1e-2)

DRAWS = 64
"""From the bell around the likeliest; those that the data support are kept."""

HEAVY = 5.0
"""Degrees of freedom of the t distribution drawn from: its tails reach past those of the posterior."""

BUMP = 1e-4
"""Difference in θ for the Hessian of the loss."""


@dataclass(frozen=True, slots=True)
class FitOptions:
    """How the hyperparameters are found."""

    prior: Prior = field(default_factory=Prior)
    members: int = 8
    """Sets of hyperparameters kept; 1 is the likeliest alone."""


def fit(points: Points, values: Values, options: FitOptions, rng: np.random.Generator) -> Floats:
    """Hyperparameters of equal weight, shape `(S, d + 2)`, the likeliest first. Values have mean 0 and variance 1."""
    evidence = Evidence.of(points, values, options.prior)
    d = points.shape[1]
    box = options.prior.box(d)
    rows = [
        [np.log(length * np.sqrt(d))] * d + [0.0, np.log(noise)]
        for length, noise in zip(START_LENGTHS, START_NOISES, strict=True)
    ]
    ends, losses = settle(evidence.loss, np.array(rows), box, ROUNDS)
    best = int(np.argmin(losses))
    if options.members == 1:
        return ends[best : best + 1]
    return _around(evidence, ends[best], float(losses[best]), options.members, rng)


def _around(evidence: Evidence, peak: Floats, loss: float, members: int, rng: np.random.Generator) -> Floats:
    """Draws from a t distribution shaped by the curvature at the peak, weighed by the posterior density and thinned to
    equal weights (Rasmussen & Williams 2006, §3.4; Bishop 2006, §11.1.4 and §11.1.5)."""
    p = peak.size
    lower, upper = evidence.prior.box(p - 2)
    root = _spread(evidence, peak)
    normal = rng.standard_normal((DRAWS, p))
    stretch = np.sqrt(HEAVY / rng.chisquare(HEAVY, (DRAWS, 1)))
    draws = np.vstack([peak, np.clip(peak + (stretch * normal) @ root.T, lower, upper)])
    squares = np.concatenate([[0.0], np.sum((stretch * normal) ** 2, axis=1)])
    losses, _ = evidence.loss(draws)
    log_weights = (loss - losses) + 0.5 * (HEAVY + p) * np.log1p(squares / HEAVY)
    weights = np.exp(log_weights - log_weights.max())
    cumulated = np.cumsum(weights / weights.sum())
    picks = np.searchsorted(cumulated, (np.arange(members) + 0.5) / members)
    return draws[np.minimum(picks, DRAWS)]


def _spread(evidence: Evidence, peak: Floats) -> Floats:
    """A root of the covariance of θ: the inverse Hessian of the loss, no wider than the prior."""
    p = peak.size
    bumps = BUMP * np.eye(p)
    _, slopes = evidence.loss(np.vstack([peak + bumps, peak - bumps]))
    hessian = (slopes[:p] - slopes[p:]) / (2 * BUMP)
    curvatures, axes = np.linalg.eigh((hessian + hessian.T) / 2)
    least = 1 / evidence.prior.spread(p - 2).max() ** 2
    return axes / np.sqrt(np.maximum(curvatures, least))
