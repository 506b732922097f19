"""Does a population see a bowl? A full quadratic through its recent points, and how much of their values it explains.

Where it explains nearly all, the cloud may lie in one smooth basin, and a descent that begins with the quadratic's
Hessian ends the run for a tenth of what the population would take. Costs no evaluation.
(After Hansen 2019, "A global surrogate assisted CMA-ES", which keeps the population and asks such a model instead of
f; here the model only says when to leave.)
"""

from collections import deque
from functools import cache
from math import ceil, isfinite, sqrt
from statistics import median

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Floats, Point, Points, Values
from blackbox.descent.positive_definite import solve_positive

SPARE = 1.5
"""Points for each coefficient of the quadratic: with fewer, a fit explains whatever it is given."""

BETTER = 0.5
"""Part of the recent points that is fitted, the lowest: far up, a basin is no quadratic."""

EXPLAINED = 0.95
"""Part of the variance of the values that a bowl explains (at 0.85, waves pass for bowls: bbob's ill-shaped and rugged
functions lose what the others gain)."""

KEPT = 0.3
"""A bowl's Hessian promises how high the cloud stands above the minimum, and at least this part of it is there: where
the descent has ended in a ripple, next to nothing is."""

TINY = float(np.finfo(np.float64).tiny)

MOST_AXES = 12
"""Beyond, a fit takes longer than most functions do: 91 coefficients take a millisecond."""


class Recent:
    """The last points of a run, in units of the region."""

    def __init__(self, dimension: int) -> None:
        coefficients = (dimension + 1) * (dimension + 2) // 2
        self._fitted = ceil(SPARE * coefficients)
        self._enough = coefficients // 2
        self._kept = ceil(self._fitted / BETTER)
        self._generations = deque[tuple[Points, Values]]()
        self._usable, self._held, self._new = dimension <= MOST_AXES, 0, 0

    def add(self, points: Points, values: Values) -> None:
        """Take in a generation, shapes `(n, d)` and `(n,)`."""
        if self._usable:
            self._generations.append((points, values))
            self._held += len(values)
            self._new += len(values)
            while self._held - len(self._generations[0][1]) >= self._kept:
                self._held -= len(self._generations.popleft()[1])

    def bowl(self) -> Floats | None:
        """The Hessian of the bowl that the points lie in, shape `(d, d)`; None where they lie in none.

        None as well while too little is new since the last look.
        """
        if self._held < self._kept or self._new < self._enough:
            return None
        self._new = 0
        values = np.concatenate([found for _, found in self._generations])[-self._kept :]
        order = values.argsort()[: self._fitted]
        if not isfinite(values[order[-1]]):
            return None
        points = np.concatenate([points for points, _ in self._generations])[-self._kept :]
        return bowl_through(points.take(order, axis=0), values.take(order))


def bowl_through(points: Points, values: Values) -> Floats | None:
    """The Hessian of the least-squares quadratic, shape `(d, d)`; None unless it is a bowl that explains the values."""
    n, d = points.shape
    # Sums are written out: a few points' .mean() and .std() take several times as long.
    off = values - np.add.reduce(values) / n
    spread = sqrt(np.add.reduce(off * off) / n)
    if not spread > 0:
        return None
    apart = points - np.add.reduce(points) / n
    try:
        # The cloud is made round first: its own shape is what makes the fit ill-conditioned.
        # (A product of two arrays, and not of one with itself, which numpy rounds otherwise: runs stay what they were.)
        scatter: Floats = apart.T.dot(apart.copy()) / n
        turn = np.asarray(np.linalg.inv(np.linalg.cholesky(scatter)), dtype=np.float64).T
        white = apart.dot(turn)
        rows, columns = _upper(d)
        squares = white.take(rows, axis=1) * white.take(columns, axis=1)
        terms = np.concatenate([np.ones((n, 1)), white, squares], axis=1)
        usual = off / spread
        coefficients = solve_positive(terms.T.dot(terms), terms.T.dot(usual))
        missed = usual - terms.dot(coefficients)
        if not float(missed.dot(missed)) / (n - terms.shape[1]) <= 1 - EXPLAINED:
            return None
        bend = np.zeros((d, d))
        bend[rows, columns] = coefficients[1 + d :]
        bend = bend + bend.T
        np.linalg.cholesky(bend)  # a bowl's Hessian is positive definite
    except np.linalg.LinAlgError:
        return None
    return spread * turn.dot(bend).dot(turn.T)


@cache
def _upper(d: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the upper triangle: made once for each dimension."""
    return np.triu_indices(d)


def is_bottom(minimum: Point, value: float, hessian: Floats, points: Points, values: Values) -> bool:
    """Whether a minimum with this Hessian explains how high these points stand: the bottom of the bowl they lie in."""
    far = points - minimum
    promised = np.einsum("ij,jk,ik->i", far, hessian, far) / 2
    kept: list[float] = ((values - value) / np.maximum(promised, TINY)).tolist()
    kept = [part for part in kept if isfinite(part)]
    return len(kept) > 0 and median(kept) > KEPT
