"""Evaluations of a live Python callable, here and now: the caller trusts it, as it is the caller's own."""

import math
import numbers
from collections.abc import Callable
from typing import cast

import numpy as np

from blackbox.core.asking import Point, Points
from blackbox.core.evaluations import Reply, Status
from blackbox.oracle.executors.executor import Interrupted

MAX_REASONS = 16
"""Reasons a batch, as from a worker: one for each kind of failure."""
MAX_REASON = 500
"""Characters."""
MAX_NESTING = 4
"""How deep an answer may wrap its number."""


class _Unusable(Exception):  # noqa: N818 - it says what happened
    """An answer that is no finite number."""

    def __init__(self, status: Status, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class InProcess:
    """An `Executor` over `fun(x)`, x an array of shape (d,) of its own, which it may change.

    Every `Exception` is a failed evaluation, StopIteration too; SystemExit goes through, and Ctrl-C as
    `Interrupted` with the answers so far.
    """

    def __init__(self, fun: Callable[[Point], object]) -> None:
        self._fun = fun

    def evaluate(self, points: Points) -> Reply:
        """Values at points of shape (n, d): n evaluations."""
        values: list[float] = []
        statuses = np.zeros(len(points), np.uint8)
        reasons: dict[int, str] = {}
        told: set[tuple[Status, str]] = set()
        for index, point in enumerate(points):
            try:
                value = self._fun(point.copy())
                values.append(value if type(value) is float and value - value == 0.0 else number(value))
            except KeyboardInterrupt as stop:
                raise Interrupted(Reply(np.array(values), statuses[:index], reasons)) from stop
            except Exception as error:
                values.append(np.nan)
                status, label, reason = _judge(error)
                statuses[index] = status
                if (status, label) not in told and len(told) < MAX_REASONS:
                    told.add((status, label))
                    reasons[index] = reason
        return Reply(np.array(values), statuses, reasons)

    def close(self) -> None:
        """Nothing to release."""


def _judge(error: Exception) -> tuple[Status, str, str]:
    """Status, label and reason of a failed evaluation."""
    if isinstance(error, _Unusable):
        return error.status, "", error.reason
    label = type(error).__name__
    try:
        text = str(error)
    except Exception:
        text = ""
    return Status.EXCEPTION, label, f"{label}: {text}"[:MAX_REASON] if text else label


def number(value: object, nesting: int = MAX_NESTING) -> float:
    """The finite float that an answer means, by the rules of the worker. Raises what says why it means none."""
    if value is None:
        raise _Unusable(Status.WRONG_TYPE, "returned None")
    if isinstance(value, float):
        return _finite(float(value))
    if isinstance(value, str | bytes):
        text = value if isinstance(value, str) else value.decode("latin-1")
        raise _Unusable(Status.WRONG_TYPE, f"returned text {text[:64]!r}")
    if getattr(getattr(value, "dtype", None), "kind", "") == "c" or isinstance(value, complex):
        raise _Unusable(Status.WRONG_TYPE, "returned a complex number")
    if _is_container(value):
        inner = _inner(value) if nesting else None
        if inner is None:
            raise _Unusable(Status.WRONG_TYPE, f"returned {_shape_text(value)}")
        return number(inner[0], nesting - 1)
    if not hasattr(type(value), "__float__"):
        raise _Unusable(Status.WRONG_TYPE, f"returned an object of type {type(value).__name__}")
    try:
        return _finite(float(value))  # pyright: ignore[reportArgumentType] # it has __float__
    except OverflowError as cause:
        raise _Unusable(Status.INFINITE, "returned a number beyond the largest float") from cause


def _is_container(value: object) -> bool:
    return isinstance(value, list | tuple | dict) or hasattr(type(value), "__array__")


def _inner(value: object) -> list[object] | None:
    """The one number in a container, in a list, or None."""
    if isinstance(value, dict):
        parts = list(cast(dict[object, object], value).values())
        found = [part for part in parts if isinstance(part, numbers.Number) or hasattr(type(part), "__array__")]
        return found if len(found) == 1 else None
    if isinstance(value, list | tuple):
        parts = list(cast(list[object], value))
        return parts if len(parts) == 1 else None
    array = np.asarray(value)
    if array.size != 1:
        return None
    # numpy's long double has no plain twin: the item of it would be one again
    return [float(array.item()) if array.dtype == np.longdouble else array.item()]


def _shape_text(value: object) -> str:
    if isinstance(value, list | tuple | dict):
        return f"a {type(cast(object, value)).__name__} of {len(cast(list[object], value))} elements"
    return f"an array of shape {np.asarray(value).shape}"


def _finite(value: float) -> float:
    if value != value:  # numpy's own test costs more than a cheap function
        raise _Unusable(Status.NOT_A_NUMBER, "returned NaN")
    if value in (math.inf, -math.inf):
        raise _Unusable(Status.INFINITE, f"returned {'plus' if value > 0 else 'minus'} infinity")
    return value
