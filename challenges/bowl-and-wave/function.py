"""A bowl along one axis, a wave along the other."""

import math


def f(x, y):
    """Height at (x, y)."""
    return x * x + math.sin(y) ** 2
