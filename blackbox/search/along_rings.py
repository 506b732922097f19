"""Where f depends on the distance from a centre alone: a stage of the default search after the first descent."""

import numpy as np

from blackbox.core.asking import Asking, Effort, Landing, Remark
from blackbox.descent.terrain import Descent
from blackbox.search.additivity import Draws
from blackbox.search.along_axes import descend_from
from blackbox.search.ground import Ground
from blackbox.search.landing import Start
from blackbox.search.rings import ring_search

TROUGH = 1e-2
"""Part of the largest curvature that all others are below at the bottom of a ring."""

RINGS = "as far as was seen it depends on nothing but a weighted sum of squared distances from one point, one an input"


def along_rings(ground: Ground, best: Landing, draws: Draws, rng: np.random.Generator) -> Asking[list[Landing]]:
    """Across the rings of a function of the distance from one centre, and a descent from the lowest place on them."""
    yield Effort("rings")
    found = yield from ring_search(Start(best.point, best.value), draws, ground, rng)
    if found is None:
        return []
    yield Remark("rings", RINGS)
    return (yield from descend_from(found, best, ground.around(found.point), ground.bounds, rng))


def in_a_trough(walk: Descent, part: float = TROUGH) -> bool:
    """Whether f bends at a walk's end in one direction only, as it does all along a ring."""
    if walk.hessian is None or walk.point.size < 2 or not np.isfinite(walk.hessian).all():
        return False
    bends = np.linalg.eigvalsh(walk.hessian)
    return bool(bends[-2] < part * bends[-1])
