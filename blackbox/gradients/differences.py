"""Finite differences that use the side they can.

At a bound, or beside a hole (a failed evaluation), the other side is taken; where both sides fail the component is
unknown and answered as 0, so that a walk does not move along it.
"""

from functools import cache
from math import isnan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Asking, Floats, Point, Points
from blackbox.core.bounds import Bounds


class Slope(NamedTuple):
    """A gradient and how it was had."""

    gradient: Floats
    """Shape `(d,)`."""
    curvature: Floats
    """Second derivative along each axis, shape `(d,)`; NaN where only one side was asked."""
    known: NDArray[np.bool_]
    """Shape `(d,)`: False where no side could be evaluated."""
    asked: int
    """Evaluations."""
    side: Floats
    """Shape `(d,)`: 0 where both sides were used, else +1 or −1 for the only side that gave a number."""


def inward_steps(x: Point, step: Floats, bounds: Bounds) -> Floats:
    """The steps with the sign, and where need be the length, that keep x + step inside; shape `(d,)`."""
    if bounds.absent:
        return step
    above, below = bounds.upper - x, x - bounds.lower
    if np.count_nonzero(step <= above) == x.size:  # a tenth of what .all() takes
        return step
    ahead = np.where(step <= above, step, np.where(step <= below, -step, np.where(above >= below, above, -below)))
    return np.asarray(ahead, dtype=np.float64)


def forward_difference(x: Point, value: float, step: Floats, curvature: Floats, bounds: Bounds) -> Asking[Slope]:
    """Gradient from d evaluations, and one more for each that fails; error O(step) less what `curvature` explains.

    Each component is (f(x + h e_i) − f(x)) / h − h H_ii / 2. Failed neighbours are asked again on the other side.
    (Nocedal & Wright 2006, equation 8.1; the correction uses the quasi-Newton diagonal.)
    """
    moved = _ahead(x, step, bounds)
    steps = moved - x
    values = yield neighbours(x, moved)
    asked = x.size
    # A sum of squares is NaN where one of them is, and never else.
    if not isnan(values.dot(values)) and np.count_nonzero(steps) == x.size:
        slope = (values - value) / steps - steps * curvature / 2
        unknown, known = _one_sided(asked)
        return Slope(slope, unknown, known, asked, np.sign(steps))
    failed = np.isnan(values)
    if failed.any():
        steps, values, retried = yield from _other_side(x, steps, values, failed, bounds)
        asked += retried
    known = np.isfinite(values) & (steps != 0)
    safe = np.where(known, steps, 1.0)
    slope = (np.where(known, values, value) - value) / safe - safe * curvature / 2
    return Slope(
        np.where(known, slope, 0.0), np.full(x.size, np.nan), known, asked, np.where(known, np.sign(steps), 0.0)
    )


@cache
def _one_sided(d: int) -> tuple[Floats, NDArray[np.bool_]]:
    """No curvature, and every component known: the same at every iterate, so made once for each dimension."""
    return np.full(d, np.nan), np.full(d, True)


def forward_points(x: Point, step: Floats, bounds: Bounds) -> Points:
    """What `forward_difference` asks first, shape `(d, d)`."""
    return neighbours(x, _ahead(x, step, bounds))


def central_points(x: Point, step: Floats, bounds: Bounds) -> Points:
    """What `central_difference` asks, shape `(2d, d)`."""
    return np.concatenate([neighbours(x, bounds.clip(x + step)), neighbours(x, bounds.clip(x - step))])


def _ahead(x: Point, step: Floats, bounds: Bounds) -> Floats:
    moved = bounds.step_inside(x, step)
    return bounds.clip(x + inward_steps(x, step, bounds)) if moved is None else moved


def neighbours(x: Point, moved: Floats) -> Points:
    """x with one coordinate at a time taken from `moved`, shape `(d, d)`."""
    d = x.size
    points = np.empty((d, d))
    points[:] = x
    points.ravel()[:: d + 1] = moved
    return points


def _other_side(
    x: Point, steps: Floats, values: Floats, failed: NDArray[np.bool_], bounds: Bounds
) -> Asking[tuple[Floats, Floats, int]]:
    moved = bounds.clip(x - steps)
    points, mirrored = neighbours(x, moved), moved - x
    axes = np.flatnonzero(failed & (mirrored != 0))
    if axes.size == 0:
        return steps, values, 0
    answers = yield points[axes]
    steps, values = steps.copy(), values.copy()
    steps[axes], values[axes] = mirrored[axes], answers
    return steps, values, axes.size


def central_difference(x: Point, value: float, step: Floats, bounds: Bounds) -> Asking[Slope]:
    """Gradient and axis curvatures from 2d evaluations, error O(step²); one-sided at a bound or beside a hole.

    (f(x + h e_i) − f(x − h e_i)) / 2h and (f(x + h e_i) − 2 f(x) + f(x − h e_i)) / h².
    With unequal arms a, b the parabola through the three points is used, which is the same formula when a = b.
    """
    # The true arms are what is left after x ± h was rounded and clipped.
    d = x.size
    upper, lower = bounds.clip(x + step), bounds.clip(x - step)
    forth, back = upper - x, x - lower
    answers = yield np.concatenate([neighbours(x, upper), neighbours(x, lower)])
    ahead, behind = answers[:d], answers[d:]
    # As in a forward difference.
    if not isnan(answers.dot(answers)) and np.count_nonzero(forth > 0) == np.count_nonzero(back > 0) == d:
        rise, fall, across = (ahead - value) / forth, (value - behind) / back, forth + back
        gradient = (back * rise + forth * fall) / across
        return Slope(gradient, 2.0 * (rise - fall) / across, _one_sided(d)[1], 2 * d, np.zeros(d))
    has_ahead, has_behind = np.isfinite(ahead) & (forth > 0), np.isfinite(behind) & (back > 0)
    both = has_ahead & has_behind
    a, b = np.where(has_ahead, forth, 1.0), np.where(has_behind, back, 1.0)
    rise = np.where(has_ahead, ahead - value, 0.0) / a
    fall = np.where(has_behind, value - behind, 0.0) / b
    centred = (b * rise + a * fall) / (a + b)
    gradient = np.where(both, centred, rise + fall)
    curvature = np.where(both, 2.0 * (rise - fall) / (a + b), np.nan)
    return Slope(gradient, curvature, has_ahead | has_behind, 2 * x.size, has_ahead * 1.0 - has_behind * 1.0)
