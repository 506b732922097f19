import math

def f(x):
    if (x[0] - 0.5) ** 2 + (x[1] + 0.5) ** 2 < 1 or x[0] + 1.5 * x[1] > 5:
        return math.nan
    return (x[0] - 2.2) ** 2 + 2 * (x[1] - 1.1) ** 2
