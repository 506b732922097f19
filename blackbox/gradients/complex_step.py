"""The complex step: Im f(x + i h) / h, without any subtraction and so without rounding error of its own.

(Squire & Trapp 1998, "Using complex variables to estimate derivatives of real functions".)
"""

from collections.abc import Generator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Floats, Point
from blackbox.gradients.estimate import Estimate
from blackbox.gradients.place import reach_of
from blackbox.gradients.steps import MACHINE

Complexes: TypeAlias = NDArray[np.complex128]

TINY = 2.0**-100
"""Part of the reach: its square is far below the last digit, so truncation is nothing."""

ROUNDINGS = 4.0
"""Roundings of the formula itself that the bar allows for at the least."""

NUDGES = (-16.0, -8.0, 8.0, 16.0)
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


def complex_step(x: Point) -> Generator[Complexes, Complexes, Estimate]:
    """The gradient from d complex evaluations, 4 d more for its rounding, and 2 ordinary ones as a witness.

    Asks complex points of shape `(n, d)`, wants complex values of shape `(n,)`.
    """
    reach = reach_of(x)
    step = TINY * reach
    aside = WITNESS * reach
    places = [x + nudge * np.spacing(reach) for nudge in (*NUDGES[:2], 0.0, *NUDGES[2:])]
    points = np.vstack([*(place + 1j * np.diag(step) for place in places), x + aside, x - aside]).astype(np.complex128)
    values = yield points
    slopes = values[:-2].imag.reshape(len(places), x.size) / step
    slope: Floats = np.ascontiguousarray(slopes[len(NUDGES) // 2])
    seen = float((values[-2] - values[-1]).real) / 2
    promised = float(slope @ aside)
    rounding = WITNESS_ROUNDINGS * MACHINE * float(np.nanmax(np.abs(values), initial=0.0))
    fooled = not abs(seen - promised) <= DISAGREES * float(np.abs(slope) @ aside) + rounding
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
