"""A claimed gradient against ours, coordinate by coordinate, and the fault that would explain the difference."""

from dataclasses import dataclass
from enum import Enum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Floats
from blackbox.gradients.estimate import Estimate

AGREES = 1e-6
"""A claim may differ by this part of the gradient's norm: it was typed in, or had by a decent difference."""

EXPLAINS = 1e-3
"""A fault explains a claim where it brings it this near, in parts of the gradient's norm."""

LONGEST_STEP = 0.5
"""A one-sided difference with a longer step than this part of the reach (or of 1) is no difference any more."""


class Fault(Enum):
    """What is likely wrong. The value is the word of the JSON contract."""

    WRONG_SIGN = "wrong-sign"
    FACTOR_TWO = "factor-2"
    SWAPPED = "swapped-coordinates"
    ONE_SIDED = "one-sided-difference"
    ONE_COORDINATE = "one-coordinate"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True, eq=False)
class GradientCheck:
    """The verdict."""

    holds: bool
    relative_error: float
    """‖claimed − ours‖ / max(‖claimed‖, ‖ours‖)."""
    relative_errors: Floats
    """The same for each coordinate, shape `(d,)`."""
    fault: Fault | None
    sentence: str


def check_gradient(claimed: Floats, estimate: Estimate, curvature: Floats, reach: Floats) -> GradientCheck:
    """Compare shape `(d,)` with shape `(d,)`; `curvature`, shape `(d,)`, is what a one-sided difference is off by."""
    ours = estimate.gradient
    size = max(float(np.linalg.norm(claimed)), float(np.linalg.norm(ours)), float(np.finfo(np.float64).tiny))
    off = np.abs(claimed - ours)
    each = off / np.maximum(np.maximum(np.abs(claimed), np.abs(ours)), float(np.finfo(np.float64).tiny))
    relative = float(np.linalg.norm(claimed - ours)) / size
    wrong = off > estimate.error + AGREES * size
    if not wrong.any():
        return GradientCheck(True, relative, each, None, f"agrees to a relative error of {relative:.2g}")
    fault, sentence = _fault(claimed, ours, wrong, curvature, np.maximum(reach, 1.0))
    return GradientCheck(False, relative, each, fault, f"{sentence} (relative error {relative:.2g})")


def _fault(
    claimed: Floats, ours: Floats, wrong: NDArray[np.bool_], curvature: Floats, reach: Floats
) -> tuple[Fault, str]:
    near = EXPLAINS * float(np.linalg.norm(ours))
    names = ", ".join(f"x{i + 1}" for i in np.flatnonzero(wrong))

    def explains(other: Floats) -> bool:
        return bool(np.all(np.abs(claimed - other) <= near))

    if explains(np.where(wrong, -ours, ours)):
        return Fault.WRONG_SIGN, f"the sign of {names} is wrong"
    for factor, word in ((0.5, "half"), (2.0, "twice")):
        if explains(np.where(wrong, factor * ours, ours)):
            return Fault.FACTOR_TWO, f"{names} is {word} of what it should be: a factor 2"
    for i, j in combinations(np.flatnonzero(wrong), 2):
        swapped = ours.copy()
        swapped[[i, j]] = ours[[j, i]]
        if explains(swapped):
            return Fault.SWAPPED, f"x{i + 1} and x{j + 1} are swapped"
    step = _one_sided_steps(claimed - ours, wrong, curvature, reach)
    if step is not None:
        side = "forward" if step > 0 else "backward"
        return Fault.ONE_SIDED, f"{names} is off as a {side} difference with step {abs(step):.3g} would be"
    if np.count_nonzero(wrong) == 1 and wrong.size > 1:
        return Fault.ONE_COORDINATE, f"{names} alone is wrong"
    return Fault.UNEXPLAINED, "no single slip explains the difference"


def _one_sided_steps(off: Floats, wrong: NDArray[np.bool_], curvature: Floats, reach: Floats) -> float | None:
    """The step h with off = h H_ii / 2 on every wrong axis, with one sign; the longest of them."""
    bent = np.abs(curvature) > 0
    if not np.all(bent[wrong]):
        return None
    steps = 2 * off[wrong] / curvature[wrong]
    if np.all(np.abs(steps) <= LONGEST_STEP * reach[wrong]) and abs(float(np.sign(steps).sum())) == steps.size:
        return float(steps[np.argmax(np.abs(steps))])
    return None
