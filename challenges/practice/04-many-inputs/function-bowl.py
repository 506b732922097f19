def f(x):
    return sum((i + 1) * v * v for i, v in enumerate(x))
