import math

def f(x):
    near = 2 * math.exp(-((x[0] - 1) ** 2 + (x[1] - 1) ** 2) / 4)
    far = 5 * math.exp(-((x[0] + 5) ** 2 + (x[1] - 4) ** 2) / 2)
    return -near - far
