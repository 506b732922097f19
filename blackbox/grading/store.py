"""Results, item by item, in an SQLite file: what is in it survives the grader. One writer at a time."""

import contextlib
import json
import os
import sqlite3
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from blackbox.core.errors import UsageError
from blackbox.grading.jobs import Job
from blackbox.grading.marks import Mark, Status

NAME, LOCK = "results.sqlite", ".grading.lock"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS jobs (key TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS items (
    submission TEXT, challenge TEXT, instance INTEGER, item TEXT, status TEXT, fraction REAL, reason TEXT,
    evaluations INTEGER, seconds REAL, PRIMARY KEY (submission, challenge, instance, item)
);
"""


class Store:
    """The file of one grading."""

    def __init__(self, folder: Path, key: dict[str, Any], resume: bool) -> None:
        """Raises `UsageError` where the folder cannot be used, is in use, or holds another grading."""
        self._ends = contextlib.ExitStack()
        with contextlib.ExitStack() as ends:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
                ends.callback(os.close, lock)
                _lock(lock, folder)
                there = (folder / NAME).exists()
                self._file = sqlite3.connect(folder / NAME, isolation_level=None)
                ends.callback(self._file.close)
                self._file.execute("PRAGMA journal_mode=WAL")
                self._file.execute("PRAGMA synchronous=FULL")
                self._file.executescript(_SCHEMA)
                self._claim(folder, key, there and not resume)
            except (OSError, sqlite3.Error) as cause:
                raise UsageError(f"--out {folder} cannot be used: {cause}.") from cause
            self._ends = ends.pop_all()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.close()

    def _claim(self, folder: Path, key: dict[str, Any], fresh: bool) -> None:
        row = self._file.execute("SELECT value FROM facts WHERE name = 'grading'").fetchone()
        if row is None:
            self._file.execute("INSERT INTO facts VALUES ('grading', ?)", (json.dumps(key, sort_keys=True),))
            return
        known = json.loads(row[0])
        if known != key:
            differing = ", ".join(sorted(name for name in {*known, *key} if known.get(name) != key.get(name)))
            raise UsageError(f"{folder} holds another grading ({differing} differ): choose another --out.")
        if fresh:
            raise UsageError(f"{folder} holds this grading already: go on with --resume, or choose another --out.")

    def done(self) -> dict[str, Any]:
        """Key of a job → its body: baselines, or a list of marks as plain data."""
        return {key: json.loads(body) for key, body in self._file.execute("SELECT key, body FROM jobs")}

    def keep(self, job: Job, body: Any) -> None:
        """One finished job, on disk when this returns."""
        self._file.execute("BEGIN IMMEDIATE")
        with contextlib.ExitStack() as stack:
            stack.callback(self._file.execute, "COMMIT")
            self._file.execute("INSERT OR REPLACE INTO jobs VALUES (?, ?)", (job.key, json.dumps(body)))
            if job.submission:
                for row in body:
                    place = (job.submission, job.challenge, job.number, row["item"])
                    rest = (row["status"], row["fraction"], row["reason"], row["evaluations"], row["seconds"])
                    self._file.execute("INSERT OR REPLACE INTO items VALUES (?,?,?,?,?,?,?,?,?)", place + rest)


def plain(marks: list[Mark]) -> list[dict[str, Any]]:
    """Marks as plain data."""
    return [{**asdict(mark), "status": mark.status.value} for mark in marks]


def marks_of(body: list[dict[str, Any]]) -> list[Mark]:
    """Marks from plain data."""
    return [replace(Mark(**row), status=Status(row["status"])) for row in body]


def _lock(descriptor: int, folder: Path) -> None:
    try:
        import fcntl
    except ImportError:
        return  # SQLite's own lock remains
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as cause:
        raise UsageError(f"Another grader is writing to {folder}: wait for it, or choose another --out.") from cause
