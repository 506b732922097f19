"""The first descent: see README.md."""

import numpy as np


def gradient(f, x):
    """The gradient of f at x: bring yours from the first stage."""
    return np.zeros(len(x))


def descend(f, start):
    """Walk downhill from start; the point where the walk stops.

    f.budget calls are allowed in all, f.evaluations are made; one more raises BudgetSpent.
    """
    return start
