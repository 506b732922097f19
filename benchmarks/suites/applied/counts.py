"""Inputs that are rounded to whole numbers: f is flat between them."""

import numpy as np

from benchmarks.suites.applied.made import Applied, Made, fixed, made, scalable
from blackbox.core.asking import Points, Values

FEWEST, MOST = 12, 60
"""Teeth of a gear."""

SKEW = 0.3
"""Standard deviation of what `mixed` adds to each entry of the identity."""


def rounded(d: int, rng: np.random.Generator) -> Made:
    """Counts that do not depend on each other."""
    truth, weights = rng.integers(-8, 8, d).astype(np.float64), rng.uniform(0.5, 5, d)

    def surface(points: Points) -> Values:
        return (weights * (np.round(points) - truth) ** 2).sum(1)

    return made(-20, 17, surface, truth)


def rounded_rotated(d: int, rng: np.random.Generator) -> Made:
    """Counts that do: the nearest point of a lattice."""
    truth, turn = rng.integers(-8, 8, d).astype(np.float64), rng.standard_normal((d, d)) + 2 * np.eye(d)

    def surface(points: Points) -> Values:
        return (((np.round(points) - truth) @ turn) ** 2).sum(1)

    return made(-20, 17, surface, truth)


def gears(rng: np.random.Generator) -> Made:
    """Teeth of four gears that come nearest to a random ratio; Sandgren 1990."""
    ratio = rng.uniform(0.1, 0.3)

    def surface(points: Points) -> Values:
        first, second, third, fourth = np.round(points).T
        return (ratio - first * second / (third * fourth)) ** 2

    teeth = np.arange(FEWEST, MOST + 1)
    pairs = np.array([(one, other) for one in teeth for other in teeth if one <= other])
    products = pairs.prod(1)
    missed = np.abs(ratio - products[:, np.newaxis] / products)
    driven, driving = np.unravel_index(np.argmin(missed), missed.shape)
    best = np.concatenate([pairs[driven], pairs[driving]]).astype(np.float64)
    return made(FEWEST, MOST, surface, best, missed[driven, driving] ** 2)


def mixed(d: int, rng: np.random.Generator) -> Made:
    """Every other input is a count, from the first on."""
    truth = rng.uniform(-3, 3, d)
    truth[::2] = np.round(truth[::2])
    turn = SKEW * rng.standard_normal((d, d)) + np.eye(d)

    def surface(points: Points) -> Values:
        x = points.copy()
        x[:, ::2] = np.round(x[:, ::2])
        return (((x - truth) @ turn.T) ** 2).sum(1)

    return made(-6, 5, surface, truth)


FUNCTIONS: tuple[Applied, ...] = (
    scalable(rounded, 2, 5),
    scalable(rounded_rotated, 2, 5),
    fixed(gears, 4),
    scalable(mixed, 2, 5),
)
