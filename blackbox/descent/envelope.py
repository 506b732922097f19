"""The lowest point of the highest of several planes, within a box, on a bowl: a quadratic programme of a few rows.

min over p of max_i (heights_i + slopes_i · p) + ½ pᵀ B p, lower ≤ p ≤ upper. Written with the height t as one more
unknown it is a least-distance programme, whose dual is a least-squares problem with non-negative unknowns: one for
each plane and one for each bound. (Lawson & Hanson 1974, chapter 23; Bro & de Jong 1997 for the normal equations.)
"""

from functools import cache
from math import sqrt

import numpy as np

from blackbox.core.asking import Floats

MACHINE, TINY = float(np.finfo(np.float64).eps), float(np.finfo(np.float64).tiny)

BEND = 0.1
"""Curvature given to t itself, which makes the programme one of least distance. Where heights and steps are of order 1
the height that is found errs by a part of BEND / 2 of itself at most, and planes alone have the same lowest point."""

ALIKE = 1e-14
"""Added to the diagonal of the normal equations: of two planes that are the same either will do."""

NOTHING = 1e-13
"""A bound or plane that would gain no more is no part of the solution."""

LEAST_BEND = 1e-4
"""Curvature that stands in for none: the programme needs one. Heights and steps are of order 1."""

ENOUGH = 0.5
"""Part of the most that a plane can stand above all others, which is worth a kink less."""

BESIDE = (1.0, 0.5, 0.25, 0.125, 0.06, 0.02, 0.005, 0.0)
"""Parts of the way towards uphill from the others' mean that are tried, from where the plane stands highest."""


def lowest(heights: Floats, slopes: Floats, curvature: Floats, box: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """The lowest point p, shape `(d,)`, and the weight of each plane there, shape `(m,)`, which add up to 1.

    `heights` `(m,)`, `slopes` `(m, d)`, `curvature` `(d, d)` positive definite, `box` two corners `(d,)` around 0.
    """
    lower, upper = box
    d, planes = lower.size, heights.size
    back = np.linalg.inv(np.linalg.cholesky(curvature)).T
    rows = np.zeros((planes + 2 * d, d + 2))
    rows[:planes, :d], rows[:planes, d], rows[:planes, d + 1] = (-slopes).dot(back), 1 / sqrt(BEND), heights + 1 / BEND
    rows[planes : planes + d, :d], rows[planes : planes + d, d + 1] = back, lower
    rows[planes + d :, :d], rows[planes + d :, d + 1] = -back, -upper
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    rows /= lengths[:, np.newaxis]
    shares = _non_negative(rows.dot(rows.T), rows[:, -1])
    missed = rows.T.dot(shares)
    missed[-1] -= 1.0
    point = back.dot(missed[:d] / -missed[-1]).clip(lower, upper)
    weights = (shares / lengths)[:planes]
    return point, weights / max(float(np.add.reduce(weights)), TINY)


def standing_out(above: Floats, box: tuple[Floats, Floats]) -> Floats:
    """A step p in the box, shape `(d,)`, after which a plane stands high above all others.

    `above` `(m, d)` are its slopes less each of theirs. Where it stands highest two others are often as high as each
    other, and a difference there would straddle their kink: the step leads beside that place.
    """
    lower, upper = box
    unit = max(float(np.abs(above).max()), TINY)
    above = above / unit
    uphill = np.clip(above.mean(axis=0), lower, upper)
    uphill = uphill / max(float(np.abs(uphill).max()), TINY)
    uphill = np.clip(uphill, lower, upper)
    best, _ = lowest(np.zeros(len(above)), -above, LEAST_BEND * np.eye(lower.size), box)
    enough = ENOUGH * float((above @ best).min())
    steps = [np.clip(best + part * (uphill - best), lower, upper) for part in BESIDE]
    return next((step for step in steps if float((above @ step).min()) >= enough), steps[-1])


def _non_negative(gram: Floats, target: Floats) -> Floats:
    """argmin ½ yᵀ gram y − targetᵀ y over y ≥ 0, one unknown after the other let go and taken back."""
    n = target.size
    gram = gram + _ridge(n)
    free, y = np.empty(0, dtype=np.intp), np.zeros(n)
    for _ in range(3 * n):
        slack = target - gram.dot(y)
        slack[free] = 0.0
        best = int(slack.argmax())
        if not slack[best] > NOTHING:
            break
        free = np.append(free, best)
        while True:
            trial = np.linalg.solve(gram.take(free, axis=0).take(free, axis=1), target.take(free))
            short = trial <= 0
            if not np.count_nonzero(short):  # a fifth of what .any() takes
                break
            here = y.take(free)
            part = float((here[short] / np.maximum(here[short] - trial[short], TINY)).min())
            here = here + part * (trial - here)
            y.fill(0.0)
            y[free] = here
            free = free[here > MACHINE]
            if not free.size:
                return np.zeros(n)
        y.fill(0.0)
        y[free] = trial
    return y


@cache
def _ridge(n: int) -> Floats:
    """What is added to the normal equations: made once for each size."""
    return ALIKE * np.eye(n)
