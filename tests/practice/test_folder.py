"""A learner's folder: nothing of theirs is lost, and a state that cannot be read is told."""

import json
from pathlib import Path

import pytest

from blackbox.core.errors import UsageError
from blackbox.judging.faults import Finding
from blackbox.practice.checks import Result, Status, Verdict
from blackbox.practice.exercise import Exercise, exercise, exercises
from blackbox.practice.folder import NOTES, STATE, create, find


def verdict(found: Exercise, status: Status, finding: Finding | None = None) -> Verdict:
    return Verdict(found, tuple(Result(spec, status, "told", finding) for spec in found.checks))


def test_a_new_folder_has_every_stub_and_is_found_from_below(tmp_path: Path) -> None:
    create(tmp_path / "new", seed=5)
    assert len(list((tmp_path / "new").glob("*/solution.py"))) == len(exercises())
    assert (tmp_path / "new" / NOTES).is_file()
    assert find(tmp_path / "new" / "01-one-slope").seed == 5
    state = json.loads((tmp_path / "new" / STATE).read_text())
    assert state["schema"] == "blackbox.practice/1"


def test_two_folders_have_instances_of_their_own(tmp_path: Path) -> None:
    seeds = {create(tmp_path / str(number)).seed for number in range(5)}
    assert len(seeds) > 1
    land = exercise("one-slope").landscapes["curve"]
    a, b = (land.instance(exercise("one-slope").seed(seed, "curve")) for seed in (1, 2))
    assert a.lift != b.lift


def test_nothing_that_lies_there_is_overwritten(tmp_path: Path) -> None:
    create(tmp_path)
    with pytest.raises(UsageError, match="a practice folder already"):
        create(tmp_path)
    (tmp_path / "other" / "01-one-slope").mkdir(parents=True)
    with pytest.raises(UsageError, match="would be overwritten"):
        create(tmp_path / "other")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be used"):
        create(tmp_path / "file")


def test_passed_stays_passed_and_the_best_score_counts(tmp_path: Path) -> None:
    folder, found = create(tmp_path), exercise("both-sides")
    folder.note_check(verdict(found, Status.PASS))
    folder.note_check(verdict(found, Status.FAIL))
    record = find(tmp_path).of("both-sides")
    assert record == {"passed": True, "score": found.max_score, "checks": 2, "hints": 0, "gave_up": False}


def test_hints_grow_stronger_and_then_stay(tmp_path: Path) -> None:
    folder, found = create(tmp_path), exercise("one-slope")
    told = [folder.hint(found) for _ in range(4)]
    assert [number for number, _ in told] == [1, 2, 3, 3]
    assert len({text for _, text in told}) == 3


def test_next_is_the_first_that_is_not_passed(tmp_path: Path) -> None:
    folder = create(tmp_path)
    for found in exercises():
        assert folder.next_open() == found
        folder.note_check(verdict(found, Status.PASS))
    assert folder.next_open() is None


def test_a_reset_keeps_what_was_written(tmp_path: Path) -> None:
    folder, found = create(tmp_path), exercise("one-slope")
    path = folder.solution(found)
    for number in (1, 2):
        path.write_text(f"mine = {number}\n")
        kept = folder.reset(found)
        assert kept is not None
        assert kept.read_text() == f"mine = {number}\n"
        assert path.read_text() == found.stub
    assert folder.reset(found) is None
    path.unlink()
    folder.reset(found)
    assert path.read_text() == found.stub


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"schema": "other", "seed": 1, "current": "one-slope", "exercises": {}}',
     '{"schema": "blackbox.practice/1", "seed": -1, "current": "one-slope", "exercises": {}}',
     '{"schema": "blackbox.practice/1", "seed": 1, "current": "none", "exercises": {}}',
     '{"schema": "blackbox.practice/1", "seed": 1, "current": "one-slope", "exercises": {"one-slope": 5}}'],
)  # fmt: skip
def test_a_state_that_cannot_be_understood_is_told(tmp_path: Path, text: str) -> None:
    create(tmp_path)
    (tmp_path / STATE).write_text(text)
    with pytest.raises(UsageError, match="cannot be understood"):
        find(tmp_path)


def test_a_solution_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    folder, found = create(tmp_path), exercise("one-slope")
    folder.solution(found).write_bytes(b"\xff")
    with pytest.raises(UsageError, match="UTF-8"):
        folder.source(found)
    folder.solution(found).unlink()
    with pytest.raises(UsageError, match="practice reset one-slope"):
        folder.source(found)


def test_an_exercise_is_known_by_id_number_and_folder() -> None:
    assert exercise("both-sides") == exercise("3") == exercise("03") == exercise("03-both-sides")
    with pytest.raises(UsageError, match="practice list"):
        exercise("none")
