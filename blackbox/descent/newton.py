"""Newton's method: x ← x − H⁻¹ ∇f, with eigenvalues turned positive so that it goes downhill even from a saddle."""

import numpy as np

from blackbox.core.asking import Asking, Floats, Point
from blackbox.descent.ground import Here, Kit, begin
from blackbox.descent.line_search import along, armijo
from blackbox.descent.stopping import WalkStop
from blackbox.gradients.hessian import Hessian, hessian
from blackbox.gradients.place import Place, reach_of
from blackbox.gradients.steps import rounding_of

LEAST = 1e-8
"""Eigenvalues below this part of the largest one are lifted to it: a step along them is long enough."""

DOWNHILL = 1e-3
"""Part of the reach by which a saddle is left along its most negative curvature."""


def newton(start: Point, kit: Kit) -> Asking[WalkStop]:
    """|H|⁻¹ for H⁻¹, then halved until it falls enough. About 4 d² + 8 d evaluations a step.

    One step on a quadratic. At a saddle, where the gradient says nothing, the walk leaves along the eigenvector of the
    most negative eigenvalue. (Nocedal & Wright 2006, section 3.4; Goldfarb 1980 for negative curvature.)
    """
    here = yield from begin(start, kit)
    while here is not None:
        place = Place(here.point, here.value, kit.bounds, rounding_of(here.value), np.maximum(reach_of(here.point), 1))
        bend = yield from hessian(place)
        direction = _direction(here, bend, place)
        if not direction.any():
            break
        here = yield from along(_tilted(here, direction), direction, 1.0, armijo, kit)
    return WalkStop.NO_IMPROVEMENT


def _direction(here: Here, bend: Hessian, place: Place) -> Floats:
    if not np.isfinite(bend.matrix).all():
        return -here.gradient
    values, vectors = np.linalg.eigh(bend.matrix)
    largest = float(np.abs(values).max())
    if largest == 0:
        return -here.gradient
    positive = np.maximum(np.abs(values), LEAST * largest)
    step: Floats = -(vectors / positive) @ (vectors.T @ here.gradient)
    saddle = values[0] < -bend.eigenvalue_error
    still = bool(np.all(np.abs(step) <= DOWNHILL * np.maximum(place.reach, 1.0)))
    if saddle and still:
        out: Floats = vectors[:, 0] * DOWNHILL * float(place.reach.max())
        return -out if here.gradient @ out > 0 else out
    return step


def _tilted(here: Here, direction: Floats) -> Here:
    """At a saddle the gradient promises nothing along the direction, which falls all the same."""
    slope = float(here.gradient @ direction)
    return here if slope < 0 else Here(here.point, here.value, np.zeros(direction.size))
