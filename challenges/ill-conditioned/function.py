"""A long, narrow, tilted bowl in four dimensions."""

import numpy as np

SIZE = 4
CURVATURES = 10.0 ** np.linspace(0.0, 5.0, SIZE)
# An irregular place, written as a formula so that it cannot be read off the text.
CENTRE = 25.0 * np.sin(2.3 * np.arange(1, SIZE + 1) ** 2 + 0.4)


def mirror(*normal):
    """Reflection across the plane with this normal: an orthogonal matrix."""
    v = np.array(normal) / np.linalg.norm(normal)
    return np.eye(SIZE) - 2.0 * np.outer(v, v)


# Two reflections make a rotation that leaves no axis in place.
ROTATION = mirror(1.0, 2.0, -1.0, 3.0) @ mirror(2.0, -1.0, 1.5, 1.0)


def f(x):
    """Height at the point x."""
    x = np.asarray(x, dtype=float)
    if x.shape != (SIZE,):
        raise ValueError(f"x must hold {SIZE} numbers, and its shape is {x.shape}")
    z = ROTATION @ (x - CENTRE)
    return float(0.5 * np.sum(CURVATURES * z**2) + 4.625)
