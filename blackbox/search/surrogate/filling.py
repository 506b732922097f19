"""Points far from all others: where nothing is known, distance is all there is to go by."""

import numpy as np

from blackbox.core.asking import Floats, Points

CANDIDATES = 2000
"""Random points, of which the farthest from all others is taken (Mitchell 1991's best candidate)."""


def farthest(others: Points, d: int, rng: np.random.Generator) -> Floats:
    """Candidates in the unit cube, the farthest from the others first; the middle first of all where there are none."""
    drawn = rng.random((CANDIDATES, d))
    if not len(others):
        return np.vstack([np.full(d, 0.5), drawn])
    gaps = np.full(CANDIDATES, np.inf)
    for other in others:
        gaps = np.minimum(gaps, np.sum((drawn - other) ** 2, axis=1))
    # The faces are far from everything in many dimensions, and seldom where to look first.
    walls = np.minimum(drawn, 1 - drawn).min(axis=1)
    return drawn[np.argsort(-np.minimum(gaps, 4 * d * walls**2), kind="stable")]
