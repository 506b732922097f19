"""The classic functions as they are written: in boxes cut as those of `classic`, but not shifted.

Half of them have their minimiser at the origin, and many of the others where all inputs are alike: who tries such
places on purpose finds it there. The difference to `classic` is what that is worth.
"""

import numpy as np

from benchmarks.problem import Problem
from benchmarks.suites import classic

functions = classic.functions


def problem(function: str, dimension: int, instance: int) -> Problem:
    """One function in the box that `classic` would shift."""
    lower, upper, _ = classic.cut(function, dimension, instance)
    return classic.put("plain", function, instance, lower, upper, np.zeros(dimension))
