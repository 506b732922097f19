"""Grading for tests: a class on disk, graded once for all processes of a test run."""

import fcntl
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from blackbox.grading.grade import GradeOptions, grade
from tests.grading.quality import Case

SUITE = Path(__file__).with_name("small_suite.toml")


def write(folder: Path, cases: Mapping[str, Case]) -> Path:
    """A folder of submissions."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (source, _, _) in cases.items():
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
    return folder


def once(place: Path, make: Callable[[Path], None]) -> Path:
    """The folder, made by whichever process of the test run comes first."""
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "done").exists():
            make(place)
            (place / "done").touch()
    return place


def graded(place: Path, cases: Mapping[str, Case], workers: int = 2) -> None:
    """Grade the cases into `place/out`."""
    grade(write(place / "in", cases), GradeOptions(suite=SUITE, out=place / "out", workers=workers))


def report(out: Path) -> dict[str, Any]:
    """The report in a folder of results."""
    return json.loads((out / "report.json").read_text(encoding="utf-8"))


def timeless(found: dict[str, Any]) -> dict[str, Any]:
    """The same without what no two runs share: the seconds, and how far a call had come when the clock stopped it."""
    for submission in found["submissions"]:
        for item in submission["items"]:
            del item["seconds"]
            if item["outcome"] == "time":
                del item["evaluations"]
    return found


def first_difference(one: dict[str, Any], other: dict[str, Any]) -> str:
    """Where two reports differ first, in one line; empty where they do not."""
    one, other = timeless(one), timeless(other)
    for a, b in zip(one["submissions"], other["submissions"], strict=True):
        for item, twin in zip(a["items"], b["items"], strict=True):
            if item != twin:
                fields = [f"{name}: {item[name]!r} or {twin[name]!r}" for name in item if item[name] != twin.get(name)]
                return f"{a['name']}, {item['name']} at {item['challenge']}: {'; '.join(fields)}"
        if a != b:
            return (
                f"{a['name']}: {a['verdict']} {a['score']} {a['reason']} or {b['verdict']} {b['score']} {b['reason']}"
            )
    differing = [name for name in one if name != "submissions" and one[name] != other[name]]
    return ", ".join(differing)
