"""Gradient ascent: θ ← θ + η ∇J. The plus sign is the whole difference."""

from blackbox.core.asking import Asking, Point
from blackbox.descent.ground import Kit, begin, move
from blackbox.descent.stopping import WalkStop


def gradient_ascent(start: Point, kit: Kit) -> Asking[WalkStop]:
    """One step along the gradient for ever. 2d + 1 evaluations a step."""
    here = yield from begin(start, kit)
    while here is not None:
        here = yield from move(here, +kit.learning_rate * here.gradient, kit, kit.learning_rate)
    return WalkStop.NO_IMPROVEMENT
