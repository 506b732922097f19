"""`blackbox grade` as a teacher and a CI job meet it: output, files, exit codes; the README shows what comes out."""

import json
import re
import signal
import time
from pathlib import Path

import pytest

from tests.cli.command import run, start
from tests.cli.test_readme import README, ROOT
from tests.grading.classroom import SUITE
from tests.locks import needs_lock

GRADIENT = (
    "def gradient(f, x):\n    h = 1e-6\n    return [(f([*x[:i], x[i] + h, *x[i + 1:]]) - f(x)) / h for i in (0, 1)]\n"
)
PLAY = 0.02
"""Points by which a score may differ on a processor that rounds otherwise, as a part."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "anna.py").write_text(GRADIENT)
    (tmp_path / "in" / "ben.py").write_text("answer = 42\n")
    return tmp_path


def grade(folder: Path, *words: str | Path):
    return run("grade", folder / "in", "--suite", SUITE, "--out", folder / "out", *words, state=folder)


@needs_lock
def test_a_class_is_graded_and_a_second_run_asks_for_resume(folder: Path) -> None:
    first = grade(folder)
    assert first.code == 0
    assert re.search(r"anna +30.00 +100 +graded", first.out)
    assert re.search(r"ben +0.00 +100 +graded", first.out)
    again = grade(folder)
    assert again.code == 2
    assert again.err.startswith("blackbox: ")
    assert "--resume" in again.err
    assert grade(folder, "--resume").out == first.out


@needs_lock
def test_an_interrupted_grading_says_how_to_go_on(folder: Path) -> None:
    (folder / "in" / "carl.py").write_text("while True:\n    pass\n")
    grader = start("grade", folder / "in", "--suite", SUITE, "--out", folder / "out", state=folder)
    deadline = time.monotonic() + 60
    while not (folder / "out" / "report.json").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    grader.send_signal(signal.SIGINT)
    _, complaint = grader.communicate(timeout=60)
    assert grader.returncode == 130
    assert "--resume goes on" in complaint
    assert complaint.count("\n") == 1
    assert grade(folder, "--resume").code == 0


@needs_lock
def test_json_is_the_report_and_nothing_else(folder: Path) -> None:
    told = grade(folder, "--json", "--fail-under", "20")
    assert told.code == 6
    assert told.json == json.loads((folder / "out" / "report.json").read_text())
    assert told.json["schema"] == "blackbox.report/1"
    assert grade(folder, "--json", "--resume", "--fail-under", "0").code == 0


@needs_lock
def test_whoever_trusts_may_run_without_the_lock(folder: Path) -> None:
    told = grade(folder, "--i-trust-this-candidate", "--json")
    assert [submission["score"] for submission in told.json["submissions"]] == pytest.approx([30, 0])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--workers", "0"], "workers=0"),
        (["--seed", "-1"], "seed=-1"),
        (["--suite", "nowhere.toml"], "nowhere.toml: the suite cannot be read"),
        (["--out", "/proc/nowhere"], "--out /proc/nowhere cannot be used"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(folder: Path, words: list[str], told: str) -> None:
    ran = grade(folder, *words)
    assert ran.code == 2
    assert told in ran.err
    assert ran.err.count("\n") == 1


def test_nothing_to_grade_is_told(tmp_path: Path) -> None:
    ran = run("grade", tmp_path / "none", state=tmp_path)
    assert ran.code == 2
    assert "There is no" in ran.err


@needs_lock
def test_a_secret_function_that_cannot_be_used_is_the_suites_fault(folder: Path) -> None:
    text = SUITE.read_text().replace("    far = 5", "    far = 5 + ]", 1)
    (folder / "suite.toml").write_text(text)
    ran = run("grade", folder / "in", "--suite", folder / "suite.toml", "--out", folder / "out", state=folder)
    assert ran.code == 2
    assert "public-basins.source" in ran.err
    (folder / "broken.pkl").write_bytes(b"no pickle")
    text = re.sub(r"source = '''.*?'''", "file = 'broken.pkl'", SUITE.read_text(), count=1, flags=re.S)
    (folder / "suite.toml").write_text(text)
    ran = run("grade", folder / "in", "--suite", folder / "suite.toml", "--out", folder / "out", state=folder)
    assert ran.code == 3
    assert "Challenge bowl" in ran.err


@needs_lock
def test_a_challenge_may_be_any_file_that_solve_opens(folder: Path) -> None:
    (folder / "bowl.py").write_text("def height(x1, x2):\n    return x1 ** 2 + 2 * x2 ** 2\n")
    assert run("pack", f"{folder / 'bowl.py'}:height", "-o", folder / "bowl.pkl", state=folder).code == 0
    text = re.sub(r"source = '''.*?'''", "file = 'bowl.pkl'", SUITE.read_text(), count=1, flags=re.S)
    (folder / "suite.toml").write_text(text)
    ran = run("grade", folder / "in", "--suite", folder / "suite.toml", "--out", folder / "out", "--json", state=folder)
    assert [submission["score"] for submission in ran.json["submissions"]] == pytest.approx([30, 0])


@needs_lock
def test_the_readme_shows_the_real_table_of_the_class(tmp_path: Path) -> None:
    shown = README.partition("grade docs/class --out results --workers 2\n")[2].partition("\n```")[0]
    ran = run("grade", ROOT / "docs" / "class", "--out", tmp_path / "results", "--workers", "2", state=tmp_path)
    row = re.compile(r"^(\w+) +([\d.]+) +100 +(\w+)", re.M)
    told, really = row.findall(shown), row.findall(ran.out)
    assert [(name, verdict) for name, _, verdict in really] == [(name, verdict) for name, _, verdict in told]
    assert [float(score) for _, score, _ in really] == pytest.approx([float(s) for _, s, _ in told], rel=PLAY, abs=PLAY)
    assert "ended by itself (exit code 0)" in " ".join(shown.split())
