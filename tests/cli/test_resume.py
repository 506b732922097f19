"""Nothing paid for is lost: kill -9 of parent or worker, Ctrl-C, and --resume."""

import os
import signal
import sqlite3
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli import functions
from tests.cli.command import pack, run, start
from tests.processes import SOON, children


def answers(journal: Path) -> tuple[np.ndarray, np.ndarray]:
    """All points and values of a journal, in order."""
    with sqlite3.connect(f"file:{journal}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT n, d, points, answers FROM answers ORDER BY sequence").fetchall()
    points = [np.frombuffer(row[2]).reshape(row[0], row[1]) for row in rows]
    values = [np.frombuffer(row[3]) for row in rows]
    return np.vstack(points), np.concatenate(values)


def wait_for_answers(journal: Path, n: int) -> None:
    deadline = time.monotonic() + SOON
    while time.monotonic() < deadline:
        try:
            if len(answers(journal)[1]) >= n:
                return
        except (sqlite3.Error, ValueError):
            pass
        time.sleep(0.01)
    raise AssertionError("no answers in the journal")


def without_time(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "seconds"}


@pytest.fixture
def challenge(tmp_path: Path) -> Path:
    return pack(tmp_path / "challenge.pkl", functions.slow_two_wells)


@pytest.fixture
def undisturbed(tmp_path: Path, challenge: Path) -> tuple[dict[str, Any], Path]:
    journal = tmp_path / "undisturbed.sqlite"
    ran = run("solve", challenge, "--budget", "900", "--json", "--journal", journal, state=tmp_path)
    return ran.json, journal


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the worker through /proc")
@pytest.mark.parametrize("when", [20, 200, 500])
def test_a_killed_run_resumes_without_asking_again_to_the_same_answer(
    tmp_path: Path, challenge: Path, undisturbed: tuple[dict[str, Any], Path], when: int
) -> None:
    journal = tmp_path / "killed.sqlite"
    words = ["solve", challenge, "--budget", "900", "--json", "--journal", journal]
    process = start(*words, state=tmp_path)
    wait_for_answers(journal, when)
    workers = list(children(process.pid))
    process.kill()
    process.communicate(timeout=SOON)
    before = answers(journal)
    assert len(before[1]) >= when
    resumed = run(*words, "--resume", state=tmp_path)
    assert without_time(resumed.json) == without_time(undisturbed[0])
    whole, expected = answers(journal), answers(undisturbed[1])
    for mine, theirs in zip(whole, expected, strict=True):
        assert np.array_equal(mine, theirs)
    assert all(np.array_equal(kept[: len(start_)], start_) for kept, start_ in zip(whole, before, strict=True))
    for worker in workers:
        assert worker.gone_within(), "the worker outlived its parent"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the worker through /proc")
def test_a_killed_worker_changes_no_answer(
    tmp_path: Path, challenge: Path, undisturbed: tuple[dict[str, Any], Path]
) -> None:
    journal = tmp_path / "worker-killed.sqlite"
    process = start("solve", challenge, "--budget", "900", "--json", "--journal", journal, state=tmp_path)
    wait_for_answers(journal, 100)
    for worker in children(process.pid):
        os.kill(worker.pid, signal.SIGKILL)
    out, err = process.communicate(timeout=SOON)
    assert process.returncode == 0, err
    assert without_time(__import__("json").loads(out)) == without_time(undisturbed[0])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_prints_the_best_and_goes_on_where_it_was(
    tmp_path: Path, challenge: Path, undisturbed: tuple[dict[str, Any], Path], number: signal.Signals
) -> None:
    import json

    journal = tmp_path / "interrupted.sqlite"
    words = ["solve", challenge, "--budget", "900", "--json", "--journal", journal]
    process = start(*words, state=tmp_path)
    wait_for_answers(journal, 150)
    process.send_signal(number)
    out, err = process.communicate(timeout=SOON)
    answer = json.loads(out)
    assert (process.returncode, answer["stop"]) == (0, "interrupted"), err
    kept = answers(journal)[1]
    assert answer["value"] == np.nanmin(kept)
    assert len(kept) == answer["evaluations"]
    resumed = run(*words, "--resume", state=tmp_path)
    assert without_time(resumed.json) == without_time(undisturbed[0])


MOMENTS = 20
KILLS = np.sort(np.random.default_rng(20261127).integers(1, 360, size=(2, MOMENTS, 2)), axis=-1)
"""For each number of workers, answers in the journal when a worker is killed, and when its parent is."""


@pytest.fixture(scope="module")
def two_wells(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What an undisturbed run of one worker comes to."""
    folder = tmp_path_factory.mktemp("undisturbed")
    challenge = pack(folder / "challenge.pkl", functions.logged_two_wells(str(folder / "log")))
    return run("solve", challenge, "--sandbox", "basic", "--budget", "400", "--json", state=folder).json


def asked(log: Path) -> list[str]:
    return log.read_text().splitlines()


def journalled(journal: Path) -> Counter[str]:
    return Counter(f"{x!r} {y!r}" for x, y in answers(journal)[0].tolist())


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the worker through /proc")
@pytest.mark.parametrize("moment", range(MOMENTS))
@pytest.mark.parametrize("workers", [1, 2])
def test_killed_at_random_moments_nothing_journalled_is_asked_again_and_the_answer_is_the_same(
    tmp_path: Path, two_wells: dict[str, Any], workers: int, moment: int
) -> None:
    log, journal = tmp_path / "log", tmp_path / "journal.sqlite"
    challenge = pack(tmp_path / "challenge.pkl", functions.logged_two_wells(str(log)))
    words = ["solve", challenge, "--sandbox", "basic", "--budget", "400", "--json", "--journal", journal]
    words += ["--workers", str(workers)]
    a_worker, the_parent = KILLS[workers - 1, moment]
    process = start(*words, state=tmp_path)
    wait_for_answers(journal, int(a_worker))
    victims = list(children(process.pid))
    for victim in victims[:1]:
        os.kill(victim.pid, signal.SIGKILL)
    wait_for_answers(journal, int(the_parent))
    process.kill()
    process.communicate(timeout=SOON)
    for victim in victims:
        assert victim.gone_within(), "the worker outlived its parent"
    kept, before = journalled(journal), len(asked(log))
    resumed = run(*words, "--resume", state=tmp_path)
    same = ("x", "value", "stop", "evaluations", "failed_evaluations", "minima", "checks", "confidence", "noise")
    assert {name: resumed.json[name] for name in same} == {name: two_wells[name] for name in same}
    again, whole = Counter(asked(log)[before:]), journalled(journal)
    assert all(again[point] <= whole[point] - times for point, times in kept.items())
    if workers == 1:
        assert again == whole - kept


def test_a_finished_run_resumes_to_its_answer_without_an_evaluation(tmp_path: Path, challenge: Path) -> None:
    journal = tmp_path / "j.sqlite"
    words = ["solve", challenge, "--budget", "300", "--json", "--journal", journal]
    first = run(*words, state=tmp_path).json
    rows = len(answers(journal)[1])
    second = run(*words, "--resume", state=tmp_path).json
    assert without_time(first) == without_time(second)
    assert len(answers(journal)[1]) == rows


def test_more_budget_goes_on_where_the_last_one_ended(
    tmp_path: Path, challenge: Path, undisturbed: tuple[dict[str, Any], Path]
) -> None:
    journal = tmp_path / "j.sqlite"
    run("solve", challenge, "--budget", "200", "--json", "--journal", journal, state=tmp_path)
    longer = run("solve", challenge, "--budget", "900", "--json", "--journal", journal, "--resume", state=tmp_path)
    assert without_time(longer.json) == without_time(undisturbed[0])


def test_the_state_folder_keeps_the_journal_when_no_path_is_given(tmp_path: Path, challenge: Path) -> None:
    words = ["solve", challenge, "--budget", "400", "--json"]
    process = start(*words, state=tmp_path)
    runs = tmp_path / "blackbox" / "runs"
    deadline = time.monotonic() + SOON
    while not list(runs.glob("*.sqlite")) and time.monotonic() < deadline:
        time.sleep(0.01)
    (journal,) = runs.glob("*.sqlite")
    wait_for_answers(journal, 60)
    process.kill()
    process.communicate(timeout=SOON)
    kept = len(answers(journal)[1])
    resumed = run(*words, "--resume", state=tmp_path).json
    assert list(runs.glob("*.sqlite")) == [journal]
    assert len(answers(journal)[1]) >= kept
    assert without_time(resumed) == without_time(run(*words, state=tmp_path).json)


def test_a_journal_of_another_run_is_refused_and_kept(tmp_path: Path, challenge: Path) -> None:
    journal = tmp_path / "j.sqlite"
    run("solve", challenge, "--budget", "50", "--journal", journal, state=tmp_path)
    kept = answers(journal)[1]
    for words in (["--resume", "--seed", "7"], ["--resume", "--bounds", "0:1"], []):
        ran = run("solve", challenge, "--budget", "50", "--journal", journal, *words, state=tmp_path)
        assert ran.code == 2
        assert str(journal) in ran.err
    assert np.array_equal(answers(journal)[1], kept)


def test_a_time_out_stays_a_failure_and_whoever_gives_more_time_is_told(tmp_path: Path) -> None:
    challenge = pack(tmp_path / "stuck.pkl", functions.stuck_at_the_start)
    words = ["solve", challenge, "--start", "0.5,0.5", "--budget", "12", "--json", "--journal", tmp_path / "run.sqlite"]
    first = run(*words, "--call-timeout", "1", state=tmp_path)
    assert first.json["failed_evaluations"] >= 1
    again = run(*words, "--call-timeout", "60", "--resume", state=tmp_path)
    assert without_time(again.json) == without_time(first.json)
    assert "took longer than 1 s and stay failed" in again.err
    assert "start anew, without --resume" in again.err
    same = run(*words, "--call-timeout", "1", "--resume", state=tmp_path)
    assert "took longer" not in same.err
