"""Nine banana-shaped valleys, each linked to the next."""

import numpy as np

SIZE = 10


def f(x):
    """Height at the point x."""
    x = np.asarray(x, dtype=float)
    if x.shape != (SIZE,):
        raise ValueError(f"x must hold {SIZE} numbers, and its shape is {x.shape}")
    ahead, behind = x[1:], x[:-1]
    return float(np.sum(100.0 * (ahead - behind**2) ** 2 + (1.0 - behind) ** 2))
