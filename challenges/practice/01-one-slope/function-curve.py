import math

def f(x):
    return math.exp(0.4 * x[0]) + x[0] ** 2
