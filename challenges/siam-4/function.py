"""Problem 4 of the hundred-dollar, hundred-digit challenge."""

from math import exp, sin


def f(x, y):
    """Height at (x, y)."""
    return (
        exp(sin(50.0 * x))
        + sin(60.0 * exp(y))
        + sin(70.0 * sin(x))
        + sin(sin(80.0 * y))
        - sin(10.0 * (x + y))
        + (x * x + y * y) / 4.0
    )
