"""pycma (Hansen): BIPOP-CMA-ES, in coordinates where the box is the unit cube."""

import warnings

from benchmarks.peers.peer import Peer
from benchmarks.task import Task

SIGMA = 0.2
"""Of the box: the documentation asks for about a quarter of the range; 0.2 did best in BBOB-2009."""

RESTARTS = 9
"""As in BBOB-2009 (Hansen 2009)."""


def bipop(task: Task) -> None:
    """BIPOP restarts from uniform points of the box; anew when nine doublings are through."""
    import cma

    lower, upper = task.box
    width = upper - lower
    for _ in task.restarts():
        options = {
            "bounds": [0.0, 1.0],
            "maxfevals": task.left,
            "seed": task.seed(),
            "verbose": -9,
            "verb_log": 0,
            "verb_disp": 0,
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cma.fmin2(
                lambda u: task.f(lower + u * width),
                lambda: (task.draw() - lower) / width,
                SIGMA,
                options,
                restarts=RESTARTS,
                bipop=True,
            )


PYCMA = {"bipop": Peer(bipop, "cma", f"pycma BIPOP-CMA-ES, sigma {SIGMA} of the box", fast=False)}
