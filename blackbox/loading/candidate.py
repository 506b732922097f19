# pyright: basic
"""The process that runs a stranger's solution: a program of its own, imported by nobody.

    python -s -B candidate.py REQUESTS REPLIES REASONS PROGRESS PARENT MEMORY SANDBOX PROCESSOR_TIME

Started and locked exactly like `worker.py`, whose boot it takes over by path. It is told the text of the solution and
then one task after the other; it asks for values and is told them. It has no function, no budget and no score: those
are the judge's (`judging`), who believes nothing that comes out of here but points. `solution_wire.py` describes the
frames. Standard library alone; numpy only where the solution imports it.
"""

import json
import mmap
import os
import struct
import sys
from itertools import islice

READY, LOAD = 1, 2
DEFINED, CALL, ASK, ANSWER, RETURNED, RAISED = 16, 17, 18, 19, 20, 21
MUTATED = 1
MAX_TEXT = 300
"""Characters of a complaint: each takes up to 12 bytes of JSON, and the judge takes 4,096 in all."""
PATIENCE = 100000
"""Calls past the budget that are refused here; with the next one the judge stops the solution."""
SPARE = 4 * 1024 * 1024
"""Bytes of address space that are given back when a call fails: who used up the rest can still say so."""
LUCK = 20260101
"""Randomness that nobody seeded is drawn from this seed: the same solution does the same each time."""
MAX_RESULT = 1000
"""Numbers of a result: more is no point of any challenge."""
ENTRIES = ("gradient", "descend", "minimize")
NO_POINTS = (str, bytes, bytearray, dict, set, frozenset)
"""What can be iterated over, and has no coordinates in order."""
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
        self._wires, self._turn = wires, threading.Lock()
        self._asked = [0, 0]  # questions sent, calls refused; a list, so that copies of this object count together

    def __call__(self, x):
        """The value at x, a sequence of d numbers; raises `BudgetSpent` past the budget."""
        point = coordinates(x)
        if len(point) != self.dimension:
            raise ValueError("f takes %d numbers, got %d" % (self.dimension, len(point)))
        with self._turn:
            spent, value = self._refused() or self._answer(point)
            if spent:
                self._asked[1] += 1
        if spent:
            raise BudgetSpent("the budget of %d evaluations is spent" % self.budget)
        return value

    def _refused(self):
        """Whether there is no need to ask: the judge has said already that the budget is spent."""
        return (1, 0.0) if 0 < self._asked[1] < PATIENCE else None

    def _answer(self, point):
        """Whether the budget is spent, and the value."""
        self._asked[0] += 1
        body = struct.pack("<%dd" % len(point), *point)
        self._wires.send(ASK, self._asked[0], 1, len(point), body)
        _, spent, _, self.evaluations, _ = self._wires.request()
        return spent, struct.unpack("<d", self._wires.read(8))[0]


def coordinates(x):
    """The floats of a point; one number is a point of one input, and a matrix of one row its row."""
    if hasattr(x, "tolist"):
        x = x.tolist()
    if is_number(x):
        return [float(x)]  # type: ignore
    if isinstance(x, NO_POINTS) or not hasattr(x, "__iter__"):
        raise TypeError("a %s is no point" % type(x).__name__)
    items = list(islice(iter(x), MAX_RESULT + 1))
    if len(items) == 1 and not is_number(items[0]):
        row = items[0].tolist() if hasattr(items[0], "tolist") else items[0]
        items = row if isinstance(row, (list, tuple)) else items
    return [float(v) if isinstance(v, (int, float)) else coordinate(v) for v in items]


def coordinate(v):
    """The float of one coordinate; one number in a list or an array of its own is one, too."""
    if hasattr(v, "tolist"):
        v = v.tolist()
    if isinstance(v, (list, tuple)) and len(v) == 1:
        v = v[0].tolist() if hasattr(v[0], "tolist") else v[0]
    if not is_number(v):
        many = " of %d" % len(v) if isinstance(v, (list, tuple)) else ""
        raise TypeError("a %s%s is no number" % (type(v).__name__, many))
    return float(v)  # type: ignore


def is_number(v):
    """Whether it is one: also a fraction and a decimal."""
    return isinstance(v, (int, float)) or hasattr(type(v), "__float__")


def result_of(value):
    """The floats of what an entry returned."""
    if value is None:
        raise WrongResult("returned None")
    if isinstance(value, NO_POINTS):
        raise WrongResult("returned a %s" % type(value).__name__)
    try:
        numbers = coordinates(value)
    except Exception as error:
        raise WrongResult("returned what is no point (%s)" % (str(error)[:80] or type(error).__name__)) from None
    if len(numbers) > MAX_RESULT:
        raise WrongResult("returned more than %d numbers" % MAX_RESULT)
    return numbers


def fix_luck():
    """Let randomness that nobody seeds come out the same in every process; numpy's draws on `os.urandom`, too."""
    import random

    luck, plain_seed = random.Random(LUCK), random.Random.seed

    def urandom(size):
        """`os.urandom`."""
        return luck.getrandbits(8 * size).to_bytes(size, "little") if size else b""

    def seed(self, a=None, version=2):
        """`Random.seed`."""
        plain_seed(self, luck.getrandbits(128) if a is None else a, version)

    os.urandom = random._urandom = urandom  # type: ignore
    if hasattr(os, "getrandom"):
        os.getrandom = lambda size, _flags=0: urandom(size)
    random.Random.seed = seed  # type: ignore
    random.seed = random._inst.seed  # type: ignore
    random.seed()


def reserve():
    """Address space to be given back, None where none is left."""
    try:
        return mmap.mmap(-1, SPARE)
    except (OSError, ValueError, MemoryError):
        return None


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
    return result_of(entry(f, point)), changed(point, task["x"])


def changed(point, before):
    """Whether a point that was handed in is another now, or none any more."""
    try:
        return coordinates(point) != before
    except Exception:
        return True


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
    source, spare = wires.read(size).decode("utf-8"), reserve()
    try:
        names = define(source)
        defined = [name for name in ENTRIES if callable(names.get(name))]
        send_json(wires, DEFINED, 0, {"defines": defined, "error": None})
    except BaseException as error:
        if spare is not None:
            spare.close()
        send_json(wires, DEFINED, 0, {"defines": [], "error": complaint(error, describe)})
        return
    number = 0
    while True:
        kind, _, _, size, _ = wires.request()
        if kind != CALL:
            os._exit(1)
        number += 1
        task, spare = json.loads(wires.read(size).decode("ascii")), reserve()
        try:
            result, mutated = perform(names, wires, task)
            body = struct.pack("<%dd" % len(result), *result)
            wires.send(RETURNED, number, MUTATED if mutated else 0, len(result), body)
        except BaseException as error:
            if spare is not None:
                spare.close()
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
    fix_luck()
    if strict:
        facts |= common["lock"](parent, processor_time)
    wires.send(READY, 0, facts, sys.hexversion)
    if strict and facts & common["LOCKED"] != common["LOCKED"]:
        os._exit(1)  # the parent refuses too; neither relies on the other
    serve(wires, common["describe_exception"])


if __name__ == "__main__":
    main()
