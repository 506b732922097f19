# pyright: basic
"""The process that runs a stranger's solution: a program of its own, imported by nobody.

    python -s -B candidate.py REQUESTS REPLIES REASONS PROGRESS PARENT MEMORY SANDBOX PROCESSOR_TIME

Started and locked exactly like `worker.py`, whose boot it takes over by path. It is told the text of the solution and
then one task after the other; it asks for values and is told them. It has no function, no budget and no score: those
are the judge's (`judging`), who believes nothing that comes out of here but points. `solution_wire.py` describes the
frames. Standard library alone; numpy only where the solution imports it.
"""

import json
import os
import struct
import sys
from itertools import islice

READY, LOAD = 1, 2
DEFINED, CALL, ASK, ANSWER, RETURNED, RAISED = 16, 17, 18, 19, 20, 21
MUTATED = 1
MAX_TEXT = 500
MAX_RESULT = 1000
"""Numbers of a result: more is no point of any challenge."""
ENTRIES = ("gradient", "descend", "minimize")
FILENAME = "solution.py"


class BudgetSpent(Exception):  # noqa: N818 - the contract's name
    """The budget of evaluations is spent: no value can be had any more."""


class WrongResult(Exception):  # noqa: N818 - it says what happened
    """What the solution returned is no point."""


class Function:
    """The `f` of the contract: asks the judge for each value."""

    BudgetSpent = BudgetSpent

    def __init__(self, wires, task):
        import threading

        self.dimension, self.budget, self.evaluations = task["dimension"], task["budget"], 0
        self._wires, self._sequence, self._turn = wires, 0, threading.Lock()

    def __call__(self, x):
        """The value at x, a sequence of d numbers; raises `BudgetSpent` past the budget."""
        point = coordinates(x)
        if len(point) != self.dimension:
            raise ValueError("f takes %d numbers, got %d" % (self.dimension, len(point)))
        with self._turn:
            self._sequence += 1
            body = struct.pack("<%dd" % len(point), *point)
            self._wires.send(ASK, self._sequence, 1, len(point), body)
            _, spent, _, self.evaluations, _ = self._wires.request()
            value = struct.unpack("<d", self._wires.read(8))[0]
        if spent:
            raise BudgetSpent("the budget of %d evaluations is spent" % self.budget)
        return value


def coordinates(x):
    """The floats of a point; one number is a point of one input."""
    if hasattr(x, "tolist"):
        x = x.tolist()
    if isinstance(x, (int, float)):
        return [float(x)]
    numbers = list(islice(iter(x), MAX_RESULT + 1))
    return [float(v) if isinstance(v, (int, float)) else float(coordinates(v)[0]) for v in numbers]


def result_of(value):
    """The floats of what an entry returned."""
    if value is None:
        raise WrongResult("returned None")
    if isinstance(value, (str, bytes, dict, set)):
        raise WrongResult("returned a %s" % type(value).__name__)
    try:
        numbers = coordinates(value)
    except Exception as error:
        raise WrongResult("returned what is no point (%s)" % str(error)[:80]) from None
    if len(numbers) > MAX_RESULT:
        raise WrongResult("returned more than %d numbers" % MAX_RESULT)
    return numbers


def define(source):
    """Run the text as a module: its namespace. Raises whatever it raises."""
    import builtins
    import linecache
    import types

    module = types.ModuleType("solution")
    module.__file__ = FILENAME
    module.__dict__["BudgetSpent"] = builtins.__dict__["BudgetSpent"] = BudgetSpent
    sys.modules["solution"] = module
    lines = source.splitlines(True)
    linecache.cache[FILENAME] = (len(source), None, lines, FILENAME)
    exec(compile(source, FILENAME, "exec", 0, True), module.__dict__)
    return module.__dict__


def perform(names, wires, task):
    """One task: the numbers that came out, and whether the point that was handed in has been changed."""
    f, entry = Function(wires, task), names[task["entry"]]
    if task["entry"] == "minimize":
        bounds = task["bounds"] and [tuple(pair) for pair in task["bounds"]]
        return result_of(entry(f, bounds, task["budget"])), False
    point = list(task["x"])
    if "numpy" in sys.modules:
        point = sys.modules["numpy"].array(point, dtype=float)
    result = result_of(entry(f, point))
    after = result_of(point)
    return result, after != task["x"]


def complaint(error, describe):
    """What the parent is told of an exception."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILENAME:
            line = trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and line is None:
        line = error.lineno
    kind = "spent" if isinstance(error, BudgetSpent) else "wrong" if isinstance(error, WrongResult) else "raised"
    text = str(error) if kind == "wrong" else describe(error)
    return {"kind": kind, "text": text[:MAX_TEXT], "line": line if isinstance(line, int) else None}


def send_json(wires, kind, sequence, report):
    """A frame whose body is text."""
    body = json.dumps(report).encode("ascii")
    wires.send(kind, sequence, len(body), 0, body)


def serve(wires, describe):
    """Take the solution, say what it defines, do the tasks."""
    kind, _, _, size, _ = wires.request()
    if kind != LOAD:
        os._exit(1)
    source = wires.read(size).decode("utf-8")
    try:
        names = define(source)
        defined = [name for name in ENTRIES if callable(names.get(name))]
        send_json(wires, DEFINED, 0, {"defines": defined, "error": None})
    except BaseException as error:
        send_json(wires, DEFINED, 0, {"defines": [], "error": complaint(error, describe)})
        return
    number = 0
    while True:
        kind, _, _, size, _ = wires.request()
        if kind != CALL:
            os._exit(1)
        number += 1
        task = json.loads(wires.read(size).decode("ascii"))
        try:
            result, mutated = perform(names, wires, task)
            body = struct.pack("<%dd" % len(result), *result)
            wires.send(RETURNED, number, MUTATED if mutated else 0, len(result), body)
        except BaseException as error:
            send_json(wires, RAISED, number, complaint(error, describe))


def boot_of_worker():
    """The names of `worker.py`: how such a process boots, locks itself and speaks is written there, once."""
    from importlib.machinery import SourceFileLoader

    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "worker.py")
    names: dict = {"__name__": "boot", "__file__": path}
    sys.dont_write_bytecode = False
    try:
        exec(SourceFileLoader("boot", path).get_code("boot") or "", names)
    finally:
        sys.dont_write_bytecode = True
    return names


def main():
    """Boot, lock, say so, take the solution, serve."""
    requests, replies, reasons, progress, parent, memory = [int(word) for word in sys.argv[1:7]]
    strict, processor_time = sys.argv[7] != "basic", int(sys.argv[8])
    del sys.argv[1:]
    common = boot_of_worker()
    facts = common["boot"](parent, memory)
    wires = common["Wires"](requests, replies, reasons, progress)
    common["silence"]()
    if strict:
        facts |= common["lock"](parent, processor_time)
    wires.send(READY, 0, facts, sys.hexversion)
    if strict and facts & common["LOCKED"] != common["LOCKED"]:
        os._exit(1)  # the parent refuses too; neither relies on the other
    serve(wires, common["describe_exception"])


if __name__ == "__main__":
    main()
