"""`blackbox practice` as a learner meets it, from `init` to the first pass; the README shows what comes out."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import COMMAND, LIMIT, Ran, environment
from tests.cli.test_readme import README, words_and_numbers
from tests.locks import needs_lock

FIRST = "import numpy as np\n\n\ndef gradient(f, x):\n    h = 1e-6\n    return np.array([{}])\n"
WRONG, RIGHT = FIRST.format("(f(x) - f(x + h)) / h"), FIRST.format("(f(x + h) - f(x)) / h")


def practice(folder: Path, *words: str, typed: str = "") -> Ran:
    command = [*COMMAND, "practice", *words]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=LIMIT, env=environment(folder), input=typed
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def learning(tmp_path: Path) -> Path:
    assert practice(tmp_path, "init", "learning", "--seed", "7").code == 0
    return tmp_path / "learning"


def shown(after: str, number: int = 0) -> str:
    """What the README shows after a command."""
    section = README.partition("\n## Practise\n")[2].partition("\n## ")[0]
    return (
        re.split(rf"\$ python -m blackbox {re.escape(after)}\n", section)[number + 1]
        .partition("\n$ ")[0]
        .partition("\n```")[0]
    )


@needs_lock
def test_from_init_to_the_first_pass_as_the_readme_shows_it(tmp_path: Path) -> None:
    assert practice(tmp_path, "init", "learning", "--seed", "7").out.strip() == shown("practice init learning --seed 7")
    for number, (source, code) in enumerate([(WRONG, 6), (RIGHT, 0)]):
        (tmp_path / "learning" / "01-one-slope" / "solution.py").write_text(source)
        ran = practice(tmp_path / "learning", "check")
        assert ran.code == code
        words, numbers = words_and_numbers(ran.out)
        told, expected = words_and_numbers(shown("practice check", number))
        assert words == told
        assert numbers == pytest.approx(expected, rel=0.5, abs=1e-6)  # how far off a difference is, is rounding


@needs_lock
def test_json_is_the_contract(learning: Path) -> None:
    (learning / "01-one-slope" / "solution.py").write_text(WRONG)
    ran = practice(learning, "check", "--json")
    assert ran.code == 6
    assert set(ran.json) == {"schema", "exercise", "passed", "score", "max_score", "checks"}
    (check,) = ran.json["checks"]
    assert (ran.json["schema"], check["fault"], check["status"]) == ("blackbox.check/1", "wrong-sign", "fail")
    assert check["evidence"]


@needs_lock
def test_solutions_are_shown_after_passing_or_giving_up(learning: Path) -> None:
    refused = practice(learning, "solution")
    assert refused.code == 2
    assert "--give-up" in refused.err
    assert "def gradient" in practice(learning, "solution", "--give-up").out
    (learning / "02-two-slopes" / "solution.py").write_text(practice(learning, "solution", "2", "--give-up").out)
    assert practice(learning, "check", "2").code == 0
    assert "def gradient" in practice(learning, "solution", "2").out


def test_list_start_next_hint_and_reset(learning: Path) -> None:
    assert practice(learning, "list").out.count("\n") == 19 + 5
    assert "# 3. Differences on both sides" in practice(learning, "start", "both-sides").out
    assert "▸ 03-both-sides" in practice(learning, "list").out
    assert practice(learning, "hint").out.startswith("hint 1 of 3")
    assert practice(learning / "03-both-sides", "hint").out.startswith("hint 2 of 3")
    assert "# 1. The slope of a curve" in practice(learning, "next").out
    assert "is the stub again" in practice(learning, "reset").out


@needs_lock
def test_watch_takes_keys_from_a_pipe_and_ends_with_it(learning: Path) -> None:
    ran = practice(learning, "watch", typed="h")
    assert ran.code == 0
    assert "01-one-slope: 0 of 3 points, not yet" in ran.out
    assert "hint 1 of 3" in ran.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["check"], "is in no practice folder"),
        (["init", "."], "a practice folder already"),
        (["start", "x"], "no exercise x"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(learning: Path, words: list[str], told: str) -> None:
    ran = practice(learning.parent if words == ["check"] else learning, *words)
    assert ran.code == 2
    assert told in ran.err
    assert ran.err.count("\n") == 1
