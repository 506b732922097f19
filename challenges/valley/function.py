"""A surface over a map in metres: one broad valley, and a pond close to where everybody starts."""

import math

UNIT = 250.0
HEIGHT = 40.0


def f(x1, x2):
    """Height of the ground at (x1, x2)."""
    u = x1 / UNIT - 3.0
    v = x2 / UNIT - 2.0 - 0.3 * math.sin(1.5 * u)
    q = u * u + 2.0 * v * v
    slope = q / (1.0 + math.sqrt(1.0 + q))
    pond = 0.6 * math.exp(-4.0 * ((x1 / UNIT - 0.1) ** 2 + (x2 / UNIT - 0.06) ** 2))
    return HEIGHT * (slope * (1.0 - pond) - 2.5)
