"""Bad input: one clear sentence, its exit code, nothing lost, and never a traceback."""

import pickle
from collections.abc import Callable
from pathlib import Path

import cloudpickle
import pytest

from tests.cli import functions
from tests.cli.command import Ran, pack, run

OK = cloudpickle.dumps(lambda x1, x2: (x1 - 3) ** 2 + x2**2)


def refused(ran: Ran, code: int, *words: str) -> None:
    assert ran.code == code, ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err
    sentence = ran.err.strip()
    assert len(sentence.splitlines()) <= 4
    for word in words:
        assert word in sentence


def file(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "challenge.pkl"
    path.write_bytes(content)
    return path


def test_a_missing_file(tmp_path: Path) -> None:
    refused(run("solve", tmp_path / "nowhere.pkl", state=tmp_path), 3, "no file", "nowhere.pkl")


def test_a_folder(tmp_path: Path) -> None:
    refused(run("solve", tmp_path, state=tmp_path), 3, "is a folder")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (OK[:-20], "broken"),
        (b"\x80\x04" + b"nonsense" * 20, "broken"),
        (pickle.dumps([1, 2, 3]), "list of 3 items"),
        (pickle.dumps({"a": 1.5}), "dict"),
        (b"PK\x03\x04" + bytes(50), "ZIP"),
        (b"<html><body>404 Not Found</body></html>", "HTML"),
        (b"\x80\x04\x8c\x08__main__\x94\x8c\x06secret\x94\x93\x94.", "__main__.secret"),
        (b"cno_such_module_anywhere\nfun\n.", "no_such_module_anywhere"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, content: bytes, word: str) -> None:
    refused(run("solve", file(tmp_path, content), state=tmp_path), 3, word)


def test_an_oversized_file(tmp_path: Path) -> None:
    path = tmp_path / "challenge.pkl"
    with path.open("wb") as stream:
        stream.truncate(65 * 2**20)
    refused(run("solve", path, state=tmp_path), 3, "larger than 64 MiB")


def test_several_callables_are_listed_and_one_can_be_chosen(tmp_path: Path) -> None:
    both = {"first": lambda x: (x - 1) ** 2, "second": lambda x: (x - 2) ** 2, "note": "hello"}
    path = file(tmp_path, cloudpickle.dumps(both))
    refused(run("solve", path, state=tmp_path), 3, "first", "second", "--entry")
    answer = run("solve", path, "--entry", "second", "--json", state=tmp_path).json
    assert answer["x"] == pytest.approx([2], abs=1e-6)


@pytest.mark.parametrize(
    ("fun", "reason"),
    [
        (functions.raises, "ValueError: boom"),
        (functions.raises_array, "ValueError: boom"),
        (functions.text, "ReachFunctionLimit"),
        (functions.nothing, "None"),
        (functions.not_a_number, "NaN"),
        (functions.needs_missing_module, "no_such_module_anywhere"),
        (functions.never, "no answer within 0.5 s"),
        (functions.ends_its_process, "exit code 3"),
    ],
)
def test_functions_that_give_no_number(tmp_path: Path, fun: Callable[..., object], reason: str) -> None:
    path = pack(tmp_path / "c.pkl", fun)
    ran = run("solve", path, "--call-timeout", "0.5", "--json", state=tmp_path)
    answer = ran.json
    assert ran.code == 5
    assert answer["stop"] == "no-finite-value"
    assert reason in answer["reason"]
    assert answer["x"] is None
    assert answer["failed_evaluations"] == answer["evaluations"] > 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--bounds", "5:-5"], ["lower bound must not exceed"]),
        (["--bounds", "0:1,0:1,0:1"], ["[0.0, 1.0], [0.0, 1.0], [0.0, 1.0]", "2 inputs"]),
        (["--bounds", "0-1"], ["LO:HI"]),
        (["--bounds", "a:b"], ["numbers"]),
        (["--start", "1"], ["start", "2 numbers"]),
        (["--start", "1,zwei"], ["numbers separated by commas"]),
        (["--start", "9,9", "--bounds", "0:1"], ["start[0]", "0:1"]),
        (["--budget", "0"], ["budget", "at least 1"]),
        (["--time", "-1"], ["time", "positive"]),
        (["--seed", "-1"], ["seed"]),
        (["--call-timeout", "0"], ["call_timeout"]),
        (["--dimension", "0"], ["dimension"]),
        (["--nonsense"], ["--nonsense"]),
    ],
)
def test_options_that_make_no_sense(tmp_path: Path, options: list[str], words: list[str]) -> None:
    path = pack(tmp_path / "c.pkl", functions.bowl)
    refused(run("solve", path, *options, state=tmp_path), 2, *words)


def test_a_dimension_that_the_function_refuses(tmp_path: Path) -> None:
    path = pack(tmp_path / "c.pkl", functions.three_inputs)
    refused(run("solve", path, "--dimension", "2", state=tmp_path), 3, "3 inputs (a, b, c)", "--dimension 2")


def test_a_journal_where_none_can_be_written(tmp_path: Path) -> None:
    path = pack(tmp_path / "c.pkl", functions.bowl)
    refused(run("solve", path, "--journal", "/proc/nowhere/run.sqlite", state=tmp_path), 2, "journal", "--journal")
    refused(run("solve", path, "--journal", tmp_path, state=tmp_path), 2, "is a folder")
    (tmp_path / "text.sqlite").write_text("this is no database, but somebody's notes" * 100)
    refused(run("solve", path, "--journal", tmp_path / "text.sqlite", "--resume", state=tmp_path), 2, "journal")
    assert (tmp_path / "text.sqlite").read_text().startswith("this is no database")


def test_a_state_folder_that_cannot_be_written_is_told_and_the_search_goes_on(tmp_path: Path) -> None:
    (tmp_path / "blackbox").write_text("a file where the folder should be")
    ran = run("solve", pack(tmp_path / "c.pkl", functions.bowl), "--json", state=tmp_path)
    assert ran.code == 0
    assert ran.json["value"] == pytest.approx(0.5)
    assert "without a journal" in ran.err


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_time_is_kept_while_an_evaluation_takes_longer(tmp_path: Path, workers: str) -> None:
    """The best so far is the answer, and what was answered lies in the journal; nobody waits for the rest."""
    challenge, journal = pack(tmp_path / "challenge.pkl", functions.answers_once), tmp_path / "run.sqlite"
    words = ["solve", challenge, "--start", "0.5,0.5", "--call-timeout", "1000", "--workers", workers, "--json"]
    ran = run(*words, "--time", "2", "--journal", journal, state=tmp_path)
    assert (ran.code, ran.json["stop"], ran.json["x"], ran.json["value"]) == (0, "time", [0.5, 0.5], 7.0), ran.err
    again = run(*words, "--time", "2", "--journal", journal, "--resume", state=tmp_path)
    assert (again.json["stop"], again.json["value"], again.json["failed_evaluations"]) == ("time", 7.0, 0)


@pytest.mark.parametrize("fun", [functions.never, functions.sleeps_as_an_array])
def test_the_time_is_kept_where_it_brings_nothing(tmp_path: Path, fun: Callable[..., object]) -> None:
    challenge = pack(tmp_path / "challenge.pkl", fun)
    ran = run("solve", challenge, "--call-timeout", "1000", "--time", "2", "--json", state=tmp_path)
    assert (ran.code, ran.json["stop"]) == (5, "no-finite-value")
    assert "time" in ran.json["reason"]


def test_an_expression_that_begins_with_a_minus_sign_is_no_option(tmp_path: Path) -> None:
    ran = run("solve", "--quiet", "-abs(x - 2)", "--bounds", "-1:3", "--budget", "300", state=tmp_path)
    assert (ran.code, ran.out.split()) == (0, ["-3", "-1"]), ran.err
    assert run("inspect", "-log(x)", state=tmp_path).code == 0
    refused(run("solve", "-q", "-log(x)", state=tmp_path), 2, "-q")


def test_help_shows_examples_and_exit_codes(tmp_path: Path) -> None:
    for words in (["--help"], ["solve", "--help"], ["inspect", "--help"], ["pack", "--help"]):
        ran = run(*words, state=tmp_path)
        assert ran.code == 0
        assert "Examples:" in ran.out
    assert "Exit codes" in run("solve", "--help", state=tmp_path).out


def test_an_unknown_command_is_wrong_usage(tmp_path: Path) -> None:
    refused(run("sovle", state=tmp_path), 2, "sovle")
