"""Functions that the tests of the command pickle by value."""

import math
import os
import time


def bowl(x1, x2):
    return (x1 - 3.0) ** 2 + 2.0 * (x2 + 1.0) ** 2 + 0.5


def hill(x, y):
    return 5.0 - (x - 1.0) ** 2 - (y - 2.0) ** 2


def rosenbrock(x):
    return float(sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(2 - 1)))


def slow_two_wells(x, y):
    time.sleep(0.002)
    return (x * x - 4.0) ** 2 + (y - 1.0) ** 2 + 0.3 * x


def logged_two_wells(log):
    """Two wells that write down what they are asked; not in the strict sandbox."""

    def two_wells(x, y):
        descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, f"{x!r} {y!r}\n".encode())
        os.close(descriptor)
        time.sleep(0.003)
        return (x * x - 4.0) ** 2 + (y - 1.0) ** 2 + 0.3 * x

    return two_wells


def answers_once(x, y):
    if (x, y) != (0.5, 0.5):
        time.sleep(1000)
    return 7.0


def sleeps_as_an_array(x):
    if len(x) != 2 or x[0] != 0.5:
        time.sleep(1000)
    return 7.0


def very_slow(x, y):
    time.sleep(0.05)
    return (x - 1.0) ** 2 + (y - 2.0) ** 2


def raises(x1, x2):
    raise ValueError("boom")


def raises_array(x):
    raise ValueError("boom")


def text(x1, x2):
    return "ReachFunctionLimit"


def nothing(x1, x2):
    return None


def not_a_number(x1, x2):
    return math.nan


def never(x1, x2):
    while True:
        time.sleep(1)


def ends_its_process(x1, x2):
    os._exit(3)


def falls_for_ever(x, y):
    return x - 2.0 * y


def only_approached(x):
    return 2.5**x


def half_missing(x, y):
    return math.log(x - 3.0) ** 2 + (y - 1.0) ** 2


def needs_missing_module(x):
    import no_such_module_anywhere  # noqa: F401

    return x


def three_inputs(a, b, c):
    return a * a + b * b + c * c


def shifted_square(x):
    return (x - 1.0) ** 2 + 0.1


def stuck_at_the_start(x, y):
    if x == y == 0.5:
        time.sleep(600)
    return x * x + y
