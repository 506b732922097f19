"""Evaluations of a function of our own that takes many points at once."""

from collections.abc import Callable

import numpy as np

from blackbox.core.asking import Points, Values
from blackbox.core.evaluations import Reply


class Vectorised:
    """An `Executor` over `fun(points)`, points of shape `(n, d)`, values of shape `(n,)`; it must not raise."""

    def __init__(self, fun: Callable[[Points], Values]) -> None:
        self._fun = fun

    def evaluate(self, points: Points) -> Reply:
        """Values at points of shape (n, d): n evaluations in one call."""
        with np.errstate(all="ignore"):
            return Reply.from_values(np.asarray(self._fun(points.copy()), dtype=np.float64))

    def close(self) -> None:
        """Nothing to release."""
