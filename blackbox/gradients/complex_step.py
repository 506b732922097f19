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

ROUNDINGS = 64.0
"""Roundings of the formula itself that the bar allows for."""

WITNESS = 2.0**-20
"""Part of the reach for the ordinary difference that must agree: |x|, conjugates and real parts fool a complex step."""

DISAGREES = 1e-3
"""An ordinary central difference at `WITNESS` is right to more than three digits."""


def complex_step(x: Point) -> Generator[Complexes, Complexes, Estimate]:
    """The gradient from d complex evaluations, and 2 ordinary ones as a witness along one direction.

    Asks complex points of shape `(n, d)`, wants complex values of shape `(n,)`.
    """
    reach = reach_of(x)
    step = TINY * reach
    aside = WITNESS * reach
    points = np.vstack([x + 1j * np.diag(step), x + aside, x - aside]).astype(np.complex128)
    values = yield points
    slope: Floats = np.ascontiguousarray(values[: x.size].imag / step)
    seen = float((values[x.size] - values[x.size + 1]).real) / 2
    promised = float(slope @ aside)
    rounding = ROUNDINGS * MACHINE * float(np.nanmax(np.abs(values), initial=0.0))
    fooled = not abs(seen - promised) <= DISAGREES * float(np.abs(slope) @ aside) + rounding
    error = ROUNDINGS * MACHINE * np.maximum(np.abs(slope), float(np.abs(slope).max()) * MACHINE)
    notes = ()
    if fooled:
        error = np.full(x.size, np.inf)
        notes = (
            "an ordinary difference disagrees: the function is not analytic, as where it takes |x| or a real part",
        )
    return Estimate(slope, np.where(np.isfinite(slope), error, np.inf), step, np.zeros(x.size), notes)
