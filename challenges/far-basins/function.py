"""Ground that rises slowly in every direction from the origin, with craters of very different sizes."""

import math

# (centre, depth, width)
CRATERS = [
    ((1.3, -0.8, 2.1), 6.0, 0.9),
    ((-4.7, 3.9, 1.6), 9.0, 2.2),
    ((31.5, 22.4, -27.8), 24.0, 14.0),
    ((-58.2, -41.3, 36.9), 31.0, 21.0),
    ((-211.7, 263.4, -187.1), 88.0, 125.0),
    ((392.6, -148.9, 301.3), 64.0, 95.0),
]


def f(x, y, z):
    """Height of the ground at (x, y, z)."""
    ground = 0.05 * math.sqrt(100.0 + x * x + y * y + z * z)
    for (a, b, c), depth, width in CRATERS:
        squares = ((x - a) ** 2 + (y - b) ** 2 + (z - c) ** 2) / (2.0 * width * width)
        ground -= depth * math.exp(-squares)
    return ground
