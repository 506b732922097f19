"""What travels between the parent and the worker: fixed frames, bounded, checked field by field.

    request and reply     header, then a body whose length follows from the header
    header (20 bytes)     magic 4s · kind u8 · style u8 · zero u16 · sequence u32 · n u32 · d u32, little-endian
    LOAD                  n payload bytes, then d bytes of entry name
    PREPARE               n bytes of JSON: the names of the inputs, for the styles that name them
    EVALUATE              n × d float64; the highest bit of the style asks for whole numbers; the one below it makes
                          d / 2 complex inputs of them (real, imaginary, …) and asks for the imaginary parts
    VALUES                d is the index of the first answer of this chunk: n float64, then n status bytes
    DESCRIPTION           n bytes of JSON
    READY                 n is the set of boot facts (`Boot`), d is the interpreter's `sys.hexversion`
    reason (own pipe)     magic 4s · status u8 · zero u8 · length u16 · sequence u32 · index u32, then the text

Here live the parent's codecs. They trust nothing: every function raises `ProtocolViolation` at the first byte that no
honest worker sends. The worker has its own copy of the formats, as it may import nothing; a test holds both equal.
"""

import json
import struct
from enum import IntEnum, IntFlag

import numpy as np

from blackbox.core.asking import Floats, Points
from blackbox.core.errors import SafetyError
from blackbox.core.evaluations import Reply, Status
from blackbox.loading.printable import LONGEST, printable
from blackbox.loading.styles import Call as Call
from blackbox.loading.styles import CallStyle as CallStyle

MAGIC = b"BBX1"
HEADER = struct.Struct("<4sBBHIII")
REASON_MAGIC = b"BBXR"
REASON = struct.Struct("<4sBBHII")

MAX_DESCRIPTION = 128 * 1024
"""Bytes. The longest names that the worker tells, all of them escaped, and their defaults fit."""
MAX_REASON = LONGEST
"""Bytes."""
MAX_REASONS = 16
"""Reasons a batch. All together (8 KiB) fit into an empty pipe, so that writing them never blocks the worker."""
MAX_BODY = 1024 * 1024
"""Bytes of points in one request: bounds the memory of both sides; larger questions are cut into several."""


_VALUE = np.dtype("<f8")
_NATIVE = np.dtype(np.float64) if _VALUE.isnative else None
_WORST_CLAIM = int(Status.WRONG_TYPE)
"""The worker may claim no more: that it hung or died is for the parent to say."""
_HEADER_SIZE = HEADER.size


class Kind(IntEnum):
    """What a frame is."""

    READY = 1
    LOAD = 2
    DESCRIPTION = 3
    PREPARE = 4
    """Parent: import what this call style needs. Outside every evaluation, as it may take longer than one."""
    PREPARED = 5
    EVALUATE = 6
    VALUES = 7


_EVALUATE, _VALUES = int(Kind.EVALUATE), int(Kind.VALUES)
"""Plain numbers: what is packed for every question is not looked up in an enum."""


class Boot(IntFlag):
    """What the worker reports to have done to itself before it asked for the payload."""

    OWN_SESSION = 1
    DIES_WITH_PARENT = 2
    NOT_DUMPABLE = 4
    LIMITED = 8
    UNPRIVILEGED = 16
    """From here on facts of `lock.py`; together they are LOCKED."""
    ALONE = 32
    NO_NEW_PRIVILEGES = 64
    LANDLOCKED = 128
    FILTERED = 256
    NO_READING = 512
    NO_WRITING = 1024
    NO_SOCKETS = 2048
    NO_PROCESSES = 4096
    NO_SIGNALS = 8192
    BOUNDED = 16384
    LOCKED = 0x7FF0


class ProtocolViolation(SafetyError):  # noqa: N818 - it says what happened
    """The worker sent what no honest worker sends; it has been killed."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"the process that runs the function broke the protocol and was stopped: {detail}.")
        self.detail = detail


def load_header(sequence: int, payload: bytes, entry: bytes) -> bytes:
    """The header of a LOAD frame."""
    return HEADER.pack(MAGIC, Kind.LOAD, 0, 0, sequence, len(payload), len(entry))


def prepare_frame(sequence: int, call: Call) -> bytes:
    """A PREPARE frame."""
    names = json.dumps(call.names).encode("ascii")
    return HEADER.pack(MAGIC, Kind.PREPARE, call.style.value, 0, sequence, len(names), 0) + names


def evaluate_frame(sequence: int, call: Call, points: Points) -> bytes:
    """An EVALUATE frame for points of shape (n, d)."""
    n, d = points.shape
    body = points.tobytes() if points.dtype is _NATIVE else points.astype(_VALUE).tobytes()
    return HEADER.pack(MAGIC, _EVALUATE, call.byte, 0, sequence, n, d) + body


def read_header(data: bytes, kind: Kind, sequence: int) -> tuple[int, int]:
    """`n` and `d` of a whole header that must be of this kind and sequence.

    Raises `ProtocolViolation`.
    """
    magic, found, style, zero, number, n, d = HEADER.unpack_from(data)
    if magic != MAGIC:
        raise ProtocolViolation("a frame without its mark")
    if found != kind or style or zero:
        raise ProtocolViolation(f"a frame of kind {found} where {kind.name} ({kind.value}) was due")
    if number != sequence:
        raise ProtocolViolation(f"an answer to question {number} where {sequence} was asked")
    return n, d


def read_whole(data: bytes, sequence: int, total: int) -> Reply | None:
    """The reply, where one read brought all of it and nothing failed: the usual case, at a third of the cost.

    None where the bytes are anything else, a lie too: `ValuesReader` looks at them one by one.
    """
    start = HEADER.pack(MAGIC, _VALUES, 0, 0, sequence, total, 0)
    if len(data) != _HEADER_SIZE + 9 * total or not data.startswith(start) or not data.endswith(bytes(total)):
        return None
    values = np.frombuffer(data, _VALUE, total, _HEADER_SIZE).astype(np.float64)
    if b"\0" in np.isfinite(values).tobytes():
        return None
    return Reply(values, np.zeros(total, np.uint8), {})


class ValuesReader:
    """Puts the answer to one question together from the bytes that arrive."""

    __slots__ = ("_buffer", "_sequence", "_statuses", "_values", "received", "total")

    def __init__(self, sequence: int, total: int) -> None:
        self._sequence, self.total = sequence, total
        self._buffer = b""
        self._values: list[bytes] = []
        self._statuses: list[bytes] = []
        self.received = 0
        """Answers complete so far."""

    @property
    def done(self) -> bool:
        """Whether every answer is there."""
        return self.received == self.total

    @property
    def room(self) -> int:
        """Bytes worth reading at once: all that is due in one chunk, and one more, which nobody may send."""
        return _HEADER_SIZE + 9 * (self.total - self.received) + 1

    def feed(self, data: bytes) -> None:
        """Take in bytes. Raises `ProtocolViolation`."""
        buffer = self._buffer + data if self._buffer else data
        while len(buffer) >= _HEADER_SIZE:
            end = self._chunk(buffer)
            if end > len(buffer):
                break
            buffer = buffer[end:]
        if buffer and self.done:
            raise ProtocolViolation("more bytes than answers")
        self._buffer = buffer

    def _chunk(self, buffer: bytes) -> int:
        """Length of the chunk that starts the buffer; keeps it when it is whole."""
        n, first = read_header(buffer, Kind.VALUES, self._sequence)
        if first != self.received or not 1 <= n <= self.total - self.received:
            raise ProtocolViolation(f"answers {first} to {first + n} where {self.received} to {self.total} were due")
        middle, end = _HEADER_SIZE + 8 * n, _HEADER_SIZE + 9 * n
        if end <= len(buffer):
            self._values.append(buffer[_HEADER_SIZE:middle])
            self._statuses.append(buffer[middle:end])
            self.received += n
        return end

    def reply(self, reasons: dict[int, str]) -> Reply:
        """What has been received, shape `(received,)`. Raises `ProtocolViolation` for statuses and numbers that lie."""
        claimed = b"".join(self._statuses)
        values: Floats = np.frombuffer(bytearray(b"".join(self._values)), dtype=_VALUE)
        if not _VALUE.isnative:
            values = values.astype(np.float64)
        statuses = np.frombuffer(claimed, dtype=np.uint8)
        finite = np.isfinite(values)
        if claimed.count(0) != len(claimed):
            if max(claimed) > _WORST_CLAIM:
                raise ProtocolViolation(f"the status {max(claimed)}")
            failed = statuses != 0
            values[failed] = np.nan
            finite |= failed
        if b"\0" in finite.tobytes():  # a tenth of the cost of `finite.all()` where there is one point
            raise ProtocolViolation("a value that is not finite and claims to be")
        return Reply(values, statuses, reasons)

    @property
    def failures(self) -> bool:
        """Whether any answer so far has a status other than OK."""
        return any(part.count(0) != len(part) for part in self._statuses)


def read_reasons(data: bytes, sequence: int, total: int) -> dict[int, str]:
    """Index of an evaluation → its reason, from the bytes of the reasons pipe.

    Raises `ProtocolViolation`.
    """
    reasons: dict[int, str] = {}
    position = 0
    while position < len(data):
        if len(data) - position < REASON.size:
            raise ProtocolViolation("half a reason")
        magic, status, zero, length, number, index = REASON.unpack_from(data, position)
        position += REASON.size
        if magic != REASON_MAGIC or zero or number != sequence:
            raise ProtocolViolation("a reason without its mark or of another question")
        if status > _WORST_CLAIM or index >= total or length > MAX_REASON or len(reasons) >= MAX_REASONS:
            raise ProtocolViolation("a reason out of bounds")
        if len(data) - position < length:
            raise ProtocolViolation("half a reason")
        reasons[index] = printable(data[position : position + length])
        position += length
    return reasons
