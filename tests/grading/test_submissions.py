"""What is found to be graded, and what is refused with its reason."""

import os
from pathlib import Path

import pytest

from blackbox.core.errors import UsageError
from blackbox.grading.submissions import MAX_BYTES, find_submissions

CODE = "def gradient(f, x):\n    return x\n"


def test_a_file_a_folder_of_files_and_a_folder_of_folders(tmp_path: Path) -> None:
    for name in ("b.py", "a.py", ".hidden.py", "__init__.py", "notes.txt"):
        (tmp_path / name).write_text(CODE)
    (tmp_path / "carla").mkdir()
    (tmp_path / "carla" / "solution.py").write_text(CODE)
    (tmp_path / "carla" / "helper.py").write_text("")
    (tmp_path / "dora").mkdir()
    (tmp_path / "dora" / "work.py").write_text(CODE)
    assert [found.name for found in find_submissions(tmp_path)] == ["a", "b", "carla", "dora"]
    assert not any(found.problem for found in find_submissions(tmp_path))
    assert [found.name for found in find_submissions(tmp_path / "a.py")] == ["a"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"x = 1\0", "NUL"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"#" * (MAX_BYTES + 1), "larger"),
    ],
)
def test_a_file_that_cannot_be_a_solution_has_a_reason(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "a.py").write_bytes(data)
    (found,) = find_submissions(tmp_path)
    assert words in found.problem


def test_a_link_a_pipe_and_an_empty_folder_have_reasons_and_nothing_waits(tmp_path: Path) -> None:
    (tmp_path / "link.py").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "void").mkdir()
    (tmp_path / "two").mkdir()
    for name in ("one.py", "other.py"):
        (tmp_path / "two" / name).write_text(CODE)
    problems = {found.name: found.problem for found in find_submissions(tmp_path)}
    assert "link" in problems["link"]
    assert problems["pipe"]
    assert "no solution.py" in problems["void"]
    assert "one.py, other.py" in problems["two"]


def test_names_are_distinct_and_safe_to_show(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CODE)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "solution.py").write_text(CODE)
    (tmp_path / "\x1b[31mred.py").write_text(CODE)
    names = [found.name for found in find_submissions(tmp_path)]
    assert len(set(names)) == 3
    assert all(name.isprintable() for name in names)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\xef\xbb\xbf" + CODE.encode())
    assert find_submissions(tmp_path)[0].source == CODE.encode()


def test_nothing_to_grade_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no submission"):
        find_submissions(tmp_path)
    with pytest.raises(UsageError, match="There is no"):
        find_submissions(tmp_path / "none")
