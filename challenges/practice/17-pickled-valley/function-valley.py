import math

def f(x):
    u, v = x[0] / 250 - 3.0, x[1] / 250 - 2.0
    q = u * u + 2 * v * v
    pond = 0.6 * math.exp(-4 * ((x[0] / 250 - 0.1) ** 2 + (x[1] / 250 - 0.06) ** 2))
    return 40 * (q / (1 + math.sqrt(1 + q)) * (1 - pond) - 2.5)
