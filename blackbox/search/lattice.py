"""Search among whole numbers: every point is asked once at most, and a small box is asked in full.

Descents poll ±stride along the axes, halve the stride where nothing is lower, and end where no neighbour is lower.
One input within two bounds is searched by Fibonacci's method first, the optimal one for a single valley.
(Kiefer 1953; for polls on a lattice, Audet & Dennis 2006.)
"""

from collections.abc import Sequence
from itertools import product

import numpy as np

from blackbox.core.asking import Asking, Effort, Floats, Landing, Point, Points, Values
from blackbox.core.bounds import Bounds
from blackbox.core.stops import Stop
from blackbox.search.basins import by_value
from blackbox.search.converged import why_enough
from blackbox.search.finish import Finish, Told

ALL = 4_000
"""A box of so few points is asked in full: a search that only guesses would ask as many."""

FIRST_DESCENTS = 3
"""Descents before a small box is asked in full: who stops earlier has the likely minimum."""

BATCH = 256
"""Points of a full box asked at once."""

SAMPLE_BASE, SAMPLE_PER_AXIS = 5, 2
"""Points before a descent, the lowest of which starts it."""

FULL_NEIGHBOURHOOD = 4
"""Up to so many axes a descent ends only where none of the 3^d − 1 neighbours is lower; beyond, none along an axis."""

LEVELS, GROWTH, NEAREST = 9, 4.0, 8.0
"""Without bounds descents start from boxes around the start, 8 · 4^k wide each way, k = 0 … 8, in turn."""

RUNAWAY = 1e12
"""A descent so far from its start, still falling, falls for ever."""

STALE = 50
"""Descents in a row that met no new point: everything within reach is known."""


class _Memory:
    """What is known; asks for the rest."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.known: dict[tuple[float, ...], float] = {}

    def ask(self, lattice: Points) -> Asking[Values]:
        """Values at lattice points, shape `(n, d)`, failures infinite; only new ones are asked."""
        places = self.bounds.clip(lattice)
        keys = [tuple(row) for row in places.tolist()]
        new = {key: row for row, key in enumerate(keys) if key not in self.known}
        if new:
            values = yield np.ascontiguousarray(places[list(new.values())])
            self.known.update(zip(new, np.where(np.isnan(values), np.inf, values).tolist(), strict=True))
        return np.array([self.known[key] for key in keys])


def lattice_search(bounds: Bounds, start: Point, rng: np.random.Generator) -> Asking[Finish]:
    """Find the lowest whole-number point. `start` is one; points beyond a bound stand for the bound itself."""
    yield Effort("whole numbers")
    memory, landings = _Memory(bounds), list[Landing]()
    low, high = np.floor(bounds.lower), np.ceil(bounds.upper)
    count = float(np.prod(high - low + 1))
    if bounds.finite and bounds.dimension == 1:
        yield from _fibonacci(memory, int(low[0]), int(high[0]))
    turn, stale = 0, 0
    while stale < STALE:
        known = len(memory.known)
        begin = start if turn == 0 else (yield from _choose(memory, _region(turn, start, bounds), rng))
        if begin is not None:
            end, stride = yield from _descend(memory, begin, turn, rng)
            if np.abs(end - start).max() > RUNAWAY and stride > 1:
                ray = (end - start) / np.abs(end - start).max()
                return Finish.told(Stop.UNBOUNDED, Told.of("it still {falls} where whole numbers end"), ray)
            value = float((yield from memory.ask(end[np.newaxis, :]))[0])
            if np.isfinite(value):
                landings.append(Landing(bounds.clip(end), value, 0.0, True, "restart", np.full(end.size, 0.5)))
                yield landings[-1]
        turn += 1
        stale = stale + 1 if len(memory.known) == known else 0
        if count <= ALL and turn >= FIRST_DESCENTS:
            return (yield from _ask_all(memory, low, high, landings))
        enough = why_enough(landings, boxed=bounds.finite)
        if enough:
            return Finish(Stop.CONVERGED, enough)
    if not landings:
        return Finish(Stop.NO_FINITE_VALUE)
    return Finish(Stop.CONVERGED, f"{STALE} descents met no new point")


def _ask_all(memory: _Memory, low: Floats, high: Floats, landings: Sequence[Landing]) -> Asking[Finish]:
    axes = [[float(k) for k in range(int(a), int(b) + 1)] for a, b in zip(low, high, strict=True)]
    grid: Points = np.array(list(product(*axes)))
    for first in range(0, len(grid), BATCH):
        yield from memory.ask(grid[first : first + BATCH])
    values = yield from memory.ask(grid)
    lowest = int(np.argmin(values))
    if not np.isfinite(values[lowest]):
        return Finish(Stop.NO_FINITE_VALUE)
    if not landings or values[lowest] < min(landings, key=by_value).value:
        yield Landing(
            memory.bounds.clip(grid[lowest]), float(values[lowest]), 0.0, True, "restart", np.full(low.size, 0.5)
        )
    told = f"every one of the {len(grid):,} whole-number points within the bounds was asked"
    return Finish(Stop.CONVERGED, told, complete=True)


def _fibonacci(memory: _Memory, low: int, high: int) -> Asking[None]:
    """Shrink the whole numbers low … high around the minimum of a single valley, as if their number were F − 1."""
    small, large = 1, 2
    while large < high - low + 2:
        small, large = large, small + large
    left = low - 1
    while large > 2:
        # The open interval (left, left + large) holds two points to compare; those beyond `high` count as higher.
        pair = np.array([[left + large - small], [left + small]], dtype=np.float64)
        inside = pair[pair[:, 0] <= high]
        values = yield from memory.ask(inside)
        if len(inside) == 2 and values[1] < values[0]:
            left += large - small
        small, large = large - small, small


def _region(turn: int, start: Point, bounds: Bounds) -> tuple[Floats, Floats]:
    half = NEAREST * GROWTH ** (turn % LEVELS)
    lower = np.where(np.isfinite(bounds.lower), np.floor(bounds.lower), start - half)
    upper = np.where(np.isfinite(bounds.upper), np.ceil(bounds.upper), start + half)
    return np.minimum(lower, upper), np.maximum(lower, upper)


def _choose(memory: _Memory, region: tuple[Floats, Floats], rng: np.random.Generator) -> Asking[Point | None]:
    low, high = region
    sample = low + np.floor(rng.random((SAMPLE_BASE + SAMPLE_PER_AXIS * low.size, low.size)) * (high - low + 1))
    values = yield from memory.ask(sample)
    lowest = int(np.argmin(values))
    return sample[lowest].copy() if np.isfinite(values[lowest]) else None


def _descend(memory: _Memory, begin: Point, turn: int, rng: np.random.Generator) -> Asking[tuple[Point, float]]:
    """Polls from `begin` until no neighbour is lower: where that is, and the stride it ended at."""
    low, high = _region(turn, begin, memory.bounds)
    x, stride = begin, max(1.0, 2.0 ** np.floor(np.log2(max(1.0, float((high - low).max()) / 8))))
    value = float((yield from memory.ask(x[np.newaxis, :]))[0])
    while stride >= 1 and np.abs(x - begin).max() <= RUNAWAY:
        moved, lower = yield from _poll(memory, x, value, stride, rng)
        if lower < value:
            x, value, stride = moved, lower, 2 * stride
        else:
            stride /= 2
    return x, stride


def _poll(
    memory: _Memory, x: Point, value: float, stride: float, rng: np.random.Generator
) -> Asking[tuple[Point, float]]:
    """The first lower neighbour met, the axes in random order; at stride 1 the diagonal ones too."""
    d = x.size
    for axis in rng.permutation(d):
        pair = np.repeat(x[np.newaxis, :], 2, axis=0)
        pair[:, axis] += (stride, -stride)
        values = yield from memory.ask(pair)
        lowest = int(np.argmin(values))
        if values[lowest] < value:
            return _inside(pair[lowest], memory.bounds), float(values[lowest])
    if stride == 1 and 1 < d <= FULL_NEIGHBOURHOOD:
        around = x + np.array(list(product((-1.0, 0.0, 1.0), repeat=d)))
        values = yield from memory.ask(around)
        lowest = int(np.argmin(values))
        return _inside(around[lowest], memory.bounds), float(values[lowest])
    return x, value


def _inside(point: Point, bounds: Bounds) -> Point:
    """The lattice point itself, or the last one before a bound that it is beyond."""
    return np.minimum(np.maximum(point, np.floor(bounds.lower)), np.ceil(bounds.upper))
