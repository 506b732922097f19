def f(x):
    return 300 * x[0] ** 2 + 150 * x[1] ** 2
