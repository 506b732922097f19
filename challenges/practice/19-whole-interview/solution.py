import numpy as np


def gradient(f, x):
    x = np.array(x, dtype=float)
    slope = np.zeros(x.size)
    for i in range(x.size):
        step = 1e-5 * max(1.0, abs(x[i]))
        ahead, behind = x.copy(), x.copy()
        ahead[i] += step
        behind[i] -= step
        slope[i] = (f(ahead) - f(behind)) / (ahead[i] - behind[i])
    return slope


def descend(f, start):
    x = np.array(start, dtype=float)
    value, rate = f(x), 1.0
    try:
        slope = gradient(f, x)
        first = np.linalg.norm(slope)
        while np.linalg.norm(slope) > 1e-4 * first:
            while True:
                try_x = x - rate * slope
                try_value = f(try_x)
                if try_value < value - 0.3 * rate * (slope @ slope):
                    break
                rate = rate / 2
                if rate < 1e-15:
                    return x
            x, value, rate = try_x, try_value, 2 * rate
            slope = gradient(f, x)
    except BudgetSpent:
        pass
    return x


def minimize(f, bounds, budget):
    rng = np.random.default_rng(1)
    d = f.dimension
    if bounds is None:
        low, high = np.full(d, -1000.0), np.full(d, 1000.0)
    else:
        low, high = np.array(bounds, dtype=float).T
    best, lowest = (low + high) / 2, np.inf

    def ask(x):
        nonlocal best, lowest
        value = f(x)
        if value < lowest:
            best, lowest = np.array(x), value
        return value if np.isfinite(value) else np.inf

    def polish(x, value, step):
        while step.max() > 1e-8 * (high - low).max():
            moved = False
            for i in range(d):
                for sign in (1, -1):
                    y = x.copy()
                    y[i] = np.clip(y[i] + sign * step[i], low[i], high[i])
                    if y[i] == x[i]:
                        continue
                    new = ask(y)
                    if new < value:
                        x, value, moved = y, new, True
                        break
            step = step if moved else step / 2

    try:
        points = low + rng.random((budget // 3, d)) * (high - low)
        values = np.array([ask(x) for x in points])
        taken = []
        for index in np.argsort(values):
            x = points[index]
            if any(np.abs((x - y) / (high - low)).max() < 0.05 for y in taken):
                continue
            taken.append(x)
            polish(x, values[index], 0.03 * (high - low))
    except BudgetSpent:
        pass
    return best
