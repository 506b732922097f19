def f(x):
    return sum((v - i) ** 2 for i, v in enumerate(x)) + x[0] * x[4]
