"""What a step and the change of gradient along it tell of the Hessian."""

from math import frexp, inf, sqrt

import numpy as np

from blackbox.core.asking import Floats
from blackbox.descent.positive_definite import solve_positive

AGREEMENT = 1e-12
"""A gradient that rises along the step by less than this part of what it could is rounding, or a hump."""

WITHIN = 0.5
"""How far an update goes from BFGS towards the last one that keeps the Hessian positive definite."""

NEARLY = 0.99
"""Part of a Newton step that counts as a whole one."""

LOWEST = 1e-3
"""The Hessian is scaled down by no more at once: a step onto a plateau shows no curvature at all."""

FEW = 3
"""Up to so many inputs plain floats are faster than arrays of that shape."""

SMALLEST, LARGEST = 1e-150, 1e150
"""Numbers beyond have squares that are no floats: near a minimum of height 0, and where f counts in 1e-300."""


def bfgs_update(hessian: Floats, moved: Floats, change: Floats) -> Floats:
    """The BFGS update of a Hessian for a step and the change of gradient along it; unchanged where they disagree.

    H + y yᵀ / (yᵀ s) − H s sᵀ H / (sᵀ H s), only if yᵀ s > 0, so that H stays positive definite.
    (Nocedal & Wright 2006, equation 6.19.)
    """
    return _update(hessian, moved, change, preconvex=False)


def self_scaled(hessian: Floats, gradient: Floats, moved: Floats, change: Floats) -> Floats:
    """The Hessian times yᵀ s / (sᵀ H s) where that is below 1: as if f bent less in every direction as it does in this.

    Only after a whole Newton step or a longer one, for which sᵀ H s is at least −gᵀ s: a kink cuts steps short, and
    shows little curvature on either side of it.
    (Oren & Luenberger 1974; Al-Baali 1998, who leaves it where the ratio is above 1.)
    """
    agreement, weight = float(change.dot(moved)), float(moved.dot(hessian.dot(moved)))
    if not weight >= -NEARLY * float(gradient.dot(moved)) or not SMALLEST < weight < LARGEST:
        return hessian
    return hessian * max(agreement / weight, LOWEST) if 0 < agreement < weight else hessian


def preconvex_update(hessian: Floats, moved: Floats, change: Floats) -> Floats:
    """BFGS where a step shows no less curvature than was believed, and where it shows less, an update that lowers more.

    BFGS lowers eigenvalues that are too large only slowly. The updates of Broyden's class with φ < 0, of which SR1 is
    one, lower them faster, and stay positive definite down to φ = 1 / (1 − u) with u = (yᵀ H⁻¹ y) (sᵀ H s) / (yᵀ s)².
    O(d³). (Zhang & Tewarson 1988; Byrd, Liu & Nocedal 1992; Nocedal & Wright 2006, section 6.3.)
    """
    return _update(hessian, moved, change, preconvex=True)


def _update(hessian: Floats, moved: Floats, change: Floats, *, preconvex: bool) -> Floats:
    agreement = float(change.dot(moved))
    if not 0 < agreement < inf:
        return hessian
    if not SMALLEST < agreement < LARGEST:
        # A longer step and as much more change tell the same: both are taken so long that their product is about 1.
        longer = 2.0 ** -(frexp(agreement)[1] // 2)
        moved, change, agreement = longer * moved, longer * change, longer * agreement * longer
    if not agreement > AGREEMENT * sqrt(float(change.dot(change)) * float(moved.dot(moved))):
        return hessian
    image = hessian.dot(moved)
    weight = float(moved.dot(image))
    if not weight > 0:
        return hessian
    phi = _phi(hessian, change, agreement, weight) if preconvex and agreement < weight else None
    if moved.size <= FEW:
        rows = _updated_few(hessian.tolist(), (change.tolist(), agreement), (image.tolist(), weight), phi)
        return np.array([[(one + other) / 2 for one, other in zip(*pair)] for pair in zip(rows, zip(*rows))])  # noqa: B905
    updated = hessian + change[:, np.newaxis] * change / agreement - image[:, np.newaxis] * image / weight
    if phi is not None:
        apart = change / agreement - image / weight
        updated += phi * weight * apart[:, np.newaxis] * apart
    return (updated + updated.T) / 2


def _updated_few(
    rows: list[list[float]], gained: tuple[list[float], float], lost: tuple[list[float], float], phi: float | None
) -> list[list[float]]:
    """The same sum in plain floats, which is not symmetric yet; `strict` would take time."""
    (y, agreement), (image, weight) = gained, lost
    rows = [
        [h + a * b / agreement - p * q / weight for h, b, q in zip(row, y, image)]  # noqa: B905 - `strict` takes time
        for row, a, p in zip(rows, y, image)  # noqa: B905
    ]
    if phi is None:
        return rows
    apart, size = [a / agreement - p / weight for a, p in zip(y, image)], phi * weight  # noqa: B905
    return [[h + size * one * other for h, other in zip(row, apart)] for row, one in zip(rows, apart)]  # noqa: B905


def _phi(hessian: Floats, change: Floats, agreement: float, weight: float) -> float:
    """SR1's member of the class, or half the way to the last one that is positive definite, whichever is nearer."""
    try:
        inner = float(change.dot(solve_positive(hessian, change)))
    except np.linalg.LinAlgError:
        return 0.0  # rounding has made it singular: BFGS mends that
    ratio = inner * weight / agreement**2
    return max(agreement / (agreement - weight), WITHIN / (1 - ratio)) if ratio > 1 else 0.0
