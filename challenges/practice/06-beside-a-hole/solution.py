import numpy as np


def gradient(f, x):
    x = np.array(x, dtype=float)
    here = f(x)
    slope = np.zeros(x.size)
    for i in range(x.size):
        step = 1e-6 * max(1.0, abs(x[i]))
        ahead, behind = x.copy(), x.copy()
        ahead[i] += step
        behind[i] -= step
        up, down = f(ahead), f(behind)
        if np.isnan(up):
            slope[i] = (here - down) / (x[i] - behind[i])
        elif np.isnan(down):
            slope[i] = (up - here) / (ahead[i] - x[i])
        else:
            slope[i] = (up - down) / (ahead[i] - behind[i])
    return slope
