"""Which Python wrote the functions in a pickle: from the arguments of their code objects and from their bytecode.

| Python | arguments | how they differ |
|---|---|---|
| 3.6, 3.7 | 15 | argument counts, stack, flags, bytecode, constants, names, …, line table, free and cell names |
| 3.8, 3.9 | 16 | the number of positional-only arguments is the second |
| 3.10 | 16 | the line table is of another make: its steps add up to the length of the bytecode |
| 3.11 and newer | 18 | the qualified name and the exception table are new |

dill puts an old line table before them all, from 3.10 on. Inside a row of the table `bytecode` decides.
"""

from dataclasses import dataclass

from blackbox.loading.bytecode import NEWER, Code, possible_versions, without_foreign_idioms
from blackbox.loading.opcode_machine import Program
from blackbox.loading.symbols import Bytes, Call, Global, Number, Sequence, Symbol, Text, arguments_of

_LAYOUTS: dict[int, tuple[str, ...]] = {
    15: ("3.6", "3.7"),
    16: ("3.8", "3.9", "3.10"),
    18: ("3.11", "3.12", "3.13", NEWER),
}
_INTEGERS = {15: 5, 16: 6, 18: 6}
"""How many integers stand before the bytecode."""
MOST_BYTECODE = 512 * 1024
"""Bytes of bytecode and line tables looked at in one file, about 2 s of work; a large by-value class has 20 000."""


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A code object in the file."""

    name: str
    facts: Code
    line_table: bytes
    versions: tuple[str, ...]
    """Those whose code objects take so many arguments."""
    call: Call


@dataclass(frozen=True, slots=True)
class Writer:
    """Who can have written the code in a file."""

    versions: tuple[str, ...]
    """All that are left, oldest first; empty where the code fits no Python known here."""

    @property
    def python(self) -> str | None:
        """The version, where it is certain."""
        certain = len(self.versions) == 1 and self.versions[0] != NEWER
        return self.versions[0] if certain else None

    @property
    def phrase(self) -> str:
        """`Python 3.12`, `Python 3.8 or 3.9`, `Python 3.14 or newer`."""
        said = [f"{version} or newer" if version == NEWER else version for version in self.versions]
        return f"Python {' or '.join(said)}" if said else "no Python known here"


def find_codes(program: Program) -> list[FoundCode]:
    """Every code object that the file makes, also those inside others, up to `MOST_BYTECODE`."""
    found: list[FoundCode] = []
    texts: dict[int, tuple[str, ...]] = {}
    room = MOST_BYTECODE
    for call in program.calls:
        code = _read_code(call, texts)
        if code is not None:
            room -= len(code.facts.code) + len(code.line_table) + 1
            if room < 0:
                break
            found.append(code)
    return found


def find_writer(program: Program, codes: list[FoundCode]) -> Writer | None:
    """Who wrote the code objects; None where there are none."""
    if not codes:
        return None
    honest = _writes_true_line_tables(program)
    possible = likely = set[str]().union(*_LAYOUTS.values())
    for code in codes:
        fitting = possible_versions(code.facts, _by_line_table(code, honest))
        possible = possible & set(fitting)
        likely = likely & set(without_foreign_idioms(code.facts, fitting))
    return Writer(tuple(sorted(likely or possible, key=_minor)))


def _minor(version: str) -> int:
    return int(version.partition(".")[2])


def bytes_of(symbol: Symbol | None) -> bytes | None:
    """The bytes that a symbol stands for, None where it stands for something else.

    Protocols below 3 have no bytes: Python 3 writes `_codecs.encode("…", "latin1")`, and `bytes()` for none.
    """
    if isinstance(symbol, Bytes):
        return symbol.value
    if not isinstance(symbol, Call) or not isinstance(symbol.target, Global):
        return None
    if symbol.target.path == "builtins.bytes" and not arguments_of(symbol):
        return b""
    text = symbol.argument(0)
    if symbol.target.path != "_codecs.encode" or not isinstance(text, Text):
        return None
    try:
        return text.value.encode("latin-1")
    except UnicodeEncodeError:
        return None


def _read_code(call: Call, texts: dict[int, tuple[str, ...]]) -> FoundCode | None:
    given = arguments_of(call)
    if len(given) in (17, 19) and isinstance(given[0], Bytes):
        given = given[1:]
    versions = _LAYOUTS.get(len(given))
    if versions is None:
        return None
    integers = _INTEGERS[len(given)]
    code = bytes_of(given[integers])
    if code is None or not all(isinstance(item, Number) for item in given[:integers]):
        return None
    constants, names, local_names = given[integers + 1 : integers + 4]
    table = bytes_of(given[-4] if len(given) == 18 else given[-3])
    if not isinstance(constants, Sequence) or not isinstance(names, Sequence) or table is None:
        return None
    name = given[integers + 5]
    # a million code objects may share one long tuple of names
    words = texts[id(names)] if id(names) in texts else texts.setdefault(id(names), _texts(names))
    facts = Code(code, len(constants.items), words, _count(local_names), _count(given[-2]) + _count(given[-1]))
    return FoundCode(name.value if isinstance(name, Text) else "?", facts, table, versions, call)


def _texts(names: Sequence) -> tuple[str, ...]:
    return tuple(item.value if isinstance(item, Text) else "" for item in names.items)


def _count(symbol: Symbol) -> int:
    return len(symbol.items) if isinstance(symbol, Sequence) else 0


def _by_line_table(code: FoundCode, honest: bool) -> tuple[str, ...]:
    """Tell 3.10 from 3.8 and 3.9, where the library that saved the file wrote the true table."""
    if "3.10" not in code.versions:
        return code.versions
    if _covers_all(code.line_table, len(code.facts.code)):
        return ("3.10",)
    return ("3.8", "3.9") if honest else code.versions


def _covers_all(table: bytes, length: int) -> bool:
    """Whether a line table is of 3.10's make.

    Its steps cover every byte. Those of the older table end where the last line begins, or beyond, where dead code was
    taken out; they begin with an empty step to the function's first line, which 3.10 needs for steps over 127 lines
    alone.
    """
    return sum(table[::2]) == length and (table[0] != 0 or table[1] in (0x7F, 0x80, 0x81))


def _writes_true_line_tables(program: Program) -> bool:
    """Whether the library that wrote the file knew of 3.10: earlier ones wrote the old table there as well.

    cloudpickle calls `_make_function` since 2.1 (true tables since 2.0); dill's `_create_function` takes five arguments
    since 0.3.5, which brought the true tables.
    """
    for call in program.calls:
        if isinstance(call.target, Global):
            if call.target.path == "cloudpickle.cloudpickle._make_function":
                return True
            if call.target.path == "dill._dill._create_function" and len(arguments_of(call)) == 5:
                return True
    return False
