"""Where the next question is worth most: the expected improvement at its highest."""

import numpy as np

from blackbox.core.asking import Floats, Points
from blackbox.search.surrogate.improvement import log_gain, log_improvement
from blackbox.search.surrogate.posterior import Posterior
from blackbox.search.surrogate.settling import settle

SCATTERED, NEAR = 1024, 128
"""Candidates all over, and around each of the best points known."""

BEST_KNOWN = 4
"""Points around which candidates are drawn."""

CLIMBS, ROUNDS = 6, 25
"""The best candidates that are improved further, and for how long."""


def worthiest(posterior: Posterior, best: Floats, known: Points, rng: np.random.Generator) -> Points:
    """Places in the unit cube, the worthiest first. `best` has shape `(S, 1)`, `known` holds points, the best first."""
    d = known.shape[1]
    lengths = np.exp(posterior.theta[0, :d])
    reach = np.minimum(lengths, 0.3)
    around = [
        point + reach * rng.standard_normal((NEAR, d)) * 10.0 ** rng.uniform(-2.5, 0, (NEAR, 1))
        for point in known[:BEST_KNOWN]
    ]
    candidates = np.clip(np.vstack([rng.random((SCATTERED, d)), *around]), 0, 1)
    worth = _log_mean(log_improvement(best, *posterior.predict(candidates)))[0]
    order = np.argsort(-worth, kind="stable")
    starts = _apart(candidates[order[: 40 * CLIMBS]], lengths)
    ends, losses = settle(lambda places: _loss(posterior, best, places), starts, _cube(d), ROUNDS)
    ranked = np.argsort(losses, kind="stable")
    return np.vstack([ends[ranked], candidates[order]])


def _loss(posterior: Posterior, best: Floats, places: Points) -> tuple[Floats, Floats]:
    """−log EI, averaged over the sets of hyperparameters, and its gradient."""
    mean, deviation, mean_slope, deviation_slope = posterior.predict_slopes(places)
    log_h, below, density = log_gain((best - mean) / deviation)
    worth, shares = _log_mean(np.log(deviation) + log_h)
    pulls = density[:, :, np.newaxis] * deviation_slope - below[:, :, np.newaxis] * mean_slope
    slope = np.einsum("sm,smd->md", shares / deviation, pulls)
    return -worth, -slope


def _cube(d: int) -> tuple[Floats, Floats]:
    return np.zeros(d), np.ones(d)


def _log_mean(logs: Floats) -> tuple[Floats, Floats]:
    """Log of the mean over the first axis, and each one's share in it."""
    top = logs.max(axis=0)
    parts = np.exp(logs - top)
    total = parts.sum(axis=0)
    return top + np.log(total / len(logs)), parts / total


def _apart(ranked: Points, lengths: Floats) -> Points:
    """The first few that are not all on the same hill, or simply the first few."""
    chosen: list[int] = []
    for row in range(len(ranked)):
        gaps = (ranked[chosen] - ranked[row]) / lengths
        if not chosen or np.min(np.sum(gaps**2, axis=1)) > 0.1**2:
            chosen.append(row)
        if len(chosen) == CLIMBS:
            break
    return ranked[chosen]
