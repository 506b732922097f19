"""Optimisers that are asked and told: Nevergrad's NGOpt family (Meunier et al. 2022) and Optuna's CMA-ES."""

import warnings

from benchmarks.peers.peer import Peer
from benchmarks.task import Task

MEMBER = "NGOpt16"
"""NGOpt itself takes 7 to 11 ms an evaluation and fails under NumPy 2.4 at small budgets, this member seldom."""


def ngopt(task: Task) -> None:
    """Chooses its method by dimension and budget, which it is told."""
    import nevergrad

    array = nevergrad.p.Array(init=task.first())
    if task.problem.boxed:
        array = array.set_bounds(task.lower, task.upper)
    array.random_state.seed(task.seed())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        optimiser = nevergrad.optimizers.registry[MEMBER](parametrization=array, budget=task.left, num_workers=1)
        while True:
            candidate = optimiser.ask()
            optimiser.tell(candidate, task.f(candidate.value))


def optuna_cma(task: Task) -> None:
    """CmaEsSampler with its defaults; from uniform starts, anew where it has converged to a point."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    names = [f"x{axis}" for axis in range(task.dimension)]
    for start in task.restarts():
        first = dict(zip(names, start.clip(*task.box).tolist(), strict=True))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sampler = optuna.samplers.CmaEsSampler(x0=first, seed=task.seed())
            study = optuna.create_study(sampler=sampler)

        def value(trial: "optuna.Trial") -> float:
            found = [trial.suggest_float(name, low, high) for name, (low, high) in zip(names, task.pairs, strict=True)]
            return task.f(found)

        study.optimize(value, n_trials=_trials(task))


def _trials(task: Task) -> int:
    """A third of the whole budget for each start: CMA-ES in one piece, with two more chances."""
    return min(task.left, -(-task.counter.budget // 3))


FRAMEWORKS = {
    "ngopt": Peer(
        ngopt,
        "nevergrad",
        f"Nevergrad {MEMBER}, told the budget; fails under NumPy 2.4 where it picks a metamodel",
        fast=False,
        largest=5,
    ),
    "optuna-cma": Peer(optuna_cma, "optuna", "Optuna CmaEsSampler, three starts", fast=False, largest=5),
}
