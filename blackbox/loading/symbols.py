"""What a pickle would build, as symbols: nothing here was imported, called or unpickled.

    Symbol
    ├── Text, Number, Bytes      plain values
    ├── Global                   a name that the file asks for
    ├── Call                     something that the file calls, with its arguments
    ├── Sequence, Mapping        containers
    └── Opaque                   None, True, persistent ids, out-of-band buffers, …

Symbols share their parts as the pickle does (a memo bomb is a small graph with exponentially many paths), and lists may
hold themselves. So they are compared by identity, print nothing of what they hold, and are walked with `descend`, which
visits each symbol once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A string."""

    value: str


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """An integer or a float; None where it is too long to be worth reading."""

    value: int | float | None


@dataclass(frozen=True, slots=True, eq=False)
class Bytes:
    """Bytes or a bytearray."""

    value: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Global:
    """`module.name`, as it will be looked up by Python 3."""

    module: str
    name: str

    @property
    def path(self) -> str:
        """The dotted name."""
        return f"{self.module}.{self.name}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sequence:
    """A list, tuple, set or frozenset. The machine appends to `items` while it reads."""

    kind: str
    items: "list[Symbol]"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Mapping:
    """A dict: keys and values in turn, as the file gives them."""

    items: "list[Symbol]"

    def pairs(self) -> "Iterator[tuple[Symbol, Symbol]]":
        """Key and value of each entry; a key may come twice, the later one counts."""
        return zip(self.items[::2], self.items[1::2], strict=False)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Call:
    """What a call of `target` gives, and what is then stored in it: `state` by BUILD, `items` by APPEND and SETITEM."""

    target: "Symbol"
    arguments: "Symbol"
    state: "list[Symbol]" = field(default_factory=list["Symbol"])
    items: "list[Symbol]" = field(default_factory=list["Symbol"])

    def argument(self, index: int) -> "Symbol | None":
        """The positional argument, or None where there is none."""
        given = arguments_of(self)
        return given[index] if index < len(given) else None


@dataclass(frozen=True, slots=True, eq=False)
class Opaque:
    """A value whose inside does not matter: `None`, `bool`, `persistent id`, `buffer`, `extension`."""

    kind: str


Symbol: TypeAlias = Text | Number | Bytes | Global | Sequence | Mapping | Call | Opaque


def arguments_of(call: Call) -> list[Symbol]:
    """The positional arguments of a call; empty where the file gives no tuple."""
    return call.arguments.items if isinstance(call.arguments, Sequence) else []


def parts_of(symbol: Symbol) -> list[Symbol]:
    """What a symbol directly holds."""
    if isinstance(symbol, (Sequence, Mapping)):
        return symbol.items
    if isinstance(symbol, Call):
        return [symbol.target, symbol.arguments, *symbol.state, *symbol.items]
    return []


def descend(top: Symbol, budget: int) -> Iterator[Symbol]:
    """Each symbol that can be reached from the top, once, depth first, up to `budget` of them."""
    waiting = [top]
    seen: set[int] = set()
    while waiting and len(seen) < budget:
        symbol = waiting.pop()
        if id(symbol) in seen:
            continue
        seen.add(id(symbol))
        yield symbol
        waiting.extend(reversed(parts_of(symbol)[:budget]))
