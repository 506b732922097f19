def f(x):
    return (x[0] + 1) ** 2 + (x[1] - 5.5) ** 2
