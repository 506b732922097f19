"""The slope of a surface: see README.md."""

import numpy as np


def gradient(f, x):
    """The gradient of f at x, an array of as many numbers as x has.

    f(x) takes a sequence of f.dimension floats and returns a float; each call is counted.
    """
    return np.zeros(len(x))
