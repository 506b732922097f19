"""A learner's folder: one folder an exercise, notes, and the state in plain JSON."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from blackbox.core.errors import UsageError
from blackbox.loading.packing import write_atomically
from blackbox.practice.checks import Verdict
from blackbox.practice.exercise import SOLUTION, STAGES, STATEMENT, Exercise, exercise, exercises

STATE, NOTES = "practice.json", "NOTES.md"
SCHEMA = "blackbox.practice/1"
MAX_BYTES = 1024 * 1024
SEEDS = 10**6
"""Seeds of users: enough that two neighbours have different instances."""
_NOTES = """# Notes

Your solutions are the files `solution.py` in the folders beside this one; `blackbox practice next` says what comes
next, `blackbox practice check` judges it, `blackbox practice watch` judges it whenever you save.

- `f(x)` takes a sequence of `f.dimension` floats and returns a float, NaN where it has no value. It is the only way to
  the function, and each call is counted: `f.evaluations` are made, `f.budget` are allowed.
- Past the budget `f(x)` raises `BudgetSpent`, a name that is there without an import.
- `x` is a numpy array where your file imports numpy, else a list. Nothing that you print is shown.

Write here what you find out.
"""


@dataclass(slots=True)
class Folder:
    """The folder and its state; every change is on disk when the method returns."""

    path: Path
    seed: int
    current: str
    record: dict[str, dict[str, Any]]
    """Id of an exercise → `passed`, `score`, `checks`, `hints`, `gave_up`."""

    def of(self, name: str) -> dict[str, Any]:
        """The record of an exercise."""
        fresh = {"passed": False, "score": 0, "checks": 0, "hints": 0, "gave_up": False}
        return self.record.setdefault(name, fresh)

    def chosen(self, name: str | None) -> Exercise:
        """The exercise of this name, or the one that is being worked on. Raises `UsageError`."""
        return exercise(name or self.current)

    def solution(self, found: Exercise) -> Path:
        """Where the learner writes."""
        return self.path / found.folder / SOLUTION

    def source(self, found: Exercise) -> bytes:
        """What the learner has written. Raises `UsageError`."""
        path = self.solution(found)
        try:
            data = path.read_bytes()
            data.decode("utf-8")
        except OSError as cause:
            told = f"{path} cannot be read ({cause.strerror}): blackbox practice reset {found.id} puts its stub there."
            raise UsageError(told) from cause
        except UnicodeDecodeError as cause:
            raise UsageError(f"{path} is no UTF-8 text: save it as UTF-8.") from cause
        if len(data) > MAX_BYTES:
            raise UsageError(f"{path} is larger than {MAX_BYTES // 1024} KiB.")
        return data

    def note_check(self, verdict: Verdict) -> None:
        """Remember what a check came to; what was passed once stays passed."""
        record = self.of(verdict.exercise.id)
        record["checks"] += 1
        record["score"] = max(record["score"], verdict.score)
        record["passed"] = record["passed"] or verdict.passed
        self.save()

    def hint(self, found: Exercise) -> tuple[int, str]:
        """The next stronger hint, and its number; the strongest again when there is no other."""
        record = self.of(found.id)
        number = min(int(record["hints"]) + 1, len(found.hints))
        record["hints"] = number
        self.save()
        return number, found.hints[number - 1]

    def next_open(self) -> Exercise | None:
        """The first exercise that is not passed, None when all are."""
        return next((found for found in exercises() if not self.of(found.id)["passed"]), None)

    def start(self, found: Exercise) -> None:
        """Work on this one from now on; its files are put there where they are missing."""
        self.current = found.id
        _lay_out(self.path, found)
        self.save()

    def reset(self, found: Exercise) -> Path | None:
        """Put the stub back; where the old file was kept, None where there was none."""
        path, kept = self.solution(found), None
        if path.exists() and path.read_text(encoding="utf-8", errors="replace") != found.stub:
            kept = next(old for old in _old_names(path) if not old.exists())
            path.replace(kept)
        _lay_out(self.path, found)
        return kept

    def save(self) -> None:
        """Write the state."""
        state = {"schema": SCHEMA, "seed": self.seed, "current": self.current, "exercises": self.record}
        write_atomically(self.path / STATE, (json.dumps(state, indent=1) + "\n").encode())


def create(path: Path, seed: int | None = None) -> Folder:
    """A new folder with every stub. Raises `UsageError` where there is one already, or the place cannot be used."""
    if (path / STATE).exists():
        raise UsageError(f"{path} is a practice folder already: go on with blackbox practice next.")
    taken = [name.name for name in exercises_files(path) if name.exists()]
    if taken:
        raise UsageError(f"{path} holds {taken[0]} already, which would be overwritten: choose an empty folder.")
    try:
        path.mkdir(parents=True, exist_ok=True)
        for found in exercises():
            _lay_out(path, found)
        (path / NOTES).write_text(_NOTES, encoding="utf-8")
    except OSError as cause:
        raise UsageError(f"{path} cannot be used ({cause.strerror}): choose another folder.") from cause
    folder = Folder(path, secrets.randbelow(SEEDS) if seed is None else seed, exercises()[0].id, {})
    folder.save()
    return folder


def exercises_files(path: Path) -> Iterator[Path]:
    """What `create` puts into a folder."""
    yield path / NOTES
    for found in exercises():
        yield path / found.folder


def find(path: Path) -> Folder:
    """The practice folder that this folder is, or lies in. Raises `UsageError`."""
    for place in (path.absolute(), *path.absolute().parents):
        if (place / STATE).is_file():
            return _read(place)
    raise UsageError(f"{path} is in no practice folder: blackbox practice init makes one.")


def _read(path: Path) -> Folder:
    try:
        state = json.loads((path / STATE).read_text(encoding="utf-8"))
        seed, current, record = state["seed"], state["current"], state["exercises"]
        if state["schema"] != SCHEMA or type(seed) is not int or seed < 0:
            raise ValueError("unknown schema or seed")
        exercise(current)
        rows = cast(dict[str, dict[str, Any]], record)
        folder = Folder(path, seed, str(current), {})
        for name, row in rows.items():
            folder.of(name).update({key: type(folder.of(name)[key])(row[key]) for key in folder.of(name) if key in row})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, UsageError) as cause:
        told = f"{path / STATE} cannot be understood ({cause}): mend it, or move it away and say practice init again."
        raise UsageError(told) from cause
    return folder


def _lay_out(path: Path, found: Exercise) -> None:
    """The statement, and the stub where no solution has been begun."""
    place = path / found.folder
    place.mkdir(parents=True, exist_ok=True)
    (place / STATEMENT).write_text(statement(found), encoding="utf-8")
    if not (place / SOLUTION).exists():
        (place / SOLUTION).write_text(found.stub, encoding="utf-8")


def statement(found: Exercise) -> str:
    """What the learner reads."""
    lines = [f"# {found.number}. {found.title}", "", f"Stage {found.stage}: {STAGES[found.stage - 1]}.", ""]
    lines += [found.statement, "", "| check | points |", "|---|---:|"]
    lines += [f"| {check.name} | {check.score} |" for check in found.checks]
    return "\n".join(lines) + "\n"


def _old_names(path: Path) -> Iterator[Path]:
    number = 1
    while True:
        yield path.with_name(f"solution.old-{number}.py")
        number += 1
