"""NLopt (Johnson): global methods, and local ones from uniform random starts."""

from functools import partial
from typing import Any

import numpy as np

from benchmarks.counting import Spent
from benchmarks.peers.peer import Peer
from benchmarks.task import Task

ACCURACY = 1e-10
"""Relative change of coordinates at which a local search ends and the next one begins."""


def whole(task: Task, algorithm: str) -> None:
    """A global method until the budget is spent."""
    for start in task.restarts():
        optimiser = _optimiser(task, algorithm)
        _run(optimiser, np.clip(start, *task.box))


def mlsl(task: Task) -> None:
    """Multi-level single-linkage (Rinnooy Kan & Timmer 1987), Sobol points, BOBYQA as its local search."""
    import nlopt

    for start in task.restarts():
        optimiser = _optimiser(task, "G_MLSL_LDS")
        local = nlopt.opt(nlopt.LN_BOBYQA, task.dimension)
        local.set_xtol_rel(ACCURACY)
        local.set_ftol_rel(1e-14)
        optimiser.set_local_optimizer(local)
        _run(optimiser, np.clip(start, *task.box))


def multistart(task: Task, algorithm: str) -> None:
    """A local method again and again. Where there is no box, none is invented."""
    for start in task.restarts():
        optimiser = _optimiser(task, algorithm, told_box=False)
        optimiser.set_xtol_rel(ACCURACY)
        optimiser.set_ftol_rel(1e-14)
        _run(optimiser, start)


def _optimiser(task: Task, algorithm: str, *, told_box: bool = True) -> Any:
    import nlopt

    nlopt.srand(task.seed())
    optimiser = nlopt.opt(getattr(nlopt, algorithm), task.dimension)
    optimiser.set_min_objective(lambda x, _: task.f(x))
    if told_box or task.problem.boxed:
        lower, upper = task.box
        optimiser.set_lower_bounds(lower)
        optimiser.set_upper_bounds(upper)
    optimiser.set_maxeval(task.left)
    return optimiser


def _run(optimiser: Any, start: np.ndarray) -> None:
    """NLopt says by exceptions that rounding stopped it: no reason to stop for good."""
    import nlopt

    try:
        optimiser.optimize(start)
    except Spent:
        raise
    except (nlopt.RoundoffLimited, RuntimeError, ValueError):
        return


def _global(algorithm: str) -> Peer:
    return Peer(partial(whole, algorithm=algorithm), "nlopt", f"NLopt {algorithm}")


def _local(algorithm: str) -> Peer:
    return Peer(partial(multistart, algorithm=algorithm), "nlopt", f"NLopt {algorithm} from uniform random starts")


NLOPT = {
    "nlopt-mlsl": Peer(mlsl, "nlopt", "NLopt G_MLSL_LDS with LN_BOBYQA"),
    "nlopt-bobyqa": _local("LN_BOBYQA"),
    "nlopt-sbplx": _local("LN_SBPLX"),
    "nlopt-crs2": _global("GN_CRS2_LM"),
    "nlopt-direct-l": _global("GN_DIRECT_L"),
    "nlopt-esch": _global("GN_ESCH"),
}
