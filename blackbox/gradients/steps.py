"""How far to step for a difference: from the scale of x, the rounding level of f and its curvature.

A forward difference with step h errs by h H / 2 (truncation) and 2 ε_f / h (rounding), where ε_f is the absolute
error of one value and H the curvature; a central one by h² f''' / 6 and ε_f / h. (Gill, Murray, Saunders & Wright
1983; Nocedal & Wright 2006, section 8.1.)
"""

from math import inf, sqrt

import numpy as np

from blackbox.core.asking import Floats, Point

MACHINE = float(np.finfo(np.float64).eps)

LEAST = float(np.finfo(np.float64).tiny) / MACHINE
"""A value nearer 0 is rounded as this one is."""

VALUE_ROUNDINGS = 4.0
"""A formula of a few operations loses about two bits: the value is wrong by some 4 roundings."""

POINT_ROUNDINGS = 2.0**13
"""Below this many roundings of x, x + h keeps fewer than four digits of h."""

SHORTEST_PART = POINT_ROUNDINGS * MACHINE
"""The same as a part of x."""

WIDEST = 0.1
"""No difference reaches farther than this part of the scale: beyond, it no longer measures a slope here."""

CENTRAL_WIDER = 30.0
"""A central difference has the next order to spare: wider steps, smaller rounding error."""


def rounding_of(value: float) -> float:
    """Absolute rounding level of one value of f."""
    return VALUE_ROUNDINGS * MACHINE * max(abs(value), LEAST)


def shortest_step(x: Point, scale: Floats) -> Floats:
    """Shape `(d,)`: below this, x + h − x is no longer h to a useful precision."""
    return SHORTEST_PART * np.maximum(np.abs(x), 1e-6 * scale)


def forward_step(x: Point, scale: Floats, curvature: Floats, noise: float) -> Floats:
    """Step that balances both errors: h = 2 sqrt(ε_f / H), shape `(d,)`.

    `curvature` is the second derivative along each axis, shape `(d,)`; where it is unknown or not positive the
    smallest curvature that the scale can tell from noise stands in for it.
    """
    # In plain floats, and without `min` and `max`: a walk needs these at every iterate, and for a few axes they are
    # faster than arrays.
    steps: list[float] = []
    for at, length, curved in zip(x.tolist(), scale.tolist(), curvature.tolist()):  # noqa: B905 - `strict` takes time
        widest = WIDEST * length
        square = widest * widest  # 0 where the scale is too small for squares: the widest step, then
        least = noise / square if square else 0.0
        bend = least if least > curved else curved
        step = 2.0 * sqrt(noise / bend) if bend > 0 else inf
        shortest = SHORTEST_PART * max(abs(at), 1e-6 * length)
        if shortest > step:
            step = shortest
        steps.append(widest if widest < step else step)
    return np.array(steps)


def central_step(x: Point, scale: Floats, noise: float, value: float) -> Floats:
    """Step of a central difference where nothing is known of the third derivative: scale · ε^(1/3), shape `(d,)`."""
    relative = max(noise / max(abs(value), noise), MACHINE)
    return np.clip(relative ** (1 / 3) * scale, shortest_step(x, scale), WIDEST * scale)
