"""Making challenge files: a function goes in, the bytes of a pickle come out.

Two ways. *Source*: the pickle holds the text of the file and a loader of a few lines; any Python from 3.6 on
reads it, whichever Python packed it. *Bytecode*: cloudpickle by value, for functions that exist only as live
objects; only the Python version that packed it can read it.

Nothing here prints, and nothing here unpickles.
"""

import ast
import contextlib
import functools
import hashlib
import os
import struct
import sys
import tokenize
import types
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blackbox.core.errors import ChallengeError, UsageError

_MODULE = "challenge"
"""`__name__` of the packed source where it is loaded, and `__module__` of its functions."""

_LOADER = f"""\
def load(source, name, filename):
    import linecache, sys, types

    module = types.ModuleType({_MODULE!r})
    linecache.cache[filename] = (len(source), None, [line + "\\n" for line in source.split("\\n")], filename)
    before = sys.modules.get({_MODULE!r})
    sys.modules[{_MODULE!r}] = module
    try:
        exec(compile(source, filename, "exec", 0, True), module.__dict__)
    finally:
        sys.modules.pop({_MODULE!r}, None)
        if before is not None:
            sys.modules[{_MODULE!r}] = before
    return module.__dict__[name]
"""
# Travels in every packed file: Python 3.6 must be able to run it. The line cache lets tracebacks and
# `inspect.getsource` show the text. The module is registered while the source runs, because dataclasses look
# their module up, and not for longer, because cloudpickle would then pickle the function by name alone.

_CALL_LOADER = "exec(loader) or load(source, name, filename)"

_PROTOCOL = b"\x80\x02"
_EVAL = b"cbuiltins\neval\n"
_TEXT, _EMPTY_DICT, _MARK, _SET_ITEMS, _PAIR, _CALL, _END = b"X", b"}", b"(", b"u", b"\x86", b"R", b"."

_DIGEST_DIGITS = 8
"""Of the source's SHA-256, in its file name for tracebacks: two challenges in one process keep their own lines."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A function to pack: the file, the text in it, and the name it has there."""

    path: Path
    name: str
    source: str


def load_entry(spec: str) -> Entry:
    """The function that `FILE.py:NAME` names, found without running the file.

    Raises `UsageError` where the text is no such pair or the file defines no NAME, and `ChallengeError` where the
    file cannot be read, is no Python, or needs a file beside it that would stay behind.
    """
    file, _, name = spec.rpartition(":")
    if not file or not name.isidentifier():
        raise UsageError(f"{spec}: say which function of which file: FILE.py:NAME")
    path = Path(file)
    source = _read_source(path)
    _check(source, name, str(path))
    for module in sorted(_imported(source) - sys.stdlib_module_names):
        if (path.parent / f"{module}.py").exists() or (path.parent / module / "__init__.py").exists():
            raise ChallengeError(
                f"{path} imports {module}, which lies beside it and would not be in the packed file.",
                f"Move what it needs from {module} into {path.name}.",
            )
    return Entry(path, unicodedata.normalize("NFKC", name), source)


def pack_source(source: str, name: str) -> bytes:
    """A pickle (protocol 2) whose loading runs the source text and returns its NAME.

    Loading needs Python 3.6 or newer and whatever the source imports. The same text and name give the same bytes.
    Raises `ChallengeError` where the text is no Python and `UsageError` where it defines no NAME.
    """
    _check(source, name, "the source")
    digest = hashlib.sha256(source.encode()).hexdigest()[:_DIGEST_DIGITS]
    # Python reads identifiers in this normal form, so this is the name that the namespace will have.
    name = unicodedata.normalize("NFKC", name)
    variables = {"loader": _LOADER, "source": source, "name": name, "filename": f"<challenge {name} {digest}>"}
    items = b"".join(_text(key) + _text(value) for key, value in variables.items())
    arguments = _text(_CALL_LOADER) + _EMPTY_DICT + _MARK + items + _SET_ITEMS + _PAIR
    return _PROTOCOL + _EVAL + arguments + _CALL + _END


def pack_bytecode(fun: Callable[..., Any]) -> bytes:
    """A cloudpickle (protocol 2) of a live function, by value: only this Python version can read it.

    Raises `ChallengeError` where the function, or what it refers to, cannot be pickled.
    """
    import cloudpickle  # pyright: ignore[reportMissingTypeStubs]

    pickler: Any = cloudpickle
    home = _home(fun)
    if home is None or home.__name__ in pickler.list_registry_pickle_by_value():
        return _dumped(pickler, fun)
    pickler.register_pickle_by_value(home)
    try:
        return _dumped(pickler, fun)
    finally:
        pickler.unregister_pickle_by_value(home)


def execute(entry: Entry) -> Callable[..., Any]:
    """Run the author's own file, here, and return the function.

    Only for a file that its author packs on their own machine. Raises `ChallengeError` where running it fails or
    NAME turns out to be nothing that can be called.
    """
    module = types.ModuleType("_blackbox_packed")
    module.__file__ = str(entry.path)
    sys.modules[module.__name__] = module
    try:
        # The bare file name: a path would tell the recipient about the author's folders.
        exec(compile(entry.source, entry.path.name, "exec", dont_inherit=True), module.__dict__)
    except (Exception, SystemExit) as cause:  # whatever the author's file raises
        raise ChallengeError(f"{entry.path} cannot be run: {type(cause).__name__}: {cause}.") from cause
    finally:
        del sys.modules[module.__name__]
    # Pickled with every function.
    module.__file__ = entry.path.name
    found = module.__dict__.get(entry.name)
    if not callable(found):
        raise ChallengeError(f"{entry.name} in {entry.path} is of type {type(found).__name__}: it cannot be called.")
    return found


def needed_modules(source: str) -> tuple[str, ...]:
    """What the source imports that does not come with Python, sorted."""
    return tuple(sorted(_imported(source) - sys.stdlib_module_names))


def write_atomically(path: Path, data: bytes) -> None:
    """Put the bytes there in one move: whoever reads sees the old file or the new one, never a part.

    Raises `UsageError` where the folder is missing or cannot be written.
    """
    # `os.path` answers False where `Path` would raise: a name too long, a folder that may not be looked into.
    if os.path.isdir(path):
        raise UsageError(f"{path}: this is a folder; name a file in it")
    if not os.path.isdir(path.parent):
        raise UsageError(f"{path}: there is no folder {path.parent}; make it first")
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    try:
        with temporary.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except OSError as cause:
        raise UsageError(f"{path}: cannot be written ({cause.strerror})") from cause
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _dumped(pickler: Any, fun: Callable[..., Any]) -> bytes:
    try:
        return pickler.dumps(fun, protocol=2)
    except Exception as cause:  # whatever the pickling of foreign objects raises
        raise ChallengeError(f"{fun!r} cannot be packed as bytecode: {cause}.") from cause


def _text(text: str) -> bytes:
    encoded = text.encode()
    return _TEXT + struct.pack("<I", len(encoded)) + encoded


def _read_source(path: Path) -> str:
    """Decoded as Python decodes it: byte-order mark, coding line and line ends are taken care of."""
    if os.path.isdir(path):
        raise ChallengeError(f"{path} is a folder.", "Name a Python file: FILE.py:NAME.")
    try:
        with tokenize.open(path) as stream:
            return stream.read()
    except FileNotFoundError as cause:
        raise ChallengeError(f"There is no file {path}.") from cause
    except (OSError, SyntaxError, ValueError) as cause:
        raise ChallengeError(f"{path} cannot be read as Python text: {cause}.") from cause


def _check(source: str, name: str, where: str) -> None:
    """That the source compiles, stands alone, and binds NAME to what may be a function."""
    try:
        tree = ast.parse(source)
        compile(source, where, "exec", dont_inherit=True)
        import symtable  # only here: `inspect` has no use for it and should feel instant

        symbols = symtable.symtable(source, where, "exec").get_symbols()
    except (SyntaxError, ValueError, RecursionError, MemoryError) as cause:
        line = getattr(cause, "lineno", None)
        place = where if line is None else f"{where}, line {line}"
        raise ChallengeError(f"{place}: this is no valid Python: {getattr(cause, 'msg', cause)}.") from cause
    if any(isinstance(node, ast.ImportFrom) and node.level > 0 for node in ast.walk(tree)):
        raise ChallengeError(f"{where} has a relative import, which a packed file cannot follow.")
    bound = [symbol for symbol in symbols if symbol.is_assigned() or symbol.is_imported()]
    plain = unicodedata.normalize("NFKC", name)
    if plain not in {symbol.get_name() for symbol in bound}:
        there = [symbol.get_name() for symbol in bound if symbol.is_namespace()]
        there = there or [symbol.get_name() for symbol in bound]
        listed = f"it defines {', '.join(there)}" if there else "it defines nothing"
        raise UsageError(f"{where} defines no {name} at its top level: {listed}")
    objection = next(_objections(tree, plain), None)
    if objection is not None:
        raise UsageError(f"{name} in {where} {objection}")


def _objections(tree: ast.Module, name: str) -> Iterator[str]:
    """Why what the name is bound to cannot be a function of numbers, as far as the text alone can tell."""
    for node in tree.body:
        match node:
            case ast.ClassDef(name=found) if found == name:
                yield f"is a class: assign an instance to a name (fun = {name}(…)) and pack that"
            case ast.AsyncFunctionDef(name=found) if found == name:
                yield "is an async function: calling it gives no number"
            case ast.Assign(targets=[ast.Name(id=found)], value=ast.Constant(value=value)) if found == name:
                yield f"is the constant {value!r}, no function"
            case _:
                pass


def _imported(source: str) -> set[str]:
    roots: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            roots.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            roots.add(node.module.partition(".")[0])
    return roots


def _home(fun: Callable[..., Any]) -> types.ModuleType | None:
    """The module to pickle by value with the function: none for what every Python has, or what no module holds."""
    while isinstance(fun, functools.partial):
        fun = fun.func  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    name = str(getattr(fun, "__module__", None))
    return None if name.partition(".")[0] in sys.stdlib_module_names else sys.modules.get(name)
