"""Watching: what is shown at each change and at each key."""

from pathlib import Path

from blackbox.cli.practice import listing
from blackbox.practice.exercise import exercise
from blackbox.practice.folder import Folder, create
from blackbox.practice.watching import watch_folder
from tests.locks import needs_lock

pytestmark = needs_lock


def watched(folder: Folder, events: list[tuple[bool, str]]) -> list[str]:
    """What is shown for `(a file has changed, a key was pressed)`, each as one text."""
    keys = iter([key for _, key in events])
    shown = watch_folder(folder, [changed for changed, _ in events], lambda: next(keys), listing)
    return ["\n".join(lines) for lines in shown]


def test_it_checks_at_once_at_changes_and_at_r_and_at_nothing_else(tmp_path: Path) -> None:
    told = watched(create(tmp_path, seed=1), [(False, ""), (True, ""), (False, ""), (False, "r")])
    assert len(told) == 3
    assert all("01-one-slope: 0 of 3 points, not yet" in text for text in told)


def test_keys_show_hints_and_lists_go_on_and_quit(tmp_path: Path) -> None:
    folder = create(tmp_path, seed=1)
    found = exercise("one-slope")
    folder.solution(found).write_text(found.solution)
    told = watched(folder, [(False, "h"), (False, "l"), (False, "n"), (False, "q"), (True, "")])
    assert "passed" in told[0]
    assert told[1].startswith("hint 1 of 3")
    assert "two-basins" in told[2]
    assert told[3].startswith("02-two-slopes")
    assert len(told) == 4
    assert folder.current == "two-slopes"


def test_a_file_that_is_no_python_is_told_with_its_line(tmp_path: Path) -> None:
    folder = create(tmp_path, seed=1)
    folder.solution(exercise("one-slope")).write_text("def gradient(f, x:\n")
    (told,) = watched(folder, [])
    assert "cannot be run: SyntaxError" in told
    assert "line 1" in told


def test_a_file_that_is_gone_or_no_text_is_told_and_the_watch_goes_on(tmp_path: Path) -> None:
    folder = create(tmp_path, seed=1)
    path = folder.solution(exercise("one-slope"))
    path.unlink()
    told = watched(folder, [(True, ""), (False, "h")])
    assert "cannot be read" in told[0]
    assert "cannot be read" in told[1]
    assert told[2].startswith("hint 1 of 3")
    path.write_bytes(b"\xff")
    assert "no UTF-8" in watched(folder, [])[0]
