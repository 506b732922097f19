import numpy as np


def minimize(f, bounds, budget):
    (low, high), = bounds
    ratio = (np.sqrt(5) - 1) / 2
    a, b = high - ratio * (high - low), low + ratio * (high - low)
    at_a, at_b = f([a]), f([b])
    while f.evaluations < budget:
        if at_a < at_b:
            high, b, at_b = b, a, at_a
            a = high - ratio * (high - low)
            at_a = f([a])
        else:
            low, a, at_a = a, b, at_b
            b = low + ratio * (high - low)
            at_b = f([b])
    return [a if at_a < at_b else b]
