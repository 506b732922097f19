"""Wild functions that the tests of the command pickle by value."""

import math
import random

STATE = {"calls": 0}
LUCK = random.Random(7)


def noisy_bowl(x, y):
    return (x - 0.7) ** 2 + (y + 1.2) ** 2 + 3 + 0.01 * LUCK.gauss(0, 1)


def noisy_hill(x, y):
    return 3 - (x - 0.7) ** 2 - (y + 1.2) ** 2 + 0.01 * LUCK.gauss(0, 1)


def noisy_in_proportion(x):
    return ((x - 2) ** 2 + 1) * (1 + 0.001 * LUCK.gauss(0, 1))


def _counted(limit):
    STATE["calls"] += 1
    return STATE["calls"] > limit


def _valley(x, y):
    return 100 * (y - x * x) ** 2 + (1 - x) ** 2 + 0.5


def says_a_word(x, y):
    return "ReachFunctionLimit" if _counted(300) else _valley(x, y)


def raises_at_last(x, y):
    if _counted(300):
        raise RuntimeError("no more questions")
    return _valley(x, y)


def low_constant_at_last(x, y):
    return -1.0 if _counted(40) else _valley(x, y)


def zero_at_last(x, y):
    return 0.0 if _counted(300) else _valley(x, y)


def start_fails(x, y):
    return math.log(x - 40) ** 2 + math.log(y - 7) ** 2


def tube(x, y):
    return (x - 0.4) ** 2 + 0.1 * y if abs(y - 0.5 * x) < 0.01 else float("nan")


def bent_tube(x, y):
    if abs(y - x * x) > 0.01:
        raise ValueError("outside the tube")
    return (x - 3) ** 2


def whole_numbers(n, m):
    return (int(n) - 31) ** 2 + (int(m) + 17) ** 2 + (int(n) * int(m)) % 5


def wants_whole_numbers(n):
    return [5, 3, 8, 2, 9, 1, 7][n]


def needle(x, y):
    return 0.0 if abs(x - 0.3) < 1e-5 and abs(y - 0.3) < 1e-5 else 1.0


def staircase(x, y):
    return math.floor(5 * abs(x - 0.3)) + math.floor(3 * abs(y + 2))


def jump(x, y):
    return (x - 0.3) ** 2 + (y - 0.3) ** 2 + (2 if x > 0.3 else 0)


def kink(x, y):
    return max(abs(x - 1), 3 * abs(y + 2))


def funnel(x, y):
    return min(0.5 * math.hypot(x, y), 6 * math.hypot(x - 8, y - 8) - 3)


def far_wells(x, y):
    return min(0.001 * (x * x + y * y), 0.001 * ((x - 750) ** 2 + (y - 500) ** 2) - 100)


def five_scales(a, b, c, d, e):
    return sum(((v - s) / s) ** 2 for v, s in zip((a, b, c, d, e), (1e-3, 0.3, 1.0, 30.0, 1e3), strict=True))


def steep_and_shallow(x):
    return 9 * (x - 2.337) if x > 2.337 else 0.01 * (2.337 - x)
