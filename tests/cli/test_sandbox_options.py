"""`--sandbox`, `--trust` and the bounds, from the command line."""

import hashlib
import json
import subprocess
import sys

import cloudpickle
import pytest

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the lock is Linux's")


def curious(x, y):
    """Gives away whether it can read what it should not."""
    try:
        open("/etc/passwd").close()
    except PermissionError:
        return (x - 1.0) ** 2 + y * y
    return (x - 1.0) ** 2 + y * y - 100.0


@pytest.fixture(scope="module")
def challenge(tmp_path_factory):
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    path = tmp_path_factory.mktemp("challenge") / "curious.pkl"
    path.write_bytes(cloudpickle.dumps(curious))
    cloudpickle.unregister_pickle_by_value(sys.modules[__name__])
    return path


def solve(path, *words):
    command = [sys.executable, "-m", "blackbox", "solve", str(path), "--budget", "300", "--json", *words]
    command += ["--journal", str(path.with_name(f"{len(list(path.parent.iterdir()))}.journal"))]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@linux
def test_strict_is_the_default(challenge):
    assert json.loads(solve(challenge).stdout)["value"] > -1.0


@linux
def test_basic_says_so_and_lets_it_look(challenge):
    assert json.loads(solve(challenge, "--sandbox", "basic").stdout)["value"] < -99.0


def test_trust_is_for_this_file_alone(challenge):
    digest = hashlib.sha256(challenge.read_bytes()).hexdigest()
    assert json.loads(solve(challenge, "--trust", digest[:10].upper()).stdout)["value"] < -99.0
    other = solve(challenge, "--trust", "0" * 10)
    assert other.returncode == 4
    assert other.stdout == ""
    assert f"is not this file, whose sha256 is {digest}" in other.stderr


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (["--trust", "1234567"], "trust='1234567'"),
        (["--trust", "nonsense"], "trust='nonsense'"),
        (["--sandbox", "none"], "--sandbox"),
        (["--memory", "0"], "memory=0"),
        (["--max-size", "0"], "max_size=0: must be a whole number, at least 1"),
        (["--max-size", "4096"], "max_size=4096: must be between 1 and 2,048 MiB"),
        (["--max-opcodes", "0"], "max_opcodes=0"),
        (["--max-opcodes", "many"], "--max-opcodes"),
        (["--max-batch", "0"], "max_batch=0"),
        (["--max-batch", "99999999"], "max_batch=99999999: must be 1,048,576 at most"),
        (["--max-output", "0"], "max_output=0"),
        (["--memory", "99999999999999"], "memory=99999999999999: must be"),
        (["--load-timeout", "0"], "load_timeout=0.0"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(challenge, words, field):
    result = solve(challenge, *words)
    assert result.returncode == 2
    assert field in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["solve", "inspect", "gradient"])
def test_a_pickle_longer_than_allowed_is_refused_with_the_option_that_allows_it(challenge, command):
    at = ["--at", "1,2"] if command == "gradient" else []
    words = [sys.executable, "-m", "blackbox", command, str(challenge), *at, "--max-opcodes", "30"]
    result = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 3
    assert "more than 30 opcodes" in result.stdout + result.stderr
    assert "Allow more with --max-opcodes" in result.stdout + result.stderr


@pytest.mark.parametrize("words", [["--max-opcodes", "0"], ["--max-size", "-1"]])
def test_inspect_has_the_bounds_of_reading_too(challenge, words):
    command = [sys.executable, "-m", "blackbox", "inspect", str(challenge), *words]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (result.returncode, result.stdout) == (2, "")
    assert "must be between 1 and" in result.stderr


def test_a_question_is_no_longer_than_allowed(tmp_path):
    path = tmp_path / "batch.pkl"
    path.write_bytes(cloudpickle.dumps(lambda X: X[:, 0] ** 2 + 0.0 * X[:, 1] - len(X)))
    found = json.loads(solve(path, "--max-batch", "2", "--call", "batch", "--dimension", "2").stdout)
    assert found["value"] >= -2.0


@linux
def test_memory_is_bounded_by_the_option(tmp_path):
    path = tmp_path / "hungry.pkl"
    path.write_bytes(cloudpickle.dumps(lambda x: float(len(bytearray(500 * 2**20))) + x * x))
    assert "MemoryError" in solve(path, "--budget", "9", "--memory", "400").stdout
    assert json.loads(solve(path, "--budget", "9", "--memory", "2000").stdout)["value"] >= 500 * 2**20
