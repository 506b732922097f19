"""Heavy ball: v ← μ v − η ∇J, θ ← θ + v. A ball rolls through a shallow dip. (Polyak 1964.)"""

import numpy as np

from blackbox.core.asking import Asking, Point
from blackbox.descent.ground import Kit, begin, move
from blackbox.descent.stopping import WalkStop


def momentum(start: Point, kit: Kit) -> Asking[WalkStop]:
    """Part μ of the last velocity is kept. 2d + 1 evaluations a step."""
    here = yield from begin(start, kit)
    velocity = np.zeros(start.size)
    while here is not None:
        velocity = kit.momentum * velocity - kit.learning_rate * here.gradient
        here = yield from move(here, velocity, kit, kit.learning_rate)
    return WalkStop.NO_IMPROVEMENT
