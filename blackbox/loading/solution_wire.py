"""What travels between the judge and a solution's process: the frames of `wire`, with kinds of their own.

    LOAD       judge      n bytes: the text of the solution
    DEFINED    solution   n bytes of JSON: the entries that it defines, or why it could not be read
    CALL       judge      n bytes of JSON: entry, point or bounds, budget, dimension
    ASK        solution   sequence counts the questions of this call; 1 × d float64
    ANSWER     judge      style is 1 where the budget is spent; n evaluations so far; one float64
    RETURNED   solution   sequence is the number of the call; n is 1 where the argument was changed; d float64
    RAISED     solution   n bytes of JSON: why the call gave no result

Whoever holds the process may send any of these at any time: a forged question is one that is charged, a forged result
is one that the judge evaluates. Everything else ends the process.
"""

import json
import struct
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any, cast

import numpy as np

from blackbox.core.asking import Floats
from blackbox.loading.printable import printable
from blackbox.loading.wire import HEADER, MAGIC, ProtocolViolation

MAX_TEXT = 4096
"""Bytes of a report in JSON."""
MAX_COORDINATES = 1000
LONGEST_NAME = 200
MOST_LINES = 10**7
"""Of a file of one MiB."""


class Frame(IntEnum):
    """What a frame is."""

    LOAD = 2
    DEFINED = 16
    CALL = 17
    ASK = 18
    ANSWER = 19
    RETURNED = 20
    RAISED = 21


class Trouble(StrEnum):
    """Why a call gave no result."""

    SPENT = "spent"
    """`BudgetSpent` went through the solution."""
    WRONG = "wrong"
    """It returned what is no point."""
    RAISED = "raised"


@dataclass(frozen=True, slots=True)
class Task:
    """One call of a solution's entry."""

    entry: str
    dimension: int
    budget: int
    x: tuple[float, ...] | None = None
    """For `gradient` and `descend`."""
    bounds: tuple[tuple[float, float], ...] | None = None
    """For `minimize`."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question: one point, shape `(d,)`."""

    point: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Returned:
    """A result, shape `(d,)`: any numbers, also those that are not finite."""

    numbers: Floats
    mutated: bool


@dataclass(frozen=True, slots=True)
class Raised:
    """No result."""

    kind: Trouble
    text: str
    line: int | None
    """Of the solution's file."""

    @property
    def sentence(self) -> str:
        """The text with its place."""
        return self.text if self.line is None else f"{self.text} (line {self.line})"


Said = Asked | Returned | Raised


def load_frame(source: bytes) -> bytes:
    """A LOAD frame."""
    return HEADER.pack(MAGIC, Frame.LOAD, 0, 0, 0, len(source), 0) + source


def call_frame(number: int, task: Task) -> bytes:
    """A CALL frame."""
    fields = {"entry": task.entry, "dimension": task.dimension, "budget": task.budget, "x": task.x}
    body = json.dumps({**fields, "bounds": task.bounds}).encode("ascii")
    return HEADER.pack(MAGIC, Frame.CALL, 0, 0, number, len(body), 0) + body


def answer_frame(sequence: int, value: float, spent: bool, evaluations: int) -> bytes:
    """An ANSWER frame."""
    return HEADER.pack(MAGIC, Frame.ANSWER, int(spent), 0, sequence, evaluations, 0) + struct.pack("<d", value)


@dataclass(frozen=True, slots=True)
class Head:
    """A header whose kind may be sent by a solution."""

    kind: Frame
    sequence: int
    n: int
    d: int

    @property
    def size(self) -> int:
        """Bytes of the body."""
        return self.n if self.kind in (Frame.RAISED, Frame.DEFINED) else 8 * self.d


def read_head(data: bytes, number: int, asked: int) -> Head:
    """The header during call `number`, after `asked` questions. Raises `ProtocolViolation`."""
    magic, kind, style, zero, sequence, n, d = HEADER.unpack(data)
    if magic != MAGIC or style or zero:
        raise ProtocolViolation("a frame without its mark")
    if kind not in (Frame.ASK, Frame.RETURNED, Frame.RAISED):
        raise ProtocolViolation(f"a frame of kind {kind} in the middle of a call")
    due = asked + 1 if kind == Frame.ASK else number
    if sequence != due:
        raise ProtocolViolation(f"a frame numbered {sequence} where {due} was due")
    if n > MAX_TEXT if kind == Frame.RAISED else n > 1 or d > MAX_COORDINATES:
        raise ProtocolViolation("a frame that is too long")
    return Head(Frame(kind), sequence, n, d)


def read_said(head: Head, body: bytes, dimension: int) -> Said:
    """What the frame says. Raises `ProtocolViolation`."""
    if head.kind is Frame.RAISED:
        return read_complaint(_object(body))
    numbers = np.frombuffer(body, dtype="<f8").astype(np.float64)
    if head.kind is Frame.RETURNED:
        return Returned(numbers, bool(head.n))
    if head.d != dimension:
        raise ProtocolViolation(f"a question of {head.d} numbers where the function takes {dimension}")
    return Asked(numbers)


def read_defined(data: bytes) -> int:
    """The size of the report of what the solution defines. Raises `ProtocolViolation`."""
    magic, kind, style, zero, sequence, n, d = HEADER.unpack(data)
    if magic != MAGIC or kind != Frame.DEFINED or style or zero or sequence or d or n > MAX_TEXT:
        raise ProtocolViolation("something else than what the solution defines")
    return n


def read_report(body: bytes) -> tuple[frozenset[str], Raised | None]:
    """The entries that are defined, or the complaint. Raises `ProtocolViolation`."""
    report = _object(body)
    names = report.get("defines")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in cast(list[Any], names)):
        raise ProtocolViolation("a report that is none")
    error = report.get("error")
    return frozenset(cast(list[str], names)), None if error is None else read_complaint(error)


def read_complaint(report: Any) -> Raised:
    """A complaint. Raises `ProtocolViolation`."""
    fields = cast(dict[str, Any], report) if isinstance(report, dict) else {}
    kind, text, line = fields.get("kind"), fields.get("text"), fields.get("line")
    if kind not in list(Trouble) or not isinstance(text, str) or not (line is None or _is_line(line)):
        raise ProtocolViolation("a complaint that is none")
    return Raised(Trouble(kind), printable(text, LONGEST_NAME), line)


def _is_line(line: Any) -> bool:
    return type(line) is int and 0 <= line <= MOST_LINES


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as cause:
        raise ProtocolViolation("text that is no JSON") from cause
    if not isinstance(found, dict):
        raise ProtocolViolation("JSON that is no object")
    return cast(dict[str, Any], found)
