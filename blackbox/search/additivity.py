"""Is f a sum of functions of one variable each? Four evaluations mostly say no, 24 say yes.

A separable f has f(x) + f(y) = f(x_S, y_S') + f(y_S, x_S') for any points x, y and any set S of coordinates.
"""

import numpy as np

from blackbox.core.asking import Asking, Floats, Points, Values
from blackbox.gradients.steps import rounding_of
from blackbox.search.regions import Region

DRAWS = 6
"""A maximum of two coordinates passes one draw in three by chance: six let one such function in 700 through."""

AGREEMENT = 1e-7
"""Part of the largest difference met that the sums may disagree by."""


def is_additive(
    region: Region, rng: np.random.Generator, draws: int = DRAWS, seen: list[tuple[Points, Values]] | None = None
) -> Asking[bool]:
    """Whether six random draws out of the region all pass. 4 to 24 evaluations; never true for d = 1."""
    dimension = region.lower.size
    if dimension < 2:
        return False
    for _ in range(draws):
        pair = region.sample(2, rng)
        chosen = np.zeros(dimension, dtype=bool)
        chosen[rng.permutation(dimension)[: dimension // 2]] = True
        mixed: Floats = np.where(chosen, pair, pair[::-1])
        points = np.concatenate([pair, mixed])
        values = yield points
        if seen is not None:
            seen.append((points, values))
        if not np.isfinite(values).all():
            return False
        gap = abs(values[0] + values[1] - values[2] - values[3])
        span = float(np.ptp(values))
        if span == 0 or gap > AGREEMENT * span + rounding_of(float(np.abs(values).max())):
            return False
    return True
