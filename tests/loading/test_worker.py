import functools
import math
import operator
import os
import pickle
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cloudpickle
import numpy as np
import pytest

from blackbox.core.errors import ChallengeError
from blackbox.core.evaluations import Status
from blackbox.loading.process import WorkerOptions, WorkerProcess
from blackbox.loading.styles import Call
from blackbox.loading.wire import MAX_REASON, MAX_REASONS, CallStyle
from tests.fakes import answers
from tests.fakes.answers import FAILURES, NUMBERS, Hostile
from tests.fakes.payloads import by_dill, by_value

PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
VERSIONS = ["3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"]


def column(*values):
    return np.array(values, dtype=float)[:, np.newaxis]


def evaluate(function, points, style=CallStyle.SCALARS, payload=None):
    with WorkerProcess() as worker:
        worker.load(payload or cloudpickle.dumps(function))
        return worker.evaluate(points, style)


@pytest.fixture(scope="module")
def table():
    results = [result for result, *_ in NUMBERS + FAILURES]
    with WorkerProcess() as worker:
        worker.load(by_value(lambda x: results[int(x)], Hostile))
        yield lambda index: worker.evaluate(column(index), CallStyle.SCALARS)


@pytest.mark.parametrize("index", range(len(NUMBERS)))
def test_an_answer_that_means_a_number_is_one(table, index):
    reply = table(index)
    assert reply.reasons == {}
    assert reply.values[0] == NUMBERS[index][1]
    assert reply.statuses[0] == Status.OK


@pytest.mark.parametrize("index", range(len(FAILURES)))
def test_any_other_answer_is_a_failed_evaluation_with_its_reason(table, index):
    _, status, reason = FAILURES[index]
    reply = table(len(NUMBERS) + index)
    assert np.isnan(reply.values[0])
    assert reply.statuses[0] == status
    assert reply.reasons[0].startswith(reason)


class Nasty(BaseException):
    def __str__(self):
        raise SystemExit(3)

    __repr__ = __str__


class EscapingError(Exception):
    def __str__(self):
        return "\x1b[2J\x1b[31mred\x07 \u202eevil" + "x" * 10_000


def raising(x):
    kinds = [
        ValueError("math domain error"),
        SystemExit(0),
        KeyboardInterrupt(),
        GeneratorExit("bye"),
        StopIteration(4),
        Nasty(),
        EscapingError(),
        RecursionError("deep"),
    ]
    raise kinds[int(x)]


def test_whatever_the_function_raises_is_a_failed_evaluation():
    reply = evaluate(None, column(*range(8)), payload=by_value(raising))
    assert reply.statuses.tolist() == [Status.EXCEPTION] * 8
    assert reply.reasons[0] == "ValueError: math domain error"
    assert reply.reasons[1] == "SystemExit: 0"
    assert reply.reasons[2] == "KeyboardInterrupt"
    assert reply.reasons[5] == "Nasty"
    assert reply.reasons[6].startswith(r"EscapingError: \x1b[2J\x1b[31mred\x07 \u202eevilxxx")
    assert len(reply.reasons[6]) <= MAX_REASON
    assert all(reason.isprintable() for reason in reply.reasons.values())


def test_deep_recursion_and_lack_of_memory_are_failed_evaluations():
    def deep(x):
        return deep(x + 1) if x < 1e9 else x

    def greedy(x):
        return len(bytearray(1 << 40)) * x

    for function, name in ((deep, "RecursionError"), (greedy, "MemoryError")):
        reply = evaluate(function, column(1, 2))
        assert reply.statuses.tolist() == [Status.EXCEPTION] * 2
        assert reply.reasons[0].startswith(name)


def test_each_kind_of_failure_is_explained_once_a_batch_and_never_too_often():
    def fails(x):
        raise type(f"Error{int(x) // 2}", (Exception,), {})("why")

    reply = evaluate(fails, column(*range(100)))
    assert sorted(reply.reasons) == [2 * kind for kind in range(MAX_REASONS)]
    assert set(reply.statuses.tolist()) == {Status.EXCEPTION}


def test_a_failure_leaves_its_neighbours_alone():
    reply = evaluate(lambda x: 1 / x, column(1, 0, 2))
    assert reply.values[[0, 2]].tolist() == [1.0, 0.5]
    assert list(reply.reasons) == [1]
    assert reply.reasons[1].startswith("ZeroDivisionError: ")


@pytest.mark.parametrize("style", [CallStyle.SCALARS, CallStyle.ARRAY, CallStyle.LIST, CallStyle.TUPLE])
def test_each_style_gives_the_function_its_own_type(style):
    def takes(*inputs):
        kind = inputs[0] if len(inputs) == 1 else inputs
        return {"tuple": 0, "ndarray": 1, "list": 2}[type(kind).__name__] * 100 + sum(kind)

    reply = evaluate(takes, np.array([[1.0, 2.0], [3.0, 4.0]]), style)
    code = {CallStyle.SCALARS: 0, CallStyle.ARRAY: 100, CallStyle.LIST: 200, CallStyle.TUPLE: 0}[style]
    assert reply.values.tolist() == [code + 3, code + 7]


@pytest.mark.parametrize(
    ("call", "source"),
    [
        (Call(CallStyle.KEYWORDS, ("b", "a")), "lambda *, a, b: 10 * b + a"),
        (Call(CallStyle.KEYWORDS, ("a",)), "lambda b, *, a: 10 * b + a"),
        (Call(CallStyle.DICT, ("b", "a")), "lambda p: 10 * p['b'] + p['a']"),
        (Call(CallStyle.BATCH), "lambda X: 10 * X[:, 0] + X[:, 1]"),
        (Call(CallStyle.BATCH), "lambda X: (10 * X[:, 0] + X[:, 1]).reshape(-1, 1)"),
        (Call(CallStyle.BATCH), "lambda X: 10 * X[0, 0] + X[0, 1] if len(X) == 1 else None"),
        (Call(CallStyle.BATCH), "lambda X: (10 * X[:, 0] + X[:, 1]).sum()"),
        (Call(CallStyle.SCALARS), "lambda b, a: 10 * b + a"),
    ],
)
@pytest.mark.parametrize("integers", [False, True])
def test_names_and_rows_reach_the_function_in_their_order(call, source, integers):
    reply = evaluate(eval(source), np.array([[1.2, 2.0], [3.0, 4.4], [-1.0, 7.0]]), replace(call, integers=integers))
    assert reply.values.tolist() == pytest.approx([12.0, 34.0, -3.0] if integers else [14.0, 34.4, -3.0])


@pytest.mark.parametrize(
    ("style", "source"),
    [
        (CallStyle.SCALARS, "lambda n: float(type(n) is int) + n"),
        (CallStyle.LIST, "lambda x: float(type(x[0]) is int) + x[0]"),
        (CallStyle.ARRAY, "lambda x: float(x.dtype.kind == 'i') + x[0]"),
        (CallStyle.BATCH, "lambda X: float(X.dtype.kind == 'i') + X[:, 0]"),
    ],
)
def test_whole_numbers_are_of_a_whole_type(style, source):
    assert evaluate(eval(source), column(2.4, -3.6), Call(style, (), True)).values.tolist() == [3.0, -3.0]


@pytest.mark.parametrize(
    ("call", "source"),
    [
        (Call(CallStyle.SCALARS), "lambda x, y: x * y"),
        (Call(CallStyle.ARRAY), "lambda x: x[0] * x[1]"),
        (Call(CallStyle.ARRAY), "lambda x: (x[:1] * x[1:]).reshape(1, 1)"),
        (Call(CallStyle.BATCH), "lambda X: X[:, 0] * X[:, 1]"),
        (Call(CallStyle.LIST), "lambda x: [x[0] * x[1]]"),
        (Call(CallStyle.TUPLE), "lambda x: x[0] * x[1]"),
        (Call(CallStyle.KEYWORDS, ("b",)), "lambda a, b: a * b"),
        (Call(CallStyle.DICT, ("a", "b")), "lambda p: p['a'] * p['b']"),
    ],
)
def test_pairs_of_coordinates_are_complex_inputs_and_the_imaginary_part_is_the_answer(call, source):
    points = np.array([[1.0, 2.0, 3.0, 4.0], [2.0, 0.5, -1.0, 0.0]])
    inputs = points.view(complex)
    reply = evaluate(eval(source), points, replace(call, imaginary=True))
    assert reply.values.tolist() == pytest.approx((inputs[:, 0] * inputs[:, 1]).imag.tolist())


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("lambda x: math.sin(x)", "TypeError"),
        ("lambda x: 'text'", "returned text"),
        ("lambda x: None", "returned None"),
        ("lambda x: complex(0, math.inf)", ""),
    ],
)
def test_what_has_no_imaginary_part_is_a_failed_evaluation(source, reason):
    reply = evaluate(eval(source), np.array([[1.0, 2.0]]), Call(CallStyle.SCALARS, imaginary=True))
    assert np.isnan(reply.values[0])
    assert reason in reply.reasons[0]


def test_a_number_that_no_integer_means_is_a_failed_evaluation():
    reply = evaluate(lambda n: n, column(np.nan, 1.0, np.inf), Call(CallStyle.SCALARS, (), True))
    assert reply.statuses.tolist() == [Status.EXCEPTION, Status.OK, Status.EXCEPTION]


def test_a_batch_is_one_call_and_a_failure_in_it_is_that_of_its_own_point():
    def counted(X, calls=[]):  # noqa: B006 - it counts
        calls.append(1)
        if X[:, 0].max() > 5:
            raise ValueError("too far")
        return X[:, 0] + 100 * len(calls)

    with WorkerProcess() as worker:
        worker.load(cloudpickle.dumps(counted))
        assert worker.evaluate(column(1, 2, 3), CallStyle.BATCH).values.tolist() == [101.0, 102.0, 103.0]
        reply = worker.evaluate(column(1, 9, 3), CallStyle.BATCH)
    assert reply.statuses.tolist() == [Status.OK, Status.EXCEPTION, Status.OK]
    assert reply.reasons == {1: "ValueError: too far"}


def test_numbers_in_a_batch_that_are_none_fail_alone():
    reply = evaluate(lambda X: 1 / X[:, 0], column(1.0, 0.0, 2.0), CallStyle.BATCH)
    assert reply.statuses.tolist() == [Status.OK, Status.INFINITE, Status.OK]


def test_an_array_is_the_functions_own_to_change():
    def changes(x):
        x += 1
        return float(x.sum())

    points = np.zeros((3, 2))
    with WorkerProcess() as worker:
        worker.load(cloudpickle.dumps(changes))
        for _ in range(2):
            assert worker.evaluate(points, CallStyle.ARRAY).values.tolist() == [2.0, 2.0, 2.0]


def test_points_and_values_cross_bit_for_bit():
    values = np.array([0.1, -0.0, 5e-324, 1.7976931348623157e308, 2**-1022, math.pi])
    reply = evaluate(lambda x: x, values[:, np.newaxis])
    assert reply.values.tobytes() == values.tobytes()


def test_infinite_and_missing_inputs_reach_the_function():
    reply = evaluate(lambda x: float(math.isinf(x) or math.isnan(x)), column(math.inf, math.nan, -math.inf))
    assert reply.values.tolist() == [1.0, 1.0, 1.0]


def test_numpy_is_imported_only_where_it_is_needed():
    def sees(x):
        import sys

        return float("numpy" in sys.modules)

    with WorkerProcess() as worker:
        assert worker.load(cloudpickle.dumps(sees)).numpy is False
        assert worker.evaluate(np.zeros((1, 2)), CallStyle.LIST).values.tolist() == [0.0]
        assert worker.evaluate(np.zeros((1, 2)), CallStyle.ARRAY).values.tolist() == [1.0]
    with WorkerProcess() as worker:
        assert worker.load(cloudpickle.dumps(lambda x: np.sum(x))).numpy is True


def test_dill_files_are_evaluated_as_well():
    def inner(x1, x2):
        return (x1 - offset) ** 2 + square(x2)

    def square(value):
        return value**2

    offset = 0.25
    assert evaluate(None, np.array([[1.25, 2.0]]), payload=by_dill(inner)).values.tolist() == [5.0]


@pytest.mark.parametrize("dump", ["dill.dumps(f, recurse=True)", "cloudpickle.dumps(f)"])
def test_a_function_of_a_script_finds_the_names_of_its_script(tmp_path, dump):
    script = tmp_path / "script.py"
    script.write_text(
        "import cloudpickle, dill, math, sys\nSCALE = 3\ndef double(x): return 2 * x\n"
        "class Bend:\n    def __call__(self, x): return abs(x)\nbend = Bend()\n"
        "def f(a, b): return SCALE * double(a) + b + bend(-1) + math.floor(0.5)\n"
        f"sys.stdout.buffer.write({dump})\n"
    )
    payload = subprocess.run([sys.executable, str(script)], capture_output=True, check=True).stdout
    assert evaluate(None, np.array([[1.0, 2.0]]), payload=payload).values.tolist() == [9.0]


def test_a_dill_file_that_left_its_globals_behind_says_which_one_is_missing(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import dill, sys\nSCALE = 3\ndef f(a, b): return SCALE * a if a > 0 else b\n"
        "sys.stdout.buffer.write(dill.dumps(f))\n"
    )
    payload = subprocess.run([sys.executable, str(script)], capture_output=True, check=True).stdout
    reply = evaluate(None, np.array([[1.0, 2.0], [-1.0, 2.0]]), payload=payload)
    assert reply.reasons == {0: "NameError: name 'SCALE' is not defined"}
    assert reply.values[1] == 2.0


class Bowl:
    dimension = 4

    def __call__(self, x):
        return sum(v * v for v in x)

    def value(self, x):
        return sum(x)


@pytest.mark.parametrize(
    ("thing", "entry", "callables"),
    [
        (abs, None, ()),
        ({"f": abs, "name": "absolute"}, None, ("f",)),
        ({"f": abs, "Model": Bowl}, None, ("Model", "f")),
        ([None, abs], None, ("1",)),
        ({"f": abs, "g": math.cos}, "f", ("f", "g")),
        ((math.cos, abs), "1", ("0", "1")),
        ({"models": {"one": abs}, "n": 3}, None, ("models.one",)),
        ({"models": {"f": abs, "g": [math.cos]}}, "models.f", ("models.f", "models.g.0")),
    ],
)
def test_the_one_callable_of_a_container_is_taken(thing, entry, callables):
    with WorkerProcess() as worker:
        description = worker.load(by_value(thing, Bowl), entry)
        assert description.callables == callables
        assert worker.evaluate(column(-2), CallStyle.SCALARS).values.tolist() == [2.0]


def test_a_callable_object_and_its_methods_are_functions():
    with WorkerProcess() as worker:
        description = worker.load(by_value(Bowl(), Bowl))
        assert (description.type, description.stated) == ("Bowl", 4)
        assert worker.evaluate(np.array([[1.0, 2.0]]), CallStyle.LIST).values.tolist() == [5.0]
        assert worker.load(by_value(Bowl(), Bowl), "value").name == "value"
        assert worker.evaluate(np.array([[1.0, 2.0]]), CallStyle.LIST).values.tolist() == [3.0]


class Predictor:
    """A model as libraries make it."""

    n_features_in_ = np.int64(3)

    def predict(self, x):
        return x

    def score(self, x, y):
        return x + y


class Two:
    """Which of them is meant?"""

    def height(self, x):
        return x

    def width(self, x):
        return -x


class Holder:
    """Its data holds the function."""

    def __init__(self, **parts):
        self.__dict__.update(parts)


@pytest.mark.parametrize(
    ("thing", "entry", "taken", "value"),
    [
        (Predictor(), None, "predict", 2.0),
        ({"model": Predictor(), "bounds": [0, 1]}, None, "model", 2.0),
        (Holder(objective=abs, name="x"), None, "objective", 2.0),
        (Holder(f=abs, g=math.floor), "g", "g", 2.0),
        (Two(), "width", "width", -2.0),
        ({"inner": {"f": abs}, "g": math.floor}, "inner.f", "inner.f", 2.0),
        ([{"f": abs}], "0.f", "0.f", 2.0),
        (functools.partial(max, 0.0), None, "", 2.0),
        (Two().width, None, "", -2.0),
        (np.poly1d([1.0, 0.0, -2.0]), None, "", 2.0),
        (np.fabs, None, "", 2.0),
    ],
)
def test_the_function_of_an_object_is_taken_and_named(thing, entry, taken, value):
    with WorkerProcess() as worker:
        description = worker.load(by_value(thing, Predictor), entry)
        assert description.entry == taken
        assert worker.evaluate(column(2), CallStyle.SCALARS).values.tolist() == [value]
        assert description.stated == (3 if "predict" in taken or taken == "model" else description.stated)


def test_several_methods_are_listed():
    with pytest.raises(ChallengeError, match=r"a Two of several functions: height, width\. Choose one with --entry"):
        WorkerProcess().load(by_value(Two(), Two))


@pytest.mark.parametrize(
    ("source", "whole"),
    [
        ("lambda n, m: len(range(n)) + m", True),
        ("lambda i, j: [1, 2, 3][i] + j", True),
        ("lambda x1, x2: (x1 - 750) ** 2 + x2 ** 2", False),
        ("lambda x: x[0] ** 2 + x[1]", False),
    ],
)
def test_code_that_looks_like_whole_numbers_is_noted(source, whole):
    with WorkerProcess() as worker:
        assert worker.load(cloudpickle.dumps(eval(source))).whole is whole


@pytest.mark.parametrize(
    ("payload", "entry", "sentence"),
    [
        (pickle.dumps({"f": abs, "g": math.cos}), None, r"a dict of several functions: f, g\. Choose one with --entry"),
        (pickle.dumps({"f": {"g": abs, "h": math.cos}}), None, r"several functions: f\.g, f\.h\. Choose one"),
        (pickle.dumps(7), None, r"holds an int, which cannot be called"),
        (pickle.dumps({"f": abs}), "h", r"holds no function 'h'\. It holds: f\."),
        (pickle.dumps({}), "h", r"holds no function 'h'\. It holds no names\."),
        (pickle.dumps(3.5), None, r"holds a float, which cannot be called"),
        (b"cno_such_module_here\nf\n.", None, r"needs the Python module 'no_such_module_here'.*cannot import"),
        (b"c__main__\nobjective\n.", None, r"only the name of a function.*objective.*Ask the sender"),
        (
            b"ccloudpickle.cloudpickle\n_gone\n.",
            None,
            r"saved by another version of cloudpickle .*pip install --upgrade",
        ),
        (b"", None, r"cannot be loaded by .*: EOFError"),
        (b"not a pickle", None, r"cannot be loaded by .*: UnpicklingError"),
        (cloudpickle.dumps(lambda x: x)[:-20], None, r"cannot be loaded by"),
    ],
)
def test_a_payload_that_cannot_be_used_is_refused_in_one_sentence(payload, entry, sentence):
    with pytest.raises(ChallengeError, match=sentence):
        WorkerProcess().load(payload, entry)


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        (lambda x, *rest, y=1, **more: (x, rest, y, more), [("x", "positional", True), ("rest", "variadic", False)]),
        (functools.partial(pow, 2.0), [("exp", "positional", True), ("mod", "positional", False)]),
        (np.hypot, [("x1", "positional", True), ("x2", "positional", True)]),
        (np.poly1d([1, 2]), [("val", "positional", True)]),
    ],
)
def test_parameters_are_described(function, parameters):
    with WorkerProcess() as worker:
        found = worker.load(cloudpickle.dumps(function)).parameters or ()
    assert [(p.name, p.kind, p.required) for p in found][: len(parameters)] == parameters


def test_defaults_are_described_in_short_and_never_trusted():
    class Hostile:
        def __repr__(self):
            raise SystemExit

    function = eval("lambda x, a=2, b=1.5, *, c='é\\n', d=hostile, e=(0,) * 99, **more: x", {"hostile": Hostile()})
    with WorkerProcess() as worker:
        found = worker.load(cloudpickle.dumps(function)).parameters or ()
    assert [p.default for p in found] == [
        *("", "2", "1.5", r"'\xe9\n'", "an object of type Hostile", "(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ..."),
        "",
    ]


def test_a_signature_that_lies_or_raises_is_unknown():
    class Odd:
        @property
        def __signature__(self):
            raise SystemExit

        def __call__(self, x):
            return x

    with WorkerProcess() as worker:
        assert worker.load(cloudpickle.dumps(Odd())).parameters is None


def test_the_longest_names_still_make_a_description():
    names = ", ".join(f"ñ{'é' * 200}{place}" for place in range(200))
    function = eval(f"lambda {names}: 1.0")  # the only short way to write 200 parameters
    with WorkerProcess() as worker:
        assert len(worker.load(cloudpickle.dumps(function)).parameters or ()) == 64


def interpreter(version):
    found = sorted(PYENV.glob(f"{version}.*/bin/python")) if PYENV.is_dir() else []
    if not found:
        pytest.skip(f"no Python {version} under {PYENV}")
    return str(found[-1])


@pytest.mark.parametrize("version", VERSIONS)
def test_every_interpreter_serves_what_it_can_load(version):
    things = {
        "hypot": (math.hypot, np.array([[3.0, 4.0]]), CallStyle.SCALARS, 5.0),
        "partial": (functools.partial(operator.mul, 2.5), column(4), CallStyle.SCALARS, 10.0),
        "builtin": (sum, np.array([[1.0, 2.0, 3.0]]), CallStyle.LIST, 6.0),
        "tuple": (max, np.array([[1.0, 9.0, 3.0]]), CallStyle.TUPLE, 9.0),
    }
    with WorkerProcess(WorkerOptions(python=interpreter(version))) as worker:
        for thing, points, style, value in things.values():
            worker.load(pickle.dumps(thing, protocol=2))
            assert worker.version.startswith(f"{version}.")
            assert worker.evaluate(points, style).values.tolist() == [value]
        reply = worker.evaluate(column(1), CallStyle.SCALARS)
        assert reply.statuses.tolist() == [Status.EXCEPTION]
        assert "TypeError" in reply.reasons[0]


@pytest.mark.parametrize("version", VERSIONS)
def test_an_interpreter_without_numpy_says_so_for_arrays(version):
    python = interpreter(version)
    if subprocess.run([python, "-c", "import numpy"], capture_output=True, check=False).returncode == 0:
        pytest.skip(f"Python {version} has numpy")
    with WorkerProcess(WorkerOptions(python=python)) as worker:
        worker.load(pickle.dumps(sum, protocol=2))
        reply = worker.evaluate(np.ones((2, 2)), CallStyle.ARRAY)
        assert reply.statuses.tolist() == [Status.EXCEPTION] * 2
        assert "needs numpy" in reply.reasons[0]
        assert worker.evaluate(np.ones((2, 2)), CallStyle.LIST).values.tolist() == [2.0, 2.0]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_payload_cannot_import_the_worker_or_its_neighbours(version):
    worker = WorkerProcess(WorkerOptions(python=interpreter(version)))
    for name in ("worker", "wire", "calling"):
        with pytest.raises(ChallengeError, match=f"needs the Python module '{name}'"):
            worker.load(f"c{name}\nmain\n.".encode())


@pytest.mark.parametrize("version", ["2.7"])
def test_an_interpreter_that_is_too_old_is_named(version):
    with pytest.raises(ChallengeError, match="did not start"):
        WorkerProcess(WorkerOptions(python=interpreter(version))).load(pickle.dumps(abs, protocol=2))


def test_answers_do_not_depend_on_how_the_questions_are_batched():
    points = np.array([[random.Random(seed).uniform(-5, 5)] for seed in range(50)])
    payload = cloudpickle.dumps(lambda x: math.exp(x) * math.sin(x))
    with WorkerProcess() as worker:
        worker.load(payload)
        whole = worker.evaluate(points, CallStyle.SCALARS).values
        parts = [worker.evaluate(point[np.newaxis], CallStyle.SCALARS).values[0] for point in points]
    assert whole.tolist() == parts


def test_the_table_of_answers_covers_every_status_a_worker_may_claim():
    assert {status for _, status, _ in answers.FAILURES} | {Status.OK} == set(Status) - {Status.TIMEOUT, Status.CRASH}
