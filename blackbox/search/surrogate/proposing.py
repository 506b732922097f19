"""What to ask next in a campaign of tens of evaluations. Costs no evaluation, and is a pure function of what is known.

The data are sorted first, so that the order in which they came changes no bit of a proposal.
"""

from dataclasses import dataclass, field

import numpy as np

from blackbox.core.asking import Floats, Point, Points, Values
from blackbox.search.surrogate.acquisition import worthiest
from blackbox.search.surrogate.field import Field
from blackbox.search.surrogate.filling import farthest
from blackbox.search.surrogate.fitting import FitOptions, fit
from blackbox.search.surrogate.posterior import Posterior
from blackbox.search.surrogate.warping import standardised


@dataclass(frozen=True, slots=True)
class Known:
    """What a campaign knows."""

    points: Points
    """Told, shape `(n, d)`."""
    values: Values
    """Shape `(n,)`, to be minimised; NaN where the evaluation failed."""
    pending: Points
    """Asked, not told yet; shape `(p, d)`, in the order in which they were asked."""


@dataclass(frozen=True, slots=True)
class SurrogateOptions:
    """How proposals are found."""

    fit: FitOptions = field(default_factory=FitOptions)


def enough_to_model(dimension: int) -> int:
    """Finite values below which points are spread evenly: a slope needs d + 1."""
    return min(2 + dimension, 10)


def propose(known: Known, place: Field, count: int, seed: int, options: SurrogateOptions | None = None) -> Points:
    """The next `count` points beside those pending, on the grid of the field, none of them asked before.

    Fewer where the grid has no more. O(n³) of a few milliseconds; about 0.3 s a point at n = 50, d = 8.
    """
    known = _sorted(known)
    chosen = known.pending
    posterior = None
    if np.isfinite(known.values).sum() >= enough_to_model(place.dimension) and np.nanstd(known.values) > 0:
        posterior = _model(known, place, options or SurrogateOptions(), seed)
    for _ in range(count):
        rng = np.random.default_rng([seed, len(known.values), len(chosen)])
        ranked = _ranked(posterior, known, place.to_unit(chosen), place, rng)
        point = _first_new(ranked, np.vstack([known.points, chosen]), place)
        if point is None:
            break
        chosen = np.vstack([chosen, point])
    return chosen[len(known.pending) :]


def _sorted(known: Known) -> Known:
    order = np.lexsort([known.values, *known.points.T[::-1]])
    return Known(known.points[order], known.values[order], known.pending)


def _model(known: Known, place: Field, options: SurrogateOptions, seed: int) -> Posterior:
    worst = np.nanmax(np.where(np.isfinite(known.values), known.values, np.nan))
    values = standardised(np.where(np.isfinite(known.values), known.values, worst))
    units = place.to_unit(known.points)
    theta = fit(units, values, options.fit, np.random.default_rng([seed, len(values)]))
    return Posterior.of(theta, units, values)


def _ranked(
    posterior: Posterior | None, known: Known, chosen: Floats, place: Field, rng: np.random.Generator
) -> Floats:
    if posterior is None:
        return farthest(np.vstack([place.to_unit(known.points), chosen]), place.dimension, rng)
    mean, _ = posterior.predict(posterior.points)
    best = mean.min(axis=1, keepdims=True)
    incumbents = posterior.points[np.argsort(mean.mean(axis=0), kind="stable")]
    expecting = posterior.believing(chosen) if len(chosen) else posterior
    return worthiest(expecting, best, incumbents, rng)


def _first_new(ranked: Floats, others: Points, place: Field) -> Point | None:
    """The first that was not asked yet; near the best one where all were."""
    for start in range(0, len(ranked), 16):
        for point in place.to_world(ranked[start : start + 16]):
            if not place.same(others, point).any():
                return point
    return None
