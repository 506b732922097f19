"""The complex step: Im f(x + i h) / h, without any subtraction and so without rounding error of its own.

(Squire & Trapp 1998, "Using complex variables to estimate derivatives of real functions".)
"""

from collections.abc import Generator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Floats, Point
from blackbox.core.bounds import Bounds
from blackbox.gradients.estimate import Estimate
from blackbox.gradients.place import reach_of
from blackbox.gradients.steps import MACHINE

Complexes: TypeAlias = NDArray[np.complex128]

TINY = 2.0**-100
"""Part of the reach: its square is far below the last digit, so truncation is nothing."""

ROUNDINGS = 4.0
"""Roundings of the formula itself that the bar allows for at the least."""

NUDGES = (-16.0, -8.0, 0.0, 8.0, 16.0)
"""Last digits of x by which the point is moved to see how much of the slope they make: a formula that subtracts close
numbers on its way loses digits of the slope as well."""

DEVIATIONS = 4.0
"""The scatter is told by three second differences, a small sample: four deviations cover what three would."""

WITNESS_ROUNDINGS = 64.0
"""Roundings of one ordinary value that the witness allows for."""

WITNESS = 2.0**-20
"""Part of the reach for the ordinary difference that must agree: |x|, conjugates and real parts fool a complex step."""

DISAGREES = 1e-3
"""An ordinary central difference at `WITNESS` is right to more than three digits."""


def complex_step(x: Point, bounds: Bounds) -> Generator[Complexes, Complexes, Estimate]:
    """The gradient from d complex evaluations, 4 d more for its rounding, and 2 ordinary ones as a witness.

    Asks complex points of shape `(n, d)` whose real parts lie inside the bounds, wants complex values of shape `(n,)`;
    of the last two alone, which are real points, it needs the real parts.
    """
    reach = reach_of(x)
    step = TINY * reach
    forth, back = bounds.clip(x + WITNESS * reach), bounds.clip(x - WITNESS * reach)
    places, here = _nudged(x, reach, bounds)
    points = np.vstack([*(place + 1j * np.diag(step) for place in places), forth, back]).astype(np.complex128)
    values = yield points
    slopes = values[:-2].imag.reshape(len(places), x.size) / step
    slope: Floats = np.ascontiguousarray(slopes[here])
    ordinary = values[-2:].real
    promised, size = float(slope @ (forth - back)), float(np.abs(slope) @ (forth - back))
    rounding = WITNESS_ROUNDINGS * MACHINE * float(np.nanmax(np.abs(ordinary), initial=0.0))
    fooled = not abs(float(ordinary[0] - ordinary[1]) - promised) <= DISAGREES * size + 2 * rounding
    # Second differences: what the slope truly changes over the nudges is no rounding.
    scatter: Floats = np.sqrt(np.mean(np.diff(slopes, 2, axis=0) ** 2, axis=0) / 6)
    error = DEVIATIONS * scatter + ROUNDINGS * MACHINE * np.maximum(np.abs(slope), float(np.abs(slope).max()) * MACHINE)
    notes = ()
    if fooled:
        error = np.full(x.size, np.inf)
        notes = (
            "an ordinary difference disagrees: the function is not analytic, as where it takes |x| or a real part",
        )
    return Estimate(slope, np.where(np.isfinite(slope), error, np.inf), step, np.zeros(x.size), notes)


def _nudged(x: Point, reach: Floats, bounds: Bounds) -> tuple[list[Point], int]:
    """x and four places a few last digits away, in a line and inside the bounds; and which of them is x itself."""
    digit, farthest = np.spacing(reach), max(NUDGES)
    if bounds.contain(np.vstack([x - farthest * digit, x + farthest * digit])):
        return [x + nudge * digit for nudge in NUDGES], len(NUDGES) // 2
    inward = np.where(x + 2 * farthest * digit > bounds.upper, -digit, digit)
    return [bounds.clip(x + (nudge + farthest) * inward) for nudge in NUDGES], 0
