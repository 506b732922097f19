"""`blackbox.minimize`: the search on a live callable."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from blackbox.answer.answer import Answer
from blackbox.core.asking import Event, Point, Step
from blackbox.core.bounds import Bounds
from blackbox.core.errors import UsageError
from blackbox.oracle.executors.in_process import InProcess
from blackbox.oracle.oracle import Limits, Observer, Oracle
from blackbox.solve.plan import (
    Plan,
    check_start_inside,
    default_budget,
    find_dimension,
    read_bounds,
    read_seed,
    read_start,
)
from blackbox.solve.run import run


class Intermediate(dict[str, Any]):
    """What a callback with the parameter `intermediate_result` is given: `x`, `fun` and `nfev`, as in SciPy."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as cause:
            raise AttributeError(name) from cause


def minimize(
    fun: Callable[[Point], Any],
    bounds: Any = None,
    x0: Any = None,
    *,
    dimension: int | None = None,
    budget: int | None = None,
    time: float | None = None,
    target: float | None = None,
    seed: int = 0,
    maximize: bool = False,
    callback: Callable[..., Any] | None = None,
) -> Answer:
    """Find the global minimum of a function of an array, from its values alone.

    Parameters
    ----------
    fun : called with an array of shape `(d,)`, answers a number. Exceptions, NaN and infinities are failed
        evaluations and part of the landscape.
    bounds : `(low, high)` pairs, one for each input or one for all, None or infinities for no bound; or a
        `scipy.optimize.Bounds`. Without bounds the search finds the scale itself.
    x0 : shape `(d,)`, where to start; the origin, or a point inside the bounds, by default.
    dimension : d, where neither bounds nor x0 tell it.
    budget : evaluations at most; 10,000 (d + 2) by default. The search stops earlier when it has converged.
    time : seconds at most. target : stop at this value or a better one.
    seed : the same seed and function give the same answer, bit for bit.
    maximize : find the global maximum; every value is shown in the function's own sign.
    callback : called with the best point so far after each improvement and each accepted step, as in SciPy: with
        an array, or, if its only parameter is `intermediate_result`, with an object that has `x`, `fun` and
        `nfev`. Raising StopIteration stops the search and keeps the best.

    Returns an `Answer`, which reads like SciPy's `OptimizeResult`. Raises `OptionError` for options that make no
    sense; never for what the function does.
    """
    if not callable(fun):
        raise UsageError(f"fun must be callable, not {type(fun).__name__}.")
    if callback is not None and not callable(callback):
        raise UsageError(f"callback must be callable, not {type(callback).__name__}.")
    d = find_dimension(dimension, bounds, x0)
    box = read_bounds(bounds, d) or Bounds.unbounded(d)
    start = read_start(x0, d)
    check_start_inside(start, box)
    limits = Limits(budget if budget is not None else default_budget(d), time, target)
    plan = Plan(box, start, read_seed(seed), maximize, limits)
    observer = None if callback is None else _observer(callback)
    return run(plan, Oracle(InProcess(fun), limits, maximize=maximize, observer=observer))


def _observer(callback: Callable[..., Any]) -> Observer:
    by_name = _wants_intermediate(callback)
    known = 0

    def observe(oracle: Oracle, event: Event | None) -> None:
        nonlocal known
        best = oracle.best
        improved = len(oracle.improvements) > known
        if best is None or not (improved or isinstance(event, Step)):
            return
        known = len(oracle.improvements)
        point = np.array(best.x)
        if by_name:
            callback(intermediate_result=Intermediate(x=point, fun=best.value, nfev=oracle.evaluations))
        else:
            callback(point)

    return observe


def _wants_intermediate(callback: Callable[..., Any]) -> bool:
    """SciPy's rule: exactly one parameter, called `intermediate_result`."""
    try:
        return set(inspect.signature(callback).parameters) == {"intermediate_result"}
    except (TypeError, ValueError):
        return False
