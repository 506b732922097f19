"""CMA-ES: a population that learns the shape of the landscape, for what is too rugged for slopes.

Active covariance update with the published default parameters. Works in units of a region: 0 to 1 on every axis.
(Hansen & Ostermeier 2001; Hansen 2016, "The CMA Evolution Strategy: A Tutorial", arXiv:1604.00772.)
"""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Values
from blackbox.core.bounds import Bounds
from blackbox.search.regions import Region

NARROW = 1e-10
"""The run ends when the cloud is narrower than this part of the region: a descent finishes it cheaper."""

EQUAL = 1e-11
"""… or when the values of the last generations differ by less than this part of all that was seen in the run."""

WORST_CONDITION = 1e14
RESAMPLES = 3
"""A point outside the bounds is drawn again this often, then clipped: clipping alone piles points on the faces."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """Where a run starts."""

    mean: Point
    sigma: float
    """In units of the region."""
    size: int


@dataclass(frozen=True, slots=True)
class Colony:
    """Where a run ended."""

    point: Point
    value: float
    evaluations: int


@dataclass(frozen=True, slots=True)
class _Constants:
    weights: Floats
    parents: int
    mu_eff: float
    c_sigma: float
    d_sigma: float
    c_c: float
    c_1: float
    c_mu: float
    chi: float

    @classmethod
    def of(cls, d: int, size: int) -> "_Constants":
        """The tutorial's defaults (table 1), with the negative weights of the active update."""
        raw = np.log((size + 1) / 2) - np.log(np.arange(1, size + 1))
        parents = int(np.sum(raw > 0))
        mu_eff = float(raw[:parents].sum() ** 2 / (raw[:parents] ** 2).sum())
        mu_eff_negative = float(raw[parents:].sum() ** 2 / (raw[parents:] ** 2).sum())
        c_1 = 2 / ((d + 1.3) ** 2 + mu_eff)
        c_mu = min(1 - c_1, 2 * (0.25 + mu_eff + 1 / mu_eff - 2) / ((d + 2) ** 2 + mu_eff))
        limit = min(1 + c_1 / c_mu, 1 + 2 * mu_eff_negative / (mu_eff + 2), (1 - c_1 - c_mu) / (d * c_mu))
        positive, negative = np.maximum(raw, 0), np.minimum(raw, 0)
        weights = positive / positive.sum() + limit * negative / max(-negative.sum(), 1e-300)
        c_sigma = (mu_eff + 2) / (d + mu_eff + 5)
        d_sigma = 1 + 2 * max(0.0, float(np.sqrt((mu_eff - 1) / (d + 1))) - 1) + c_sigma
        c_c = (4 + mu_eff / d) / (d + 4 + 2 * mu_eff / d)
        chi = float(np.sqrt(d) * (1 - 1 / (4 * d) + 1 / (21 * d**2)))
        return cls(weights, parents, mu_eff, c_sigma, d_sigma, c_c, c_1, c_mu, chi)


@dataclass(frozen=True, slots=True)
class _State:
    mean: Point
    sigma: float
    covariance: Floats
    path_sigma: Floats
    path_c: Floats
    basis: Floats
    lengths: Floats


def default_size(dimension: int) -> int:
    """The tutorial's population: 4 + 3 ln d."""
    return 4 + int(3 * np.log(dimension))


def colonise(cloud: Cloud, region: Region, bounds: Bounds, rng: np.random.Generator) -> Asking[Colony]:
    """One run of CMA-ES until it has shrunk, stagnated or worn out. `cloud.size` evaluations a generation."""
    d = cloud.mean.size
    constants = _Constants.of(d, cloud.size)
    lazy = max(1, int(1 / (10 * d * (constants.c_1 + constants.c_mu))))
    state = _State(cloud.mean, cloud.sigma, np.eye(d), np.zeros(d), np.zeros(d), np.eye(d), np.ones(d))
    best_point, best, asked, history = _to_world(cloud.mean, region, bounds), float("inf"), 0, list[float]()
    highest = -float("inf")
    generations = int(100 + 150 * (d + 3) ** 2 / np.sqrt(cloud.size))
    memory = 10 + int(30 * d / cloud.size)
    for generation in range(1, generations + 1):
        steps = _sample(state, cloud.size, region, bounds, rng)
        points = _to_world(state.mean + state.sigma * steps, region, bounds)
        values = yield points
        asked += cloud.size
        ranked = np.where(np.isnan(values), np.inf, values)
        order = np.argsort(ranked, kind="stable")
        if ranked[order[0]] < best:
            best, best_point = float(ranked[order[0]]), points[order[0]].copy()
        highest = max(highest, _highest(values))
        history.append(float(ranked[order[0]]))
        state = _update(state, steps[order], constants, generation)
        if generation % lazy == 0:
            state = _decompose(state)
        if _is_over(state, history[-memory:], memory, highest - best, ranked[order]):
            break
    return Colony(best_point, best, asked)


def _to_world(u: Floats, region: Region, bounds: Bounds) -> Floats:
    return bounds.clip(region.lower + u * region.width)


def _highest(values: Values) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.max()) if finite.size else -float("inf")


def _sample(state: _State, size: int, region: Region, bounds: Bounds, rng: np.random.Generator) -> Floats:
    """Steps in units of sigma, shape `(size, d)`; what falls outside the bounds is drawn again, then clipped."""
    steps = _draw(state, size, rng)
    if bounds.absent:
        return steps
    low, high = (bounds.lower - region.lower) / region.width, (bounds.upper - region.lower) / region.width
    for _ in range(RESAMPLES):
        places = state.mean + state.sigma * steps
        outside = np.any((places < low) | (places > high), axis=1)
        if not outside.any():
            return steps
        steps[outside] = _draw(state, int(outside.sum()), rng)
    return (np.clip(state.mean + state.sigma * steps, low, high) - state.mean) / state.sigma


def _draw(state: _State, size: int, rng: np.random.Generator) -> Floats:
    return (rng.standard_normal((size, state.mean.size)) * state.lengths) @ state.basis.T


def _update(state: _State, steps: Floats, k: _Constants, generation: int) -> _State:
    """Equations 24 to 47 of the tutorial; `steps` are ranked, best first."""
    d = state.mean.size
    drift = k.weights[: k.parents] @ steps[: k.parents]
    whitened = state.basis @ ((state.basis.T @ drift) / state.lengths)
    path_sigma = (1 - k.c_sigma) * state.path_sigma + np.sqrt(k.c_sigma * (2 - k.c_sigma) * k.mu_eff) * whitened
    norm = float(np.linalg.norm(path_sigma))
    damped = norm / np.sqrt(1 - (1 - k.c_sigma) ** (2 * generation))
    steady = 1.0 if damped < (1.4 + 2 / (d + 1)) * k.chi else 0.0
    path_c = (1 - k.c_c) * state.path_c + steady * np.sqrt(k.c_c * (2 - k.c_c) * k.mu_eff) * drift
    white = (steps @ state.basis) / state.lengths
    shrink = np.where(k.weights >= 0, 1.0, d / np.maximum((white**2).sum(axis=1), 1e-300))
    weights = k.weights * shrink
    decay = 1 + k.c_1 * (1 - steady) * k.c_c * (2 - k.c_c) - k.c_1 - k.c_mu * k.weights.sum()
    covariance = decay * state.covariance + k.c_1 * np.outer(path_c, path_c) + k.c_mu * (steps.T * weights) @ steps
    sigma = state.sigma * float(np.exp(min(1.0, (k.c_sigma / k.d_sigma) * (norm / k.chi - 1))))
    return _State(state.mean + state.sigma * drift, sigma, covariance, path_sigma, path_c, state.basis, state.lengths)


def _decompose(state: _State) -> _State:
    covariance = (state.covariance + state.covariance.T) / 2
    squares, basis = np.linalg.eigh(covariance)
    lengths = np.sqrt(np.maximum(squares, squares.max() / WORST_CONDITION))
    return _State(
        state.mean, state.sigma, covariance, state.path_sigma, state.path_c, np.ascontiguousarray(basis), lengths
    )


def _is_over(state: _State, recent: list[float], memory: int, seen: float, ranked: Floats) -> bool:
    if not np.isfinite(state.sigma) or state.lengths.max() ** 2 >= WORST_CONDITION * state.lengths.min() ** 2:
        return True
    if state.sigma * state.lengths.max() < NARROW:
        return True
    if len(recent) < memory or not np.isfinite(ranked[0]):
        return len(recent) >= memory and not np.isfinite(max(recent))
    level = max(recent) - min(recent)
    here = float(ranked[len(ranked) // 2] - ranked[0])
    return max(level, here if np.isfinite(here) else level) <= EQUAL * max(seen, abs(recent[-1]) * 1e-4)
