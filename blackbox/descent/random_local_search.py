"""Random local search: a random small move, kept if it leads lower."""

import numpy as np

from blackbox.core.asking import Asking, Point, Step, ask_one
from blackbox.descent.ground import Kit
from blackbox.descent.stopping import WalkStop

FAILURES = 20
"""Moves in a row that fail, times d, before they are made half as long."""

SHORTEST = 1e-9
"""Part of the first stride below which nothing is to be gained."""


def random_local_search(start: Point, kit: Kit) -> Asking[WalkStop]:
    """Moves of a normal distribution, `stride` wide; narrower where nothing lower is met. 1 evaluation a try."""
    x = start
    value = yield from ask_one(x)
    if np.isfinite(value):
        yield Step(x, value, float("nan"), float("nan"))
    stride, failures = kit.stride, 0
    while stride > SHORTEST * kit.stride:
        point = kit.bounds.clip(x + stride * kit.rng.standard_normal(x.size))
        answer = yield from ask_one(point)
        failures += 1
        if answer < value or (np.isnan(value) and np.isfinite(answer)):
            x, value, failures = point, answer, 0
            yield Step(x, value, float("nan"), float("nan"))
        elif failures >= FAILURES * x.size:
            stride, failures = stride / 2, 0
    return WalkStop.NO_IMPROVEMENT
