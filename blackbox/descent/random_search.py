"""Random search: uniform points, keep the best. It needs no slope and no luck, only patience."""

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Step, ask_one
from blackbox.descent.ground import Kit
from blackbox.descent.stopping import WalkStop

TRIES = 10_000
"""Points without any improvement after which the walk gives up by itself."""

SPREAD = 10.0
"""Strides around the start, where no bounds say what uniform means."""


def random_search(start: Point, kit: Kit) -> Asking[WalkStop]:
    """Uniform in the bounds; without bounds in a box of 10 strides around the start. 1 evaluation a try."""
    lower, upper = box_around(start, kit)
    best = yield from ask_one(start)
    if np.isfinite(best):
        yield Step(start, best, float("nan"), float("nan"))
    failures = 0
    while failures < TRIES:
        point = lower + kit.rng.random(start.size) * (upper - lower)
        value = yield from ask_one(point)
        failures += 1
        if value < best or (np.isnan(best) and np.isfinite(value)):
            best, failures = value, 0
            yield Step(point, value, float("nan"), float("nan"))
    return WalkStop.NO_IMPROVEMENT


def box_around(start: Point, kit: Kit) -> tuple[Floats, Floats]:
    """Lower and upper corner, each of shape `(d,)`, of the region that random points are drawn from."""
    reach = SPREAD * kit.stride
    lower = np.where(np.isfinite(kit.bounds.lower), kit.bounds.lower, start - reach)
    upper = np.where(np.isfinite(kit.bounds.upper), kit.bounds.upper, start + reach)
    return np.minimum(lower, start), np.maximum(upper, start)
