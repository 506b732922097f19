import numpy as np


def gradient(f, x):
    x = np.array(x, dtype=float)
    slope = np.zeros(x.size)
    for i in range(x.size):
        step = 1e-5 * max(1.0, abs(x[i]))
        ahead, behind = x.copy(), x.copy()
        ahead[i] += step
        behind[i] -= step
        slope[i] = (f(ahead) - f(behind)) / (ahead[i] - behind[i])
    return slope
