"""What a pickle holds, read off its symbols: code, source text, the things that look callable."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from blackbox.loading.bytecode import read_units
from blackbox.loading.bytecode_tables import TABLES
from blackbox.loading.opcode_machine import Program
from blackbox.loading.symbols import (
    Bytes,
    Call,
    Global,
    Mapping,
    Number,
    Opaque,
    Sequence,
    Symbol,
    Text,
    arguments_of,
    descend,
)
from blackbox.loading.writer import FoundCode, bytes_of

MOST_ENTRIES = 1000
"""Entries listed: nobody chooses among more."""
_LARGEST_SOURCE = 1024 * 1024
"""Characters of source text searched for the functions that it defines."""

_RUNS_SOURCE = {"builtins.eval", "builtins.exec", "builtins.compile"}
_LOADS_CODE = {"marshal.loads"}
_IMPORTS = {
    "cloudpickle.cloudpickle.subimport",
    "cloudpickle.cloudpickle.dynamic_subimport",
    "dill._dill._import_module",
    "dill.dill._import_module",
    "importlib.import_module",
    "importlib.__import__",
    "builtins.__import__",
}
_MAKES_FUNCTION = {
    "cloudpickle.cloudpickle._make_function",
    "cloudpickle.cloudpickle._make_skel_func",
    "cloudpickle.cloudpickle._fill_function",
    "dill._dill._create_function",
    "dill.dill._create_function",
    "types.FunctionType",
    "types.LambdaType",
}
_MAKES_CLASS = {
    "cloudpickle.cloudpickle._make_skeleton_class",
    "cloudpickle.cloudpickle._rehydrate_skeleton_class",
    "dill._dill._create_type",
    "dill.dill._create_type",
    "builtins.type",
}
_NAMES_TYPE = {"cloudpickle.cloudpickle._builtin_type", "dill._dill._load_type", "dill.dill._load_type"}
_WRAPS_FUNCTION = {"functools.partial", "types.MethodType", "builtins.getattr"}
_FILLS_CLASS = "_class_setstate"
_DATA = re.compile(
    r"(numpy(\._?core)?(\.\w+)*\.(_reconstruct|ndarray|dtype|scalar|_frombuffer)|pandas\..*"
    r"|collections\.(OrderedDict|deque|Counter)|datetime\.\w+|decimal\.Decimal|fractions\.Fraction|uuid\.UUID"
    r"|builtins\.(complex|set|frozenset|bytearray|bytes|range|slice|list|dict|tuple|object)|pathlib\.\w+"
    r"|_codecs\.encode|joblib\.numpy_pickle\.\w+)"
)
"""Callables whose result is data, and no function."""
_DEFINES = re.compile(r"^(?:def +(\w+) *\(|(\w+) *= *lambda\b)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Contents:
    """What the symbols of one pickle show."""

    kind: str
    """`function`, `class`, `instance`, `name`, `container`, `data` or `unknown`: what the file gives."""
    entries: tuple[str, ...]
    """What in it looks callable."""
    source: bool
    """It runs source text that it carries."""
    marshalled: bool
    """It carries code in the marshal format."""
    modules: tuple[str, ...]
    """Modules that it imports by their names as text."""


def read_contents(program: Program, codes: list[FoundCode]) -> Contents:
    """Look at what the pickle gives and at every call on the way there."""
    reader = _Reader(program, codes)
    calls = program.calls
    return Contents(
        reader.kind(program.top),
        tuple(reader.entries(program.top))[:MOST_ENTRIES],
        any(_path(call.target) in _RUNS_SOURCE and _carries_text(call) for call in calls),
        any(_path(call.target) in _LOADS_CODE for call in calls),
        tuple(dict.fromkeys(name for call in calls for name in _imported(call))),
    )


def names_used(codes: list[FoundCode], version: str, opcode: str) -> tuple[str, ...]:
    """The names that an opcode such as IMPORT_NAME uses in the bytecode of this version, once each."""
    used: dict[str, None] = {}
    shift = 1 if opcode == "LOAD_GLOBAL" and TABLES[version].minor >= 11 else 0
    for code in codes:
        for unit in read_units(code.facts.code, TABLES[version]) or ():
            if unit.name == opcode and unit.argument >> shift < len(code.facts.names):
                used[code.facts.names[unit.argument >> shift]] = None
    return tuple(used)


class _Reader:
    def __init__(self, program: Program, codes: list[FoundCode]) -> None:
        self.code_names = {id(code.call): code.name for code in codes}
        self.classes = {id(call): _class_members(call) for call in program.calls if _makes(call, _MAKES_CLASS)}
        for call in program.calls:
            self._note_late_members(call)

    def _note_late_members(self, call: Call) -> None:
        # cloudpickle makes the class empty first and fills it by `_class_setstate(class, (members, slots))`
        filled, state = call.argument(0), call.argument(1)
        if not (_path(call.target) or "").endswith(_FILLS_CLASS) or id(filled) not in self.classes:
            return
        for part in state.items if isinstance(state, Sequence) else ():
            self.classes[id(filled)] |= _text_keys(part)

    def kind(self, symbol: Symbol | None) -> str:
        if isinstance(symbol, Call):
            return self._kind_of_call(symbol)
        if isinstance(symbol, Global):
            return "name"
        if isinstance(symbol, (Mapping, Sequence)) and self.entries(symbol):
            return "container"
        return "data"

    def _kind_of_call(self, call: Call) -> str:
        if _makes(call, _MAKES_FUNCTION) or _makes(call, _WRAPS_FUNCTION):
            return "function"
        if id(call) in self.classes:
            return "class"
        path = _path(call.target)
        if path in _RUNS_SOURCE or isinstance(call.target, Call):
            return "instance" if id(call.target) in self.classes else "function"
        return "data" if path is not None and _DATA.fullmatch(path) else "instance" if path else "unknown"

    def entries(self, symbol: Symbol | None) -> list[str]:
        """What a person could choose with `--entry`, the names of what looks callable."""
        if isinstance(symbol, Mapping):
            return [
                key.value for key, value in symbol.pairs() if isinstance(key, Text) and self._single(value) is not None
            ]
        if isinstance(symbol, Sequence):
            return [str(index) for index, item in enumerate(symbol.items) if self._single(item) is not None]
        single = self._single(symbol)
        if single is not None:
            return [single]
        if isinstance(symbol, Call) and id(symbol.target) in self.classes:
            return sorted(name for name in self.classes[id(symbol.target)] if not name.startswith("_"))
        return []

    def _single(self, symbol: Symbol | None) -> str | None:
        """The name of one thing that looks callable."""
        if isinstance(symbol, Global):
            return symbol.path
        if not isinstance(symbol, Call):
            return None
        kind = self._kind_of_call(symbol)
        if kind == "function":
            return self._function_name(symbol)
        if kind == "class":
            return _class_name(symbol)
        if kind == "instance" and "__call__" in self.classes.get(id(symbol.target), ()):
            return _class_name(symbol.target)
        return None

    def _function_name(self, call: Call) -> str:
        text = call.argument(0)
        if _path(call.target) in _RUNS_SOURCE and isinstance(text, Text):
            return _defined_name(text.value)
        for symbol in descend(call):
            if id(symbol) in self.code_names:
                return self.code_names[id(symbol)]
            if isinstance(symbol, Call) and _path(symbol.target) in _RUNS_SOURCE:
                source = symbol.argument(0)
                return _defined_name(source.value) if isinstance(source, Text) else "function"
        wrapped = call.argument(0)
        return wrapped.path if isinstance(wrapped, Global) else "function"


def _defined_name(source: str) -> str:
    found = _DEFINES.findall(source[:_LARGEST_SOURCE])
    return (found[-1][0] or found[-1][1]) if found else "lambda" if "lambda" in source[:200] else "function"


def _path(symbol: Symbol) -> str | None:
    """The dotted name of a global, or of a type that a library's helper looks up by name."""
    if isinstance(symbol, Global):
        return symbol.path
    if isinstance(symbol, Call) and isinstance(symbol.target, Global) and symbol.target.path in _NAMES_TYPE:
        name = symbol.argument(0)
        return f"types.{name.value}" if isinstance(name, Text) else None
    return None


def _makes(call: Call, callables: set[str]) -> bool:
    return _path(call.target) in callables


def _class_members(call: Call) -> set[str]:
    """The names in a class's body, where they come with the call that makes it."""
    return {key for item in arguments_of(call) for key in _text_keys(item)}


def _text_keys(symbol: Symbol) -> set[str]:
    return {key.value for key, _ in symbol.pairs() if isinstance(key, Text)} if isinstance(symbol, Mapping) else set()


def _class_name(symbol: Symbol) -> str:
    """The first text among the arguments: `type(name, bases, members)`, after the metaclass in cloudpickle and dill."""
    given = arguments_of(symbol) if isinstance(symbol, Call) else []
    return next((item.value for item in given if isinstance(item, Text)), "class")


def _carries_text(call: Call) -> bool:
    first = call.argument(0)
    return isinstance(first, (Text, Bytes)) or bytes_of(first) is not None or isinstance(first, Call)


def _imported(call: Call) -> Iterable[str]:
    name = call.argument(0)
    if _path(call.target) in _IMPORTS and isinstance(name, Text):
        yield name.value


def describe(symbol: Symbol | None) -> str:
    """What a thing without a function in it is: "a list of 3 items", "a number"."""
    if isinstance(symbol, Sequence):
        return f"a {symbol.kind} of {len(symbol.items)} items without a function among them"
    if isinstance(symbol, Mapping):
        return f"a dict of {len(symbol.items) // 2} entries without a function among them"
    if isinstance(symbol, Call):
        return f"data ({_path(symbol.target)})"
    if isinstance(symbol, Opaque):
        return f"a single value ({symbol.kind})"
    return {Text: "a piece of text", Number: "a number", Bytes: "bytes"}.get(type(symbol), "data")
