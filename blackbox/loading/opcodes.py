"""The opcodes of the pickle protocols 0 to 5, read one by one. Nothing is executed.

The facts are those of the standard library's `pickletools` and of PEPs 307, 3154 and 574; a test compares the table.
"""

import codecs
import struct
from collections.abc import Iterator
from typing import TypeAlias

NEWEST_PROTOCOL = 5
LONGEST_NUMBER = 1024
"""Bytes of an integer worth reading: decimal conversion takes quadratic time, and no honest number is longer."""

Argument: TypeAlias = int | float | str | bytes | tuple[str, str] | None


class MalformedError(Exception):
    """The bytes are no pickle from here on; the text is one sentence. Caught by the machine, seen by nobody else."""


Instruction: TypeAlias = tuple[str, Argument, int]
"""The name of an opcode, its argument and the offset of its first byte. A bare tuple, since there may be millions."""


# byte → name and shape of the argument: a little-endian unsigned integer of so many bytes, text that runs to the end of
# the line, a counted string (bytes of the count), or one of the odd ones.
_TABLE = """
( MARK -         . STOP -         0 POP -          1 POP_MARK -     2 DUP -          F FLOAT float-line
I INT int-line   J BININT i4      K BININT1 u1     M BININT2 u2     L LONG long-line N NONE -
P PERSID line    Q BINPERSID -    R REDUCE -       S STRING string-line               T BINSTRING text-i4
U SHORT_BINSTRING text-1          V UNICODE unicode-line            X BINUNICODE utf8-4
a APPEND -       b BUILD -        c GLOBAL two-lines                d DICT -         } EMPTY_DICT -
e APPENDS -      g GET digits     h BINGET u1      i INST two-lines j LONG_BINGET u4 l LIST -
] EMPTY_LIST -   o OBJ -          p PUT digits     q BINPUT u1      r LONG_BINPUT u4 s SETITEM -
t TUPLE -        ) EMPTY_TUPLE -  u SETITEMS -     G BINFLOAT f8
80 PROTO u1      81 NEWOBJ -      82 EXT1 u1       83 EXT2 u2       84 EXT4 u4       85 TUPLE1 -
86 TUPLE2 -      87 TUPLE3 -      88 NEWTRUE -     89 NEWFALSE -    8a LONG1 long-1  8b LONG4 long-4
B BINBYTES bytes-4                C SHORT_BINBYTES bytes-1          8c SHORT_BINUNICODE utf8-1
8d BINUNICODE8 utf8-8             8e BINBYTES8 bytes-8              8f EMPTY_SET -   90 ADDITEMS -
91 FROZENSET -   92 NEWOBJ_EX -   93 STACK_GLOBAL -                 94 MEMOIZE -     95 FRAME u8
96 BYTEARRAY8 bytes-8             97 NEXT_BUFFER - 98 READONLY_BUFFER -
"""


def _read_table() -> dict[int, tuple[str, str]]:
    words = _TABLE.split()
    codes = (int(word, 16) if len(word) == 2 else ord(word) for word in words[::3])
    return dict(zip(codes, zip(words[1::3], words[2::3], strict=True), strict=True))


OPCODES = _read_table()
"""Byte → name and shape of its argument."""

_FIXED = {"u1": "<B", "u2": "<H", "u4": "<I", "u8": "<Q", "i4": "<i", "f8": ">d"}
_UNPACKERS = {shape: struct.Struct(layout) for shape, layout in _FIXED.items()}
_COUNTS = {"1": _UNPACKERS["u1"], "4": _UNPACKERS["u4"], "8": _UNPACKERS["u8"], "i4": _UNPACKERS["i4"]}


def instructions(data: bytes, position: int = 0) -> Iterator[Instruction]:
    """The opcodes from a position up to and with STOP. Raises `MalformedError` where the bytes end or make no sense."""
    size = len(data)
    while position < size:
        known = OPCODES.get(data[position])
        if known is None:
            raise MalformedError(f"byte {position} (0x{data[position]:02x}) is no pickle opcode")
        name, shape = known
        argument, end = (None, position + 1) if shape == "-" else _read_argument(data, position + 1, shape, name)
        if name == "FRAME" and isinstance(argument, int) and argument > size - end:
            raise MalformedError(f"it ends in the middle of a frame of {argument} bytes")
        yield name, argument, position
        if name == "STOP":
            return
        position = end
    raise MalformedError(f"it ends in the middle, after {size} bytes, without its STOP opcode")


def _read_argument(data: bytes, at: int, shape: str, name: str) -> tuple[Argument, int]:
    if shape == "u1" and at < len(data):
        return data[at], at + 1
    fixed = _UNPACKERS.get(shape)
    if fixed is not None:
        if at + fixed.size > len(data):
            raise MalformedError(f"it ends in the middle of a {name} opcode at byte {at - 1}")
        return fixed.unpack_from(data, at)[0], at + fixed.size
    if shape.endswith(("line", "lines", "digits")):
        return _read_lines(data, at, shape, name)
    kind, _, width = shape.partition("-")
    raw, end = _read_counted(data, at, _COUNTS[width], name)
    if kind == "utf8":
        return _decoded(raw, "utf-8", name, at), end
    if kind == "text":
        return raw.decode("latin-1"), end
    if kind == "long":
        return (int.from_bytes(raw, "little", signed=True) if len(raw) <= LONGEST_NUMBER else None), end
    return raw, end


def _read_counted(data: bytes, at: int, count: struct.Struct, name: str) -> tuple[bytes, int]:
    begin = at + count.size
    length: int = count.unpack_from(data, at)[0] if begin <= len(data) else -1
    if name == "LONG4" and length >= 2**31:
        length = -1  # a signed count, the one in the table that may not be read as unsigned
    if length < 0 or begin + length > len(data):
        raise MalformedError(f"it ends in the middle of a {name} opcode at byte {at - 1}")
    return data[begin : begin + length], begin + length


def _read_lines(data: bytes, at: int, shape: str, name: str) -> tuple[Argument, int]:
    first, end = _read_line(data, at, name)
    if shape == "two-lines":
        second, end = _read_line(data, end, name)
        return (_decoded(first, "utf-8", name, at), _decoded(second, "utf-8", name, at)), end
    if shape in ("int-line", "long-line", "digits", "float-line"):
        return _number(first, shape, name, at), end
    if shape == "unicode-line":
        return _decoded(first, "raw-unicode-escape", name, at), end
    if shape == "string-line":
        return _unquoted(first, at), end
    return _decoded(first, "utf-8", name, at), end


def _read_line(data: bytes, at: int, name: str) -> tuple[bytes, int]:
    end = data.find(b"\n", at)
    if end < 0:
        raise MalformedError(f"it ends in the middle of a {name} opcode at byte {at - 1}")
    return data[at:end], end + 1


def _number(line: bytes, shape: str, name: str, at: int) -> int | float | None:
    if shape == "long-line":
        line = line.removesuffix(b"L")
    if len(line) > LONGEST_NUMBER:
        return None
    try:
        if shape == "float-line":
            return float(line)
        # the C unpickler reads INT and LONG in any base, memo indices in base ten
        return int(line) if line.strip().lstrip(b"-+").isdigit() else int(line, 10 if shape == "digits" else 0)
    except ValueError as cause:
        raise MalformedError(f"the {name} opcode at byte {at - 1} holds no number") from cause


def _decoded(raw: bytes, encoding: str, name: str, at: int) -> str:
    try:
        return raw.decode(encoding, "surrogatepass" if encoding == "utf-8" else "strict")
    except UnicodeDecodeError as cause:
        raise MalformedError(f"the {name} opcode at byte {at - 1} holds no {encoding} text") from cause


def _unquoted(line: bytes, at: int) -> str:
    if len(line) < 2 or line[:1] not in (b"'", b'"') or line[-1:] != line[:1]:
        raise MalformedError(f"the STRING opcode at byte {at - 1} holds no quoted text")
    try:
        return codecs.escape_decode(line[1:-1])[0].decode("latin-1")  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue, reportUnknownVariableType]
    except ValueError as cause:
        raise MalformedError(f"the STRING opcode at byte {at - 1} holds broken escapes") from cause
