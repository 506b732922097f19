"""Conjugate gradients, Polak–Ribière with restarts: each direction remembers the last one without a matrix.

p ← −∇f' + β p with β = max(0, ∇f' · (∇f' − ∇f) / ∇f · ∇f). (Nocedal & Wright 2006, equation 5.45.)
"""

from functools import partial

from blackbox.core.asking import Asking, Point
from blackbox.descent.ground import Kit, begin
from blackbox.descent.line_search import FLATTER_CONJUGATE, along, strong_wolfe
from blackbox.descent.stopping import WalkStop


def conjugate_gradient(start: Point, kit: Kit) -> Asking[WalkStop]:
    """About 3 (2d + 1) evaluations a step."""
    search = partial(strong_wolfe, flatter=FLATTER_CONJUGATE)
    here = yield from begin(start, kit)
    if here is None:
        return WalkStop.NO_IMPROVEMENT
    direction, first = -here.gradient, kit.learning_rate
    while here.slope > 0:
        downhill = float(here.gradient @ direction)
        if downhill >= 0:
            direction, downhill = -here.gradient, -(here.slope**2)
        found = yield from along(here, direction, first, search, kit)
        if found is None:
            if (direction == -here.gradient).all():
                break
            direction, first = -here.gradient, kit.learning_rate
            continue
        beta = max(0.0, float(found.gradient @ (found.gradient - here.gradient)) / here.slope**2)
        step = float((found.point - here.point) @ direction) / float(direction @ direction)
        direction = -found.gradient + beta * direction
        slope = float(found.gradient @ direction)
        first = step * downhill / slope if slope < 0 else kit.learning_rate
        here = found
    return WalkStop.NO_IMPROVEMENT
