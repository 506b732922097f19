"""Everything that derivatives say about one point, from one survey of it."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from blackbox.core.asking import Asking, Floats, Point
from blackbox.core.bounds import Bounds
from blackbox.gradients.catalogue import Method, method
from blackbox.gradients.check import GradientCheck, check_gradient
from blackbox.gradients.directional import Directional, directional_derivative
from blackbox.gradients.estimate import Estimate, read_step
from blackbox.gradients.hessian import Critical, Hessian, critical_point, hessian
from blackbox.gradients.place import Place, survey

MAY_VANISH = 1e-4
"""A gradient that changes f by less than this part of it over the reach may belong to a critical point."""


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """What is wanted besides the gradient."""

    method: str = "central"
    step: float | None = None
    diagonals: bool = False
    """For `neighbour`: the neighbours along the diagonals, too."""
    direction: Floats | None = None
    """Shape `(d,)`."""
    hessian: bool = False
    claimed: Floats | None = None
    """A gradient to check, shape `(d,)`."""
    known: Estimate | None = None
    """A gradient that was had otherwise, as by complex steps: no method is asked for one."""

    def estimator(self) -> Method:
        """The gradient method. Raises `OptionError`."""
        if self.known is None:
            return method(self.method, self.diagonals)
        return partial(_as_known, self.known)


def _as_known(known: Estimate, _place: Place, _step: Floats | None) -> Asking[Estimate]:
    """The estimate itself; asks nothing."""
    yield from ()
    return known


@dataclass(frozen=True, slots=True, eq=False)
class PointStudy:
    """What was found; None stands for what was not asked."""

    place: Place
    estimate: Estimate
    directional: Directional | None
    hessian: Hessian | None
    kind: Critical
    check: GradientCheck | None


def study_point(x: Point, bounds: Bounds, wish: Wish) -> Asking[PointStudy | None]:
    """The gradient, and the Hessian where it is asked for, or the gradient vanishes, or a claim is to be explained.

    None where f(x) itself is no number.
    """
    estimator, steps = wish.estimator(), read_step(wish.step, x.size)
    place = yield from survey(x, bounds)
    if np.isnan(place.value):
        return None
    estimate = yield from estimator(place, steps)
    directional = None
    if wish.direction is not None:
        directional = yield from directional_derivative(place, wish.direction)
    bend = None
    if wish.hessian or wish.claimed is not None or _may_vanish(estimate, place):
        bend = yield from hessian(place)
    kind = Critical.NOT_CRITICAL if bend is None else critical_point(estimate, bend, place)
    check = None
    if wish.claimed is not None and bend is not None:
        check = check_gradient(wish.claimed, estimate, np.diag(bend.matrix), place.reach)
    return PointStudy(place, estimate, directional, bend, kind, check)


def _may_vanish(estimate: Estimate, place: Place) -> bool:
    level = MAY_VANISH * max(abs(place.value), 1.0) / place.reach
    return bool(np.all(np.abs(estimate.gradient) <= np.maximum(estimate.error, level)))
