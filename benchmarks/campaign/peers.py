"""Who takes part in the contest of campaigns: each is told the initial data, then proposes one point after the other.

A contestant is a generator: it yields a point of [0, 1)^d and is sent the value there, to be maximised. Only
Nevergrad's are told how many questions there will be: they ask for it. All with their documented defaults.
"""

import warnings
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Proposing = Generator[Floats, float, None]

LARGEST = 1 - 1e-6
"""The box is half-open."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a contestant is told at first."""

    points: Floats
    values: Floats
    seed: int

    @property
    def dimension(self) -> int:
        """Number of inputs."""
        return self.points.shape[1]


def ours(known: Known) -> Proposing:
    """`blackbox ask` and `tell`."""
    import blackbox

    campaign = blackbox.Campaign(known.dimension, [(0, LARGEST)], maximize=True, seed=known.seed)
    campaign.tell(known.points, known.values)
    while True:
        (point,) = campaign.ask(1)
        campaign.tell(point, (yield point))


def random(known: Known) -> Proposing:
    """Uniform points."""
    rng = np.random.default_rng([known.seed, 1])
    while True:
        yield rng.random(known.dimension)


def _optuna(known: Known, sampler: Any) -> Proposing:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    names = [f"x{axis}" for axis in range(known.dimension)]
    space: dict[str, Any] = {name: optuna.distributions.FloatDistribution(0, LARGEST) for name in names}
    study = optuna.create_study(direction="maximize", sampler=sampler)
    for point, value in zip(known.points, known.values, strict=True):
        params = dict(zip(names, point.tolist(), strict=True))
        study.add_trial(optuna.trial.create_trial(params=params, distributions=space, value=float(value)))
    while True:
        trial = study.ask(space)
        study.tell(trial, (yield np.array([trial.params[name] for name in names])))


def optuna_tpe(known: Known) -> Proposing:
    """TPESampler, multivariate by default since Optuna 5; the initial points take the place of its own random ones."""
    import optuna

    yield from _optuna(known, optuna.samplers.TPESampler(seed=known.seed))


def optuna_gp(known: Known) -> Proposing:
    """GPSampler: Matérn-5/2 with automatic relevance and log expected improvement, on torch."""
    import optuna
    import torch

    torch.set_num_threads(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sampler = optuna.samplers.GPSampler(seed=known.seed)
    yield from _optuna(known, sampler)


def skopt_gp(known: Known) -> Proposing:
    """scikit-optimize's Optimizer with its Gaussian process and gp_hedge: what gp_minimize runs."""
    from skopt import Optimizer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        space = [(0.0, LARGEST)] * known.dimension
        optimiser = Optimizer(space, base_estimator="GP", random_state=known.seed, n_initial_points=1)
        optimiser.tell(known.points.tolist(), (-known.values).tolist())
        while True:
            point = optimiser.ask()
            optimiser.tell(point, -(yield np.array(point, dtype=np.float64)))


def _nevergrad(known: Known, name: str) -> Proposing:
    import nevergrad

    array = nevergrad.p.Array(init=known.points[int(np.argmax(known.values))])
    array = array.set_bounds(0, LARGEST)
    array.random_state.seed(known.seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        budget = len(known.values) + 13
        optimiser = nevergrad.optimizers.registry[name](parametrization=array, budget=budget, num_workers=1)
        for point, value in zip(known.points, known.values, strict=True):
            optimiser.suggest(point)
            optimiser.tell(optimiser.ask(), -float(value))
        while True:
            candidate = optimiser.ask()
            optimiser.tell(candidate, -(yield np.clip(candidate.value, 0, LARGEST)))


def nevergrad_ngopt(known: Known) -> Proposing:
    """NGOpt, told the budget; the initial points are suggested to it one by one."""
    yield from _nevergrad(known, "NGOpt")


def nevergrad_bo(known: Known) -> Proposing:
    """Its Bayesian optimisation, likewise."""
    yield from _nevergrad(known, "BO")


def nevergrad_one_plus_one(known: Known) -> Proposing:
    """Its (1 + 1) evolution strategy, likewise."""
    yield from _nevergrad(known, "OnePlusOne")


def nevergrad_cma(known: Known) -> Proposing:
    """Its CMA-ES, likewise."""
    yield from _nevergrad(known, "CMA")


CONTESTANTS: dict[str, Callable[[Known], Proposing]] = {
    "blackbox": ours,
    "optuna-gp": optuna_gp,
    "optuna-tpe": optuna_tpe,
    "skopt-gp": skopt_gp,
    "nevergrad-ngopt": nevergrad_ngopt,
    "nevergrad-bo": nevergrad_bo,
    "nevergrad-one-plus-one": nevergrad_one_plus_one,
    "nevergrad-cma": nevergrad_cma,
    "random": random,
}
