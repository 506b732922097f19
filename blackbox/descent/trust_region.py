"""The best step of a quadratic model within a radius.

A Newton step that is too long must not be scaled down: along axes whose curvature is known it would then fall short by
the same factor as along those that nobody has looked at. The step within a radius goes the whole way along the former.
(Moré & Sorensen 1983, "Computing a trust region step".)
"""

from math import isfinite, sqrt

import numpy as np

from blackbox.core.asking import Floats

LONGER = 1.05
"""A step may be so many times longer than the radius, which is a guess itself."""

MACHINE, TINY = float(np.finfo(np.float64).eps), float(np.finfo(np.float64).tiny)

MOST_ROUNDS = 60
"""Newton's rounds for the multiplier; from the left they converge without oversteps, mostly within five."""


def restricted_step(hessian: Floats, gradient: Floats, radius: float) -> Floats:
    """The step s of length `radius` with the least gᵀs + sᵀHs / 2, shape `(d,)`; H is positive definite.

    For a radius that the Newton step exceeds: s = −(H + m I)⁻¹ g with the m > 0 that gives it its length. O(d³).
    0 where slopes and curvatures have grown too large for floats.
    """
    eigenvalues, axes = np.linalg.eigh(hessian)
    bends: list[float] = eigenvalues.tolist()
    # Rounding may have made the smallest ones negative, or a single one.
    least = max(MACHINE * max(abs(bends[-1]), abs(bends[0])), TINY)
    bends = [max(bend, least) for bend in bends]
    slopes: list[float] = axes.T.dot(gradient).tolist()
    multiplier = 0.0
    for _ in range(MOST_ROUNDS):
        square = falling = 0.0
        for slope, bend in zip(slopes, bends):  # noqa: B905 - `strict` takes time
            part = slope / (bend + multiplier)
            square += part * part
            falling += part * part / (bend + multiplier)
        if not isfinite(falling):
            # Next to no curvature: the multiplier that keeps each part of the step within the radius.
            multiplier = max(abs(slope) for slope in slopes) / radius
            continue
        length = sqrt(square)
        if length <= LONGER * radius:
            break
        multiplier += (length / radius - 1) * square / falling
    step = axes.dot([-slope / (bend + multiplier) for slope, bend in zip(slopes, bends, strict=True)])
    return step if all(map(isfinite, step.tolist())) else np.zeros(len(slopes))
