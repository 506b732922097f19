"""How much of the last digits of f is noise: a difference table along a short line.

(Moré & Wild 2011, "Estimating computational noise", SIAM J. Sci. Comput. 33(3): the k-th differences of a smooth
function die away as the interval shrinks; those of noise keep a variance of σ² / γ_k, γ_k = k!² / (2k)!.)
"""

from math import comb, sqrt

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Points, Values
from blackbox.core.bounds import Bounds
from blackbox.gradients.steps import MACHINE

TABLE_POINTS = 7
"""Points on the line; six is the fewest the paper finds dependable."""

OVERFLOWING = 1e150
"""Squares of differences of such values are no numbers any more."""

AGREE = 4.0
"""Three successive estimates within this factor of each other are the noise; further apart they are curvature."""


DIGITS = 16.0
"""Second differences of so many last digits of the values are none."""

WHOLE = 1e-3
"""Differences of rounded values are whole numbers of steps to this part of a step."""

NUDGE = 32.0
"""Last digits by which coordinates are moved to see what their rounding does: far above f's own rounding."""

PATTERNS = 6
"""Choices of signs; each is one evaluation."""


def noise_of_rounding(x: Point, value: float, bounds: Bounds) -> Asking[float]:
    """What rounding every coordinate of a point near x does to f, a standard deviation; 6 evaluations.

    It is sqrt(Σ (∂f/∂x_i · ulp(x_i))²) / sqrt(12), seen by moving all coordinates a few last digits with mixed signs.
    """
    axes = np.arange(1.0, x.size + 1)
    signs = np.where(np.sin(np.arange(1, PATTERNS + 1)[:, np.newaxis] * axes**2) >= 0, 1.0, -1.0)
    moves = NUDGE * np.spacing(np.abs(x))
    signs = np.where(x + moves > bounds.upper, -1.0, np.where(x - moves < bounds.lower, 1.0, signs))
    values = yield bounds.clip(x + signs * moves)
    known = values[np.isfinite(values)]
    return float(np.sqrt(np.mean((known - value) ** 2) / 12)) / NUDGE if known.size else 0.0


def noise_along(x: Point, direction: Floats, bounds: Bounds) -> Asking[float]:
    """Absolute noise level of f near x, from 7 evaluations at x + k · direction, k = −3…3; 0 where none is seen."""
    values = yield from table_around(x, direction, bounds)
    return 0.0 if np.isnan(values).any() else noise_in_table(values)


def table_around(x: Point, direction: Floats, bounds: Bounds) -> Asking[Values]:
    """The 7 values of that table, NaN where they fail."""
    return (yield line_of_table(x, direction, bounds))


def line_of_table(x: Point, direction: Floats, bounds: Bounds) -> Points:
    """The points x + k · direction of a table, k = −3…3, shape `(7, d)`.

    Along an axis that meets a bound the line is bent inwards as a whole, k = 0…6 or −6…0: a table that is cut off there
    would show the bound's corner as noise.
    """
    half = TABLE_POINTS // 2
    offsets = np.arange(TABLE_POINTS)[:, np.newaxis] - half
    reach = half * np.abs(direction)
    slide = np.where(x - reach < bounds.lower, half, np.where(x + reach > bounds.upper, -half, 0)) * np.sign(direction)
    return bounds.clip(x + (offsets + slide) * direction)


def table_beside(x: Point, direction: Floats, bounds: Bounds) -> Asking[Values]:
    """The 7 values at x + k · direction, k = 0…6, NaN where they fail: for a point at the edge of a hole."""
    return (yield bounds.clip(x + np.arange(TABLE_POINTS)[:, np.newaxis] * direction))


def noise_in_table(values: Floats) -> float:
    """Noise level of equally spaced values, shape `(m,)`: σ_k² = γ_k · mean of the squared k-th differences."""
    if not values.any() or float(np.abs(values).max()) > OVERFLOWING:
        return 0.0
    differences = values
    levels: list[float] = []
    mixed: list[bool] = []
    for k in range(1, values.size):
        differences = differences[1:] - differences[:-1]
        gamma, squares = 1.0 / comb(2 * k, k), np.add.reduce(differences**2)  # a third of what .mean() takes
        levels.append(sqrt(gamma * (float(squares) / differences.size)))
        signs: list[float] = differences.tolist()
        mixed.append(min(signs) < 0 < max(signs))
    for k in range(len(levels) - 2):
        three = levels[k : k + 3]
        if 0 < max(three) <= AGREE * min(three) and mixed[k]:
            return three[0]
    return 0.0


def rounding_in_table(values: Floats, level: float = 0.0) -> float:
    """Noise level of equally spaced values that look rounded, shape `(m,)`: their step / sqrt(12); 0 where they do not.

    All differences of rounded values are whole numbers of one step, and the higher ones do not die away as those of a
    polynomial do, whose differences may be whole numbers, too. Where a table `level` times shorter was level, and even
    t^4 would have moved there, that is proof enough: the smallest difference is the step.
    """
    first: Floats = np.diff(values)
    second: Floats = np.diff(values, 2)
    fourth: Floats = np.diff(values, 4)
    least = DIGITS * MACHINE * float(np.abs(values).max()) * max(level, 1.0) ** 4
    told: Floats = np.concatenate([first, second]) if level else second
    moves: Floats = np.abs(told)
    moves = moves[moves > least]
    alive = second.min() < -least < least < second.max() and np.abs(fourth).max() >= np.abs(second).max()
    if moves.size == 0 or not (alive or level):
        return 0.0
    counts: Floats = np.concatenate([first, second]) / float(moves.min())
    whole = bool(np.all(np.abs(counts - np.round(counts)) < WHOLE))
    return float(moves.min()) / sqrt(12) if whole else 0.0
