"""Hyperparameters that explain the data: the likeliest, and others nearly as likely."""

from dataclasses import dataclass, field, replace

import numpy as np

from blackbox.core.asking import Floats, Points, Values
from blackbox.search.surrogate.likelihood import Evidence, Prior
from blackbox.search.surrogate.posterior import Posterior
from blackbox.search.surrogate.settling import settle
from blackbox.search.surrogate.warping import OFFSETS, Scaled, scales

ROUNDS = 40
"""Of the descents on the likelihood: more changed no proposal that mattered."""

STARTS = ((0.15, 1e-4), (0.5, 1e-4), (1.5, 1e-2))
"""Lengths in √d and noises: likelihoods of few data have several peaks, the wiggly one and the smooth one above all."""

SCREENING_LENGTH, SCREENING_ROUNDS = 0.5, 12
"""Where each scale of the values starts, and for how long it is looked at."""

CONVINCING = 2.0
"""Gain in log likelihood from which on a bent scale takes the place of the straight one."""

DRAWS = 64
"""From the bell around the likeliest; those that the data support are kept."""

HEAVY = 5.0
"""Degrees of freedom of the t distribution drawn from: its tails reach past those of the posterior."""

MOST_FITTED = 100
"""Data that hyperparameters are fitted to: of more, the best half of these and as many others by lot."""

FEW_MEMBERS = 2
"""Sets of hyperparameters for more data than that: they are known well then, and each costs n³."""

BUMP = 1e-4
"""Difference in θ for the Hessian of the loss."""


@dataclass(frozen=True, slots=True)
class FitOptions:
    """How the hyperparameters are found."""

    prior: Prior = field(default_factory=Prior)
    members: int = 8
    """Sets of hyperparameters kept; 1 is the likeliest alone."""
    offsets: tuple[float, ...] = OFFSETS
    """Logarithmic scales that are tried for the values, besides the straight one."""


def fit(points: Points, values: Values, options: FitOptions, rng: np.random.Generator) -> tuple[Floats, Values]:
    """Hyperparameters of equal weight, `(S, d + 2)`, the likeliest first, and the values on the scale they explain."""
    d = points.shape[1]
    chosen = _evenest(points, scales(values, options.offsets), options.prior)
    rows = [[np.log(length * np.sqrt(d))] * d + [0.0, np.log(noise)] for length, noise in STARTS]
    evidence = Evidence.of(points, chosen, options.prior)
    ends, losses = settle(evidence.loss, np.array(rows), options.prior.box(d), ROUNDS)
    best = int(np.argmin(losses))
    if options.members == 1:
        return ends[best : best + 1], chosen
    return _around(evidence, ends[best], options.members, rng), chosen


def _evenest(points: Points, tried: list[Scaled], prior: Prior) -> Values:
    """The values on the scale on which a Gaussian process explains them best, all looked at alike and briefly."""
    if len(tried) == 1:
        return tried[0].values
    d = points.shape[1]
    evidence = Evidence.of(points, np.array([scale.values for scale in tried]), prior)
    start = np.array([np.log(SCREENING_LENGTH * np.sqrt(d))] * d + [0.0, np.log(prior.noise)])
    _, losses = settle(evidence.loss, np.tile(start, (len(tried), 1)), prior.box(d), SCREENING_ROUNDS)
    gains = losses[0] - losses + np.array([scale.log_slope - tried[0].log_slope for scale in tried])
    best = int(np.argmax(gains))
    return tried[best].values if gains[best] > CONVINCING else tried[0].values


def model(points: Points, values: Values, options: FitOptions, rng: np.random.Generator) -> Posterior:
    """The Gaussian processes that the data make likely. Of many data a part tells the hyperparameters, all the rest."""
    if len(values) <= MOST_FITTED:
        theta, scaled = fit(points, values, options, rng)
        return Posterior.of(theta, points, scaled)
    best = np.argsort(values, kind="stable")
    rows = np.sort(
        np.concatenate([best[: MOST_FITTED // 2], rng.permutation(best[MOST_FITTED // 2 :])[: MOST_FITTED // 2]])
    )
    theta, _ = fit(points[rows], values[rows], replace(options, members=FEW_MEMBERS, offsets=()), rng)
    return Posterior.of(theta, points, scales(values, ())[0].values)


def _around(evidence: Evidence, peak: Floats, members: int, rng: np.random.Generator) -> Floats:
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
    log_weights = (losses[0] - losses) + 0.5 * (HEAVY + p) * np.log1p(squares / HEAVY)
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
