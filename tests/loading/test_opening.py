"""Every form in which a challenge may come, opened by the real way: looked at, loaded in a worker, evaluated."""

import bz2
import gzip
import io
import json
import lzma
import pickle
import py_compile
import random
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import cloudpickle
import dill
import joblib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.errors import BlackboxError, ChallengeError, UsageError
from blackbox.loading.calling import Calling, discover
from blackbox.loading.formats.expression import is_led_by_minus, looks_like_expression
from blackbox.loading.formats.native import here, read_binary, read_signature
from blackbox.loading.inspection import inspect_bytes
from blackbox.loading.interpreters import candidates_for, find, install_command, named, of_launcher
from blackbox.loading.opening import inspect_target, needed_of, open_challenge
from blackbox.loading.process import WorkerOptions, WorkerProcess
from blackbox.loading.sandbox import Sandbox
from blackbox.loading.styles import CallStyle

DATA = Path(__file__).parent / "data"
SOURCE = (
    "import math\n\n\ndef height(x, y):\n    return (x - 3) ** 2 + math.fabs(y)\n\n\ndef _helper(x):\n    return x\n"
)
POINTS = np.array([[1.0, -2.0], [3.0, 0.5]])
HEIGHTS = [6.0, 0.5]


def heights(x, y):
    return (x - 3) ** 2 + abs(y)


def script_function(source=SOURCE, name="height"):
    namespace = {"__name__": "__main__"}
    exec(compile(source, "script.py", "exec"), namespace)
    return namespace[name]


def values(target, entry=None, points=POINTS, style=None, python=None):
    """Through the worker, in the style that is found unless one is given."""
    challenge = open_challenge(target, entry, python)
    sandbox = Sandbox.BASIC if challenge.content.unlocked else Sandbox.STRICT
    with WorkerProcess(WorkerOptions(python=challenge.python, sandbox=sandbox)) as worker:
        description = worker.load(challenge.content.payload, challenge.content.entry)
        if style is None:
            found = discover(worker.evaluate, description, points.shape[1])
            assert isinstance(found, Calling)
            style = found.call
        return worker.evaluate(points, style).values.tolist()


def zipped(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return buffer.getvalue()


FUNCTION = script_function()
PICKLED = cloudpickle.dumps(FUNCTION)
WRAPPINGS = {
    "plain": lambda data: data,
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zip": lambda data: zipped(challenge_pkl=data, README_md=b"Minimise it.\n"),
    "zip in gz": lambda data: gzip.compress(zipped(challenge_pkl=data)),
    "gz in zip": lambda data: zipped(challenge_pkl_gz=gzip.compress(data)),
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize("library", ["cloudpickle", "dill"])
def test_a_function_comes_out_of_every_wrapping(wrapping, library, tmp_path):
    data = PICKLED if library == "cloudpickle" else dill.dumps(FUNCTION, recurse=True)
    path = tmp_path / "challenge"
    path.write_bytes(WRAPPINGS[wrapping](data))
    assert values(path) == HEIGHTS
    assert inspect_target(path).container.startswith(library)


@pytest.mark.parametrize("protocol", range(6))
def test_every_protocol_of_pickle_is_opened(protocol, tmp_path):
    path = tmp_path / "challenge.pkl"
    path.write_bytes(pickle.dumps({"f": np.hypot, "bounds": [(0, 1)]}, protocol))
    assert values(path) == pytest.approx(np.hypot(*POINTS.T))
    path.write_bytes(cloudpickle.dumps(FUNCTION, protocol))
    assert values(path) == HEIGHTS
    assert inspect_target(path).protocol == (0 if protocol < 2 else protocol)


@pytest.mark.parametrize("compress", [0, 3, ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3), ("zlib", 9)])
def test_what_joblib_saved_is_opened_with_its_arrays(compress, tmp_path):
    path = tmp_path / "challenge.joblib"
    weights = np.asfortranarray(np.arange(6.0).reshape(3, 2))
    names, things = np.array(["a", "bc"]), np.array([1, "x", None], dtype=object)
    joblib.dump({"w": weights, "n": names, "o": things, "s": np.float32(2), "f": np.hypot}, path, compress=compress)
    inspection = inspect_target(path)
    assert (inspection.usable, inspection.callables) == (True, ("f",))
    assert inspection.container.startswith("joblib")
    assert values(path) == pytest.approx(np.hypot(*POINTS.T))


@pytest.mark.parametrize("compress", [0, 3])
def test_a_fitted_model_of_scikit_learn_answers_rows(compress, tmp_path):
    linear_model = pytest.importorskip("sklearn.linear_model")
    ensemble = pytest.importorskip("sklearn.ensemble")
    rng = np.random.default_rng(0)
    X = rng.random((60, 3))
    points = rng.random((40, 3))
    for model in (linear_model.LinearRegression(), ensemble.RandomForestRegressor(5, random_state=0)):
        model.fit(X, X @ [1.0, -2.0, 3.0])
        path = tmp_path / "model.joblib"
        joblib.dump({"model": model, "bounds": [0, 1]}, path, compress=compress)
        challenge = open_challenge(path)
        with WorkerProcess() as worker:
            description = worker.load(challenge.content.payload)
            found = discover(worker.evaluate, description)
            assert isinstance(found, Calling)
            assert (found.style, found.dimension) == (CallStyle.BATCH, 3)
            assert worker.evaluate(points, found.call).values == pytest.approx(model.predict(points))


def test_an_array_in_a_stream_that_breaks_off_is_a_finding_for_every_length(tmp_path):
    path = tmp_path / "challenge.joblib"
    joblib.dump({"w": np.arange(50.0), "f": np.hypot}, path)
    whole = path.read_bytes()
    for length in range(1, len(whole)):
        assert not inspect_bytes(whole[:length], "challenge").usable


def test_a_source_file_is_sent_as_text_and_needs_no_name_where_it_has_one_function(tmp_path):
    path = tmp_path / "challenge.py"
    path.write_text(SOURCE)
    assert values(path) == values(f"{path}:height") == values(path, "height") == HEIGHTS
    found = inspect_target(path)
    assert (found.container, found.callables, found.usable) == ("Python source", ("height",), True)
    path.write_text(SOURCE.replace("_helper", "helper"))
    with pytest.raises(ChallengeError, match=r"several functions: height, helper\. Say which one is meant"):
        open_challenge(path)
    with pytest.raises(ChallengeError, match="defines no depth"):
        open_challenge(f"{path}:depth")
    path.write_text("def f(:\n")
    with pytest.raises(ChallengeError, match=r"challenge\.py, line 1: this is no valid Python"):
        open_challenge(path)


def test_a_source_file_in_another_encoding_and_in_an_archive_is_read(tmp_path):
    path = tmp_path / "challenge.zip"
    text = "# -*- coding: latin-1 -*-\ndef height(x, y):\n    'é'\n    return (x - 3) ** 2 + abs(y)\n"
    path.write_bytes(zipped(challenge_py=text.encode("latin-1")))
    assert values(path) == HEIGHTS
    assert inspect_target(path).container == "Python source in zip"


def test_a_module_that_a_source_needs_and_is_not_here_is_named(tmp_path):
    path = tmp_path / "challenge.py"
    path.write_text("import no_such_module\n" + SOURCE)
    with pytest.raises(ChallengeError, match=r"needs no_such_module, not to be found here: install the package"):
        open_challenge(path)


def test_compiled_python_runs_under_the_python_that_compiled_it_and_under_no_other(tmp_path):
    source, path = tmp_path / "challenge.py", tmp_path / "challenge.pyc"
    source.write_text(SOURCE)
    py_compile.compile(str(source), str(path))
    assert values(path) == HEIGHTS
    assert inspect_target(path).python == "{}.{}".format(*sys.version_info)
    path.write_bytes(struct.pack("<H", 62211) + path.read_bytes()[2:])
    with pytest.raises(ChallengeError, match=r"was compiled by Python 2, which is not run here\. Ask the sender"):
        open_challenge(path)
    path.write_bytes(struct.pack("<H", 3999) + path.read_bytes()[2:])
    with pytest.raises(ChallengeError, match=r"not known here \(magic number 3999\)\. Ask the sender for the source"):
        open_challenge(path)


@pytest.mark.parametrize(
    ("text", "points", "wanted"),
    [
        ("(x-2.5)**2 + 1", [[2.5], [0.5]], [1.0, 5.0]),
        ("(x - 1)**2 + y", POINTS, [-2.0, 4.5]),
        ("y - x*2", [[1.0, 2.0]], [-3.0]),
        ("x10 + 10*x2 + 100*x1", [[1.0, 2.0, 3.0]], [123.0]),
        ("sin(pi/2) + abs(a)*0 + math.exp(0)*b", [[1.0, 5.0]], [6.0]),
        ("np.maximum(u, 2.0) + sinc(v - v)", [[1.0, 7.0]], [3.0]),
        ("sum(v**2 for v in (a, b))", [[3.0, 4.0]], [25.0]),
        ("x[0]**2 + x[1]", POINTS, [-1.0, 9.5]),
        ("lambda p, q: p - 2*q", POINTS, [5.0, 2.0]),
        ("2*x if x > 0 else -x", [[-3.0]], [3.0]),
        ("-abs(x)", [[-3.0]], [-3.0]),
        ("(gamma - 1)**2 + sum", [[3.0, 5.0]], [9.0]),
        ("max(u, v, key=abs) + sum(map(abs, (u, v)))", [[-3.0, 1.0]], [1.0]),
        ("(x - y)", [[3.0, 1.0]], [2.0]),
        ("x_2 + 10*x_10 + 100*x_1", [[1.0, 2.0, 3.0]], [132.0]),
    ],
)
def test_an_expression_is_a_function_of_its_variables(text, points, wanted):
    assert values(text, points=np.array(points)) == pytest.approx(wanted)
    assert inspect_target(text).container == "expression"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("(x - 1)^2", r"Write \*\* for powers"),
        ("1 + 2*3", "has no variables"),
        ("sinn(x) + 1", "calls sinn, which neither math nor numpy has"),
        ("ln(x)**2", "calls ln, which neither math nor numpy has. Perhaps log"),
        ("x - y", r"put it in brackets: \(x - y\)"),
        ("2x + x**2", r"write \* for every product"),
        ("x²+1", r"write \*\* for powers"),
        ("|x - 1|", "write abs"),
        ("f(x, y) = x**2 + y", r"give what stands right of the = alone: x\*\*2 \+ y"),
        ("sin(x", "check its brackets"),
        ("challenge (1).pkl", r"There is no file challenge \(1\)\.pkl\. Check the path"),
        ("challenge.pkl", r"There is no file challenge\.pkl"),
        ("my-challenge.pkl", "There is no file"),
        ("folder/challenge", "There is no file"),
        ("no_such_module:f", "There is no module no_such_module"),
        ("math_is_fun.py:f", "There is no"),
    ],
)
def test_what_is_neither_a_file_nor_an_expression_is_refused_with_its_remedy(text, sentence):
    with pytest.raises(ChallengeError, match=sentence):
        open_challenge(text)


@pytest.mark.parametrize(
    ("word", "led"),
    [
        *[("-log(x)", True), ("-x**2 + y", True), ("- (x - 1)**2", True)],
        *[(word, False) for word in ("-x", "-h", "--x", "-5", "-1:0", "-1,2", "-x +", "x - 1")],
    ],
)
def test_an_expression_that_begins_with_a_minus_sign_is_told_from_an_option(word, led):
    assert is_led_by_minus(word) is led


@given(st.text(max_size=60))
def test_any_text_is_opened_or_refused(text):
    looks_like_expression(text)
    if not text.startswith(("http", "run:")) and ":" not in text and "\0" not in text:
        try:
            open_challenge(text or "x")
        except BlackboxError as error:
            assert str(error)


def test_a_name_in_an_installed_module_is_a_function():
    assert values("math:hypot") == pytest.approx(np.hypot(*POINTS.T))
    assert values("numpy:linalg.norm") == pytest.approx(np.hypot(*POINTS.T))
    assert inspect_target("statistics:no_such_name").remedy
    assert (
        values("operator:methodcaller.__call__.__name__.__len__", points=np.empty((0, 1)), style=CallStyle.SCALARS)
        == []
    )


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({}, "It is a ZIP archive, and it is empty"),
        ({"a_txt": b"hello there\n", "b_csv": b"1,2\n"}, r"none of its files is a challenge: a\.txt, b\.csv"),
        ({"a_pkl": PICKLED, "b_pkl": PICKLED}, r"holds several challenges: a\.pkl, b\.pkl\. Unpack it and give one"),
        ({f"f{n}_txt": b"x" for n in range(1001)}, "more than 1000 files"),
        ({"bomb_pkl": PICKLED + bytes(65 * 2**20)}, "grows beyond 64 MiB"),
    ],
)
def test_an_archive_without_exactly_one_challenge_says_what_it_holds(members, sentence, tmp_path):
    path = tmp_path / "challenge.zip"
    path.write_bytes(zipped(**members))
    with pytest.raises(ChallengeError, match=sentence):
        open_challenge(path)
    assert not inspect_target(path).usable


def test_paths_in_an_archive_lead_nowhere(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../outside.pkl", PICKLED)
    (tmp_path / "inner").mkdir()
    path = tmp_path / "inner" / "challenge.zip"
    path.write_bytes(buffer.getvalue())
    assert values(path) == HEIGHTS
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["challenge.zip", "inner"]


@given(seed=st.integers(0, 2**32))
def test_a_damaged_archive_is_a_finding_or_opens(seed):
    draw = random.Random(seed)
    damaged = bytearray(zipped(challenge_pkl=PICKLED, README_md=b"x" * 200))
    for _ in range(3):
        damaged[draw.randrange(len(damaged))] = draw.randrange(256)
    json.dumps(inspect_bytes(bytes(damaged), "challenge.zip").as_json())


C = """
#include <math.h>
double height(double x, double y) { return (x - 3) * (x - 3) + fabs(y); }
double total(const double *x, int n) { double sum = 0; for (int i = 0; i < n; i++) sum += x[i]; return sum; }
int whole(int n) { return n * n; }
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler")
    folder = tmp_path_factory.mktemp("native")
    (folder / "f.c").write_text(C)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", folder / "lib.so", folder / "f.c", "-lm"], check=True)
    return folder / "lib.so"


def test_a_native_library_is_called_by_its_declared_signature(library):
    assert values(library, "height(double,double)->double") == HEIGHTS
    assert values(library, "total(const double *x, int n) -> double", style=CallStyle.ARRAY) == [-1.0, 3.5]
    challenge = open_challenge(library, "whole(int)->int")
    assert "machine code" in challenge.content.unlocked
    with WorkerProcess(WorkerOptions(sandbox=Sandbox.BASIC)) as worker:
        found = discover(worker.evaluate, worker.load(challenge.content.payload))
        assert isinstance(found, Calling)
        assert (found.text, found.integers) == ("f(x1: int)", True)
        assert worker.evaluate(np.array([[3.2]]), found.call).values.tolist() == [9.0]


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (None, "say nothing of their inputs: give --entry"),
        ("height", "declares no function"),
        ("height(string)->double", "The type 'string' is not known"),
        ("height(double*,double*)->double", "cannot be called with a point"),
        ("depth(double)->double", "holds no function depth"),
    ],
)
def test_a_library_without_a_usable_declaration_is_refused(library, entry, sentence):
    with pytest.raises(ChallengeError, match=sentence):
        open_challenge(library, entry)


def test_declarations_are_read():
    assert read_signature("f(double, double) -> double") == ("f", ["c_double", "c_double"], "c_double")
    assert read_signature("f(double*,int)->float") == ("f", ["c_double*", "c_int"], "c_float")
    assert read_signature("f( unsigned int )->int") == ("f", ["c_uint"], "c_int")


def elf(machine, order="<"):
    head = b"\x7fELF\x02" + (b"\x01" if order == "<" else b"\x02") + b"\x01" + bytes(9)
    return head + struct.pack(order + "HHIQQQIHHHHHH", 3, machine, 1, 0, 64, 0, 0, 64, 56, 0, 0, 0, 0) + bytes(64)


def pe(machine, flags=0x2000):
    return (
        b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<HHIIIHH", machine, 0, 0, 0, 0, 0, flags)
    )


FOREIGN = [
    (pe(0x8664), "a compiled library for Windows on x86-64"),
    (pe(0xAA64, 0), "a compiled program for Windows on aarch64"),
    (elf(243), "a compiled library for Linux on RISC-V"),
    (elf(21, ">"), "a compiled library for Linux on POWER"),
    (struct.pack("<IIIII", 0xFEEDFACF, 0x0100000C, 0, 6, 0) + bytes(40), "a compiled library for macOS on aarch64"),
    (b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(40), "for the Java virtual machine on any machine"),
]


@pytest.mark.skipif(here()[0] != "Linux", reason="these are foreign on Linux")
@pytest.mark.parametrize(("data", "phrase"), FOREIGN)
def test_a_library_for_another_machine_is_recognised_with_what_to_ask_for(data, phrase, tmp_path):
    path = tmp_path / "challenge.dll"
    path.write_bytes(data)
    with pytest.raises(ChallengeError, match=f"{phrase}, and this is Linux on .*Ask the sender for the source"):
        open_challenge(path, "f(double)->double")
    assert not inspect_target(path).usable


@given(st.sampled_from([data for data, _ in FOREIGN]), st.binary(max_size=80))
def test_a_broken_header_is_no_exception(data, tail):
    read_binary(data[: len(tail)] + tail)
    inspect_bytes(data[: len(tail)] + tail, "challenge.so")


def test_the_interpreter_that_wrote_a_file_is_looked_for_and_named_where_there_is_none(monkeypatch):
    monkeypatch.setattr("blackbox.loading.interpreters.candidates_for", lambda _: iter(()))
    stranger = next(version for version in ("3.13", "3.12") if version != "{}.{}".format(*sys.version_info))
    path = DATA / f"{stranger}-cloudpickle-calls.pkl"
    with pytest.raises(ChallengeError, match=rf"compiled by Python {stranger}; this is .*Run .*{stranger}") as refusal:
        open_challenge(path)
    assert "pip install cloudpickle" in str(refusal.value)
    inspection = inspect_target(path)
    assert not inspection.usable
    assert install_command(stranger) in (inspection.remedy or "")


def fake_python(folder, name, version, lacks=""):
    path = folder / name
    path.write_text(f"#!/bin/sh\necho {version}\necho {path}\n" + (f"echo {lacks}\n" if lacks else ""))
    path.chmod(0o755)
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="shell scripts stand in for interpreters")
def test_interpreters_are_believed_by_what_they_say(tmp_path, monkeypatch):
    homes = ["path", "pyenv/versions/9.9.1/bin", "uv/cpython-9.9.3-x/bin"]
    for home in homes:
        (tmp_path / home).mkdir(parents=True)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(
        ChallengeError, match=r"compiled by Python 9\.9; .* no other is found\. Run uv python install 9\.9"
    ):
        find(("9.9",), ())
    fake_python(tmp_path / "path", "python9.9", "9.8")
    in_uv = fake_python(tmp_path / "uv/cpython-9.9.3-x/bin", "python9.9", "9.9")
    assert find(("9.8", "9.9"), ()).path == str(in_uv)
    in_pyenv = fake_python(tmp_path / "pyenv/versions/9.9.1/bin", "python", "9.9", lacks="cloudpickle")
    assert find(("9.9",), ("cloudpickle",)).path == str(in_uv)
    in_uv.unlink()
    with pytest.raises(ChallengeError, match=rf"needs cloudpickle, .*{in_pyenv} -m pip install cloudpickle"):
        find(("9.9",), ("cloudpickle",))
    assert named("python9.9").version == "9.8"
    fake_python(tmp_path / "path", "python3", "3.99")
    assert named("9.9").path == str(in_pyenv)
    with pytest.raises(UsageError, match="there is no such interpreter"):
        named("python7.7")


@pytest.mark.skipif(sys.platform == "win32", reason="shell scripts stand in for interpreters")
@pytest.mark.parametrize("home", ["miniconda3", "miniforge3/envs/old", "elsewhere/env", "active"])
def test_conda_is_searched_by_what_its_folders_say(home, tmp_path, monkeypatch):
    for variable in ("PYENV_ROOT", "UV_PYTHON_INSTALL_DIR", "MAMBA_ROOT_PREFIX"):
        monkeypatch.setenv(variable, str(tmp_path / "nothing"))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CONDA_PREFIX", str(tmp_path / "active"))
    (tmp_path / ".conda").mkdir()
    (tmp_path / ".conda" / "environments.txt").write_text(f"{tmp_path / 'gone'}\n{tmp_path / 'elsewhere/env'}\n")
    for name in ("bin", "conda-meta"):
        (tmp_path / home / name).mkdir(parents=True)
    python = fake_python(tmp_path / home / "bin", "python", "9.7")
    (tmp_path / home / "conda-meta" / "python-3.99.1-0.json").touch()
    assert str(python) not in list(candidates_for("9.7"))
    (tmp_path / home / "conda-meta" / "python-9.7.3-h2755cc3_0_cpython.json").touch()
    assert find(("9.7",), ()).path == str(python)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for the launcher")
def test_the_windows_launcher_is_asked_for_the_version(tmp_path):
    launcher = tmp_path / "py"
    launcher.write_text('#!/bin/sh\n[ "$1" = -9.6 ] && echo "C:/Python96/python.exe"\n')
    launcher.chmod(0o755)
    assert [str(path) for path in of_launcher("9.6", str(launcher))] == ["C:/Python96/python.exe"]
    assert list(of_launcher("9.5", str(launcher))) == []
    assert list(of_launcher("9.6", None)) == []


def test_an_interpreter_that_is_named_and_is_the_wrong_one_is_refused():
    stranger = next(version for version in ("3.13", "3.12") if version != "{}.{}".format(*sys.version_info))
    with pytest.raises(ChallengeError, match=rf"compiled by Python {stranger}, and --python .* cannot run it"):
        open_challenge(DATA / f"{stranger}-cloudpickle-calls.pkl", python=sys.executable)


def test_the_modules_that_a_file_needs_are_those_outside_the_standard_library():
    assert needed_of(inspect_bytes(PICKLED, "f")) == ("cloudpickle",)
    assert needed_of(inspect_bytes(pickle.dumps(np.hypot), "f")) == ("numpy",)


@pytest.mark.long
def test_two_thousand_mutated_pickles_are_inspected_in_bounds():
    draw = random.Random(2026)
    files = [path.read_bytes() for path in sorted(DATA.glob("*.pkl"))]
    for _ in range(2000):
        data = bytearray(draw.choice(files))
        match draw.randrange(4):
            case 0:
                del data[draw.randrange(len(data)) :]
            case 1:
                at = draw.randrange(len(data))
                data[at:at] = draw.randbytes(draw.randrange(1, 40))
            case 2:
                other = draw.choice(files)
                data[draw.randrange(len(data)) :] = other[draw.randrange(len(other)) :]
            case _:
                for _ in range(draw.randrange(1, 12)):
                    data[draw.randrange(len(data))] = draw.randrange(256)
        facts = inspect_bytes(bytes(data) or b"\0", "challenge.pkl").as_json()
        assert len(json.dumps(facts)) < 200_000
