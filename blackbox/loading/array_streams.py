"""The arrays that joblib writes between the opcodes of a pickle: where their bytes end.

joblib replaces each array by a small object with its shape and its type, and writes the array's bytes behind the
opcode that completes that object: since 1.2 after one byte that counts the padding, and the padding.
"""

import math
import re

from blackbox.loading.opcodes import MalformedError, instructions
from blackbox.loading.symbols import Call, Global, Mapping, Number, Sequence, Symbol, Text

WRAPPER = ("joblib.numpy_pickle", "NumpyArrayWrapper")
_CODE = re.compile(r"[<>|=]?([a-zA-Z])(\d{1,9})")
_BYTES_OF_CHARACTER = 4
"""In numpy's text: `U5` takes 20 bytes."""

_MOST_OPCODES = 200_000
"""Of one array of objects: class labels and the like take some tens, so many take 0.3 s."""


def is_array_in_stream(symbol: Symbol) -> bool:
    """Whether the symbol stands for an array whose bytes come next."""
    if not isinstance(symbol, Call) or not isinstance(symbol.target, Global):
        return False
    made = symbol.argument(0) if symbol.target.path == "copyreg._reconstructor" else symbol.target
    return isinstance(made, Global) and (made.module, made.name) == WRAPPER


def end_of_array(symbol: Symbol, data: bytes, position: int) -> int:
    """Where the opcodes go on. Raises `MalformedError` where the array's facts are not those that joblib writes."""
    assert isinstance(symbol, Call)
    state = symbol.state[-1] if symbol.state else None
    pairs = state.pairs() if isinstance(state, Mapping) else ()
    facts = {key.value: value for key, value in pairs if isinstance(key, Text)}
    kind, size = _item(facts.get("dtype"))
    if kind == "O":
        return _end_of_pickle(data, position)
    if isinstance(facts.get("numpy_array_alignment_bytes"), Number):
        if position >= len(data):
            raise MalformedError("is followed by no array")
        position += 1 + data[position]
    end = position + _count(facts.get("shape")) * size
    if end > len(data):
        raise MalformedError("is followed by an array that breaks off")
    return end


def _item(dtype: Symbol | None) -> tuple[str, int]:
    """Kind and bytes of one element."""
    code = dtype.argument(0) if isinstance(dtype, Call) else None
    match = _CODE.fullmatch(code.value[:20]) if isinstance(code, Text) else None
    if match is None:
        raise MalformedError("builds an array of an unknown type")
    kind, size = match.group(1), int(match.group(2))
    return kind, size * _BYTES_OF_CHARACTER if kind == "U" else size


def _count(shape: Symbol | None) -> int:
    lengths = shape.items if isinstance(shape, Sequence) else [None]
    numbers = [length.value for length in lengths if isinstance(length, Number)]
    whole = [number for number in numbers if isinstance(number, int) and number >= 0]
    if len(whole) != len(lengths):
        raise MalformedError("builds an array of an unknown shape")
    return math.prod(whole)


def _end_of_pickle(data: bytes, position: int) -> int:
    """An array of objects is a pickle of its own; its names are looked at when it is loaded, by the worker."""
    for count, (_, _, last) in enumerate(instructions(data, position)):
        if count > _MOST_OPCODES:
            raise MalformedError(f"is followed by an array of more than {_MOST_OPCODES} opcodes")
        position = last
    return position + 1
