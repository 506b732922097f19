import math

def f(x):
    r = math.hypot(x[0], 2 * x[1])
    return r * math.sqrt(r) + 0.3 * x[0]
