"""Small problems whose every number is known."""

from dataclasses import replace

import numpy as np

from benchmarks.counting import Trace
from benchmarks.item import Item, Record
from benchmarks.problem import Problem


def bowl(d: int = 2, **changes: object) -> Problem:
    """The sum of squares in [−1, 3]^d."""
    problem = Problem(
        suite="test",
        function="bowl",
        group="bowls",
        instance=1,
        lower=np.full(d, -1.0),
        upper=np.full(d, 3.0),
        surface=lambda points: (points**2).sum(-1),
        minimum=0.0,
    )
    return replace(problem, **changes)


def record(solver: str, improvements: dict[int, float], **changes: object) -> Record:
    """Evaluation → value; a minimum of 0, two inputs, 100 evaluations."""
    item = Item(solver, "test", "bowl", 2, 1, 0, 100)
    names = {name: changes.pop(name) for name in list(changes) if name in Item.__slots__}
    trace = Trace(np.array(list(improvements), dtype=np.int64), np.array(list(improvements.values()), dtype=np.float64))
    made = Record(replace(item, **names), "bowls", 0.0, 1.0, 100, 2e-6, "budget", trace)
    return replace(made, **changes)
