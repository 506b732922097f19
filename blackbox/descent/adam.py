"""Adam: a step per coordinate from running means of the gradient and of its square. (Kingma & Ba 2015, algorithm 1.)"""

import numpy as np

from blackbox.core.asking import Asking, Point
from blackbox.descent.ground import Kit, begin, move
from blackbox.descent.stopping import WalkStop

SQUARES = 0.999
"""β₂ of the paper; β₁ is the momentum."""

EPSILON = 1e-8
"""Keeps a coordinate without any slope from dividing by zero (the paper's value)."""


def adam(start: Point, kit: Kit) -> Asking[WalkStop]:
    """m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − η m̂ / (√v̂ + ε). 2d + 1 evaluations a step."""
    here = yield from begin(start, kit)
    mean, square, t = np.zeros(start.size), np.zeros(start.size), 0
    while here is not None:
        t += 1
        mean = kit.momentum * mean + (1 - kit.momentum) * here.gradient
        square = SQUARES * square + (1 - SQUARES) * here.gradient**2
        unbiased, spread = mean / (1 - kit.momentum**t), np.sqrt(square / (1 - SQUARES**t))
        here = yield from move(here, -kit.learning_rate * unbiased / (spread + EPSILON), kit, kit.learning_rate)
    return WalkStop.NO_IMPROVEMENT
