"""Payloads that are no foreign pickle: a loader of a few lines and its values, as a pickle that any Python 3 loads.

Protocol 3 is the first with bytes, and Python 3.6 reads it. The loader defines `load`, which is called with the values
by name; what it returns is the function, or holds it.
"""

import struct
from collections.abc import Mapping

_PROTOCOL = b"\x80\x03"
_EVAL = b"cbuiltins\neval\n"
_TEXT, _BYTES, _EMPTY_DICT, _MARK, _SET_ITEMS, _PAIR, _CALL, _END = b"X", b"B", b"}", b"(", b"u", b"\x86", b"R", b"."
_TEXT_OF_CALL = "exec(loader, globals()) or load(**values)"


def pack_loader(loader: str, values: Mapping[str, str | bytes]) -> bytes:
    """A pickle whose loading runs the loader's text and gives what its `load` returns."""
    inner = b"".join(_constant(name) + _constant(value) for name, value in values.items())
    variables = _constant("loader") + _constant(loader)
    variables += _constant("values") + _EMPTY_DICT + _MARK + inner + _SET_ITEMS
    namespace = _EMPTY_DICT + _MARK + variables + _SET_ITEMS
    return _PROTOCOL + _EVAL + _constant(_TEXT_OF_CALL) + namespace + _PAIR + _CALL + _END


def pack_name(module: str, name: str) -> bytes:
    """A pickle that gives `module.name` by reference."""
    return b"\x80\x04" + _constant(module) + _constant(name) + b"\x93" + _END


def _constant(value: str | bytes) -> bytes:
    opcode, data = (_TEXT, value.encode()) if isinstance(value, str) else (_BYTES, value)
    return opcode + struct.pack("<I", len(data)) + data
