"""Submissions of every quality: name → text, verdict, and what part of each item's points is expected.

A pair of numbers is a range. `ALL` are the items of the small suite; what is not named is expected to earn nothing.
"""

ITEMS = ("gradient-accuracy", "gradient-cost", "descent", "stopping", "global", "hidden")
Part = float | tuple[float, float]
Case = tuple[str, str, dict[str, Part]]

HEAD = "import numpy as np\n\n\n"


def gradient(step: str = "1e-5", quotient: str = "(f(x + e) - f(x - e)) / (2 * h)") -> str:
    return f"""def gradient(f, x):
    x = np.array(x, dtype=float)
    slope = np.zeros(x.size)
    for i in range(x.size):
        e, h = np.zeros(x.size), {step}
        e[i] = h
        slope[i] = {quotient}
    return slope


"""


WALK = """def descend(f, start):
    x, value, rate = np.array(start, dtype=float), f(start), 1.0
    slope = gradient(f, x)
    first = np.linalg.norm(slope)
    while np.linalg.norm(slope) > 1e-4 * first:
        while not (new := f(x - rate * slope)) < value:
            rate = rate / 2
        x, value, rate = x - rate * slope, new, 1.5 * rate
        slope = gradient(f, x)
    return x


"""
SEARCH = """def minimize(f, bounds, budget):
    rng = np.random.default_rng(3)
    low, high = np.array(bounds).T
    best, lowest = None, np.inf
    try:
        points = low + rng.random((budget // 2, 2)) * (high - low)
        values = [f(x) for x in points]
        best, lowest = points[int(np.argmin(values))], min(values)
        step = 1.0
        while True:
            for e in step * np.vstack([np.eye(2), -np.eye(2)]):
                x = np.clip(best + e, low, high)
                value = f(x)
                if value < lowest:
                    best, lowest = x, value
                    break
            else:
                step = step / 2
                if step < 1e-9:
                    return best
    except BudgetSpent:
        return best


"""
RANDOM = """def minimize(f, bounds, budget):
    rng = np.random.default_rng(3)
    low, high = np.array(bounds).T
    points = [low + rng.random(2) * (high - low) for _ in range({count})]
    return min(points, key=f)


"""
FIXED = """def descend(f, start):
    x = np.array(start, dtype=float)
    for _ in range({steps}):
        x = x - {rate} * gradient(f, x)
    return x


"""
GOOD = HEAD + gradient() + WALK + SEARCH
WHOLE: dict[str, Part] = dict.fromkeys(ITEMS, 1.0)
WITHOUT_SEARCH: dict[str, Part] = dict.fromkeys(ITEMS[:4], 1.0)

QUALITY: dict[str, Case] = {
    "careful": (GOOD, "graded", WHOLE),
    "plain-lists": (
        "def gradient(f, x):\n    slope = []\n    for i in range(len(x)):\n"
        "        a, b = list(x), list(x)\n        a[i] += 1e-5\n        b[i] -= 1e-5\n"
        "        slope.append((f(a) - f(b)) / 2e-5)\n    return slope\n",
        "graded",
        {"gradient-accuracy": 1.0, "gradient-cost": 1.0},
    ),
    "forward": (
        HEAD + gradient("1e-7", "(f(x + e) - f(x)) / h"),
        "graded",
        {"gradient-accuracy": 1.0, "gradient-cost": 1.0},
    ),
    "coarse-step": (
        HEAD + gradient("0.2", "(f(x + e) - f(x)) / h"),
        "graded",
        {"gradient-accuracy": (0.1, 0.6), "gradient-cost": 1.0},
    ),
    "wrong-sign": (HEAD + gradient(quotient="(f(x - e) - f(x + e)) / (2 * h)"), "graded", {}),
    "half": (HEAD + gradient(quotient="(f(x + e) - f(x - e)) / (4 * h)"), "graded", {"gradient-accuracy": (0, 0.01)}),
    "swapped": (
        HEAD + gradient().replace("return slope", "return slope[::-1]"),
        "graded",
        {"gradient-accuracy": (0, 0.05)},
    ),
    "dear": (
        HEAD + gradient(quotient="sum((f(x + e) - f(x - e)) / (2 * h) for _ in range(8)) / 8"),
        "graded",
        {"gradient-accuracy": 1.0},
    ),
    "rather-dear": (
        HEAD + gradient(quotient="sum((f(x + e) - f(x - e)) / (2 * h) for _ in range(2)) / 2"),
        "graded",
        {"gradient-accuracy": 1.0, "gradient-cost": (0.5, 0.8)},
    ),
    "tiny-step": (HEAD + gradient("1e-15"), "graded", {"gradient-accuracy": (0, 0.5), "gradient-cost": (0, 1)}),
    "zeros": ("def gradient(f, x):\n    return [0.0] * len(x)\n", "graded", {}),
    "walks-too-short": (
        HEAD + gradient() + FIXED.format(steps=5, rate=0.05),
        "graded",
        {"gradient-accuracy": 1.0, "gradient-cost": 1.0, "descent": (0.01, 0.5), "stopping": (0, 0.5)},
    ),
    "walks-long-enough": (
        HEAD + gradient() + FIXED.format(steps=60, rate=0.1),
        "graded",
        WITHOUT_SEARCH | {"descent": (0.6, 1.0), "stopping": (0.6, 1.0)},
    ),
    "diverges": (
        HEAD + gradient() + FIXED.format(steps=20, rate=3.0),
        "graded",
        {"gradient-accuracy": 1.0, "gradient-cost": 1.0},
    ),
    "never-stops": (
        HEAD + gradient() + FIXED.format(steps=10**6, rate=0.1),
        "graded",
        {"gradient-accuracy": 1.0, "gradient-cost": 1.0, "descent": (0.9, 1.0)},
    ),
    "random-search": (HEAD + RANDOM.format(count=400), "graded", {"global": (0, 0.95), "hidden": (0, 0.95)}),
    "lazy-random": (HEAD + RANDOM.format(count=5), "graded", {"global": (0, 0.2), "hidden": (0, 0.2)}),
    "one-descent": (
        HEAD + SEARCH.replace("(budget // 2, 2)", "(1, 2)").replace("rng.random(", "0 * rng.random(") + "",
        "graded",
        {"global": (0, 1.0), "hidden": (0, 1.0)},
    ),
    "last-point": (
        HEAD + RANDOM.format(count=400).replace("min(points, key=f)", "[f(x) for x in points] and points[-1]"),
        "graded",
        {"global": (0, 0.2), "hidden": (0, 0.2)},
    ),
    "outside": (
        "def minimize(f, bounds, budget):\n    return [1e6, 1e6]\n",
        "graded",
        {},
    ),
    "search-only": (HEAD + SEARCH, "graded", {"global": 1.0, "hidden": 1.0}),
    "raises": (
        GOOD + "def descend(f, start):\n    return start / 0 + undefined\n",
        "faulty",
        WHOLE | {"descent": 0.0, "stopping": 0.0},
    ),
    "returns-none": (GOOD + "def minimize(f, bounds, budget):\n    f([0, 0])\n", "faulty", WITHOUT_SEARCH),
    "wrong-length": (GOOD + "def minimize(f, bounds, budget):\n    return [0.0]\n", "graded", WITHOUT_SEARCH),
    "wrong-call": (GOOD + "def minimize(f, bounds):\n    return [0.0]\n", "faulty", WITHOUT_SEARCH),
    "uncaught": (
        HEAD
        + "def minimize(f, bounds, budget):\n    rng = np.random.default_rng(3)\n    low, high = np.array(bounds).T\n"
        "    while True:\n        f(low + rng.random(2) * (high - low))\n",
        "graded",
        {"global": (0, 0.99), "hidden": (0, 0.99)},
    ),
    "nothing": ("answer = 42\n", "graded", {}),
}
