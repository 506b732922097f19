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


def descend(f, start):
    x = np.array(start, dtype=float)
    value, rate = f(x), 1.0
    try:
        slope = gradient(f, x)
        first = np.linalg.norm(slope)
        while np.linalg.norm(slope) > 1e-4 * first:
            while True:
                try_x = x - rate * slope
                try_value = f(try_x)
                if try_value < value - 0.3 * rate * (slope @ slope):
                    break
                rate = rate / 2
                if rate < 1e-15:
                    return x
            x, value, rate = try_x, try_value, 2 * rate
            slope = gradient(f, x)
    except BudgetSpent:
        pass
    return x
