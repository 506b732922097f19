"""What to ask next in a campaign of tens of evaluations. Costs no evaluation, and is a pure function of what is known.

The data are sorted first, so that the order in which they came changes no bit of a proposal.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Floats, Point, Points, Values
from blackbox.search.surrogate.acquisition import worthiest
from blackbox.search.surrogate.field import Field
from blackbox.search.surrogate.filling import farthest
from blackbox.search.surrogate.fitting import FitOptions, model
from blackbox.search.surrogate.posterior import Posterior

MOST_MODELLED = 300
"""Points that the surrogate is made of; of more, those nearest to the best one. It takes seconds for 300 already."""

LOOKS_AROUND = 5
"""Beyond them every fifth question goes where nothing was asked, since the surrogate sees its neighbourhood alone."""

GULP = 16
"""Candidates that are put on the grid at once: the first is new nearly always."""


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

    Fewer where the grid has no more. O(n³); about half a second at n = 50, d = 8.
    """
    known = _sorted(known)
    chosen = known.pending
    posterior = None
    if np.isfinite(known.values).sum() >= enough_to_model(place.dimension):
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


def _model(known: Known, place: Field, options: SurrogateOptions, seed: int) -> Posterior | None:
    """The surrogate; None where all values are the same, which tell nothing."""
    worst, largest = float(np.nanmax(known.values)), float(np.nanmax(np.abs(known.values)))
    # A failure is as bad as the worst; differences of values near the largest float would not be finite.
    values = np.where(np.isfinite(known.values), known.values, worst) / (largest or 1.0)
    units = place.to_unit(known.points)
    near = _neighbourhood(units, values)
    units, values = units[near], values[near]
    if not values.min() < values.max():
        return None
    return model(units, values, options.fit, np.random.default_rng([seed, len(known.values)]))


def _neighbourhood(units: Floats, values: Values) -> NDArray[np.intp]:
    """The rows that the surrogate looks at: all, or those around the best one."""
    if len(values) <= MOST_MODELLED:
        return np.arange(len(values))
    away = np.sum((units - units[int(np.argmin(values))]) ** 2, axis=1)
    return np.sort(np.argsort(away, kind="stable")[:MOST_MODELLED])


def _ranked(
    posterior: Posterior | None, known: Known, chosen: Floats, place: Field, rng: np.random.Generator
) -> Floats:
    asked = len(known.values) + len(chosen)
    looks_around = len(known.values) > MOST_MODELLED and asked % LOOKS_AROUND == 0
    if posterior is None or looks_around:
        return farthest(np.vstack([place.to_unit(known.points), chosen]), place.dimension, rng)
    mean, _ = posterior.predict(posterior.points)
    best = mean.min(axis=1, keepdims=True)
    incumbents = posterior.points[np.argsort(mean.mean(axis=0), kind="stable")]
    expecting = posterior.believing(chosen) if len(chosen) else posterior
    return worthiest(expecting, best, incumbents, rng)


def _first_new(ranked: Floats, others: Points, place: Field) -> Point | None:
    """The first place of the grid that was not asked yet; any other where all of them were."""
    for start in range(0, len(ranked), GULP):
        for point in place.to_world(ranked[start : start + GULP]):
            if not place.same(others, point).any():
                return point
    return next((point for point in place.all_points(len(others) + 1) if not place.same(others, point).any()), None)
