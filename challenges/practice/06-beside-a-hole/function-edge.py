import math

def f(x):
    if x[0] > 1.0:
        return math.nan
    return (x[0] - 3) ** 2 + x[1] ** 2
