"""Sign descent: x ← x − ε sign(slope). The step has the same length however steep it is."""

import numpy as np

from blackbox.core.asking import Asking, Point
from blackbox.descent.ground import Kit, begin, move
from blackbox.descent.stopping import WalkStop


def sign_descent(start: Point, kit: Kit) -> Asking[WalkStop]:
    """ε along every axis, against the slope's sign; near the minimum it hops across it for ever. 2d + 1 a step."""
    here = yield from begin(start, kit)
    while here is not None:
        rate = kit.learning_rate
        here = yield from move(here, -rate * np.sign(here.gradient), kit, rate)
    return WalkStop.NO_IMPROVEMENT
