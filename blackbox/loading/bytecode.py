"""Which versions of Python a piece of bytecode can come from: those whose compiler could have written every unit of it.

Versions are struck out, never guessed: an unknown opcode, an index out of range, a jump into nowhere, a cache unit that
is missing or not zero, an idiom that the compiler of a version never writes. More than one version may be left: Python
3.11 and 3.12 compile `(x - 1) ** 2` to identical bytes, which then mean the same in each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from blackbox.loading.bytecode_tables import TABLES, Table

NEWER = "3.14"
"""Stands for 3.14 and everything after it: known by their RESUME alone, for want of tables proved on the real ones."""

_LOCAL_NAMES = {"LOAD_FAST", "STORE_FAST", "DELETE_FAST", "LOAD_FAST_CHECK", "LOAD_FAST_AND_CLEAR"}
_LOCAL_PAIRS = {"LOAD_FAST_LOAD_FAST", "STORE_FAST_LOAD_FAST", "STORE_FAST_STORE_FAST"}
_CELLS = {"MAKE_CELL", "LOAD_CLOSURE", "LOAD_DEREF", "STORE_DEREF", "DELETE_DEREF", "LOAD_CLASSDEREF"} | {
    "LOAD_FROM_DICT_OR_DEREF"
}
_CONSTANTS = {"LOAD_CONST", "RETURN_CONST", "KW_NAMES"}
_NAMES = {f"{verb}_{place}" for verb in ("LOAD", "STORE", "DELETE") for place in ("NAME", "ATTR", "GLOBAL")} | {
    "IMPORT_NAME",
    "IMPORT_FROM",
    "LOAD_METHOD",
    "STORE_ANNOTATION",
    "LOAD_SUPER_ATTR",
    "LOAD_FROM_DICT_OR_GLOBALS",
}
_SETUPS = {"SETUP_LOOP", "SETUP_EXCEPT", "SETUP_FINALLY", "SETUP_WITH", "SETUP_ASYNC_WITH", "CALL_FINALLY"}
_RELATIVE = {"FOR_ITER", "JUMP_FORWARD", "SEND"} | _SETUPS
_ABSOLUTE_BEFORE_311 = {"JUMP_ABSOLUTE", "CONTINUE_LOOP", "JUMP_IF_NOT_EXC_MATCH"}
_LAST = {"RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE"}
_WEAK = {"RESUME", "POP_TOP", "NOP", "LOAD_CONST"}
"""What may stand before a branch that is a mere constant."""
_COMPARISONS = 6
"""< <= == != > >=; before 3.9 five more followed: in, not in, is, is not, exception match."""


@dataclass(frozen=True, slots=True)
class Code:
    """What the arguments of a code object say, as far as it matters here."""

    code: bytes
    constants: int
    """How many."""
    names: tuple[str, ...]
    locals: int
    cells: int
    """Cell and free variables together."""


class Unit(NamedTuple):
    """One instruction with its full argument; `start` is the offset of its first byte, prefixes included."""

    name: str
    argument: int
    start: int
    end: int


def possible_versions(code: Code, among: Sequence[str]) -> tuple[str, ...]:
    """The versions out of `among` whose interpreter can make sense of every unit of the bytecode."""
    return tuple(version for version in among if _fits(code, version))


def without_foreign_idioms(code: Code, among: Sequence[str]) -> tuple[str, ...]:
    """The versions out of `among`, all of them possible, whose compiler would have written it just so.

    Compilers have rare odd moments, so this tells apart what is possible, and never strikes out the last version: of
    569 000 code objects in the standard libraries of 3.6 to 3.13 it misjudged none.
    """
    kept = (version for version in among if version == NEWER or not _foreign_idiom(code, TABLES[version]))
    return tuple(kept) or tuple(among)


def read_units(code: bytes, table: Table) -> list[Unit] | None:
    """The instructions, or None where a unit makes no sense in this version."""
    if not code or len(code) % 2:
        return None
    units: list[Unit] = []
    start, prefix, position = 0, 0, 0
    while position < len(code):
        name = table.names.get(code[position])
        if name is None or name == "CACHE":
            return None
        argument = prefix | code[position + 1]
        position += 2
        if name == "EXTENDED_ARG":
            prefix = argument << 8 & 0xFFFFFFFF
            continue
        end = position + 2 * table.caches.get(name, 0)
        if end > len(code) or any(code[position:end]):
            return None
        units.append(Unit(name, argument, start, end))
        start, prefix, position = end, 0, end
    return units if start == len(code) else None


def _fits(code: Code, version: str) -> bool:
    if version == NEWER:
        return _begins_as_newer(code.code)
    table = TABLES[version]
    units = read_units(code.code, table)
    if not units or (table.minor >= 11) != any(unit.name == "RESUME" for unit in units):
        return False
    # up to 3.9 a jump whose target was dead code may lead to the end
    starts = {unit.start for unit in units} | {len(code.code)}
    if not all(_index_fits(unit, code, table) and _jump_fits(unit, starts, table) for unit in units):
        return False
    # up to 3.9 dead code may stand at the end
    return table.minor <= 9 or units[-1].name in _LAST or units[-1].name.startswith("JUMP_")


def _begins_as_newer(code: bytes) -> bool:
    # 3.14: COPY_FREE_VARS 60, MAKE_CELL 97, RETURN_GENERATOR 34 and POP_TOP 31 may stand before RESUME 128
    opcodes = code[::2]
    return opcodes.lstrip(bytes((60, 97, 34, 31)))[:1] == b"\x80"


def _index_fits(unit: Unit, code: Code, table: Table) -> bool:
    name, argument = unit.name, unit.argument
    if name in _CONSTANTS:
        return argument < code.constants
    if name in _NAMES:
        return argument >> _name_shift(name, table.minor) < len(code.names)
    if name in _LOCAL_NAMES:
        return argument < code.locals + (code.cells if table.minor >= 11 else 0)
    if name in _LOCAL_PAIRS:
        return max(argument >> 4, argument & 15) < code.locals + code.cells
    if name in _CELLS:
        return argument < code.cells + (code.locals if table.minor >= 11 else 0)
    if name == "COMPARE_OP":
        return _comparison(argument, table.minor) < (_COMPARISONS if table.minor >= 9 else _COMPARISONS + 5)
    return True


def _name_shift(name: str, minor: int) -> int:
    """Low bits of a name's index that hold flags."""
    if name == "LOAD_GLOBAL":
        return 1 if minor >= 11 else 0
    if name == "LOAD_ATTR":
        return 1 if minor >= 12 else 0
    return 2 if name == "LOAD_SUPER_ATTR" else 0


def _comparison(argument: int, minor: int) -> int:
    return argument >> {12: 4, 13: 5}.get(minor, 0)


def _jump_fits(unit: Unit, starts: set[int], table: Table) -> bool:
    target = jump_target(unit, table.minor)
    return target is None or target in starts


def jump_target(unit: Unit, minor: int) -> int | None:
    """The offset that an instruction may jump to; None where it does not jump."""
    name = unit.name
    step = unit.argument * (2 if minor >= 10 else 1)
    if name in _ABSOLUTE_BEFORE_311 or (minor < 11 and "JUMP_IF_" in name):
        return step
    if "JUMP_BACKWARD" in name:
        return unit.end - step
    if name in _RELATIVE or "JUMP_" in name:
        return unit.end + step
    return None


def _foreign_idiom(code: Code, table: Table) -> bool:
    """Whether the compiler of this version would have written something otherwise."""
    units = read_units(code.code, table) or []
    targets = {jump_target(unit, table.minor) for unit in units}
    if table.minor == 7:
        return _calls_attribute(units, targets)
    if table.minor == 9:
        return _lists_constants(units, targets)
    if table.minor in (12, 13):
        return _returns_loaded_constant(units, targets)
    return False


def _returns_loaded_constant(units: list[Unit], targets: set[int | None]) -> bool:
    """3.12 and 3.13 fuse LOAD_CONST, RETURN_VALUE into RETURN_CONST, where both end a straight line of instructions.

    A block that loads a constant and nothing else is a branch of a conditional expression: its RETURN_VALUE was copied
    there after the fusing.
    """
    straight = False  # whether something that is not weak has run since the last jump or jump target
    for before, unit in pairwise(units):
        if before.start in targets or "JUMP" in before.name or before.name == "FOR_ITER":
            straight = False
        if straight and before.name == "LOAD_CONST" and unit.name == "RETURN_VALUE" and unit.start not in targets:
            return True
        straight = straight or not ("JUMP" in before.name or before.name in _WEAK)
    return False


def _lists_constants(units: list[Unit], targets: set[int | None]) -> bool:
    """Since 3.9 a list or set of three or more constants is made from one tuple, unless a starred item follows."""
    if any(unit.name in ("LIST_EXTEND", "SET_UPDATE") for unit in units):
        return False
    for index, unit in enumerate(units):
        before = units[max(0, index - unit.argument) : index]
        if (
            unit.name in ("BUILD_LIST", "BUILD_SET")
            and len(before) == unit.argument >= 3
            and all(item.name == "LOAD_CONST" and item.end not in targets for item in before)
        ):
            return True
    return False


def _calls_attribute(units: list[Unit], targets: set[int | None]) -> bool:
    """Since 3.7 `a.b(c)` is LOAD_METHOD and CALL_METHOD; a LOAD_ATTR that CALL_FUNCTION calls is 3.6.

    Decorators are such calls too, in every version; each has a MAKE_FUNCTION among its arguments, where the search
    backwards gives up. `(a.b if c else a.d)(e)` is one as well: it has a jump target behind its LOAD_ATTR.
    """
    for index, unit in enumerate(units):
        callee = _callee(units, index) if unit.name == "CALL_FUNCTION" else None
        if callee is not None and callee.name == "LOAD_ATTR" and callee.end not in targets:
            return True
    return False


def _callee(units: list[Unit], index: int) -> Unit | None:
    """The instruction that gave what is called at `index`, where only plain expressions lie between."""
    wanted, position = units[index].argument, index - 1
    while wanted > 0 and position >= 0:
        taken = _taken(units[position])
        if taken is None:
            return None
        wanted += taken - 1
        position -= 1
    return units[position] if wanted == 0 and position >= 0 else None


def _taken(unit: Unit) -> int | None:
    """How many values an instruction that gives one value takes, None for all others."""
    name = unit.name
    if name in ("LOAD_FAST", "LOAD_CONST", "LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF"):
        return 0
    if name == "LOAD_ATTR" or name.startswith("UNARY_"):
        return 1
    if name == "COMPARE_OP" or name.startswith("BINARY_"):
        return 2
    if name in ("BUILD_TUPLE", "BUILD_LIST"):
        return unit.argument
    return unit.argument + 1 if name == "CALL_FUNCTION" else None
