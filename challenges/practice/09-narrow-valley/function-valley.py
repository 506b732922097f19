def f(x):
    return 0.5 * x[0] ** 2 + 30 * x[1] ** 2
