"""Numbers in the text that numpy, Python and JSON print for arrays, read without evaluating anything.

    [array([0.1, 0.2]), array([0.3, 0.4])]     np.float64(-3.5)     [[0.1 0.2]\n [0.3 0.4]]     [1e-3, null, nan]

A small grammar: numbers, words for what is not a number, brackets, commas or spaces between, calls of a few names whose
first argument is the array and whose others (`dtype=…`) say nothing that matters here.
"""

import math
import re
from dataclasses import dataclass
from typing import TypeAlias

from blackbox.core.errors import BlackboxError

Nested: TypeAlias = "float | list[Nested]"

DEEPEST = 16
"""Brackets within brackets: arrays of points have three."""

_TOKEN = re.compile(
    r"(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?![\w.])|(?P<sign>[-+])?(?P<name>[A-Za-z_][\w.]*)"
    r"|(?P<mark>[\[\](),=;])|(?P<space>\s+)|(?P<text>'[^']*'|\"[^\"]*\")"
)
_NOT_NUMBERS = {"nan": math.nan, "none": math.nan, "null": math.nan, "inf": math.inf, "infinity": math.inf}
_CALLS = {"array", "asarray", "float64", "float32", "float16", "int64", "int32", "float", "int", "tuple", "list"}


class DataError(BlackboxError):
    """Data that cannot be read: exit code 3."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    place: int


def read_nested(text: str) -> list[Nested]:
    """The values that stand in the text, outermost first. Raises `DataError` where it is no array."""
    return _Reader(_tokens(text)).everything()


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            around = text[position : position + 20].split("\n")[0]
            raise DataError(f"{around!r} at character {position + 1} is no part of an array of numbers.")
        if match.lastgroup != "space":
            found.append(_Token(match.lastgroup or "", match.group(), position))
        position = match.end()
    return found


class _Reader:
    """Recursive descent; the position is the only state."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def everything(self) -> list[Nested]:
        values: list[Nested] = []
        while self._at < len(self._tokens):
            if not self._skip(",") and not self._skip(";"):
                values.append(self._value(0))
        return values

    def _value(self, depth: int) -> Nested:
        if depth > DEEPEST:
            raise DataError(f"more than {DEEPEST} brackets within brackets are no array of points.")
        if self._at >= len(self._tokens):
            raise DataError("the text ends inside an array: a bracket is not closed.")
        token = self._tokens[self._at]
        self._at += 1
        if token.kind == "number":
            return float(token.text)
        if token.kind == "name":
            return self._named(token, depth)
        if token.text in "[(":
            return self._items("]" if token.text == "[" else ")", depth)
        raise DataError(f"{token.text!r} at character {token.place + 1} is not expected in an array of numbers.")

    def _named(self, token: _Token, depth: int) -> Nested:
        sign = -1.0 if token.text.startswith("-") else 1.0
        name = token.text.lstrip("+-").lower().rpartition(".")[2]
        if name in _NOT_NUMBERS:
            return sign * _NOT_NUMBERS[name]
        if name in _CALLS and self._skip("("):
            arguments = self._items(")", depth)
            if arguments:
                return arguments[0]
        raise DataError(f"{token.text!r} at character {token.place + 1} is neither a number nor an array of numbers.")

    def _items(self, closing: str, depth: int) -> list[Nested]:
        items: list[Nested] = []
        while not self._skip(closing):
            if self._skip(","):
                continue
            if self._is_keyword():
                self._at += 3
            else:
                items.append(self._value(depth + 1))
        return items

    def _is_keyword(self) -> bool:
        """Whether `dtype=…` comes next: a name or text after it, no value."""
        ahead = self._tokens[self._at : self._at + 3]
        return (
            len(ahead) == 3 and ahead[0].kind == "name" and ahead[1].text == "=" and ahead[2].kind in ("name", "text")
        )

    def _skip(self, mark: str) -> bool:
        here = self._at < len(self._tokens) and self._tokens[self._at].text == mark
        self._at += here
        return here
