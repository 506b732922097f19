def f(x):
    return 1e6 * (x[0] ** 2 + 2 * x[1] ** 2)
