"""Trust-region methods on quadratic models: Py-BOBYQA (Cartis et al. 2019, 2022) and COBYQA (Ragonneau 2022)."""

import warnings

import numpy as np

from benchmarks.counting import Spent
from benchmarks.peers.peer import Peer
from benchmarks.task import Task


def py_bobyqa(task: Task) -> None:
    """With its own restarts for global minima where there is a box, from random starts where there is none."""
    import pybobyqa

    boxed = task.problem.boxed
    for start in task.restarts():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pybobyqa.solve(
                task.f,
                start,
                bounds=task.box if boxed else None,
                maxfun=task.left,
                rhoend=1e-10,
                seek_global_minimum=boxed,
                scaling_within_bounds=boxed,
                do_logging=False,
            )


def cobyqa(task: Task) -> None:
    """From uniform random starts; in unit coordinates, as its documentation advises."""
    from cobyqa import minimize
    from scipy.optimize import Bounds

    d, boxed = task.dimension, task.problem.boxed
    lower, width = (task.lower, task.upper - task.lower) if boxed else (np.zeros(d), np.ones(d))
    options = {"maxiter": 10**7, "radius_init": 0.1 if boxed else 1.0, "radius_final": 1e-10}
    for start in task.restarts():
        try:
            minimize(
                lambda u: task.f(lower + u * width),
                (start - lower) / width,
                bounds=Bounds(np.zeros(d), np.ones(d)) if boxed else None,
                options={**options, "maxfev": task.left},
            )
        except Spent:
            raise
        except (np.linalg.LinAlgError, ValueError):  # a singular model: the next start
            continue


MODELS = {
    "py-bobyqa": Peer(py_bobyqa, "pybobyqa", "Py-BOBYQA, seek_global_minimum", fast=False, largest=5),
    "cobyqa": Peer(cobyqa, "cobyqa", "COBYQA from uniform random starts", fast=False, largest=5),
}
