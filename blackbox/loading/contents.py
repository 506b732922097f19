"""What a pickle holds, read off its symbols: code, source text, the things that look callable."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from blackbox.loading.opcode_machine import Program
from blackbox.loading.printable import counted
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
_LARGEST_SOURCE = 64 * 1024
"""Characters of source text searched for the functions that it defines; longer ones are no function but a program."""
_NESTING = 4
"""How deep in containers a function is looked for, as the worker does."""
_MOST_PARTS = 100_000
"""Things in containers that are looked at: a memo makes a container of a few bytes hold itself many times over."""
_NEAR = 300
"""Symbols looked at around a function for its name, characters of a name: honest ones lie within some ten."""
_MOST_BODIES = 20
"""Bodies of one class: libraries give a class one or two, an attack a million shared ones."""

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
_WRAPS_FUNCTION = {"functools.partial", "types.PartialType", "types.MethodType", "builtins.getattr"}
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
        tuple(islice(reader.entries(program.top), MOST_ENTRIES)),
        any(_path(call.target) in _RUNS_SOURCE and _carries_text(call) for call in calls),
        any(_path(call.target) in _LOADS_CODE for call in calls),
        tuple(dict.fromkeys(name for call in calls for name in _imported(call))),
    )


class _Reader:
    def __init__(self, program: Program, codes: list[FoundCode]) -> None:
        self.code_names = {id(code.call): code.name for code in codes}
        self.classes = {id(call): list(_bodies(arguments_of(call))) for call in program.calls if _makes_class(call)}
        self.keys: dict[int, frozenset[str]] = {}
        for call in program.calls:
            self._note_late_body(call)

    def _note_late_body(self, call: Call) -> None:
        # cloudpickle makes the class empty first and fills it by `_class_setstate(class, (members, slots))`
        filled, state = call.argument(0), call.argument(1)
        if (_path(call.target) or "").endswith(_FILLS_CLASS) and id(filled) in self.classes:
            bodies = self.classes[id(filled)]
            if isinstance(state, Sequence) and len(bodies) < _MOST_BODIES:
                bodies.extend(_bodies(state.items))

    def members(self, made: Symbol) -> Iterator[frozenset[str]]:
        """The names in the bodies of a class; each body is read once, whoever shares it."""
        for body in self.classes.get(id(made), ()):
            if id(body) not in self.keys:
                self.keys[id(body)] = frozenset(key.value for key, _ in body.pairs() if isinstance(key, Text))
            yield self.keys[id(body)]

    def kind(self, symbol: Symbol | None) -> str:
        if isinstance(symbol, Call):
            return self._kind_of_call(symbol)
        if isinstance(symbol, Global):
            return "name"
        return "container" if next(self.entries(symbol), None) is not None or self._holds_object(symbol) else "data"

    def _holds_object(self, symbol: Symbol | None) -> bool:
        """Whether a container holds what may have the function for a method: a fitted model."""
        parts = _parts(symbol, "", _NESTING) if isinstance(symbol, (Sequence, Mapping)) else iter(())
        calls = (part for _, part in islice(parts, MOST_ENTRIES) if isinstance(part, Call))
        return any(self._kind_of_call(call) == "instance" for call in calls)

    def _kind_of_call(self, call: Call) -> str:
        path = _path(call.target)
        if path in _MAKES_FUNCTION or path in _WRAPS_FUNCTION or path in _RUNS_SOURCE:
            return "function"
        if id(call) in self.classes:
            return "class"
        if path is None:
            return "instance" if id(call.target) in self.classes else "function"
        return "data" if _gives_data(path) else "instance"

    def entries(self, symbol: Symbol | None) -> Iterator[str]:
        """What a person could choose with `--entry`: the names of what looks callable, `a.b` in containers."""
        if isinstance(symbol, (Mapping, Sequence)):
            parts = islice(_parts(symbol, "", _NESTING), _MOST_PARTS)
            yield from (name for name, part in parts if self._single(part) is not None)
        elif (single := self._single(symbol)) is not None:
            yield single
        elif isinstance(symbol, Call):
            names = frozenset[str]().union(*self.members(symbol.target))
            yield from sorted(name for name in names if not name.startswith("_"))

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
        if kind == "instance" and any("__call__" in names for names in self.members(symbol.target)):
            return _class_name(symbol.target)
        return None

    def _function_name(self, call: Call) -> str:
        for symbol in descend(call, _NEAR):
            if id(symbol) in self.code_names:
                return self.code_names[id(symbol)]
            if isinstance(symbol, Call) and _path(symbol.target) in _RUNS_SOURCE:
                return _defined_name(symbol)
        wrapped = call.argument(0)
        return wrapped.path if isinstance(wrapped, Global) else "function"


def _parts(container: Mapping | Sequence, prefix: str, nesting: int) -> Iterator[tuple[str, Symbol]]:
    """(dotted name, symbol) of what is in a container and, so many deep, in the containers there."""
    pairs: Iterable[tuple[str, Symbol]]
    if isinstance(container, Mapping):
        pairs = ((key.value[:_NEAR], value) for key, value in container.pairs() if isinstance(key, Text))
    else:
        pairs = ((str(index), item) for index, item in enumerate(container.items))
    for name, symbol in pairs:
        yield prefix + name, symbol
        if nesting > 1 and isinstance(symbol, (Mapping, Sequence)):
            yield from _parts(symbol, f"{prefix}{name}.", nesting - 1)


def _defined_name(call: Call) -> str:
    """The function that the source text of an `eval` or `exec` is about."""
    text, variables = call.argument(0), call.argument(1)
    if isinstance(variables, Mapping):
        # a challenge of our own: the text of the file and the name of its function are variables of a small loader
        given = {key.value: value for key, value in islice(variables.pairs(), _NEAR) if isinstance(key, Text)}
        name = given.get("name")
        if "source" in given and isinstance(name, Text):
            return name.value
    source = text.value[:_LARGEST_SOURCE] if isinstance(text, Text) else ""
    found = _DEFINES.findall(source)
    return (found[-1][0] or found[-1][1]) if found else "function"


def _path(symbol: Symbol) -> str | None:
    """The dotted name of a global, or of a type that a library's helper looks up by name."""
    if isinstance(symbol, Global):
        return symbol.path
    if isinstance(symbol, Call) and isinstance(symbol.target, Global) and symbol.target.path in _NAMES_TYPE:
        name = symbol.argument(0)
        return f"types.{name.value[:_NEAR]}" if isinstance(name, Text) else None
    return None


def _makes_class(call: Call) -> bool:
    return _path(call.target) in _MAKES_CLASS


def _bodies(symbols: Iterable[Symbol]) -> Iterator[Mapping]:
    return islice((symbol for symbol in islice(symbols, _NEAR) if isinstance(symbol, Mapping)), _MOST_BODIES)


@lru_cache(maxsize=1024)
def _gives_data(path: str) -> bool:
    return _DATA.fullmatch(path) is not None


def _class_name(symbol: Symbol) -> str:
    """The first text among the arguments: `type(name, bases, members)`, after the metaclass in cloudpickle and dill."""
    given = arguments_of(symbol)[:_NEAR] if isinstance(symbol, Call) else []
    return next((item.value for item in given if isinstance(item, Text)), "class")


def _carries_text(call: Call) -> bool:
    first = call.argument(0)
    return isinstance(first, (Text, Call)) or bytes_of(first) is not None


def _imported(call: Call) -> Iterator[str]:
    name = call.argument(0)
    if _path(call.target) in _IMPORTS and isinstance(name, Text):
        yield name.value[:_NEAR]


def maker_of(symbol: Symbol) -> str:
    """The name of what is called to make a thing."""
    return (_path(symbol.target) if isinstance(symbol, Call) else None) or "a call"


def describe(symbol: Symbol | None) -> str:
    """What a thing without a function in it is: "a list of 3 items", "a number"."""
    if isinstance(symbol, Sequence):
        return f"a {symbol.kind} of {counted(len(symbol.items), 'item', 'items')} without a function among them"
    if isinstance(symbol, Mapping):
        return f"a dict of {counted(len(symbol.items) // 2, 'entry', 'entries')} without a function among them"
    if isinstance(symbol, Call):
        return f"data made by {maker_of(symbol)}"
    if isinstance(symbol, Opaque):
        return f"a single value ({symbol.kind})"
    if isinstance(symbol, Number):
        return "a number"
    return "bytes" if isinstance(symbol, Bytes) else "a piece of text"
