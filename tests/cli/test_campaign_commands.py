"""`ask` and `tell` as a person uses them: days apart, one journal, nothing lost."""

import json
import re
import shlex
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.cli.command import Ran, pack, run, start
from tests.cli.functions import bowl

DOCS = (Path(__file__).parents[2] / "docs" / "ask-tell.md").read_text(encoding="utf-8")
BEGIN = ["--dimension", "2", "--bounds", "0:1", "--maximize"]


def hill(x: Sequence[float]) -> float:
    """Hidden from the command; its maximum is 3 at (0.3, 0.7)."""
    return 3 - 8 * (x[0] - 0.3) ** 2 - 5 * (x[1] - 0.7) ** 2 - 4 * (x[0] - 0.3) * (x[1] - 0.7)


def ask(tmp_path: Path, *words: str | Path) -> list[str]:
    ran = run("ask", "hidden", *words, state=tmp_path)
    assert ran.code == 0, ran.err
    return ran.out.splitlines()


def tell(tmp_path: Path, *words: str | Path) -> Ran:
    ran = run("tell", "hidden", *words, state=tmp_path)
    assert ran.code == 0, ran.err
    return ran


def status(tmp_path: Path) -> dict[str, object]:
    return run("ask", "hidden", "--status", "--json", state=tmp_path).json


def refused(ran: Ran, code: int, *words: str) -> None:
    assert ran.code == code, ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert len(ran.err.strip().splitlines()) <= 4
    for word in words:
        assert word in ran.err


@pytest.fixture
def initial(tmp_path: Path) -> tuple[Path, Path]:
    points = np.random.default_rng(0).random((10, 2))
    np.save(tmp_path / "inputs.npy", points)
    np.save(tmp_path / "outputs.npy", np.array([hill(point) for point in points]))
    return tmp_path / "inputs.npy", tmp_path / "outputs.npy"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with a campaign in which one point was told."""
    state = tmp_path_factory.mktemp("told")
    ask(state, *BEGIN)
    tell(state, "0.1,0.2", "1.5")
    return state


@pytest.mark.long
def test_thirteen_questions_find_the_maximum_of_a_hidden_function(tmp_path: Path, initial: tuple[Path, Path]) -> None:
    (line,) = ask(tmp_path, *BEGIN, "--format", "hyphens", "--data", *initial)
    for _ in range(13):
        assert re.fullmatch(r"0\.\d{6}-0\.\d{6}", line)
        x = [float(part) for part in line.split("-")]
        tell(tmp_path, line, repr(hill(x)))
        (line,) = ask(tmp_path)
    told = status(tmp_path)
    assert told["told"] == 23
    best = told["best"]
    assert isinstance(best, dict)
    assert 3 - best["value"] < 1e-3
    assert best["x"] == pytest.approx([0.3, 0.7], abs=0.02)


def test_asking_again_gives_the_same_and_more_extends_it(tmp_path: Path, initial: tuple[Path, Path]) -> None:
    first = ask(tmp_path, *BEGIN, "--data", *initial)
    assert ask(tmp_path) == first
    three = ask(tmp_path, "-n", "3")
    assert three[:1] == first
    assert len(set(three)) == 3
    tell(tmp_path, three[1], "0.5")
    assert ask(tmp_path, "-n", "2") == [three[0], three[2]]


def test_every_format_that_ask_prints_is_what_tell_takes(tmp_path: Path) -> None:
    (line,) = ask(tmp_path, *BEGIN)
    for form in ("csv", "json", "hyphens"):
        (line,) = ask(tmp_path, "--format", form)
        said = tell(tmp_path, line, "1.5")
        assert "1 recorded; " in said.err, "it is the point that was asked"
    assert status(tmp_path)["told"] == 3
    assert status(tmp_path)["pending"] == []


def test_the_order_of_the_data_changes_no_proposal(tmp_path: Path, initial: tuple[Path, Path]) -> None:
    points, values = np.load(initial[0]), np.load(initial[1])
    (expected,) = ask(tmp_path, *BEGIN, "--data", *initial)
    backwards = [
        word for x, y in zip(points[::-1], values[::-1], strict=True) for word in (str(x.tolist()), repr(float(y)))
    ]
    other = tmp_path / "backwards.sqlite"
    run("ask", other, *BEGIN, "--status", state=tmp_path)
    assert run("tell", other, *backwards, state=tmp_path).code == 0
    assert run("ask", other, state=tmp_path).out == expected + "\n"


def test_points_of_ones_own_and_negative_numbers_and_failures(tmp_path: Path) -> None:
    ran = run("ask", "hidden", "--bounds", "-1:1,-2:2", state=tmp_path)
    assert ran.code == 0, ran.err
    said = tell(tmp_path, "-0.5,-1.5", "-3e-7", "-0.250000--1.000000", "failed", "[-1, -2]", "none", "0 0", "nan")
    assert "4 recorded, 3 of them not asked for" in said.err, "the first point asked is the middle"
    told = status(tmp_path)
    assert (told["told"], told["failed"]) == (4, 3)
    assert told["best"] == {"x": [-0.5, -1.5], "value": -3e-7}


def test_a_value_told_twice_is_known_and_another_one_is_refused(tmp_path: Path) -> None:
    ask(tmp_path, *BEGIN)
    tell(tmp_path, "0.1,0.2", "1.5")
    assert "told before with the same value" in tell(tmp_path, "0.1,0.2", "1.5").err
    refused(run("tell", "hidden", "0.1,0.2", "2.5", state=tmp_path), 2, "told already", "1.5", "--replicate")
    assert status(tmp_path)["told"] == 1
    tell(tmp_path, "0.1,0.2", "2.5", "--replicate")
    assert status(tmp_path)["told"] == 2


def test_files_as_the_challenge_sends_them(tmp_path: Path) -> None:
    (tmp_path / "inputs.txt").write_text(
        "[array([0.1, 0.2]), array([0.5, 0.6, 0.7])]\n[array([0.3, 0.4]), array([0.8, 0.9, 0.1])]\n"
    )
    (tmp_path / "outputs.txt").write_text("[np.float64(1.0), np.float64(-10.0)]\n[2.0, -20.0]\n")
    ask(tmp_path, *BEGIN)
    files = ["--data", tmp_path / "inputs.txt", tmp_path / "outputs.txt"]
    refused(run("tell", "hidden", *files, state=tmp_path), 3, "--which K")
    tell(tmp_path, *files, "--which", "1")
    assert tell(tmp_path, *files, "--which", "1", "--json").out.count("\n") == 1
    told = status(tmp_path)
    assert (told["told"], told["best"]) == (2, {"x": [0.3, 0.4], "value": 2.0})


def test_the_json_contract(tmp_path: Path, initial: tuple[Path, Path]) -> None:
    facts = run("ask", "hidden", *BEGIN, "--data", *initial, "-n", "2", "--json", state=tmp_path).json
    names = "schema run dimension bounds direction seed told failed best asked written pending"
    assert list(facts) == names.split()
    assert facts["schema"] == "blackbox.ask/1"
    assert facts["asked"] == facts["pending"]
    assert [[float(part) for part in text.split(",")] for text in facts["written"]] == facts["asked"]
    said = run("tell", "hidden", facts["written"][1], "1", "--json", state=tmp_path).json
    assert said["schema"] == "blackbox.tell/1"
    assert (said["recorded"], said["known"], said["own"], said["told"]) == (1, 0, 0, 11)


def test_what_is_told_is_in_the_journal_when_the_command_ends(tmp_path: Path) -> None:
    ask(tmp_path, *BEGIN)
    tell(tmp_path, "0.1,0.2", "1.5")
    path = tmp_path / "blackbox" / "campaigns" / "hidden.sqlite"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT points, answers FROM answers").fetchall()
    assert [np.frombuffer(blob).tolist() for blob in rows[0]] == [[0.1, 0.2], [1.5]]


def test_two_who_tell_at_once_take_turns(tmp_path: Path) -> None:
    ask(tmp_path, *BEGIN)
    tellers = [start("tell", "hidden", f"0.{number},0.5", "1", state=tmp_path) for number in range(1, 5)]
    for teller in tellers:
        _, err = teller.communicate(timeout=120)
        assert teller.returncode == 0, err
    assert status(tmp_path)["told"] == 4


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["ask", "new"], 2, ["no campaign new yet", "--bounds"]),
        (["ask", "new", "--bounds", "0:1,0:1", "--dimension", "3"], 2, ["2 pairs", "3 inputs"]),
        (["ask", "new", "--dimension", "2", "--bounds", "0:"], 2, ["two finite ends"]),
        (["ask", "new", "--dimension", "2", "--bounds", "1:0"], 2, ["must not exceed"]),
        (["ask", "new", "--dimension", "0", "--bounds", "0:1"], 2, ["dimension"]),
        (["ask", "new", *BEGIN, "--decimals", "40"], 2, ["decimals"]),
        (["ask", "a b", *BEGIN], 2, ["neither a path nor a name"]),
        (["ask", "hidden", "-n", "0"], 2, ["n=0"]),
        (["ask", "hidden", "--bounds", "0:2"], 2, ["begun with other options", "bounds"]),
        (["ask", "hidden", "--minimize"], 2, ["begun with other options", "maximize True"]),
        (["ask", "hidden", "--format", "xml"], 2, ["xml"]),
        (["ask", "hidden", "--data", "nowhere.npy", "nothing.npy"], 3, ["no file nowhere.npy"]),
        (["tell", "nobody", "0.1,0.2", "1"], 3, ["no campaign", "blackbox ask nobody"]),
        (["tell", "hidden"], 2, ["nothing to record"]),
        (["tell", "hidden", "0.1,0.2"], 2, ["wants a VALUE"]),
        (["tell", "hidden", "0.1,0.2", "1,5"], 2, ["'1,5' is no value"]),
        (["tell", "hidden", "0.1;zwei", "1"], 2, ["is no point"]),
        (["tell", "hidden", "0.1,0.2,0.3", "1"], 2, ["3 numbers for a function of 2 inputs"]),
        (["tell", "hidden", "0.1,1.2", "1"], 2, ["outside the bounds"]),
        (["tell", "hidden", "0.1,nan", "1"], 2, ["not a finite number"]),
        (["tell", "hidden", "0.1,0.2", "1", "0.1,0.2,0.3", "1"], 2, ["different numbers of inputs"]),
    ],
)
def test_bad_input_gets_one_sentence_and_nothing_is_lost(
    told: Path, words: list[str], code: int, said: list[str]
) -> None:
    refused(run(*words, state=told), code, *said)
    path = told / "blackbox" / "campaigns" / "hidden.sqlite"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        assert connection.execute("SELECT COUNT(*) FROM answers").fetchone() == (1,)


def test_files_that_are_no_campaign(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    path.write_text("somebody's notes" * 100)
    refused(run("ask", path, *BEGIN, state=tmp_path), 3, "no journal of a campaign")
    assert path.read_text().startswith("somebody's notes")
    refused(run("ask", f"{tmp_path}/", *BEGIN, state=tmp_path), 3, "is a folder")
    refused(run("ask", "/proc/nowhere/run.sqlite", *BEGIN, state=tmp_path), 3, "cannot be written")
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"SQLite format 3\0" + b"x" * 4000)
    ran = run("tell", broken, "0.1,0.2", "1", state=tmp_path)
    refused(ran, 3, str(broken))
    solved = tmp_path / "solved.sqlite"
    run("solve", pack(tmp_path / "c.pkl", bowl), "--budget", "20", "--journal", solved, state=tmp_path)
    refused(run("ask", solved, *BEGIN, state=tmp_path), 3, "holds no campaign")


def test_files_that_do_not_fit_together_record_nothing(tmp_path: Path, initial: tuple[Path, Path]) -> None:
    ask(tmp_path, *BEGIN)
    np.save(tmp_path / "short.npy", np.zeros(3))
    refused(
        run("tell", "hidden", "--data", initial[0], tmp_path / "short.npy", state=tmp_path), 3, "10 points", "3 values"
    )
    np.save(tmp_path / "outside.npy", np.full((10, 2), 7.0))
    files = ["--data", *initial, "--data", tmp_path / "outside.npy", initial[1]]
    refused(run("tell", "hidden", *files, state=tmp_path), 2, "outside the bounds")
    assert status(tmp_path)["told"] == 0


def test_a_campaign_in_which_nothing_was_asked_or_told_can_be_begun_otherwise(
    tmp_path: Path, initial: tuple[Path, Path]
) -> None:
    wrong = ["--dimension", "3", "--bounds", "0:1", "--data", *initial]
    refused(run("ask", "hidden", *wrong, state=tmp_path), 3, "points of 2 numbers", "3 inputs")
    assert len(ask(tmp_path, *BEGIN, "--data", *initial)) == 1


def test_a_campaign_begun_with_files_that_cannot_be_read_can_be_begun_again(
    tmp_path: Path, initial: tuple[Path, Path]
) -> None:
    refused(run("ask", "hidden", *BEGIN, "--data", initial[0], "nowhere.npy", state=tmp_path), 3, "no file")
    assert len(ask(tmp_path, *BEGIN, "--data", *initial)) == 1
    assert json.loads(run("ask", "hidden", "--json", state=tmp_path).out)["told"] == 10


def test_the_docs_show_what_is_really_printed(tmp_path: Path) -> None:
    (block,) = re.findall(r"```console\n(.*?)```", DOCS, re.DOTALL)
    for command, shown in re.findall(r"\$ python -m blackbox (.*?)\n(.*?)(?=\$|\Z)", block, re.DOTALL):
        ran = run(*shlex.split(command), state=tmp_path)
        assert ran.out + ran.err == shown


def test_the_docs_tell_every_option_and_every_word_of_the_contract(tmp_path: Path) -> None:
    from blackbox.cli.ask import command as ask_command
    from blackbox.cli.tell import command as tell_command

    for option in [*ask_command.params, *tell_command.params]:
        for name in option.opts:
            assert not name.startswith("--") or name in DOCS or name == "--quiet", name
    ask(tmp_path, *BEGIN)
    for name in {**status(tmp_path), **json.loads(tell(tmp_path, "0.1,0.2", "1", "--json").out)}:
        assert f'"{name}"' in DOCS or f"`{name}`" in DOCS
