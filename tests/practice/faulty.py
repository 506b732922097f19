"""Faulty solutions: two or more for every fault, each with the exercise that it is handed in for."""

from blackbox.judging.faults import Fault

NUMPY = "import numpy as np\n\n"


def gradient(body: str, before: str = "") -> str:
    """A gradient that goes along the axes; `body` sets `slope[i]`."""
    lines = "\n".join("        " + line for line in body.splitlines())
    return f"""{NUMPY}{before}
def gradient(f, x):
    slope = np.zeros(len(x))
    for i in range(len(x)):
        e = np.zeros(len(x))
        e[i] = 1.0
{lines}
    return slope
"""


CENTRAL = "slope[i] = (f(x + 1e-5 * e) - f(x - 1e-5 * e)) / 2e-5"
SLOPE = gradient(CENTRAL)
WALK = SLOPE.replace("1e-5", "1e-6").replace("2e-5", "2e-6") + "\n\ndef descend(f, start):\n    x = np.array(start)\n"
SEARCH = f"""{NUMPY}
def minimize(f, bounds, budget):
    rng = np.random.default_rng(0)
    low, high = np.array(bounds).T
"""


def walk(body: str) -> str:
    """A descent from `x`, the start."""
    return WALK + "\n".join("    " + line for line in body.splitlines()) + "\n"


def search(body: str) -> str:
    """A search between `low` and `high`, with `rng`."""
    return SEARCH + "\n".join("    " + line for line in body.splitlines()) + "\n"


FAULTY: dict[Fault, list[tuple[str, str]]] = {
    Fault.WRONG_SIGN: [
        ("two-slopes", gradient("slope[i] = (f(x) - f(x + 1e-6 * e)) / 1e-6")),
        ("many-inputs", gradient("slope[i] = (f(x - 1e-5 * e) - f(x + 1e-5 * e)) / 2e-5")),
        ("one-slope", gradient("slope[i] = -(f(x + 1e-6 * e) - f(x)) / 1e-6")),
    ],
    Fault.FACTOR_TWO: [
        ("both-sides", gradient("slope[i] = (f(x + 1e-5 * e) - f(x - 1e-5 * e)) / 1e-5")),
        ("two-slopes", gradient("slope[i] = (f(x + 1e-6 * e) - f(x)) / 2e-6")),
    ],
    Fault.ONE_SIDED: [
        ("both-sides", gradient("slope[i] = (f(x + 1e-6 * e) - f(x)) / 1e-6")),
        ("both-sides", gradient("slope[i] = (f(x) - f(x - 1e-5 * e)) / 1e-5")),
    ],
    Fault.STEP_TOO_LARGE: [
        ("two-slopes", gradient("slope[i] = (f(x + 0.5 * e) - f(x - 0.5 * e)) / 1.0")),
        ("one-slope", gradient("slope[i] = (f(x + 0.1 * e) - f(x)) / 0.1")),
    ],
    Fault.STEP_TOO_SMALL: [
        ("two-slopes", gradient("slope[i] = (f(x + 1e-14 * e) - f(x - 1e-14 * e)) / 2e-14")),
        ("both-sides", gradient("slope[i] = (f(x + 1e-12 * e) - f(x - 1e-12 * e)) / 2e-12")),
    ],
    Fault.SWAPPED: [
        ("two-slopes", SLOPE.replace("return slope", "return slope[::-1]")),
        ("both-sides", gradient("slope[1 - i] = (f(x + 1e-5 * e) - f(x - 1e-5 * e)) / 2e-5")),
    ],
    Fault.UNSCALED: [
        ("far-away", gradient("slope[i] = (f(x + 1e-7 * e) - f(x - 1e-7 * e)) / 2e-7")),
        ("far-away", gradient("slope[i] = (f(x + 1e-8 * e) - f(x)) / 1e-8")),
    ],
    Fault.MUTATED: [
        ("two-slopes", gradient("here = f(x)\nx[i] += 1e-6\nslope[i] = (f(x) - here) / 1e-6")),
        ("many-inputs", gradient("x += 1e-5 * e\nup = f(x)\nx -= 2e-5 * e\nslope[i] = (up - f(x)) / 2e-5")),
        ("first-steps", walk("x = start\nfor _ in range(200):\n    x -= 0.1 * gradient(f, x)\nreturn x")),
    ],
    Fault.ON_VALUE: [
        ("level-ground", walk("while abs(f(x)) > 1e-2:\n    x = x - 0.02 * gradient(f, x)\nreturn x")),
        ("level-ground", walk("while f(x) > 1e-3:\n    x = x - 0.1 * gradient(f, x)\nreturn x")),
    ],
    Fault.DIVERGES: [
        ("steep-slopes", walk("for _ in range(100):\n    x = x - 0.1 * gradient(f, x)\nreturn x")),
        ("first-steps", walk("for _ in range(300):\n    x = x - 1.1 * gradient(f, x)\nreturn x")),
    ],
    Fault.NO_RESTART: [
        (
            "two-basins",
            search(
                "x, step = (low + high) / 2 + 1.0, (high - low) / 20\nvalue = f(x)\n"
                "while step.max() > 1e-6:\n    y = x + step * rng.choice([-1, 0, 1], size=x.size) * rng.random()\n"
                "    if (y == x).all() or f.evaluations >= budget - 1:\n        step = step / 1.5\n        continue\n"
                "    new = f(y)\n    if new < value:\n        x, value = y, new\n    else:\n        step = step * 0.98\n"
                "return x"
            ),
        ),
        (
            "two-basins",
            search(
                "x = (low + high) / 2 + (high - low) / 16\nvalue, step = f(x), 0.5\nwhile step > 1e-5:\n"
                "    for e in step * np.vstack([np.eye(2), -np.eye(2)]):\n        new = f(x + e)\n"
                "        if new < value:\n            x, value = x + e, new\n            break\n"
                "    else:\n        step = step / 2\nreturn x"
            ),
        ),
    ],
    Fault.LAST_NOT_BEST: [
        (
            "two-basins",
            search("for _ in range(budget):\n    x = low + rng.random(2) * (high - low)\n    f(x)\nreturn x"),
        ),
        (
            "keep-the-best",
            walk(
                "rng = np.random.default_rng(0)\ntry:\n    while True:\n"
                "        x = start + 0.3 * rng.standard_normal(2)\n        f(x)\nexcept BudgetSpent:\n    return x"
            ),
        ),
        (
            "many-basins",
            search(
                "seen = [low + rng.random(2) * (high - low) for _ in range(budget)]\n"
                "values = [f(x) for x in seen]\nreturn seen[int(np.argmax(values))]"
            ),
        ),
    ],
    Fault.REPEATS: [
        ("many-inputs", gradient("slope[i] = (f(x + 1e-7 * e) - f(x) + f(x + 1e-7 * e) - f(x)) / 2e-7")),
        (
            "no-waste",
            walk("for _ in range(60):\n    f(x), f(x), f(x), f(x)\n    x = x - 0.1 * gradient(f, x)\nreturn x"),
        ),
        (
            "many-basins",
            search(
                "points = low + rng.random((budget // 4, 2)) * (high - low)\nfor _ in range(3):\n"
                "    values = [f(x) for x in points]\nreturn points[int(np.argmin(values))]"
            ),
        ),
    ],
    Fault.NAN: [
        ("beside-a-hole", gradient(CENTRAL)),
        (
            "walls",
            search(
                "points = low + rng.random((budget, 2)) * (high - low)\nvalues = [f(x) for x in points]\n"
                "return points[int(np.argmin(values))]"
            ),
        ),
        (
            "walls",
            search(
                "best = []\nfor _ in range(500):\n    x = low + rng.random(2) * (high - low)\n    value = f(x)\n"
                "    if not np.isfinite(value):\n        raise ArithmeticError('NaN')\n"
                "    best = min(best or [value, *x], [value, *x])\nreturn best[1:]"
            ),
        ),
    ],
    Fault.OUTSIDE: [
        (
            "walls",
            search(
                "low, high = low - 2, high + 2\npoints = low + rng.random((700, 2)) * (high - low)\n"
                "values = np.array([f(x) for x in points])\nreturn points[int(np.nanargmin(values))]"
            ),
        ),
        (
            "thirty-questions",
            search("xs = np.linspace(low[0] - 50, high[0] + 50, 30)\nreturn [min(xs, key=lambda x: f([x]))]"),
        ),
    ],
    Fault.STATE: [
        (
            "many-inputs",
            gradient(
                "def ask(y):\n    key = tuple(y)\n    if key not in cache:\n        cache[key] = f(y)\n    return cache[key]\n"
                "slope[i] = (ask(x + 1e-5 * e) - ask(x - 1e-5 * e)) / 2e-5",
                before="cache = {}\n\n",
            ),
        ),
        (
            "many-inputs",
            NUMPY
            + "first = []\n\n\n"
            + SLOPE.partition(NUMPY)[2].replace(
                "return slope", "first.append(slope)\n    return first[len(first) % 2 * 0] if len(first) > 2 else slope"
            ),
        ),
    ],
}
