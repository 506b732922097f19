"""A bowl under a regular ripple, moved off its usual place."""

import numpy as np

SIZE = 5
# An irregular shift, written as a formula so that it cannot be read off the text.
SHIFT = 4.1 * np.cos(1.7 * np.arange(1, SIZE + 1) ** 2)


def f(x):
    """Height at the point x."""
    x = np.asarray(x, dtype=float)
    if x.shape != (SIZE,):
        raise ValueError(f"x must hold {SIZE} numbers, and its shape is {x.shape}")
    z = x - SHIFT
    return float(np.sum(z**2 + 10.0 * (1.0 - np.cos(2.0 * np.pi * z))))
