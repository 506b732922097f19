"""Derivatives of live callables: `blackbox.gradient`, `hessian`, `jacobian` and their kin."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np

from blackbox.core.asking import Asking, Floats, Point
from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError, UsageError
from blackbox.core.quiet import quietly
from blackbox.gradients.catalogue import COMPLEX_STEP
from blackbox.gradients.catalogue import gradient as gradient_by_name
from blackbox.gradients.check import GradientCheck
from blackbox.gradients.complex_step import complex_step
from blackbox.gradients.directional import Directional
from blackbox.gradients.estimate import Estimate
from blackbox.gradients.hessian import Critical, Hessian
from blackbox.gradients.point_study import PointStudy, Wish, study_point
from blackbox.oracle.executors.executor import Executor
from blackbox.oracle.executors.in_process import InProcess
from blackbox.oracle.oracle import Limits, Oracle
from blackbox.solve.plan import check_start_inside, read_bounds, read_start

T = TypeVar("T")
Function = Callable[[Point], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Jacobian:
    """Both of shape `(m, d)`."""

    matrix: Floats
    error: Floats
    evaluations: int
    """Calls of the function; one call answers all m outputs."""


def gradient(
    fun: Function,
    x: Any,
    method: str = "central",
    *,
    step: float | None = None,
    diagonals: bool = False,
    bounds: Any = None,
) -> Estimate:
    """The gradient of a function of an array of shape `(d,)` at x, with a bar for each component.

    Methods: `neighbour`, `forward`, `backward`, `central`, `richardson`, and `complex-step` for functions that take
    complex arrays. About 5 d to 12 d + 8 evaluations, 3^d − 1 more for `neighbour` with `diagonals`; the notes say
    where only one side could be used. Raises `OptionError` for options that make no sense, `UsageError` where f(x) is
    no number.
    """
    point, box = _point(x, bounds)
    if method == COMPLEX_STEP:
        return _complex(fun, point)
    estimate = ask(InProcess(fun), gradient_by_name(point, box, method, step, diagonals))
    if np.isnan(estimate.gradient).all() and np.isnan(ask(InProcess(fun), _value(point))):
        raise UsageError(_NO_VALUE)
    return estimate


def hessian(fun: Function, x: Any, *, bounds: Any = None) -> Hessian:
    """The symmetric matrix of second derivatives, shape `(d, d)`, with a bar for each. About 4 d² + 6 d evaluations."""
    found = _study(fun, x, bounds, Wish(hessian=True)).hessian
    assert found is not None
    return found


def directional_derivative(fun: Function, x: Any, direction: Any, *, bounds: Any = None) -> Directional:
    """The slope along `direction` / ‖direction‖."""
    wish = Wish(direction=np.asarray(direction, dtype=np.float64))
    found = _study(fun, x, bounds, wish).directional
    assert found is not None
    return found


def critical_point(fun: Function, x: Any, *, bounds: Any = None) -> Critical:
    """Minimum, maximum, saddle, inconclusive or not critical, by the second-derivative test."""
    return _study(fun, x, bounds, Wish(hessian=True)).kind


def check_gradient(fun: Function, x: Any, claimed: Any, *, bounds: Any = None) -> GradientCheck:
    """A claimed gradient, an array of shape `(d,)` or a function that answers one, against central differences."""
    point, _ = _point(x, bounds)
    told = np.asarray(cast(Function, claimed)(point.copy()) if callable(claimed) else claimed, dtype=np.float64)
    if told.shape != point.shape:
        raise OptionError("claimed", told.tolist(), f"must be {point.size} numbers, one for each input")
    found = _study(fun, x, bounds, Wish(claimed=told)).check
    assert found is not None
    return found


def jacobian(
    fun: Function, x: Any, method: str = "central", *, step: float | None = None, bounds: Any = None
) -> Jacobian:
    """The derivatives of a function that answers an array of shape `(m,)`: one row a component, as `gradient` has it.

    All rows are asked at once and share their calls.
    """
    point, box = _point(x, bounds)
    answers: dict[bytes, Floats] = {}

    def outputs(at: Point) -> Floats:
        key = at.tobytes()
        if key not in answers:
            answers[key] = np.atleast_1d(np.asarray(fun(at.copy()), dtype=np.float64)).ravel()
        return answers[key]

    count = outputs(point).size
    rows = [
        ask(InProcess(lambda at, row=row: outputs(at)[row]), gradient_by_name(point, box, method, step))
        for row in range(count)
    ]
    return Jacobian(np.array([row.gradient for row in rows]), np.array([row.error for row in rows]), len(answers))


def ask(executor: Executor, asking: Asking[T]) -> T:
    """The result of a generator that needs no limits."""
    drive = Oracle(executor, Limits()).drive(quietly(asking))
    if drive.result is None:
        raise KeyboardInterrupt(drive.detail)
    return drive.result


def study_on(executor: Executor, x: Any, bounds: Any, wish: Wish) -> tuple[PointStudy, int]:
    """The study of a point and its evaluations. Raises `UsageError` where f(x) is no number."""
    point, box = _point(x, bounds)
    for name, vector in (("direction", wish.direction), ("check", wish.claimed)):
        if vector is not None and vector.shape != point.shape:
            raise OptionError(name, vector.tolist(), f"must be {point.size} numbers, one for each input")
    oracle = Oracle(executor, Limits())
    drive = oracle.drive(quietly(study_point(point, box, wish)))
    if drive.stop is not None:
        raise KeyboardInterrupt(drive.detail)
    if drive.result is None:
        raise UsageError(_NO_VALUE)
    return drive.result, oracle.evaluations


_NO_VALUE = "The function gives no finite number at that point: there is no slope to tell."


def _study(fun: Function, x: Any, bounds: Any, wish: Wish) -> PointStudy:
    return study_on(InProcess(fun), x, bounds, wish)[0]


def _value(point: Point) -> Asking[float]:
    values = yield point[np.newaxis, :]
    return float(values[0])


def _point(x: Any, bounds: Any) -> tuple[Point, Bounds]:
    point = read_start(x, None)
    if point is None:
        raise OptionError("x", x, "must be given")
    box = read_bounds(bounds, point.size) or Bounds.unbounded(point.size)
    check_start_inside(point, box)
    return point, box


def _complex(fun: Function, point: Point) -> Estimate:
    asking = complex_step(point)
    points = next(asking)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            values = [complex(fun(one)) for one in points]
    except (TypeError, np.exceptions.ComplexWarning) as cause:
        raise UsageError(f"complex-step needs a function that takes complex arrays: {cause}") from cause
    try:
        asking.send(np.array(values, dtype=np.complex128))
    except StopIteration as finished:
        return cast(Estimate, finished.value)
    raise AssertionError("complex_step asks once")
