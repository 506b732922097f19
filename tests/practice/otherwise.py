"""Faulty solutions in other styles than those of `faulty`: plain Python, classes, closures, other rules and methods."""

from blackbox.judging.faults import Fault

SLOPE = """
def gradient(f, x):
    slope = []
    for i, v in enumerate(x):
        up, down = list(x), list(x)
        up[i], down[i] = v + 1e-6, v - 1e-6
        slope.append((f(up) - f(down)) / 2e-6)
    return slope

"""
"""Right, without numpy."""

WALK = (
    SLOPE
    + """
def descend(f, start):
    x, value, rate = list(start), f(start), 1.0
    slope = gradient(f, x)
    first = sum(s * s for s in slope)
    while sum(s * s for s in slope) > 1e-8 * first:
        while True:
            new = [v - rate * s for v, s in zip(x, slope)]
            there = f(new)
            if there < value - 0.3 * rate * sum(s * s for s in slope):
                break
            rate = rate / 2
        x, value, rate = new, there, 2 * rate
        slope = gradient(f, x)
    return x

"""
)
"""Right, without numpy."""

OTHERWISE: dict[Fault, list[tuple[str, str]]] = {
    Fault.WRONG_SIGN: [
        (
            "both-sides",
            """
class Difference:
    def __init__(self, f, h):
        self.f, self.h = f, h

    def along(self, x, i):
        ahead = tuple(v + self.h * (j == i) for j, v in enumerate(x))
        behind = tuple(v - self.h * (j == i) for j, v in enumerate(x))
        return (self.f(behind) - self.f(ahead)) / (2 * self.h)


def gradient(f, x):
    return tuple(Difference(f, 2e-5).along(x, i) for i in range(f.dimension))
""",
        ),
        (
            "two-slopes",
            """
def gradient(f, x):
    here = f(x)
    def rise(i):
        return f([v + 1e-7 * (i == j) for j, v in enumerate(x)]) - here
    return [rise(0) / 1e-7, rise(1) / -1e-7]
""",
        ),
        (
            "first-steps",
            SLOPE
            + """
def descend(f, start):
    x = list(start)
    for _ in range(200):
        x = [v + 0.05 * s for v, s in zip(x, gradient(f, x))]
    return x
""",
        ),
        (
            "steep-slopes",
            SLOPE
            + """
def descend(f, start):
    x, rate = list(start), 1e-3
    while f.evaluations < 500:
        slope = gradient(f, x)
        x = [v - rate * -s for v, s in zip(x, slope)]
    return x
""",
        ),
    ],
    Fault.FACTOR_TWO: [
        (
            "one-slope",
            """
def gradient(f, x):
    (v,) = x
    a, b = f([v - 1e-5]), f([v + 1e-5])
    return [(b - a) / 1e-5]
""",
        ),
        (
            "many-inputs",
            """
from functools import partial


def part(f, x, i, h=1e-5):
    moved = lambda way: f([v + way * h if j == i else v for j, v in enumerate(x)])
    return (moved(+1) - moved(-1)) / (4 * h)


def gradient(f, x):
    return list(map(partial(part, f, x), range(len(x))))
""",
        ),
    ],
    Fault.ONE_SIDED: [
        (
            "both-sides",
            '''
def gradient(f, x):
    """Three points on one side: right, and not what was asked for."""
    slope, here, h = [], f(x), 1e-4
    for i in range(2):
        one, two = list(x), list(x)
        one[i] += h
        two[i] += 2 * h
        slope.append((4 * f(one) - f(two) - 3 * here) / (2 * h))
    return slope
''',
        ),
        (
            "both-sides",
            """
import numpy as np


def gradient(f, x):
    h = 1e-5
    moved = np.asarray(x)[None, :] - h * np.eye(len(x))
    return (f(x) - np.array([f(row) for row in moved])) / h
""",
        ),
    ],
    Fault.STEP_TOO_LARGE: [
        (
            "both-sides",
            """
def gradient(f, x, h=0.05):
    def side(i, s):
        y = list(x)
        y[i] += s * h
        return f(y)
    return [(side(i, 1) - side(i, -1)) / (2 * h) for i in range(len(x))]
""",
        ),
        (
            "two-slopes",
            """
import numpy as np

H = 4e-3


def gradient(f, x):
    base = f(x)
    return [(f(x + H * row) - base) / H for row in np.eye(2)]
""",
        ),
        (
            "one-slope",
            """
def gradient(f, x):
    return [(f([x[0] + 0.005]) - f(x)) / 0.005]
""",
        ),
    ],
    Fault.STEP_TOO_SMALL: [
        (
            "one-slope",
            """
import sys


def gradient(f, x):
    h = 10 * sys.float_info.epsilon
    return [(f([x[0] + h]) - f([x[0] - h])) / (2 * h)]
""",
        ),
        (
            "many-inputs",
            """
def gradient(f, x):
    here, slope = f(x), []
    for i in range(len(x)):
        y = list(x)
        y[i] = y[i] + 1e-13
        slope.append((f(y) - here) / 1e-13)
    return slope
""",
        ),
        (
            "two-slopes",
            """
import numpy as np


def gradient(f, x):
    e = 1e-300
    return np.array([(f(x + e * np.eye(2)[i]) - f(x)) / e for i in range(2)])
""",
        ),
    ],
    Fault.SWAPPED: [
        (
            "two-slopes",
            """
def gradient(f, x):
    a, b = x
    h = 1e-6
    along_b = (f((a, b + h)) - f((a, b - h))) / (2 * h)
    along_a = (f((a + h, b)) - f((a - h, b))) / (2 * h)
    return along_b, along_a
""",
        ),
        (
            "many-inputs",
            """
import numpy as np


def gradient(f, x):
    slope = np.empty(5)
    for place, i in enumerate([0, 1, 4, 3, 2]):
        e = 1e-5 * np.eye(5)[i]
        slope[place] = (f(x + e) - f(x - e)) / 2e-5
    return slope
""",
        ),
    ],
    Fault.UNSCALED: [
        (
            "far-away",
            """
def gradient(f, x):
    a, b, h = *x, 1e-9
    return [(f([a + h, b]) - f([a - h, b])) / (2 * h), (f([a, b + h]) - f([a, b - h])) / (2 * h)]
""",
        ),
        (
            "far-away",
            """
import numpy as np


class Gradient:
    step = 1e-6

    def __call__(self, f, x):
        pairs = [(x + self.step * e, x - self.step * e) for e in np.eye(len(x))]
        return np.array([f(a) - f(b) for a, b in pairs]) / (2 * self.step)


gradient = Gradient()
""",
        ),
    ],
    Fault.MUTATED: [
        (
            "both-sides",
            """
def gradient(f, x):
    slope, h = [], 1e-5
    for i in range(len(x)):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        slope.append((up - f(x)) / (2 * h))
    return slope
""",
        ),
        (
            "steep-slopes",
            WALK.replace("x, value, rate = list(start)", "x, value, rate = start").replace(
                "x, value, rate = new, there, 2 * rate", "x[:] = new\n        value, rate = there, 2 * rate"
            ),
        ),
    ],
    Fault.ON_VALUE: [
        (
            "level-ground",
            SLOPE
            + """
def descend(f, start, close=1e-3):
    x = list(start)
    value = f(x)
    while value > close or value < -close:
        x = [v - 0.05 * s for v, s in zip(x, gradient(f, x))]
        value = f(x)
    return x
""",
        ),
        (
            "level-ground",
            SLOPE
            + '''
def descend(f, start):
    """Wants the value to sink by a part of itself."""
    x = list(start)
    old, new = float("inf"), f(x)
    while abs(new) > 0.05:
        x = [v - 0.02 * s for v, s in zip(x, gradient(f, x))]
        old, new = new, f(x)
    return x
''',
        ),
    ],
    Fault.DIVERGES: [
        (
            "first-steps",
            SLOPE
            + """
class Momentum:
    def __init__(self, rate, keep):
        self.rate, self.keep, self.speed = rate, keep, None

    def step(self, x, slope):
        self.speed = [self.keep * v - self.rate * s for v, s in zip(self.speed or [0.0] * len(x), slope)]
        return [v + s for v, s in zip(x, self.speed)]


def descend(f, start):
    x, rule = start, Momentum(2.0, 0.9)
    for _ in range(100):
        x = rule.step(x, gradient(f, x))
    return x
""",
        ),
        (
            "narrow-valley",
            SLOPE
            + """
def descend(f, start):
    def walk(x, left):
        return x if not left else walk([v - 0.04 * s for v, s in zip(x, gradient(f, x))], left - 1)
    return walk(list(start), 150)
""",
        ),
    ],
    Fault.NO_RESTART: [
        (
            "two-basins",
            '''
def minimize(f, bounds, budget):
    """Pattern search from the middle."""
    x = [(a + b) / 2 for a, b in bounds]
    value, step = f(x), (bounds[0][1] - bounds[0][0]) / 32
    while step > 1e-6:
        tries = [[v + step * (i == j) * s for j, v in enumerate(x)] for i in range(len(x)) for s in (1, -1)]
        found = min(((f(y), y) for y in tries), key=lambda pair: pair[0])
        if found[0] < value:
            value, x = found
        else:
            step /= 2
    return x
''',
        ),
        (
            "many-basins",
            '''
import numpy as np


def minimize(f, bounds, budget):
    """One gradient descent from a corner's neighbourhood."""
    low, high = np.array(bounds).T
    x = low + 0.2 * (high - low)
    value, rate, slope = f(x), 0.1, None
    for _ in range(200):
        if slope is None:
            slope = np.array([(f(x + e) - f(x - e)) / 2e-5 for e in 1e-5 * np.eye(2)])
        new = np.clip(x - rate * slope, low, high)
        there = f(new)
        if there < value:
            x, value, rate, slope = new, there, rate * 1.3, None
        else:
            rate /= 2
        if rate < 1e-9 or f.evaluations > budget - 10:
            break
    return x
''',
        ),
    ],
    Fault.LAST_NOT_BEST: [
        (
            "keep-the-best",
            SLOPE
            + """
def descend(f, start):
    x, seen = list(start), []
    try:
        for k in range(1000):
            x = [v - (0.3 if k % 7 == 6 else 0.01) * s for v, s in zip(x, gradient(f, x))]
            seen.append((f(x), x))
    except BudgetSpent:
        pass
    return max(seen)[1]
""",
        ),
        (
            "two-basins",
            '''
import math
import random


def minimize(f, bounds, budget):
    """Annealing that ends wherever it happens to be."""
    draw = random.Random(1)
    x = [draw.uniform(a, b) for a, b in bounds]
    value = f(x)
    for k in range(budget - 1):
        heat = 5.0
        y = [min(b, max(a, v + draw.gauss(0, 0.1 * (b - a)))) for v, (a, b) in zip(x, bounds)]
        new = f(y)
        if new < value or draw.random() < math.exp((value - new) / heat):
            x, value = y, new
    return x
''',
        ),
    ],
    Fault.REPEATS: [
        (
            "many-basins",
            '''
import random


def minimize(f, bounds, budget):
    """A grid that is asked twice: once to find the lowest value and once to find where it was."""
    (a, b), (c, d) = bounds
    n = int((budget / 2) ** 0.5)
    grid = [(a + (b - a) * i / n, c + (d - c) * j / n) for i in range(n) for j in range(n)]
    lowest = min(f(x) for x in grid)
    return next(x for x in grid if f(x) == lowest)
''',
        ),
        (
            "no-waste",
            SLOPE
            + """
def descend(f, start):
    x = list(start)
    size = lambda x: sum(s * s for s in gradient(f, x)) ** 0.5
    while size(x) > 1e-2:
        x = [v - 0.2 * s for v, s in zip(x, gradient(f, x))]
    return x
""",
        ),
    ],
    Fault.NAN: [
        (
            "walls",
            """
import numpy as np


def minimize(f, bounds, budget):
    low, high = np.array(bounds).T
    points = np.random.default_rng(5).uniform(low, high, (budget // 2, 2))
    values = np.array([f(p) for p in points])
    return points[values.argmin()]
""",
        ),
        (
            "walls",
            '''
def minimize(f, bounds, budget):
    """Compares with NaN: whatever comes after it is never lower."""
    best = [(a + b) / 2 for a, b in bounds]
    (a, b), (c, d) = bounds
    n = 30
    cells = [[a + (b - a) * (i + 0.5) / n, c + (d - c) * (j + 0.5) / n] for i in range(n) for j in range(n)]
    best = sorted(cells, key=f)[0]
    total = sum(f(x) for x in cells[: budget - n * n])
    return best if total == total else [total, total]
''',
        ),
        (
            "beside-a-hole",
            """
def gradient(f, x):
    here, h = f(x), 1e-6
    return [(f([v + h * (i == j) for j, v in enumerate(x)]) - here) / h for i in range(len(x))]
""",
        ),
    ],
    Fault.OUTSIDE: [
        (
            "walls",
            '''
import random


def minimize(f, bounds, budget):
    """Steps of any length from the middle: nothing holds them back."""
    draw = random.Random(4)
    best = [(a + b) / 2 for a, b in bounds]
    value, reach = float("inf"), bounds[0][1] - bounds[0][0]
    for _ in range(700):
        y = [v + reach * draw.uniform(-1, 1) for v in best]
        new = f(y)
        if new < value and all(a <= v <= b for v, (a, b) in zip(y, bounds)):
            best, value = y, new
        reach *= 0.99
    return best
''',
        ),
        (
            "thirty-questions",
            '''
def minimize(f, bounds, budget):
    """Strides far beyond the ends."""
    (low, high), = bounds
    x, h = low + 0.9 * (high - low), 1.0
    seen = []
    for _ in range(9):
        a, b, c = f([x - h]), f([x]), f([x + h])
        seen += [(a, x - h), (b, x), (c, x + h)]
        x = x - 3 * (high - low) * (1 if c > a else -1)
    return [min(seen)[1]]
''',
        ),
        (
            "whole-interview",
            WALK
            + """
import random


def minimize(f, bounds, budget):
    draw = random.Random(0)
    (a, b), (c, d) = bounds
    def ask(x):
        return (f(x), x)
    best = min(ask([draw.uniform(a - 3, b + 3), draw.uniform(c - 3, d + 3)]) for _ in range(1000))
    step = 0.3
    while step > 1e-7:
        near = [ask([best[1][0] + step * i, best[1][1] + step * j]) for i, j in ((1, 0), (-1, 0), (0, 1), (0, -1))]
        best, step = (min(near), step) if min(near) < best else (best, step / 2)
    return best[1]
""",
        ),
    ],
    Fault.STATE: [
        (
            "many-inputs",
            """
def gradient(f, x, known={}):
    def value(y):
        return known.setdefault(tuple(y), None) or known.__setitem__(tuple(y), f(y)) or known[tuple(y)]
    slope = []
    for i in range(len(x)):
        up, down = list(x), list(x)
        up[i] += 1e-5
        down[i] -= 1e-5
        slope.append((value(up) - value(down)) / 2e-5)
    return slope
""",
        ),
        (
            "many-inputs",
            """
class Solver:
    base = None


def gradient(f, x):
    if Solver.base is None or len(Solver.base[0]) != len(x) or list(Solver.base[0]) != list(x):
        Solver.base = (list(x), f(x))
    here = Solver.base[1]
    return [(f([v + 1e-7 * (i == j) for j, v in enumerate(x)]) - here) / 1e-7 for i in range(len(x))]
""",
        ),
        (
            "whole-interview",
            WALK
            + '''
import random

best = [float("inf"), None]


def minimize(f, bounds, budget):
    """Keeps its best in the module: the next function is compared with this one."""
    draw = random.Random(0)
    ask = lambda x: f([min(max(v, a), b) for v, (a, b) in zip(x, bounds)])
    for _ in range(budget // 2):
        x = [draw.uniform(a, b) for a, b in bounds]
        if (value := ask(x)) < best[0]:
            best[:] = [value, x]
    step = 0.3
    while step > 1e-7 and f.evaluations < budget - 4:
        for i, j in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            x = [best[1][0] + step * i, best[1][1] + step * j]
            if (value := ask(x)) < best[0]:
                best[:] = [value, x]
                break
        else:
            step /= 2
    return best[1]
''',
        ),
    ],
}
