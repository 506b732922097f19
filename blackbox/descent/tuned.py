"""Gradient descent that first tunes its learning rate: several from large to small, the best one kept."""

from dataclasses import replace

from blackbox.core.asking import Asking, Point
from blackbox.descent.gradient_descent import gradient_descent
from blackbox.descent.ground import Kit
from blackbox.descent.learning_rates import tune
from blackbox.descent.stopping import WalkStop

RATES = tuple(10.0 ** (4 - k / 2) for k in range(24))
"""Of the learning rate given: from ten thousand times it down to 3e-8 of it, by factors of about three."""

TRIAL = 5
"""Steps of each trial walk."""


def tuned_descent(start: Point, kit: Kit) -> Asking[WalkStop]:
    """24 trial walks of five steps, then gradient descent with the best rate. 144 (2d + 1) evaluations at first."""
    kits = [replace(kit, learning_rate=kit.learning_rate * rate) for rate in RATES]
    best = yield from tune(gradient_descent, start, kits, TRIAL)
    return (yield from gradient_descent(start, best))
