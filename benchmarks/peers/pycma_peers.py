"""pycma (Hansen): BIPOP-CMA-ES, in coordinates where the box is the unit cube."""

import warnings

import numpy as np

from benchmarks.peers.peer import Peer
from benchmarks.task import Task

SIGMA = 0.2
"""Of the box: the documentation asks for about a quarter of the range; 0.2 did best in BBOB-2009."""

RESTARTS = 9
"""As in BBOB-2009 (Hansen 2009)."""


def bipop(task: Task) -> None:
    """BIPOP restarts from uniform points of the box; anew when nine doublings are through.

    Where there is no box: from the start with sigma 1, as it comes, since nobody knows the scale.
    """
    import cma

    boxed = task.problem.boxed
    origin = task.lower if boxed else np.zeros(task.dimension)
    width = task.upper - task.lower if boxed else np.ones(task.dimension)
    for start in task.restarts():
        options = {
            "bounds": [0.0, 1.0] if boxed else None,
            "maxfevals": task.left,
            "seed": task.seed(),
            "verbose": -9,
            "verb_log": 0,
            "verb_disp": 0,
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cma.fmin2(
                lambda u: task.f(origin + u * width),
                (lambda: (task.draw() - origin) / width) if boxed else start,
                SIGMA if boxed else 1.0,
                options,
                restarts=RESTARTS,
                bipop=True,
            )


PYCMA = {"bipop": Peer(bipop, "cma", f"pycma BIPOP-CMA-ES, sigma {SIGMA} of the box", fast=False)}
