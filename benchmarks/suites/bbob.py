"""The 24 noiseless functions of COCO: Hansen, Finck, Ros & Auger 2009, INRIA report RR-6829.

Box [−5, 5]^d, any dimension, any instance: shift, rotation and offset follow from the instance's number.
"""

from collections.abc import Sequence

import numpy as np

from benchmarks.problem import Problem
from blackbox.core.errors import OptionError

DIMENSIONS = (2, 3, 5, 10, 20, 40)
INSTANCES = (1, 2, 3, 4, 5)
"""To tune on; results are reported on others, from 101 on."""

LARGEST = 40

GROUPS = (
    (5, "separable"),
    (9, "moderate"),
    (14, "ill-conditioned"),
    (19, "rugged"),
    (24, "weakly structured"),
)
"""Number of the last function → COCO's group."""


def functions(dimension: int) -> Sequence[str]:
    """f1 to f24. Raises `OptionError` beyond 40 inputs, where COCO's own arrays end."""
    if not 2 <= dimension <= LARGEST:
        raise OptionError("dimensions", dimension, f"bbob has 2 to {LARGEST} inputs; classic has more")
    return [f"f{number}" for number in range(1, 25)]


def problem(function: str, dimension: int, instance: int) -> Problem:
    """One instance. Needs coco-experiment, whose instances tell their own minimum."""
    import cocoex

    number = int(function.removeprefix("f"))
    bare = cocoex.BareProblem("bbob", number, dimension, instance)
    return Problem(
        suite="bbob",
        function=function,
        group=next(group for last, group in GROUPS if number <= last),
        instance=instance,
        lower=np.full(dimension, -5.0),
        upper=np.full(dimension, 5.0),
        surface=bare,
        minimum=float(bare.best_value()),
    )
