"""SciPy's optimisers behind one signature. SciPy is imported when one of them runs (extra `compare`)."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from blackbox.core.asking import Floats, Point
from blackbox.core.bounds import Bounds
from blackbox.core.errors import UsageError

UNBOUNDED_REACH = 10.0
"""Half side of the box around the start that random starts are drawn from where there are no bounds."""

MOST = 10**9
"""Iterations: the counted budget ends every run."""


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What SciPy is given."""

    fun: Callable[[Floats], float]
    """Counts; infinite where the evaluation failed; raises when the budget is spent."""
    bounds: Bounds
    start: Point
    budget: int
    seed: int

    @property
    def box(self) -> list[tuple[float, float]]:
        """Bounds as pairs. Raises `UsageError` where there are none: these methods need a box."""
        if not self.bounds.finite:
            raise UsageError("it needs finite bounds: give --bounds")
        return [(float(low), float(high)) for low, high in self.bounds.pairs()]

    @property
    def pairs(self) -> list[tuple[float, float]] | None:
        """Bounds as pairs, None where there are none."""
        return None if self.bounds.absent else [(low, high) for low, high in self.bounds.pairs()]


def _optimize() -> Any:
    try:
        import scipy.optimize
    except ImportError as cause:
        raise UsageError("SciPy's methods need SciPy: install blackbox[compare]") from cause
    return scipy.optimize


def differential_evolution(task: Task) -> None:
    """Storn & Price 1997."""
    _optimize().differential_evolution(task.fun, task.box, maxiter=MOST, seed=task.seed, tol=1e-8, x0=task.start)


def dual_annealing(task: Task) -> None:
    """Xiang et al. 1997."""
    _optimize().dual_annealing(task.fun, task.box, maxfun=MOST, maxiter=MOST, seed=task.seed, x0=task.start)


def shgo(task: Task) -> None:
    """Endres, Sandrock & Focke 2018."""
    _optimize().shgo(task.fun, task.box, sampling_method="sobol", n=64, iters=4)


def direct(task: Task) -> None:
    """Jones, Perttunen & Stuckman 1993."""
    _optimize().direct(task.fun, task.box, maxfun=task.budget, maxiter=task.budget, eps=1e-6, vol_tol=0)


def basinhopping(task: Task) -> None:
    """Wales & Doye 1997."""
    inner = {"bounds": task.pairs}
    _optimize().basinhopping(task.fun, task.start, niter=MOST, seed=task.seed, minimizer_kwargs=inner)


def lbfgsb(task: Task) -> None:
    """L-BFGS-B from the start, then from random ones."""
    _multistart(task, "L-BFGS-B")


def nelder_mead(task: Task) -> None:
    """Nelder–Mead from the start, then from random ones."""
    _multistart(task, "Nelder-Mead")


def _multistart(task: Task, method: str) -> None:
    optimize, rng, start = _optimize(), np.random.default_rng(task.seed), task.start
    lower = np.where(np.isfinite(task.bounds.lower), task.bounds.lower, task.start - UNBOUNDED_REACH)
    upper = np.where(np.isfinite(task.bounds.upper), task.bounds.upper, task.start + UNBOUNDED_REACH)
    while True:
        optimize.minimize(task.fun, start, method=method, bounds=task.pairs)
        start = lower + rng.random(start.size) * (upper - lower)


SCIPY: dict[str, Callable[[Task], None]] = {
    "scipy:differential_evolution": differential_evolution,
    "scipy:dual_annealing": dual_annealing,
    "scipy:shgo": shgo,
    "scipy:direct": direct,
    "scipy:basinhopping": basinhopping,
    "scipy:multistart-L-BFGS-B": lbfgsb,
    "scipy:multistart-Nelder-Mead": nelder_mead,
}
