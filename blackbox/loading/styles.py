"""The ways of handing a point to a function, and the words for them on the command line."""

from dataclasses import dataclass, field
from enum import Enum

from blackbox.core.errors import OptionError

INTEGERS_BIT = 0x80
"""Of the style byte: give the function whole numbers."""
IMAGINARY_BIT = 0x40
"""Of the style byte: two coordinates are one complex input, and the imaginary part of the value is the answer."""
INTEGERS = "integers"
"""The word that asks for whole numbers: `scalars+integers`, or alone where the style is to be found."""


class CallStyle(Enum):
    """How the function takes a point. The value is the byte on the wire."""

    SCALARS = 0
    """`f(x1, x2)`: Python floats, one an argument."""
    ARRAY = 1
    """`f(x)`: a numpy array of shape (d,)."""
    LIST = 2
    TUPLE = 3
    BATCH = 4
    """`f(X)`: a numpy array of shape (n, d), answered by n values; one call a batch."""
    KEYWORDS = 5
    """`f(a=…, b=…)`: Python floats by name; those before the names go by place."""
    DICT = 6
    """`f({"a": …, "b": …})`."""

    @property
    def word(self) -> str:
        """The word for `--call`."""
        return self.name.lower()

    @classmethod
    def from_word(cls, word: str) -> "CallStyle":
        """The style of this word. Raises `OptionError`."""
        for style in cls:
            if style.word == word:
                return style
        raise OptionError("call", word, f"must be one of {', '.join(style.word for style in cls)}")

    @property
    def named(self) -> bool:
        """Whether the inputs have names in the call."""
        return self in (CallStyle.KEYWORDS, CallStyle.DICT)

    @property
    def prepared(self) -> bool:
        """Whether the worker must be told before: to import numpy, or the names."""
        return self.named or self in (CallStyle.ARRAY, CallStyle.BATCH)


@dataclass(frozen=True, slots=True)
class Call:
    """A style with all that it needs to be carried out."""

    style: CallStyle
    names: tuple[str, ...] = ()
    """Of the last inputs, where the style is a named one."""
    integers: bool = False
    """Whether each input is rounded to a whole number, and given as a Python int (an array of int64)."""
    imaginary: bool = False
    """Whether each pair of coordinates is one complex input, and the imaginary part of the value the answer."""
    byte: int = field(init=False, repr=False, compare=False)
    """On the wire. Found once, as looking an enum's value up costs as much as packing a question."""

    def __post_init__(self) -> None:
        whole, imaginary = INTEGERS_BIT if self.integers else 0, IMAGINARY_BIT if self.imaginary else 0
        object.__setattr__(self, "byte", self.style.value | whole | imaginary)

    @classmethod
    def of(cls, style: "Call | CallStyle") -> "Call":
        """A bare style is a call without names, in floats."""
        return style if isinstance(style, Call) else cls(style)


@dataclass(frozen=True, slots=True)
class CallWish:
    """What a person asked for with `--call`: any part may be left to be found."""

    style: CallStyle | None = None
    names: tuple[str, ...] = ()
    integers: bool = False

    @classmethod
    def from_text(cls, text: str | None) -> "CallWish":
        """From `STYLE[:NAME,NAME…][+integers]` or `integers`; None asks for nothing. Raises `OptionError`."""
        if text is None:
            return cls()
        if text == INTEGERS:
            return cls(integers=True)
        head, plus, flag = text.partition("+")
        if plus and flag != INTEGERS:
            raise OptionError("call", text, f"after + may stand {INTEGERS} alone")
        word, colon, listed = head.partition(":")
        style = CallStyle.from_word(word)
        names = tuple(name.strip() for name in listed.split(",")) if colon else ()
        if names and not style.named:
            raise OptionError("call", text, "names go with keywords and dict alone, as in dict:a,b")
        if "" in names or len(set(names)) < len(names):
            raise OptionError("call", text, "the names must be there and differ, as in dict:a,b")
        return cls(style, names, bool(plus))

    @property
    def text(self) -> str:
        """The words again."""
        if self.style is None:
            return INTEGERS
        named = f"{self.style.word}:{','.join(self.names)}" if self.names else self.style.word
        return f"{named}+{INTEGERS}" if self.integers else named
