"""A bowl cut off by a wall, with a patch where the instrument gives no reading."""

import math

WALL = 5.5
PATCH = 0.64


def f(x, y):
    """Reading at (x, y)."""
    if (x - 1.7) ** 2 + (y - 0.9) ** 2 < PATCH:
        return math.nan
    u, v = x - 4.0, y - 3.0
    return 2.0 * u * u + u * v + 3.0 * v * v - 0.01 * math.log(WALL - x - 1.5 * y)
