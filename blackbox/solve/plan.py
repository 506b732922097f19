"""What one search is asked to do, checked once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from blackbox.core.asking import Point
from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError, UsageError
from blackbox.core.numbers import require_whole
from blackbox.oracle.oracle import Limits

DEFAULT_BUDGET_PER_AXIS = 10_000
"""Evaluations for each of d + 2 when no budget is given: seconds for a fast function, and enough for most."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A box, a start, a seed, a direction and limits."""

    bounds: Bounds
    start: Point | None
    seed: int
    maximize: bool
    limits: Limits
    whole: bool = False
    """Whether inputs are rounded to whole numbers before the function sees them."""


def default_budget(dimension: int) -> int:
    """Evaluations when no budget is given."""
    return DEFAULT_BUDGET_PER_AXIS * (dimension + 2)


def read_start(x0: Any, dimension: int | None, name: str = "start") -> Point | None:
    """A point of shape `(d,)`, finite; `name` is what the caller calls it. Raises `OptionError`."""
    if x0 is None:
        return None
    try:
        start = np.atleast_1d(np.array(x0, dtype=np.float64))
    except (TypeError, ValueError) as cause:
        raise OptionError(name, x0, "must be numbers, one for each input") from cause
    if start.ndim != 1 or (dimension is not None and start.size != dimension):
        wanted = "d numbers" if dimension is None else f"{dimension} number{'s' if dimension > 1 else ''}"
        raise OptionError(name, np.asarray(x0).tolist(), f"must be {wanted}, one for each input")
    if not np.isfinite(start).all():
        raise OptionError(name, start.tolist(), "must be finite numbers")
    return start


def read_bounds(bounds: Any, dimension: int | None) -> Bounds | None:
    """Bounds as SciPy takes them: `(low, high)` pairs, or an object with `lb` and `ub`. Raises `OptionError`."""
    if bounds is None:
        return None
    if isinstance(bounds, Bounds):
        return bounds
    if hasattr(bounds, "lb") and hasattr(bounds, "ub"):
        lower, upper = np.broadcast_arrays(np.atleast_1d(bounds.lb), np.atleast_1d(bounds.ub))
        bounds = list(zip(lower.tolist(), upper.tolist(), strict=True))
    try:
        pairs = list(cast("Iterable[object]", bounds))
    except TypeError as cause:
        raise OptionError("bounds", bounds, "must be (low, high) pairs, one for each input") from cause
    if not pairs:
        raise OptionError("bounds", bounds, "must hold at least one (low, high) pair")
    return Bounds.from_pairs(pairs, dimension if dimension is not None else len(pairs))


def find_dimension(dimension: int | None, bounds: Any, x0: Any) -> int:
    """The number of inputs, from whatever tells it. Raises `UsageError` when nothing does."""
    if dimension is not None:
        return require_whole("dimension", dimension, 1)
    if x0 is not None:
        return int(np.atleast_1d(np.asarray(x0)).size)
    box = read_bounds(bounds, None)
    if box is None:
        raise UsageError("The number of inputs is not known: give bounds, x0 or dimension.")
    return box.dimension


def read_seed(seed: Any) -> int:
    """A seed that is a whole number from 0 on. Raises `OptionError`."""
    return require_whole("seed", seed, 0)


def whole_bounds(bounds: Bounds) -> Bounds:
    """The whole numbers within the bounds. Raises `OptionError` where an axis has none."""
    lower, upper = np.ceil(bounds.lower), np.floor(bounds.upper)
    for axis, (low, high) in enumerate(zip(lower, upper, strict=True)):
        if low > high:
            shown = f"{bounds.lower[axis]:g}:{bounds.upper[axis]:g}"
            raise OptionError(f"bounds[{axis}]", shown, "no whole number lies between these bounds")
    return Bounds(lower, upper)


def check_start_inside(start: Point | None, bounds: Bounds, name: str = "start") -> None:
    """A start outside the bounds is a mistake worth telling. Raises `OptionError`."""
    if start is not None and not bounds.contain(start):
        axis = int(np.argmax((start < bounds.lower) | (start > bounds.upper)))
        low, high = bounds.lower[axis], bounds.upper[axis]
        raise OptionError(f"{name}[{axis}]", float(start[axis]), f"must lie within its bounds {low:g}:{high:g}")
