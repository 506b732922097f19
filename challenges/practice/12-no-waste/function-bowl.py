def f(x):
    return x[0] ** 2 + 2 * x[1] ** 2
