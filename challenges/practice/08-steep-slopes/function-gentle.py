def f(x):
    return 0.003 * x[0] ** 2 + 0.001 * x[1] ** 2
