"""Derivatives of live callables: `blackbox.gradient`, `hessian`, `jacobian` and their kin."""

import warnings
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Points, ask_one
from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError, UsageError
from blackbox.core.quiet import quietly
from blackbox.gradients.catalogue import COMPLEX_STEP
from blackbox.gradients.catalogue import gradient as gradient_by_name
from blackbox.gradients.check import GradientCheck
from blackbox.gradients.complex_step import Complexes, complex_step
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
        return _complex(fun, point, box)
    estimate = ask(InProcess(fun), gradient_by_name(point, box, method, step, diagonals))
    if np.isnan(estimate.gradient).all() and np.isnan(ask(InProcess(fun), ask_one(point))):
        raise NoNumber
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
    return _drive(Oracle(executor, Limits()), asking)


def _drive(oracle: Oracle, asking: Asking[T]) -> T:
    drive = oracle.drive(quietly(asking))
    if drive.result is None:
        raise KeyboardInterrupt(drive.detail)
    return drive.result


class NoNumber(UsageError):  # noqa: N818 - it says what happened
    """The function gives no finite number at the point itself."""

    def __init__(self, evaluations: int = 1) -> None:
        super().__init__(_NO_VALUE)
        self.evaluations = evaluations


def study_on(executor: Executor, x: Any, bounds: Any, wish: Wish, name: str = "x") -> tuple[PointStudy, int]:
    """The study of a point and its evaluations; `name` is what the caller calls the point.

    Raises `NoNumber`, a `UsageError`, where f(x) is no number.
    """
    point, box = _point(x, bounds, name)
    for field, vector in (("direction", wish.direction), ("check", wish.claimed)):
        if vector is not None and (vector.shape != point.shape or not np.isfinite(vector).all()):
            raise OptionError(field, vector.tolist(), f"must be {point.size} finite numbers, one for each input")
    oracle = Oracle(executor, Limits())
    drive = oracle.drive(quietly(study_point(point, box, wish)))
    if drive.stop is not None:
        raise KeyboardInterrupt(drive.detail)
    if drive.result is None:
        raise NoNumber(oracle.evaluations)
    return drive.result, oracle.evaluations


_NO_VALUE = "The function gives no finite number at that point: there is no slope to tell."


def _study(fun: Function, x: Any, bounds: Any, wish: Wish) -> PointStudy:
    return study_on(InProcess(fun), x, bounds, wish)[0]


def _point(x: Any, bounds: Any, name: str = "x") -> tuple[Point, Bounds]:
    point = read_start(x, None, name)
    if point is None:
        raise OptionError(name, x, "must be given")
    box = read_bounds(bounds, point.size) or Bounds.unbounded(point.size)
    check_start_inside(point, box, name)
    return point, box


def _complex(fun: Function, point: Point, box: Bounds) -> Estimate:
    asking = complex_step(point, box)
    points = next(asking)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            values = [complex(fun(one)) for one in points]
    except (TypeError, np.exceptions.ComplexWarning) as cause:
        raise UsageError(_NOT_COMPLEX.format(cause)) from cause
    return _told(asking, np.array(values, dtype=np.complex128))


def complex_step_on(real: Executor, imaginary: Executor, x: Any, bounds: Any, name: str = "x") -> tuple[Estimate, int]:
    """The complex step from two executors, and its evaluations: ordinary values, and imaginary parts at complex points.

    `imaginary` takes each input as two coordinates. Raises `UsageError` where the function takes no complex numbers.
    """
    point, box = _point(x, bounds, name)
    asking = complex_step(point, box)
    points = next(asking)
    turned = points[:-2]
    pairs = np.ascontiguousarray(np.stack([turned.real, turned.imag], axis=-1).reshape(len(turned), -1))
    oracle = Oracle(imaginary, Limits())
    parts = _drive(oracle, _values(pairs))
    if np.isnan(parts).all():
        reason = oracle.failures.most_common(1)[0][0] if oracle.failures else "no value was a number"
        raise UsageError(_NOT_COMPLEX.format(reason))
    ordinary = ask(real, _values(np.ascontiguousarray(points[-2:].real)))
    values = np.concatenate([1j * parts, ordinary]).astype(np.complex128)
    return _told(asking, values), len(points)


_NOT_COMPLEX = "complex-step needs a function that takes complex numbers: {}"


def _values(points: Points) -> Asking[Floats]:
    return (yield points)


def _told(asking: Generator[Complexes, Complexes, Estimate], values: Complexes) -> Estimate:
    try:
        asking.send(values)
    except StopIteration as finished:
        return cast(Estimate, finished.value)
    raise AssertionError("complex_step asks once")
