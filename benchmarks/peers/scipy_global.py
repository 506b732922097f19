"""SciPy's global methods. All but DIRECT, which is deterministic, are restarted with fresh randomness."""

import numpy as np

from benchmarks.peers.peer import Peer
from benchmarks.task import Task

FOREVER = 10**9
"""Iterations: the budget ends them."""

SHGO_POINTS = 64
"""Sampled at first; doubled in each further run."""

HOP = 0.25
"""Of the box: the documentation asks for the typical distance between minima, which nobody knows."""


def dual_annealing(task: Task) -> None:
    """Defaults, with its local search."""
    from scipy.optimize import dual_annealing as solve

    for start in task.restarts():
        solve(task.f, task.pairs, maxiter=FOREVER, maxfun=task.left, x0=_inside(task, start), rng=task.seed())


def differential_evolution(task: Task) -> None:
    """Defaults, polished, restarted where the population has converged."""
    from scipy.optimize import differential_evolution as solve

    for _ in task.restarts():
        solve(task.f, task.pairs, maxiter=FOREVER, rng=task.seed())


def shgo(task: Task) -> None:
    """Sobol sampling, local searches from its minimiser pool; ever more points."""
    from scipy.optimize import shgo as solve

    points = SHGO_POINTS
    for _ in task.restarts():
        solve(task.f, task.pairs, n=points, iters=1, sampling_method="sobol", minimizer_kwargs={"method": "L-BFGS-B"})
        points *= 2


def direct(task: Task) -> None:
    """DIRECT_L until boxes are as small as numbers allow."""
    from scipy.optimize import direct as solve

    solve(task.f, task.pairs, maxfun=task.left, maxiter=task.left, vol_tol=0.0, len_tol=1e-15)


def basinhopping(task: Task) -> None:
    """Hops of a quarter of the box, L-BFGS-B from each, in unit coordinates."""
    from scipy.optimize import basinhopping as solve

    lower, upper = task.box
    width = upper - lower

    def in_unit(u: np.ndarray) -> float:
        return task.f(lower + np.clip(u, 0.0, 1.0) * width)

    local = {"method": "L-BFGS-B", "bounds": [(0.0, 1.0)] * task.dimension}
    for start in task.restarts():
        u = (_inside(task, start) - lower) / width
        solve(in_unit, u, niter=FOREVER, stepsize=HOP, minimizer_kwargs=local, rng=task.seed())


def _inside(task: Task, point: np.ndarray) -> np.ndarray:
    return np.clip(point, *task.box)


SCIPY_GLOBAL = {
    "scipy-annealing": Peer(dual_annealing, "scipy.optimize", "dual_annealing, defaults"),
    "scipy-de": Peer(differential_evolution, "scipy.optimize", "differential_evolution, defaults, restarted"),
    "scipy-shgo": Peer(shgo, "scipy.optimize", "shgo, Sobol sampling, points doubled", fast=False, largest=5),
    "scipy-direct": Peer(direct, "scipy.optimize", "direct, locally biased"),
    "scipy-hopping": Peer(basinhopping, "scipy.optimize", f"basinhopping with L-BFGS-B, step {HOP} of the box"),
}
