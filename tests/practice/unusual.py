"""Solutions that are right in unusual ways: each passes the exercise it is handed in for, and nothing is diagnosed."""

from tests.practice.otherwise import SLOPE, WALK

NELDER_MEAD = '''
def simplex(f, start, size, least):
    """Nelder and Mead's simplex, until it is small; the best point and its value."""
    n = len(start)
    corners = [list(start)] + [[v + size * (i == j) for j, v in enumerate(start)] for i in range(n)]
    rows = sorted((f(x), x) for x in corners)
    while max(abs(a - b) for _, x in rows for a, b in zip(x, rows[0][1])) > least:
        middle = [sum(x[j] for _, x in rows[:-1]) / n for j in range(n)]
        worst = rows[-1]
        along = lambda t: [m + t * (m - w) for m, w in zip(middle, worst[1])]
        x = along(1.0)
        new = (f(x), x)
        if new < rows[0]:
            y = along(2.0)
            new = min(new, (f(y), y))
        elif not new < rows[-2]:
            y = along(0.5 if new < worst else -0.5)
            inner = (f(y), y)
            if inner < min(new, worst):
                new = inner
            else:
                best = rows[0][1]
                half = [[(a + b) / 2 for a, b in zip(x, best)] for _, x in rows[1:]]
                rows = sorted([rows[0]] + [(f(x), x) for x in half])
                continue
        rows = sorted(rows[:-1] + [new])
    return rows[0]

'''

UNUSUAL: dict[str, tuple[str, str]] = {
    "richardson": (
        "two-slopes",
        """
def gradient(f, x):
    def central(i, h):
        a, b = list(x), list(x)
        a[i] += h
        b[i] -= h
        return (f(a) - f(b)) / (2 * h)
    return [(4 * central(i, 0.01) - central(i, 0.02)) / 3 for i in range(len(x))]
""",
    ),
    "five-points": (
        "both-sides",
        '''
import numpy as np


def gradient(f, x):
    """Along two directions that are no axes."""
    h, turn = 1e-5, np.array([[1.0, 1.0], [1.0, -1.0]]) / np.sqrt(2)
    return turn.T @ np.array([(f(x + h * u) - f(x - h * u)) / (2 * h) for u in turn])
''',
    ),
    "least-squares": (
        "two-slopes",
        '''
import numpy as np


def gradient(f, x):
    """A quadratic through fifteen random points nearby."""
    z = np.random.uniform(-1, 1, (15, 2))
    a = np.column_stack([np.ones(15), z, z[:, 0] ** 2, z[:, 1] ** 2, z[:, 0] * z[:, 1]])
    return np.linalg.lstsq(a, [f(x + 1e-3 * row) for row in z], rcond=None)[0][1:3] / 1e-3
''',
    ),
    "polynomial": (
        "one-slope",
        """
import numpy as np


def gradient(f, x):
    t = np.cos(np.pi * (np.arange(9) + 0.5) / 9)
    return np.polynomial.Chebyshev.fit(t, [f(x + 0.1 * v) for v in t], 8).deriv()(0.0) / 0.1
""",
    ),
    "memoised": (
        "many-inputs",
        """
from functools import lru_cache


def gradient(f, x):
    ask = lru_cache(maxsize=None)(lambda *y: f(y))
    move = lambda i, h: [v + h * (i == j) for j, v in enumerate(x)]
    return [(ask(*move(i, 1e-5)) - ask(*move(i, -1e-5))) / 2e-5 for i in range(len(x))]
""",
    ),
    "fractions": (
        "far-away",
        """
from decimal import Decimal


def gradient(f, x):
    slope = []
    for i, v in enumerate(x):
        h = max(1.0, abs(v)) * 2.0**-17
        ends = [[w + s * h * (i == j) for j, w in enumerate(x)] for s in (1, -1)]
        slope.append((Decimal(f(ends[0])) - Decimal(f(ends[1]))) / Decimal(2 * h))
    return slope
""",
    ),
    "complex-numbers": (
        "two-slopes",
        '''
def gradient(f, x):
    """Cauchy's integral over a circle of real points: the first harmonic of f along each of them."""
    import cmath
    n, r = 8, 1e-3
    turns = [cmath.exp(2j * cmath.pi * k / n) for k in range(n)]
    total = sum(f([x[0] + r * t.real, x[1] + r * t.imag]) * t for t in turns)
    return [2 * total.real / (n * r), 2 * total.imag / (n * r)]
''',
    ),
    "one-side-at-a-time": (
        "beside-a-hole",
        '''
import math


def gradient(f, x):
    """Three points on whichever side answers."""
    here, slope = f(x), []
    for i in range(2):
        for h in (1e-5, -1e-5):
            one = f([v + h * (i == j) for j, v in enumerate(x)])
            two = f([v + 2 * h * (i == j) for j, v in enumerate(x)])
            if not math.isnan(one + two):
                slope.append((4 * one - two - 3 * here) / (2 * h))
                break
    return slope
''',
    ),
    "nelder-mead": (
        "first-steps",
        NELDER_MEAD + "def descend(f, start):\n    return simplex(f, start, 0.5, 1e-6)[1]\n",
    ),
    "nelder-mead-at-two-heights": (
        "level-ground",
        NELDER_MEAD + "def descend(f, start):\n    return simplex(f, start, 0.5, 1e-7)[1]\n",
    ),
    "newton": (
        "narrow-valley",
        '''
import numpy as np


def descend(f, start):
    """One step with the exact quadratic through six points, and once more."""
    x = np.array(start)
    for h in (0.5, 0.1):
        e = h * np.eye(2)
        here = f(x)
        up, down = [np.array([f(x + s * row) for row in e]) for s in (1, -1)]
        cross = f(x + e.sum(axis=0))
        slope, bend = (up - down) / (2 * h), np.diag(up + down - 2 * here) / h**2
        bend[0, 1] = bend[1, 0] = (cross - up.sum() + here) / h**2
        x = x - np.linalg.solve(bend, slope)
    return x
''',
    ),
    "random-descent": (
        "steep-slopes",
        '''
import random


def descend(f, start):
    """Random steps whose length follows their success."""
    x, value, step = list(start), f(start), 1.0
    for _ in range(1500):
        y = [v + step * random.gauss(0, 1) for v in x]
        new = f(y)
        if new < value:
            x, value, step = y, new, 1.5 * step
        else:
            step *= 0.9
        if step < 1e-9:
            break
    return x
''',
    ),
    "axes-in-turn": (
        "no-waste",
        '''
def descend(f, start):
    """Parabolas along one axis after the other."""
    x = list(start)
    value = f(x)
    for k in range(40):
        i, h = k % 2, 0.3
        move = lambda t: [v + t * (i == j) for j, v in enumerate(x)]
        a, b = f(move(-h)), f(move(h))
        t = h * (a - b) / (2 * (a + b - 2 * value))
        new = f(move(t))
        if not new < value:
            break
        gained, x, value = value - new, move(t), new
        if gained < 1e-9:
            break
    return x
''',
    ),
    "momentum": (
        "small-and-large",
        SLOPE
        + '''
def descend(f, start):
    """Steps by the signs of the slope alone (Rprop): no height and no scale matters."""
    x, old = list(start), [0.0] * len(start)
    steps = [0.1] * len(start)
    while max(steps) > 1e-6 and f.evaluations < f.budget - 8:
        slope = gradient(f, x)
        for i, s in enumerate(slope):
            steps[i] *= 1.2 if s * old[i] > 0 else 0.5 if s * old[i] < 0 else 1.0
            x[i] -= steps[i] * ((s > 0) - (s < 0))
        old = slope
    return x
''',
    ),
    "evolution": (
        "two-basins",
        '''
import numpy as np


def minimize(f, bounds, budget):
    """Differential evolution, unseeded."""
    low, high = np.array(bounds).T
    rng = np.random.default_rng()
    crowd = rng.uniform(low, high, (24, 2))
    values = np.array([f(x) for x in crowd])
    while f.evaluations + 24 <= budget:
        for i in range(24):
            a, b, c = crowd[rng.choice(24, 3, replace=False)]
            y = np.clip(np.where(rng.random(2) < 0.9, a + 0.6 * (b - c), crowd[i]), low, high)
            new = f(y)
            if new <= values[i]:
                crowd[i], values[i] = y, new
    return crowd[values.argmin()]
''',
    ),
    "grids": (
        "many-basins",
        '''
def minimize(f, bounds, budget):
    """A grid, then finer ones around its three best cells; every answer is kept."""
    known = {}
    def ask(x):
        key = tuple(min(max(v, a), b) for v, (a, b) in zip(x, bounds))
        if key not in known and f.evaluations < budget:
            known[key] = f(key)
        return known.get(key, float("inf"))
    size = [(b - a) / 30 for a, b in bounds]
    cells = [[a + s * (k + 0.5) for (a, _), s, k in zip(bounds, size, (i, j))] for i in range(30) for j in range(30)]
    for cell in sorted(cells, key=ask)[:3]:
        step = [s / 2 for s in size]
        while max(step) > 1e-6:
            near = [[c + s * d for c, s, d in zip(cell, step, (i, j))] for i in (-1, 0, 1) for j in (-1, 0, 1)]
            best = min(near, key=ask)
            step = [s / 2 for s in step] if best == cell else step
            cell = best
    return min(known, key=known.get)
''',
    ),
    "walls-by-simplex": (
        "walls",
        NELDER_MEAD
        + '''
import math
import random


def minimize(f, bounds, budget):
    """Simplexes from random places; no value and a place outside count as infinite, and outside nobody asks."""
    seen = []
    def ask(x):
        if any(not a <= v <= b for v, (a, b) in zip(x, bounds)):
            return math.inf
        value = f(x)
        value = math.inf if math.isnan(value) else value
        seen.append((value, list(x)))
        return value
    try:
        for a, b in ((a, b) for a in range(9) for b in range(9)):
            x = [random.uniform(low, high) for low, high in bounds]
            if ask(x) < math.inf:
                simplex(ask, x, 1.0, 1e-7)
            corner = [bound[k] for bound, k in zip(bounds, (a % 2, b % 2))]
            ask(corner)
    except BudgetSpent:
        pass
    return min(seen)[1]
''',
    ),
    "boxes-that-grow": (
        "pickled-valley",
        NELDER_MEAD
        + '''
import random


def minimize(f, bounds, budget):
    """Random points in boxes of every size, then simplexes from the best of each."""
    best = (float("inf"), None)
    for power in range(1, 5):
        points = [[random.uniform(-(10.0**power), 10.0**power) for _ in range(2)] for _ in range(300)]
        start = min(((f(x), x) for x in points), key=lambda row: row[0])
        best = min(best, simplex(f, start[1], 10.0 ** (power - 1), 1e-4))
    return best[1]
''',
    ),
    "ternary": (
        "thirty-questions",
        '''
def minimize(f, bounds, budget):
    """Four parts, of which two are kept: the middle is known already."""
    (low, high), = bounds
    middle = (low + high) / 2
    known = {middle: f(middle)}
    while f.evaluations + 2 <= budget:
        left, right = (low + middle) / 2, (middle + high) / 2
        known[left], known[right] = f(left), f([right])
        best = min((left, middle, right), key=known.get)
        low, high = {left: (low, middle), middle: (left, right), right: (middle, high)}[best]
        middle = best
    return min(known, key=known.get)
''',
    ),
    "everything": (
        "whole-interview",
        WALK
        + NELDER_MEAD
        + """
import random


def minimize(f, bounds, budget):
    ask = lambda x: f([min(max(v, a), b) for v, (a, b) in zip(x, bounds)])
    points = [[random.uniform(a, b) for a, b in bounds] for _ in range(600)]
    rows = sorted(((f(x), x) for x in points), key=lambda row: row[0])
    found = []
    for value, x in rows[:8]:
        value, x = simplex(ask, x, 0.3, 1e-6)
        found.append((value, [min(max(v, a), b) for v, (a, b) in zip(x, bounds)]))
    return min(found)[1]
""",
    ),
}
