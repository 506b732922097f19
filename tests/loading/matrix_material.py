"""The functions of the matrix, saved by whichever Python runs this: `python matrix_material.py FOLDER LIBRARY`.

Runs under Python 3.6 to the newest. Every function takes two numbers, `f(x, y)`.
"""

import importlib
import os
import sys

SOURCE = """
import math

SCALE = 3.0


def plain(x, y):
    return (x - 750.0) ** 2 / 100 + (y - 500.0) ** 2 - 100.0


def imports(x, y):
    return math.cos(x) + math.exp(-y) * SCALE


def make_closure(a):
    total = [0.0]

    def closure(x, y):
        total[0] = a * x + abs(y)
        return total[0]

    return closure


class Bowl:
    def __init__(self, scale):
        self.scale = scale

    def __call__(self, x, y):
        return self.scale * x**2 + math.sin(y)

    class Inner:
        def __call__(self, x, y):
            return self.half(x) - y

        @staticmethod
        def half(x):
            return x / 2


class Child(Bowl):
    def __call__(self, x, y):
        return super().__call__(x, y) + 1


def generator(x, y):
    return sum((v - i) ** 2 for i, v in enumerate((x, y)) if v is not None)


def comprehension(x, y):
    rows = [[v * w for v in (x, y)] for w in (1, 2)]
    return sum(max(row) for row in rows) + len({k: k for k in "ab"})


def handler(x, y):
    try:
        with open("/nonexistent/file") as file:
            return len(file.read())
    except OSError:
        return x / y if y else 0.0
    finally:
        x = 0.0


def uses_numpy(x, y):
    import numpy as np

    return float(np.sum(np.array([x, y]) ** 2))


def defaults(x, y, scale=2.0, *rest, offset=-3, **more):
    return (x * y) / scale + offset + len(rest) + len(more)


def loop(x, y):
    total, step = 0.0, 0
    while step < 10:
        if step % 2 and not step == 3:
            total += x if step > 5 else y
        step += 1
    else:
        total -= 1
    return total


def text(x, y):
    return float("{:.3f}".format(x)) + float(f"{y:.2f}") + (1 if "a" in "abc" else 0)
"""

exec(compile(SOURCE, "material.py", "exec"))

KINDS = {
    "plain": lambda given: given["plain"],
    "imports": lambda given: given["imports"],
    "closure": lambda given: given["make_closure"](3.0),
    "instance": lambda given: given["Bowl"](2.0),
    "nested": lambda given: given["Bowl"].Inner(),
    "child": lambda given: given["Child"](2.0),
    "method": lambda given: given["Bowl"](2.0).__call__,
    "lambda": lambda given: eval(compile("lambda x, y: max(x, y) ** 2", "material.py", "eval"), given),
    "generator": lambda given: given["generator"],
    "comprehension": lambda given: given["comprehension"],
    "handler": lambda given: given["handler"],
    "numpy": lambda given: given["uses_numpy"],
    "defaults": lambda given: given["defaults"],
    "loop": lambda given: given["loop"],
    "text": lambda given: given["text"],
}
POINTS = [(1.5, -2.25), (0.0, 3.0), (750.0, 500.0)]


def main(folder, library):
    globals()["__file__"] = "material.py"
    version = "{}.{}".format(*sys.version_info)
    dumps = importlib.import_module(library).dumps
    more = {"recurse": True} if library == "dill" else {}
    for kind, make in KINDS.items():
        with open(os.path.join(folder, f"{version}-{library}-{kind}.pkl"), "wb") as file:
            file.write(dumps(make(globals()), **more))


if __name__ == "__main__":
    main(*sys.argv[1:])
