"""CMA-ES: a population that learns the shape of the landscape, for what is too rugged for slopes.

Active covariance update with the published default parameters. Works in units of a region: 0 to 1 on every axis.
(Hansen & Ostermeier 2001; Hansen 2016, "The CMA Evolution Strategy: A Tutorial", arXiv:1604.00772.)
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite, sqrt
from typing import TypeAlias

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Values
from blackbox.core.bounds import Bounds
from blackbox.descent.terrain import Descent
from blackbox.search.bowl import Recent, is_bottom
from blackbox.search.regions import Region

NARROW = 1e-10
"""The run ends when the cloud is narrower than this part of the region: a descent finishes it cheaper."""

EQUAL = 1e-11
"""… or when the values of the last generations differ by less than this part of all that was seen in the run."""

NARROWER = 0.3
"""After a descent that led nowhere, the next is tried when the cloud has narrowed to this part."""

LEVEL = 0.5
"""Where this part of a generation and two more are level with its best, the cloud lies on a plateau and spreads to see
its rim: in a small one half is soon level by chance."""

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
    walk: Descent | None = None
    """The descent that ended the run, where it ended at the bottom of a bowl."""


Leave: TypeAlias = Callable[[Point, float, Floats], Asking[Descent]]
"""A descent from a point whose value is known, with a Hessian in units of the region, shape `(d, d)`."""


@dataclass(frozen=True, slots=True)
class _Constants:
    weights: Floats
    best_weights: Floats
    """Those of the parents."""
    parents: int
    mu_eff: float
    c_sigma: float
    d_sigma: float
    c_c: float
    c_1: float
    c_mu: float
    chi: float
    total: float
    """Sum of the weights."""
    gain_sigma: float
    """√(c_σ (2 − c_σ) μ_eff): what keeps the path's length that of a random walk."""
    gain_c: float
    wider: float
    """By how much sigma grows on a plateau: the tutorial's escape from flat fitness (its appendix B.3)."""
    level: int
    """Rank, counted from 0, that is level with the best only on a plateau."""

    @classmethod
    def of(cls, d: int, size: int) -> "_Constants":
        """The tutorial's defaults (table 1), with the negative weights of the active update."""
        raw = np.log((size + 1) / 2) - np.log(np.arange(1, size + 1))
        parents = int(np.count_nonzero(raw > 0))
        mu_eff, mu_eff_negative = _effective(raw[:parents]), _effective(raw[parents:])
        c_1 = 2 / ((d + 1.3) ** 2 + mu_eff)
        c_mu = min(1 - c_1, 2 * (0.25 + mu_eff + 1 / mu_eff - 2) / ((d + 2) ** 2 + mu_eff))
        limit = min(1 + c_1 / c_mu, 1 + 2 * mu_eff_negative / (mu_eff + 2), (1 - c_1 - c_mu) / (d * c_mu))
        positive, negative = np.maximum(raw, 0), np.minimum(raw, 0)
        weights = positive / np.add.reduce(positive) + limit * negative / max(-np.add.reduce(negative), 1e-300)
        c_sigma = (mu_eff + 2) / (d + mu_eff + 5)
        d_sigma = 1 + 2 * max(0.0, sqrt((mu_eff - 1) / (d + 1)) - 1) + c_sigma
        c_c = (4 + mu_eff / d) / (d + 4 + 2 * mu_eff / d)
        chi = sqrt(d) * (1 - 1 / (4 * d) + 1 / (21 * d**2))
        gain_sigma, gain_c = sqrt(c_sigma * (2 - c_sigma) * mu_eff), sqrt(c_c * (2 - c_c) * mu_eff)
        total = float(np.add.reduce(weights))
        wider, level = float(np.exp(0.2 + c_sigma / d_sigma)), min(size - 1, 1 + int(LEVEL * size))
        steps = (c_sigma, d_sigma, c_c, c_1, c_mu)
        return cls(weights, weights[:parents], parents, mu_eff, *steps, chi, total, gain_sigma, gain_c, wider, level)


def _effective(weights: Floats) -> float:
    """How many equal weights vary a mean as much as these do."""
    return float(np.add.reduce(weights) ** 2 / np.add.reduce(weights**2))


@dataclass(slots=True)
class _State:
    mean: Point
    sigma: float
    covariance: Floats
    path_sigma: Floats
    path_c: Floats
    basis: Floats
    """Principal axes of the covariance, a column each."""
    lengths: Floats
    """Standard deviations along them, rising; a row for each point of a generation, all the same."""
    shortest: float = 1.0
    longest: float = 1.0


@dataclass(frozen=True, slots=True)
class _Room:
    """Region and bounds, a row for each point of a generation: shapes that agree take numpy a third of the time."""

    lower: Floats
    width: Floats
    inside: tuple[Floats, Floats] | None
    """The bounds in units of the region; None where there are none."""
    lowest: Floats
    highest: Floats

    @classmethod
    def of(cls, region: Region, bounds: Bounds, size: int) -> "_Room":
        """The room of a run of so many points a generation."""
        lower, width, inside = region.lower, region.width, None
        if not bounds.absent:
            # A region of a single float along some axis has no units there.
            unit = np.where(width > 0, width, 1.0)
            inside = _rows((bounds.lower - lower) / unit, size), _rows((bounds.upper - lower) / unit, size)
        # As far as any point may lie.
        lowest, highest = bounds.clip(np.full(lower.size, -inf)), bounds.clip(np.full(lower.size, inf))
        return cls(_rows(lower, size), _rows(width, size), inside, _rows(lowest, size), _rows(highest, size))

    def to_world(self, u: Floats) -> Floats:
        """From units of the region, shape `(size, d)`."""
        return np.minimum(np.maximum(self.lower + u * self.width, self.lowest), self.highest)


def _rows(row: Floats, size: int) -> Floats:
    """So many copies of a row, shape `(size, d)`."""
    rows = np.empty((size, row.size))
    rows[:] = row
    return rows


def default_size(dimension: int) -> int:
    """The tutorial's population: 4 + 3 ln d."""
    return 4 + int(3 * np.log(dimension))


def colonise(
    cloud: Cloud, region: Region, bounds: Bounds, rng: np.random.Generator, leave: Leave | None = None
) -> Asking[Colony]:
    """One run of CMA-ES until it has shrunk, stagnated or worn out. `cloud.size` evaluations a generation.

    With `leave`, a descent is tried where the cloud seems to lie in a bowl, and ends the run if it reaches the bottom.
    """
    d = cloud.mean.size
    constants = _Constants.of(d, cloud.size)
    lazy = max(1, int(1 / (10 * d * (constants.c_1 + constants.c_mu))))
    state = _State(cloud.mean, cloud.sigma, np.eye(d), np.zeros(d), np.zeros(d), np.eye(d), np.ones((cloud.size, d)))
    room = _Room.of(region, bounds, cloud.size)
    best_point, best, asked, highest = bounds.clip(region.lower + cloud.mean * region.width), inf, 0, -inf
    generations = int(100 + 150 * (d + 3) ** 2 / np.sqrt(cloud.size))
    recent, narrow = Recent(d), inf
    memory = 10 + int(30 * d / cloud.size)
    history: deque[float] = deque(maxlen=memory)
    for generation in range(1, generations + 1):
        steps, places = _sample(state, cloud.size, room, rng)
        points = room.to_world(places)
        values = yield points
        asked += cloud.size
        order = values.argsort(kind="stable")  # NaN comes last
        ranked = values[order].tolist()
        if ranked[0] < best:
            best, best_point = ranked[0], points[order[0]].copy()
        highest = max(highest, _highest(ranked))
        history.append(ranked[0] if ranked[0] == ranked[0] else inf)
        _update(state, steps.take(order, axis=0), constants, generation)  # a quarter of the time of steps[order]
        if ranked[0] == ranked[constants.level]:
            state.sigma *= constants.wider
        if generation % lazy == 0:
            _decompose(state)
        recent.add(places, values)
        spread = state.sigma * state.longest
        bowl = recent.bowl() if leave is not None and spread < narrow else None
        if leave is not None and bowl is not None:
            walk = yield from leave(best_point, best, bowl)
            # Slopes that see nothing here will see nothing nearer.
            asked, narrow = asked + walk.evaluations, 0.0 if walk.flat else NARROWER * spread
            if _is_at_bottom(walk, places, values, region):
                return Colony(walk.point, walk.value, asked, walk)
            if walk.value < best:
                best, best_point = walk.value, walk.point
        if _is_over(state, history, highest - best, ranked):
            break
    return Colony(best_point, best, asked)


def _is_at_bottom(walk: Descent, places: Floats, values: Values, region: Region) -> bool:
    if not walk.smooth or walk.flat or walk.hessian is None:
        return False
    return is_bottom((walk.point - region.lower) / region.width, walk.value, walk.hessian, places, values)


def _highest(ranked: list[float]) -> float:
    """The last that is a number."""
    if ranked[-1] == ranked[-1]:
        return ranked[-1]
    return next((value for value in reversed(ranked) if value == value), -inf)


def _sample(state: _State, size: int, room: _Room, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Steps in units of sigma, and where they lead; what falls outside the bounds is drawn again, then clipped."""
    steps = _draw(state, size, rng)
    places = state.mean + state.sigma * steps
    if room.inside is None:
        return steps, places
    low, high = room.inside
    for _ in range(RESAMPLES):
        outside = (places < low) | (places > high)
        if not np.count_nonzero(outside):  # a fifth of what .any() takes
            return steps, places
        rows = outside.any(axis=1)
        steps[rows] = _draw(state, int(rows.sum()), rng)
        places = state.mean + state.sigma * steps
    steps = (np.minimum(np.maximum(places, low), high) - state.mean) / state.sigma
    return steps, state.mean + state.sigma * steps


def _draw(state: _State, size: int, rng: np.random.Generator) -> Floats:
    return (rng.standard_normal((size, state.mean.size)) * state.lengths[:size]).dot(state.basis.T)


def _update(state: _State, steps: Floats, k: _Constants, generation: int) -> None:
    """Equations 24 to 47 of the tutorial; `steps` are ranked, best first."""
    d = state.mean.size
    drift = k.best_weights.dot(steps[: k.parents])
    whitened = state.basis.dot(state.basis.T.dot(drift) / state.lengths[0])
    path_sigma = (1 - k.c_sigma) * state.path_sigma + k.gain_sigma * whitened
    norm = sqrt(float(path_sigma.dot(path_sigma)))
    damped = norm / sqrt(1 - (1 - k.c_sigma) ** (2 * generation))
    steady = 1.0 if damped < (1.4 + 2 / (d + 1)) * k.chi else 0.0
    path_c = (1 - k.c_c) * state.path_c + steady * k.gain_c * drift
    white = (steps.dot(state.basis) / state.lengths)[k.parents :]
    weights = k.weights.copy()
    weights[k.parents :] *= d / np.maximum(np.add.reduce(white * white, axis=1), 1e-300)
    decay = 1 + k.c_1 * (1 - steady) * k.c_c * (2 - k.c_c) - k.c_1 - k.c_mu * k.total
    one, many = k.c_1 * (path_c[:, np.newaxis] * path_c), (k.c_mu * (steps.T * weights)).dot(steps)
    state.covariance = decay * state.covariance + one + many
    state.path_sigma, state.path_c = path_sigma, path_c
    state.mean = state.mean + state.sigma * drift
    state.sigma *= float(np.exp(min(1.0, (k.c_sigma / k.d_sigma) * (norm / k.chi - 1))))


def _decompose(state: _State) -> None:
    state.covariance = (state.covariance + state.covariance.T) / 2
    squares, basis = np.linalg.eigh(state.covariance)
    lengths = np.sqrt(np.maximum(squares, squares[-1] / WORST_CONDITION))
    state.lengths[:] = lengths
    state.basis = np.ascontiguousarray(basis)
    state.shortest, state.longest = float(lengths[0]), float(lengths[-1])


def _is_over(state: _State, recent: deque[float], seen: float, ranked: list[float]) -> bool:
    if not isfinite(state.sigma) or state.longest**2 >= WORST_CONDITION * state.shortest**2:
        return True
    if state.sigma * state.longest < NARROW:
        return True
    full = len(recent) == recent.maxlen
    if not full or not isfinite(ranked[0]):
        return full and not isfinite(max(recent))
    level = max(recent) - min(recent)
    here = ranked[len(ranked) // 2] - ranked[0]
    return max(level, here if isfinite(here) else level) <= EQUAL * max(seen, abs(recent[-1]) * 1e-4)
