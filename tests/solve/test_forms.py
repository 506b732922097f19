"""`solve` and `inspect` on every form of a challenge, through the command line."""

import json
import sys

import cloudpickle
import pytest
from click.testing import CliRunner

from blackbox.cli.inspect import command as inspect
from blackbox.cli.solve import command as solve
from blackbox.core.errors import OptionError, SafetyError, UsageError
from tests.fakes.http_oracle import FakeOracle

KEYS = ["path", "sha256", "format", "python", "call", "dimension", "held", "note"]
PROGRAM = f"""#!{sys.executable}
import sys
for line in sys.stdin:
    x = [float(word) for word in line.split()]
    print((x[0] - 2) ** 2 + (x[1] - 5) ** 2 if len(x) == 2 else "two numbers, please", flush=True)
"""


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


def answer(*words):
    result = CliRunner().invoke(solve, [*map(str, words), "--json", "--budget", "3000"], catch_exceptions=False)
    found = json.loads(result.stdout)
    assert list(found["challenge"]) == KEYS
    return found


@pytest.mark.parametrize(
    ("source", "call", "x"),
    [
        ("lambda *, a, b: (a - 2) ** 2 + (b - 5) ** 2", "f(a=…, b=…)", [2.0, 5.0]),
        ("lambda p: (p['a'] - 2) ** 2 + (p['b'] - 5) ** 2", 'f({"a": …, "b": …})', [2.0, 5.0]),
        ("lambda X: (X[:, 0] - 2) ** 2 + (X[:, 1] - 5) ** 2", "f(X)", [2.0, 5.0]),
        ("lambda n: abs(n - 37) + 0 * len(range(n))", "f(n: int)", [37.0]),
        ("lambda x, y, scale=1.0: scale * ((x - 2) ** 2 + (y - 5) ** 2)", "f(x, y)", [2.0, 5.0]),
    ],
)
def test_every_call_style_is_solved_and_shown(source, call, x, tmp_path):
    path = tmp_path / "challenge.pkl"
    path.write_bytes(cloudpickle.dumps(eval(source)))
    found = answer(path)
    assert found["challenge"]["call"] == call
    assert found["x"] == pytest.approx(x, abs=1e-4)
    if "int" in call:
        assert found["x"] == x
        assert len({tuple(minimum["x"]) for minimum in found["minima"]}) == len(found["minima"])


def test_an_expression_a_name_and_a_source_are_solved(tmp_path):
    found = answer("(x - 2.5)**2 + abs(y)")
    assert (found["challenge"]["call"], found["challenge"]["format"]) == ("f(x, y)", "expression")
    assert found["x"] == pytest.approx([2.5, 0.0], abs=1e-4)
    assert answer("math:cosh")["value"] == 1.0
    path = tmp_path / "challenge.py"
    path.write_text("def f(x, y): return (x - 2) ** 2 + y ** 2\ndef g(x): return x ** 2 + 1\n")
    assert answer(f"{path}:g")["value"] == 1.0
    assert answer(path, "--entry", "f")["challenge"]["format"] == "Python source"


def test_a_program_is_solved_where_it_is_trusted_and_refused_where_not(tmp_path):
    path = tmp_path / "program"
    path.write_text(PROGRAM)
    path.chmod(0o755)
    target = f"run:{path}"
    with pytest.raises(SafetyError, match=r"cannot run in the strict sandbox, as it is a program .*--trust"):
        answer(target)
    with pytest.raises(SafetyError, match="is not this file"):
        answer(target, "--trust", "0123456789")
    found = answer(target, "--sandbox", "basic")
    assert found["x"] == pytest.approx([2.0, 5.0], abs=1e-4)
    assert found["challenge"]["dimension"] == 2
    assert answer(target, "--trust", found["challenge"]["sha256"][:10], "--dimension", 2)["x"] == found["x"]


TOKENS = f"""#!{sys.executable}
import sys
numbers = (float(word) for line in iter(sys.stdin.readline, "") for word in line.split())
for x in numbers:
    print((x - 2) ** 2 + (next(numbers) - 5) ** 2 + (next(numbers) + 1) ** 2, flush=True)
"""


def test_a_program_that_reads_numbers_and_not_lines_has_its_inputs_counted(tmp_path):
    """As `scanf` does: a shorter line is met by silence, and what a longer one leaves over is read with the next."""
    path = tmp_path / "program"
    path.write_text(TOKENS)
    path.chmod(0o755)
    found = answer(f"run:{path}", "--sandbox", "basic")
    assert found["challenge"]["dimension"] == 3
    assert (found["x"], found["value"]) == (pytest.approx([2.0, 5.0, -1.0], abs=1e-4), pytest.approx(0.0, abs=1e-8))


def test_an_oracle_behind_http_is_solved(tmp_path):
    def respond(fields):
        x = fields["x"]
        return (200, {}, {"value": (x[0] - 2) ** 2 + (x[1] - 5) ** 2}) if len(x) == 2 else (400, {}, b"two, please")

    with FakeOracle(respond) as server:
        assert answer(server.url, "--budget", "200")["x"] == pytest.approx([2.0, 5.0], abs=0.1)
        path = tmp_path / "oracle.toml"
        path.write_text(f'url = "{server.url}"\ndimension = 2\n')
        found = answer(path, "--budget", "200")
        assert (found["challenge"]["format"], found["challenge"]["call"]) == ("HTTP oracle", "POST x")
        with pytest.raises(OptionError, match="must be 2"):
            answer(path, "--dimension", 3)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--call", "rows"], "call='rows'"),
        (["--trust", "12"], "8 or more digits"),
        (["--python", "no-such-python"], "there is no such interpreter"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, sentence):
    with pytest.raises(UsageError, match=sentence):
        answer("x**2 + 1", *options)


@pytest.mark.parametrize(
    ("target", "container", "usable"),
    [
        ("x**2 + 1", "expression", True),
        ("math:cosh", "module", True),
        ("no_such_module:f", "module", False),
        ("http://127.0.0.1:9/f", "HTTP oracle", True),
    ],
)
def test_forms_without_a_file_are_inspected(target, container, usable):
    result = CliRunner().invoke(inspect, [target, "--json"], catch_exceptions=False)
    found = json.loads(result.stdout)
    assert (found["container"], found["usable"], found["remedy"] is None) == (container, usable, usable)
    spoken = CliRunner().invoke(inspect, [target]).output
    assert ("It can be opened here." in spoken) == usable
