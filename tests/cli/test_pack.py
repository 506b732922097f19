"""The command `pack`: one line, one file, nothing lost."""

import hashlib
import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from blackbox.cli.pack import command
from blackbox.core.errors import ChallengeError, UsageError

AUTHOR = "import numpy as np\n\ndef f(x1, x2):\n    return float(np.hypot(x1, x2))\n"


@pytest.fixture
def author(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "author.py"
    path.write_text(AUTHOR)
    return path


def run(*arguments: str):
    return CliRunner().invoke(command, arguments)


def test_one_line_tells_path_size_digest_needs_and_what_to_do_next(author):
    result = run("author.py:f", "-o", "new file.pkl")
    data = Path("new file.pkl").read_bytes()
    assert result.exit_code == 0, result.output
    assert result.output == (
        f"new file.pkl: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}, needs numpy; "
        "try it: python -m blackbox solve 'new file.pkl'\n"
    )
    assert pickle.loads(data)(3.0, 4.0) == 5.0


def test_quiet_prints_nothing(author):
    assert run("author.py:f", "--quiet").output == ""
    assert Path("challenge.pkl").exists()


def test_a_file_that_is_there_is_kept_without_force_and_replaced_with_it(author):
    Path("challenge.pkl").write_bytes(b"precious")
    refused = run("author.py:f", "-o", "challenge.pkl")
    assert isinstance(refused.exception, UsageError)
    assert refused.exception.exit_code == 2
    assert "--force" in str(refused.exception)
    assert Path("challenge.pkl").read_bytes() == b"precious"
    assert run("author.py:f", "-o", "challenge.pkl", "--force").exit_code == 0
    assert pickle.loads(Path("challenge.pkl").read_bytes())(3.0, 4.0) == 5.0


def test_a_refused_function_leaves_the_old_file_even_with_force(author):
    Path("challenge.pkl").write_bytes(b"precious")
    assert isinstance(run("author.py:g", "--force").exception, UsageError)
    assert isinstance(run("missing.py:g", "--force").exception, ChallengeError)
    assert Path("challenge.pkl").read_bytes() == b"precious"


def test_bytecode_is_packed_without_the_text(author):
    assert run("author.py:f", "--bytecode").exit_code == 0
    data = Path("challenge.pkl").read_bytes()
    assert b"def f" not in data
    assert pickle.loads(data)(3.0, 4.0) == 5.0


@pytest.mark.parametrize("output", [".", "missing/challenge.pkl", "long" * 100, "author.py/challenge.pkl"])
def test_a_place_that_cannot_be_written_is_wrong_usage(author, output):
    result = run("author.py:f", "-o", output)
    assert isinstance(result.exception, UsageError)
    assert output in str(result.exception)


def test_help_shows_examples_line_by_line():
    lines = run("--help").output.splitlines()
    assert sum(line.strip().startswith("python -m blackbox pack") for line in lines) == 3


def test_the_command_loads_nothing_heavy_before_it_runs():
    program = "import sys, json, blackbox.cli.pack; print(json.dumps(sorted(sys.modules)))"
    loaded = json.loads(subprocess.check_output([sys.executable, "-c", program], text=True))
    assert not {"cloudpickle", "blackbox.loading.packing"} & set(loaded)


def test_a_real_process_packs_and_refuses_with_its_exit_codes(author):
    arguments = [sys.executable, "-m", "blackbox", "pack", "author.py:f", "-o", "challenge.pkl"]
    first, second = (subprocess.run(arguments, capture_output=True, text=True) for _ in range(2))
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith("challenge.pkl: ")
    assert (second.returncode, second.stdout) == (2, "")
    assert "--force" in second.stderr
    assert "Traceback" not in second.stderr
