def f(x):
    return (x[0] - 37.3) ** 2 / 100 + 0.5 * abs(x[0] - 37.3)
