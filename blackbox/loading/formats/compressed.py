"""Compressed streams, one inside another too, opened in bounded time and memory."""

import bz2
import lzma
import re
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from blackbox.core.errors import ChallengeError
from blackbox.loading.allowance import DEFAULT, Allowance

MAXIMUM_DEPTH = 3
"""Layers. Nobody compresses what is compressed more than once on purpose; a quine archive does so for ever."""
MAXIMUM_STREAMS = 1000
"""Streams one after the other in a layer (what `cat a.gz b.gz` makes): empty ones cost time and give nothing."""
_LZMA_MEMORY = 128 * 1024 * 1024
"""Bytes of dictionary. `xz -9` needs 65 MiB; a hostile header asks for 4 GiB."""
MAXIMUM_SECONDS = 10.0
"""Of computing in one layer for every 64 MiB allowed: of the slowest kind, bzip2, they take about as long."""
_HEADER = 64
"""Bytes that show whether another stream follows; the longest of the headers has 13."""
_PADDING = re.compile(rb"\0*")
"""What tapes and xz leave behind a stream."""
_PIECE = 256 * 1024
"""Bytes fed and asked for at once: bounds what a single call can do."""


class _Decoder(Protocol):
    """What the decompressors of `bz2` and `lzma` have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /, max_length: int = -1) -> bytes: ...


class _ZlibDecoder:
    """zlib's decompressor with the manners of the other two."""

    def __init__(self, window: int) -> None:
        self._inner = zlib.decompressobj(window)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, /, max_length: int = -1) -> bytes:
        output = self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
        self.needs_input = not self._inner.unconsumed_tail and len(output) < max_length
        return output


@dataclass(frozen=True, slots=True)
class Compression:
    """One kind of compressed stream."""

    name: str
    recognise: Callable[[bytes], bool]
    start: Callable[[], _Decoder]


def _is_zlib(data: bytes) -> bool:
    # RFC 1950: deflate with a window of 32 KiB, the header a multiple of 31, no preset dictionary
    return len(data) > 6 and data[0] == 0x78 and int.from_bytes(data[:2], "big") % 31 == 0 and not data[1] & 0x20


def _is_lzma(data: bytes) -> bool:
    # the old .lzma header has no magic number: the usual properties byte, then a dictionary of 2**n or 3 * 2**n bytes
    size = int.from_bytes(data[1:5], "little")
    power = size & (size - 1) == 0 or (size // 3) & (size // 3 - 1) == 0
    return len(data) > 13 and data[0] == 0x5D and size >= 4096 and power


CATALOGUE = (
    Compression("gzip", lambda data: data[:3] == b"\x1f\x8b\x08", lambda: _ZlibDecoder(31)),
    Compression("bzip2", lambda data: data[:3] == b"BZh" and data[3:4].isdigit(), bz2.BZ2Decompressor),
    Compression("xz", lambda data: data[:6] == b"\xfd7zXZ\0", lambda: lzma.LZMADecompressor(memlimit=_LZMA_MEMORY)),
    Compression("lzma", _is_lzma, lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_LZMA_MEMORY)),
    Compression("zlib", _is_zlib, lambda: _ZlibDecoder(15)),
)
"""What can be opened, tried in this order."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was inside the compressed layers, and their names from the outside in."""

    data: bytes
    layers: tuple[str, ...]


def unpack(data: bytes, allowed: Allowance = DEFAULT) -> Unpacked:
    """Open every compressed layer; data without one comes back as it is. Raises `ChallengeError`."""
    layers: list[str] = []
    while (compression := recognise(data)) is not None:
        if len(layers) == MAXIMUM_DEPTH:
            raise ChallengeError(
                f"It is compressed more than {MAXIMUM_DEPTH} times over.", "Ask the sender for the file uncompressed."
            )
        data = _decompress(data, compression, allowed)
        layers.append(compression.name)
    return Unpacked(data, tuple(layers))


def recognise(data: bytes) -> Compression | None:
    """The compression that the first bytes show."""
    return next((compression for compression in CATALOGUE if compression.recognise(data)), None)


class Clock:
    """The time that opening one layer may take, in seconds of computing."""

    def __init__(self, allowed: Allowance) -> None:
        self.seconds = MAXIMUM_SECONDS * max(1.0, allowed.size / DEFAULT.size)
        self._deadline = time.thread_time() + self.seconds

    @property
    def late(self) -> bool:
        """Whether it is up."""
        return time.thread_time() > self._deadline


class _Stream:
    """One stream on its way out; `room` is how many bytes it may still give."""

    def __init__(self, compression: Compression, room: int, clock: Clock, allowed: Allowance) -> None:
        self.compression, self.room, self.clock, self.allowed = compression, room, clock, allowed
        self.pieces: list[bytes] = []

    def read(self, data: bytes, position: int) -> int:
        """Open the stream that begins at `position`; where it ends."""
        decoder = self.compression.start()
        while not decoder.eof:
            piece = data[position : position + _PIECE] if decoder.needs_input else b""
            if decoder.needs_input and not piece:
                raise _broken(self.compression, "ends in the middle")
            position += len(piece)
            try:
                self.take(decoder.decompress(piece, _PIECE))
            except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError) as cause:
                raise _broken(self.compression, "is damaged") from cause
        return position - len(decoder.unused_data)

    def take(self, piece: bytes) -> None:
        """Keep what came out, within the limits."""
        self.pieces.append(piece)
        self.room -= len(piece)
        name = self.compression.name
        if self.room < 0:
            raise ChallengeError(
                f"Its {name} data grows beyond {self.allowed.size} MiB when opened.",
                "Ask the sender for the function alone, uncompressed, or allow more with --max-size.",
            )
        if self.clock.late:
            raise ChallengeError(
                f"Its {name} data takes longer than {self.clock.seconds:g} seconds to open.",
                "Ask the sender for the file uncompressed.",
            )


def _decompress(data: bytes, compression: Compression, allowed: Allowance) -> bytes:
    pieces: list[bytes] = []
    room, position, clock = allowed.bytes, 0, Clock(allowed)
    for _ in range(MAXIMUM_STREAMS):
        stream = _Stream(compression, room, clock, allowed)
        position = stream.read(data, position)
        pieces.extend(stream.pieces)
        room = stream.room
        padding = _PADDING.match(data, position)
        position = padding.end() if padding else position
        if not compression.recognise(data[position : position + _HEADER]):
            return b"".join(pieces)
    raise ChallengeError(
        f"Its {compression.name} data consists of more than {MAXIMUM_STREAMS} streams.",
        "Ask the sender for the file uncompressed.",
    )


def _broken(compression: Compression, how: str) -> ChallengeError:
    return ChallengeError(
        f"Its {compression.name} data {how}.", "Ask the sender for it again: the transfer may have failed."
    )
