import math

def f(x):
    return x[0] ** 2 + 3 * x[1] ** 2 + math.sin(x[0] + 2 * x[1])
