"""Functions of many kinds, saved by whichever Python runs this: `python writer_material.py FOLDER LIBRARY`.

Runs under Python 3.6 to the newest; writes FOLDER/<version>-<library>-<kind>.pkl. The functions are compiled from a
text under a neutral file name, so that the files are the same wherever they are made.
"""

import importlib
import os
import sys

SOURCE = """
import functools
import math

try:
    import numpy as np
except ImportError:
    import math as np


def arithmetic(x, y):
    return (x - 750) ** 2 / 100 + (y - 500) ** 2 - 100.0


def with_constant(a):
    def closure(x, y):
        return a * x + abs(y)

    return closure


class Bowl:
    def __init__(self, scale):
        self.scale = scale

    def __call__(self, x, y):
        return self.scale * x**2 + math.sin(y)

    class Inner:
        def value(self, x):
            return math.exp(x) * 2


def generator(x, y):
    return sum((v - 1) ** 2 for v in (x, y))


def handler(x):
    try:
        return 1 / x
    except ZeroDivisionError:
        return 0.0


def calls(x):
    return math.cos(x) + math.exp(-x)


def numbers(x, y):
    return np.cos(x) + 10 * np.sqrt(y)


def defaults(x, y=2.0, *, scale=-3, **rest):
    return (x * y) / scale + len(rest)


def loop(x):
    total = 0.0
    step = 0
    while step < 10:
        if step % 2 and step != 3:
            total += x**step
        step += 1
    return total
"""

exec(compile(SOURCE, "material.py", "exec"))

KINDS = {
    "arithmetic": lambda given: given["arithmetic"],
    "closure": lambda given: given["with_constant"](3.0),
    "instance": lambda given: given["Bowl"](2.0),
    "nested": lambda given: given["Bowl"].Inner(),
    "lambda": lambda given: eval(compile("lambda x, y: max(x, y) ** 2", "material.py", "eval"), given),
    "generator": lambda given: given["generator"],
    "handler": lambda given: given["handler"],
    "calls": lambda given: given["calls"],
    "numbers": lambda given: given["numbers"],
    "defaults": lambda given: given["defaults"],
    "loop": lambda given: given["loop"],
    "partial": lambda given: given["functools"].partial(given["defaults"], y=3.0),
    "dictionary": lambda given: {"f": given["calls"], "bounds": [(0, 1), (0, 1)]},
}


def main(folder, library):
    globals()["__file__"] = "material.py"
    version = "{}.{}".format(*sys.version_info)
    save = importlib.import_module(library).dumps
    for kind, make in KINDS.items():
        with open(os.path.join(folder, f"{version}-{library}-{kind}.pkl"), "wb") as file:
            file.write(save(make(globals())))


if __name__ == "__main__":
    main(*sys.argv[1:])
