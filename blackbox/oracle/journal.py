"""The journal: every answered question in its order, in one SQLite file. It is the only state of a run.

A run is resumed by running the same search with the same seed and feeding it the journal until it is used up.
Answers go to the file in batches; a writer thread makes them durable within 0.05 s, so that a slow next question
cannot keep earlier answers in memory, and `flush` does it at once.
"""

import json
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Points
from blackbox.core.errors import BlackboxError, UsageError
from blackbox.core.evaluations import Reply

Facts: TypeAlias = dict[str, Any]
"""Plain JSON data: what the questions of a run depend on, such as the seed and the bounds."""

SCHEMA = "blackbox.journal/1"
DELAY = 0.05
"""Seconds an answer may wait for company: half of what may be lost to a kill, at most."""

_TABLES = """
CREATE TABLE IF NOT EXISTS run (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS answers (
    sequence INTEGER PRIMARY KEY, n INTEGER NOT NULL, d INTEGER NOT NULL,
    points BLOB NOT NULL, answers BLOB NOT NULL, statuses BLOB NOT NULL, reasons TEXT NOT NULL
);
"""


class JournalError(BlackboxError):
    """The journal cannot be written: the run goes on no further than what is saved."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Stored:
    """All answers of a run, in order."""

    points: Points
    """Shape `(n, d)`; the trial calls before the search are not among them."""
    reply: Reply


class Journal:
    """An open journal. Use as a context manager, or call `close`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pending: list[tuple[Any, ...]] = []
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._closed = False
        self._failure: sqlite3.Error | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.executescript(_TABLES)
            row = self._connection.execute("SELECT COALESCE(MAX(sequence), -1) FROM answers").fetchone()
        except (OSError, sqlite3.Error) as cause:
            raise UsageError(
                f"The journal {path} cannot be used ({cause}): choose another place with --journal PATH."
            ) from cause
        self._next = int(row[0]) + 1
        self._writer = threading.Thread(target=self._write_on, daemon=True, name="journal")
        self._writer.start()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def facts(self) -> Facts:
        """What was recorded of the run; empty in a new journal."""
        with self._lock:
            rows = self._connection.execute("SELECT key, value FROM run").fetchall()
        return {key: json.loads(value) for key, value in rows}

    def record(self, facts: Facts) -> None:
        """Add facts of the run, durable on return."""
        rows = [(key, json.dumps(value)) for key, value in {"schema": SCHEMA, **facts}.items()]
        with self._lock:
            self._try(lambda: self._connection.executemany("INSERT OR REPLACE INTO run VALUES (?, ?)", rows))
        self._raise_failure()

    def append(self, points: Points, reply: Reply) -> None:
        """Add one answered batch; durable within `DELAY` seconds, or on `flush`."""
        n, d = points.shape
        reasons = json.dumps({str(index): text for index, text in reply.reasons.items()})
        blobs = (points.tobytes(), reply.values.tobytes(), reply.statuses.tobytes())
        with self._lock:
            self._pending.append((self._next, n, d, *blobs, reasons))
            self._next += 1
        self._wake.set()
        self._raise_failure()

    def flush(self) -> None:
        """Make everything appended so far durable. Raises `JournalError` where the disk refuses."""
        with self._lock:
            self._write_pending()
        self._raise_failure()

    def stored(self) -> Stored:
        """Everything that was answered before; values of failed evaluations are NaN."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT n, d, points, answers, statuses, reasons FROM answers ORDER BY sequence"
            ).fetchall()
        return _join(rows)

    def close(self) -> None:
        """Write what is pending and let go of the file. Raises `JournalError` where the disk refuses."""
        with self._lock:
            if self._closed:
                return
            self._write_pending()
            self._closed = True
        self._wake.set()
        self._writer.join(timeout=10)
        self._connection.close()
        self._raise_failure()

    def _write_on(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._closed:
                return
            threading.Event().wait(DELAY)
            with self._lock:
                if self._closed:
                    return
                self._write_pending()

    def _write_pending(self) -> None:
        """What the disk refused stays pending: the file is always the beginning of the run, without a gap."""
        rows = self._pending
        if rows and self._try(lambda: self._insert(rows)):
            self._pending = []

    def _insert(self, rows: list[tuple[Any, ...]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._connection.executemany("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        except sqlite3.Error:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _try(self, write: Callable[[], object]) -> bool:
        try:
            write()
        except sqlite3.Error as failure:
            self._failure = failure
            return False
        self._failure = None
        return True

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise JournalError(
                f"The journal {self.path} can no longer be written ({self._failure}): free some space or choose "
                "another place with --journal PATH, then go on with --resume."
            ) from self._failure


def _join(rows: list[tuple[int, int, bytes, bytes, bytes, str]]) -> Stored:
    if not rows:
        return Stored(np.empty((0, 0)), Reply(np.empty(0), np.empty(0, dtype=np.uint8), {}))
    points = np.vstack([np.frombuffer(row[2], dtype=np.float64).reshape(row[0], row[1]) for row in rows])
    values = np.concatenate([np.frombuffer(row[3], dtype=np.float64) for row in rows])
    statuses: NDArray[np.uint8] = np.concatenate([np.frombuffer(row[4], dtype=np.uint8) for row in rows])
    reasons: dict[int, str] = {}
    offset = 0
    for row in rows:
        reasons.update({offset + int(index): text for index, text in json.loads(row[5]).items()})
        offset += row[0]
    return Stored(points, Reply(values, statuses, reasons))
