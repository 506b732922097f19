"""Finds what is to be graded: a file, a folder of files, or a folder of folders, one a person."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from blackbox.core.errors import UsageError
from blackbox.loading.printable import printable

MAX_BYTES = 1024 * 1024
"""A solution is a page of Python."""
SOLUTION = "solution.py"


@dataclass(frozen=True, slots=True)
class Submission:
    """One person's file, or why there is none."""

    name: str
    source: bytes = b""
    problem: str = ""

    @property
    def digest(self) -> str:
        """Of its bytes: a file that changed is another one."""
        return hashlib.sha256(self.source).hexdigest()[:16]


def find_submissions(path: Path) -> tuple[Submission, ...]:
    """All of them, by name. Raises `UsageError` where there is nothing to grade."""
    if path.is_dir():
        found = [_of_entry(entry) for entry in sorted(path.iterdir()) if _counts(entry)]
    elif path.exists() or path.is_symlink():
        found = [_read(path.stem, path)]
    else:
        raise UsageError(f"There is no {path}: name a file, a folder of files or a folder of folders.")
    if not found:
        raise UsageError(f"{path} holds no submission: neither a .py file nor a folder with one.")
    return tuple(_distinct(found))


def _counts(entry: Path) -> bool:
    if entry.name.startswith((".", "__")):
        return False
    return entry.suffix == ".py" or entry.is_dir()


def _of_entry(entry: Path) -> Submission:
    if not entry.is_dir() or entry.is_symlink():
        return _read(entry.stem, entry)
    try:
        files = sorted(file for file in entry.iterdir() if file.suffix == ".py")
    except OSError as cause:
        return Submission(printable(entry.name), problem=f"the folder cannot be read ({cause.strerror})")
    named = [file for file in files if file.name == SOLUTION] or files
    if len(named) != 1:
        there = ", ".join(printable(file.name, 40) for file in files[:5]) or "no .py file"
        return Submission(printable(entry.name), problem=f"the folder holds no {SOLUTION} ({there})")
    return _read(entry.name, named[0])


def _read(name: str, path: Path) -> Submission:
    """The bytes of a plain file; links, pipes and the like are refused, so that nothing else is read in its place."""
    name = printable(name)
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as file:
            source = file.read(MAX_BYTES + 1)
    except OSError as cause:
        what = "it is a link" if path.is_symlink() else f"it cannot be read ({cause.strerror})"
        return Submission(name, problem=what)
    if len(source) > MAX_BYTES:
        return Submission(name, problem=f"it is larger than {MAX_BYTES // 1024} KiB")
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Submission(name, problem="it is no UTF-8 text")
    if not text.strip() or "\0" in text:
        return Submission(name, problem="it is empty" if not text.strip() else "it is no text: it holds a NUL")
    return Submission(name, text.encode("utf-8"))


def _distinct(found: list[Submission]) -> list[Submission]:
    """Names that are used twice get a number."""
    taken: set[str] = set()
    distinct: list[Submission] = []
    for submission in found:
        name, number = submission.name, 1
        while name in taken:
            number += 1
            name = f"{submission.name} ({number})"
        taken.add(name)
        distinct.append(Submission(name, submission.source, submission.problem))
    return distinct
