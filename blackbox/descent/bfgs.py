"""BFGS: a model of the Hessian learnt from how the gradient changes. (Nocedal & Wright 2006, algorithm 6.1.)"""

import numpy as np

from blackbox.core.asking import Asking, Point
from blackbox.descent.ground import Kit, begin
from blackbox.descent.line_search import along, strong_wolfe
from blackbox.descent.secant_updates import bfgs_update
from blackbox.descent.stopping import WalkStop


def bfgs(start: Point, kit: Kit) -> Asking[WalkStop]:
    """p = −B⁻¹ ∇f, a strong Wolfe step along it, then B learns. About 2 (2d + 1) evaluations a step."""
    here = yield from begin(start, kit)
    model, first, fresh = np.eye(start.size), kit.learning_rate, True
    while here is not None and here.slope > 0:
        direction = -np.linalg.solve(model, here.gradient)
        found = yield from along(here, direction, first, strong_wolfe, kit)
        if found is None:
            if fresh:
                break
            model, first, fresh = np.eye(start.size), kit.learning_rate, True
            continue
        moved, change = found.point - here.point, found.gradient - here.gradient
        if fresh and moved @ change > 0:
            model = np.eye(start.size) * float(change @ change) / float(moved @ change)
        model, first, fresh = bfgs_update(model, moved, change), 1.0, False
        here = found
    return WalkStop.NO_IMPROVEMENT
