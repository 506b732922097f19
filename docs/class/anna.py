"""A careful solution: central differences, descent with backtracking, restarts."""

import numpy as np


def gradient(f, x):
    x = np.asarray(x, float)
    slope = np.zeros(x.size)
    for i in range(x.size):
        h = 1e-5 * max(1.0, abs(x[i]))
        ahead, behind = x.copy(), x.copy()
        ahead[i] += h
        behind[i] -= h
        slope[i] = (f(ahead) - f(behind)) / (ahead[i] - behind[i])
    return slope


def descend(f, start):
    best, lowest = np.array(start, float), f(start)
    rate, hessian = 1.0, np.eye(best.size)
    try:
        slope = gradient(f, best)
        first = np.linalg.norm(slope)
        while np.linalg.norm(slope) > 1e-6 * max(first, 1e-12):
            step, rate = -hessian @ slope, 1.0
            if slope @ step >= 0:
                hessian = np.eye(best.size)
                step = -slope
            while not f(best + rate * step) < lowest + 1e-4 * rate * (slope @ step):
                rate *= 0.5
                if rate < 1e-12:
                    return best
            move = rate * step
            best = best + move
            lowest = f(best)
            old, slope = slope, gradient(f, best)
            y = slope - old
            if not np.isfinite(y).all():
                return best
            if y @ move > 1e-14:
                rho, one = 1 / (y @ move), np.eye(best.size)
                hessian = (one - rho * np.outer(move, y)) @ hessian @ (one - rho * np.outer(y, move))
                hessian += rho * np.outer(move, move)
    except BudgetSpent:
        pass
    return best


def minimize(f, bounds, budget):
    rng = np.random.default_rng(0)
    d = f.dimension
    low, high = (np.full(d, -100.0), np.full(d, 100.0)) if bounds is None else np.array(bounds, float).T
    best, lowest = (low + high) / 2, np.inf

    def ask(x):
        nonlocal best, lowest
        x = np.clip(x, low, high) if bounds is not None else np.asarray(x, float)
        value = f(x)
        if value < lowest:
            best, lowest = x.copy(), value
        return value

    try:
        points = low + rng.random((budget // 3, d)) * (high - low)
        values = np.array([ask(p) for p in points])
        order = np.argsort(np.where(np.isfinite(values), values, np.inf))
        for index in order[:10]:
            x, value, step = points[index], values[index], 0.1 * (high - low)
            while step.max() > 1e-7:
                for i in range(d):
                    for sign in (1, -1):
                        y = x.copy()
                        y[i] += sign * step[i]
                        new = ask(y)
                        if new < value:
                            x, value = np.clip(y, low, high) if bounds is not None else y, new
                            break
                    else:
                        continue
                    break
                else:
                    step = step / 2
    except BudgetSpent:
        pass
    return best
