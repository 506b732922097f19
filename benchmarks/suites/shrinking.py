"""A box cut so that its minimiser lies anywhere but in the middle."""

import numpy as np

from blackbox.core.asking import Floats, Point

CUT = (0.35, 0.75)
"""What is left of one side of the minimiser, drawn by axis …"""

KEPT = (0.85, 1.0)
"""… and of the other side."""

CENTRAL = 0.05
"""Share of the box on both sides of its centre that counts as central."""

DRAWS = 100


def shrink(lower: Floats, upper: Floats, minimiser: Point, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Bounds within the bounds given, shape `(d,)` twice; a minimiser on an edge stays on it."""
    below, above = minimiser - lower, upper - minimiser
    low, high = lower.copy(), upper.copy()
    for axis in range(lower.size):
        for _ in range(DRAWS):
            sides = [rng.uniform(*CUT), rng.uniform(*KEPT)]
            first, second = sides if rng.random() < 0.5 else reversed(sides)
            left, right = first * below[axis], second * above[axis]
            if abs(left / (left + right) - 0.5) > CENTRAL:
                low[axis], high[axis] = minimiser[axis] - left, minimiser[axis] + right
                break
    return low, high


def seeded(function: str, dimension: int, instance: int) -> np.random.Generator:
    """Randomness of an instance: the same three give the same problem everywhere."""
    return np.random.default_rng([*function.encode(), dimension, instance])
