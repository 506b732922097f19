"""SciPy's local methods from uniform random starts, each to the last digits, then from the next start."""

from functools import partial
from typing import Any

from benchmarks.peers.peer import Peer
from benchmarks.task import Task

_OPTIONS: dict[str, dict[str, Any]] = {
    "L-BFGS-B": {"ftol": 1e-14, "gtol": 1e-10, "maxiter": 10**6, "maxfun": 10**7},
    "SLSQP": {"ftol": 1e-12, "maxiter": 10**6},
    "Nelder-Mead": {"xatol": 1e-9, "fatol": 1e-10, "adaptive": True, "maxiter": 10**7, "maxfev": 10**7},
    "Powell": {"xtol": 1e-9, "ftol": 1e-12, "maxiter": 10**6, "maxfev": 10**7},
}
"""Accuracies that reach the last target; everything else is the default."""


def multistart(task: Task, method: str) -> None:
    """One local method, again and again. Where there is no box, none is invented."""
    from scipy.optimize import minimize

    bounds = task.pairs if task.problem.boxed else None
    for start in task.restarts():
        minimize(task.f, start, method=method, bounds=bounds, options=_OPTIONS[method])


def _peer(method: str) -> Peer:
    return Peer(partial(multistart, method=method), "scipy.optimize", f"SciPy's {method} from uniform random starts")


SCIPY_LOCAL = {
    "scipy-lbfgsb": _peer("L-BFGS-B"),
    "scipy-slsqp": _peer("SLSQP"),
    "scipy-nelder-mead": _peer("Nelder-Mead"),
    "scipy-powell": _peer("Powell"),
}
