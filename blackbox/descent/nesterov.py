"""Nesterov's momentum: the gradient is taken where the ball would roll to. (Nesterov 1983; Sutskever et al. 2013.)"""

import numpy as np

from blackbox.core.asking import Asking, Point, ask_one
from blackbox.descent.ground import Kit, begin, gradient_at, move
from blackbox.descent.stopping import WalkStop


def nesterov(start: Point, kit: Kit) -> Asking[WalkStop]:
    """v ← μ v − η ∇J(θ + μ v), θ ← θ + v. 4d + 2 evaluations a step."""
    here = yield from begin(start, kit)
    velocity = np.zeros(start.size)
    while here is not None:
        ahead = kit.bounds.clip(here.point + kit.momentum * velocity)
        value = yield from ask_one(ahead)
        gradient = here.gradient
        if np.isfinite(value):
            gradient = yield from gradient_at(ahead, value, kit)
        velocity = kit.momentum * velocity - kit.learning_rate * gradient
        here = yield from move(here, velocity, kit, kit.learning_rate)
    return WalkStop.NO_IMPROVEMENT
