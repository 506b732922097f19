import numpy as np


def gradient(f, x):
    step = 1e-6
    return np.array([(f(x + step) - f(x - step)) / (2 * step)])
