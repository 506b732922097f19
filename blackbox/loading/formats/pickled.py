"""Pickles: which bytes are one."""

from blackbox.loading.opcodes import NEWEST_PROTOCOL, OPCODES, MalformedError, instructions

_LOOKED_AT = 2000
"""Opcodes read until bytes without a PROTO opcode count as a pickle: text passes for opcodes for a few of them."""
_PROTO = 0x80
_ASKS_FIRST = b"c"
"""GLOBAL with its two names: by it a damaged protocol 0 pickle may still be known."""


def is_pickle(data: bytes) -> bool:
    """Whether the bytes begin as a pickle does; they may break off later on."""
    if len(data) > 1 and data[0] == _PROTO:
        return data[1] <= NEWEST_PROTOCOL or data[2:3] in (b"\x95", b"(", b"]", b"}", b"c")
    if not data or data[0] not in OPCODES:
        return False
    return _asks_first(data) or _reads_as_opcodes(data)


def _asks_first(data: bytes) -> bool:
    if not data.startswith(_ASKS_FIRST):
        return False
    module, newline, rest = data[1:300].partition(b"\n")
    name, second_newline, _ = rest.partition(b"\n")
    names = (*module.split(b"."), *name.split(b"."))
    return bool(newline and second_newline) and all(part.decode("latin-1").isidentifier() for part in names)


def _reads_as_opcodes(data: bytes) -> bool:
    count = 0
    try:
        for count, _ in enumerate(instructions(data), start=1):
            if count >= _LOOKED_AT:
                return True
    except MalformedError:
        return False
    # a lone "." and its like are text that happens to stop
    return count > 1
