"""From evaluations to targets to numbers between 0 and 1."""

import numpy as np

from blackbox.core.asking import Floats

TARGETS = 10.0 ** (np.arange(10, -41, -1) / 5)
"""COCO's: best − minimum, five a decade."""

SOLVED_GAP = 1e-6
"""A problem counts as solved when best − minimum ≤ this times max(1, |minimum|)."""

FROM = 10.0
"""Evaluations for each input before which speed is not rewarded further."""

TO = 10_000.0


def credit(paces: Floats, low: float = FROM, high: float = TO) -> Floats:
    """Share of the time from low·d to high·d, on a logarithmic axis, in which a target was already met.

    paces : evaluations to the target divided by d, infinite where it was not met; any shape. 1 at `low` and before,
    0 at `high` and beyond. Its mean over targets is the area under the ECDF between the two.
    """
    with np.errstate(divide="ignore"):
        left = (np.log10(high) - np.log10(np.maximum(paces, low))) / (np.log10(high) - np.log10(low))
    return np.clip(left, 0.0, 1.0)


def reached(paces: Floats, budget: float) -> Floats:
    """1 where a target was met within budget·d evaluations, else 0; its mean is the ECDF at that budget."""
    return (paces <= budget).astype(np.float64)
