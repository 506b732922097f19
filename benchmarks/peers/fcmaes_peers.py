"""fcmaes (Wolz): BiteOpt (Vaneev), and CR-FM-NES (Nomura & Ono 2022), both in C++."""

from functools import partial

import numpy as np

from benchmarks.peers.peer import Peer
from benchmarks.task import Task

DEEP = 6
"""BiteOpt's own advice for hard functions: depth 6 and more, at a slower start."""


def biteopt(task: Task, depth: int = 1) -> None:
    """CBiteOpt with its defaults; restarted by itself where it stalls 64 · 128 evaluations."""
    from fcmaes import bitecpp
    from scipy.optimize import Bounds

    bounds = Bounds(*task.box)
    for start in task.restarts():
        bitecpp.minimize(
            task.f, bounds, start, max_evaluations=task.left, M=depth, stall_criterion=64, rg=_generator(task)
        )


def cr_fm_nes(task: Task) -> None:
    """Population 32, doubled at each restart; sigma 0.3 of the box."""
    from fcmaes import crfmnescpp
    from scipy.optimize import Bounds

    bounds = Bounds(*task.box)
    population = 32
    for start in task.restarts():
        crfmnescpp.minimize(task.f, bounds, start, 0.3, population, task.left, rg=_generator(task), normalize=True)
        population *= 2


def _generator(task: Task) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64DXSM(task.seed()))


FCMAES = {
    "biteopt": Peer(biteopt, "fcmaes", "fcmaes BiteOpt, M = 1"),
    "biteopt-deep": Peer(partial(biteopt, depth=DEEP), "fcmaes", f"fcmaes BiteOpt, M = {DEEP}"),
    "cr-fm-nes": Peer(cr_fm_nes, "fcmaes", "fcmaes CR-FM-NES, population 32, doubled at restarts"),
}
