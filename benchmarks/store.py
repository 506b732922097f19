"""Records on disk: one SQLite file a folder, written by one process, read by any number."""

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np

from benchmarks.counting import Trace
from benchmarks.item import Item, Record

FILE = "runs.sqlite"

_KEY = ", ".join(field.name for field in fields(Item))
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS sessions (id INTEGER PRIMARY KEY, commit_id TEXT, versions TEXT, machine TEXT);
CREATE TABLE IF NOT EXISTS runs (
    solver TEXT, suite TEXT, function TEXT, dimension INTEGER, instance INTEGER, seed INTEGER, budget INTEGER,
    session INTEGER REFERENCES sessions, family TEXT, minimum REAL, unit REAL, evaluations INTEGER, overhead REAL,
    ending TEXT, trace BLOB, PRIMARY KEY ({_KEY})
);
"""


class Store:
    """The records of one folder. Finished items are known by their keys."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(folder / FILE, timeout=60)
        self._base.executescript(_SCHEMA)
        self._session: int | None = None

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    def begin(self, origin: dict[str, str]) -> None:
        """What follows was made by this code on this machine."""
        row = (origin["commit"], origin["versions"], origin["machine"])
        with self._base:
            cursor = self._base.execute("INSERT INTO sessions (commit_id, versions, machine) VALUES (?, ?, ?)", row)
        self._session = cursor.lastrowid

    def finished(self, *, with_failures: bool = True) -> set[Item]:
        """The items that have a record; without failures, those alone that did not end by an exception or the clock."""
        chosen = "" if with_failures else " WHERE ending IN ('budget', 'ended')"
        return {Item(*row) for row in self._base.execute(f"SELECT {_KEY} FROM runs{chosen}")}

    def add(self, record: Record) -> None:
        """Keep a record; durable when this returns."""
        assert self._session is not None
        row = (
            *astuple(record.item),
            self._session,
            record.group,
            record.minimum,
            record.unit,
            record.evaluations,
            record.overhead,
            record.end,
            pack(record.trace),
        )
        with self._base:
            self._base.execute(f"INSERT OR REPLACE INTO runs VALUES ({', '.join('?' * len(row))})", row)

    def records(self) -> Iterator[Record]:
        """All of them."""
        columns = f"{_KEY}, family, minimum, unit, evaluations, overhead, ending, trace"
        for row in self._base.execute(f"SELECT {columns} FROM runs ORDER BY {_KEY}"):
            yield Record(Item(*row[:7]), *row[7:13], unpack(row[13]))

    def origins(self) -> list[tuple[str, str, dict[str, str], str]]:
        """Solver, commit, versions, machine: every combination in use."""
        query = (
            "SELECT DISTINCT solver, commit_id, versions, machine FROM runs JOIN sessions ON session = sessions.id "
            "ORDER BY solver"
        )
        return [
            (solver, commit, json.loads(text), machine) for solver, commit, text, machine in self._base.execute(query)
        ]


def pack(trace: Trace) -> bytes:
    """Both arrays, compressed: some 10 bytes an improvement."""
    gaps = np.diff(trace.evaluations, prepend=0).astype("<i8")
    return zlib.compress(gaps.tobytes() + trace.values.astype("<f8").tobytes())


def unpack(blob: bytes) -> Trace:
    """The inverse of `pack`, exactly."""
    raw = zlib.decompress(blob)
    half = len(raw) // 2
    gaps = np.frombuffer(raw[:half], dtype="<i8").astype(np.int64)
    return Trace(np.cumsum(gaps), np.frombuffer(raw[half:], dtype="<f8").astype(np.float64))


def read(folders: Sequence[Path]) -> list[Record]:
    """The records of several folders; of the same item, the last folder's."""
    found: dict[Item, Record] = {}
    for folder in folders:
        with Store(folder) as store:
            found.update((record.item, record) for record in store.records())
    return list(found.values())
