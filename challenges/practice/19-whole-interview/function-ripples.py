import math

def f(x):
    return sum((v - 1.3) ** 2 + 3 * (1 - math.cos(4 * (v - 1.3))) for v in x)
