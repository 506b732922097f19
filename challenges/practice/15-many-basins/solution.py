import numpy as np


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
