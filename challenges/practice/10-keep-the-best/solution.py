import numpy as np


def descend(f, start):
    best, lowest = np.array(start, dtype=float), np.inf

    def ask(x):
        nonlocal best, lowest
        value = f(x)
        if value < lowest:
            best, lowest = x.copy(), value
        return value

    def gradient(x):
        slope = np.zeros(x.size)
        for i in range(x.size):
            step = np.zeros(x.size)
            step[i] = 1e-5
            slope[i] = (ask(x + step) - ask(x - step)) / 2e-5
        return slope

    x, rate = best.copy(), 0.01
    try:
        value = ask(x)
        while True:
            slope = gradient(x)
            while (new := ask(x - rate * slope)) >= value:
                rate = rate / 2
            x, value, rate = x - rate * slope, new, 2 * rate
    except BudgetSpent:
        return best
