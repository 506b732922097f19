def f(x):
    return 0.5 * x[0] ** 2 + 20 * x[1] ** 2
