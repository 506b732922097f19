"""A solution with some faults: forward differences, a fixed rate, one descent."""

import numpy as np


def gradient(f, x):
    slope = np.zeros(len(x))
    for i in range(len(x)):
        y = np.array(x)
        y[i] += 0.01
        slope[i] = (f(y) - f(x)) / 0.01
    return slope


def descend(f, start):
    x = np.array(start)
    for _ in range(50):
        x = x - 0.05 * gradient(f, x)
    return x


def minimize(f, bounds, budget):
    start = np.zeros(f.dimension) if bounds is None else np.mean(bounds, axis=1)
    return descend(f, start)
