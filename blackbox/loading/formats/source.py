"""Python source: `FILE.py:NAME`, or a file with a single function. Its text is sent to the worker, not its path."""

import ast
import io
import tokenize

from blackbox.core.errors import ChallengeError, UsageError
from blackbox.loading.formats.content import Content, Given
from blackbox.loading.packing import needed_modules, pack_source
from blackbox.loading.references import has_module

CONTAINER = "Python source"


def open_source(given: Given) -> Content:
    """The function of this name in the text, or its only one. Runs nothing. Raises `ChallengeError`."""
    text = decoded(given)
    try:
        names = functions_in(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as cause:
        line = getattr(cause, "lineno", None)
        where = given.name if line is None else f"{given.name}, line {line}"
        raise ChallengeError(f"{where}: this is no valid Python: {getattr(cause, 'msg', cause)}.") from cause
    entry = given.entry or (names[0] if len(names) == 1 else None)
    if entry is None:
        return _undecided(given, names)
    first, _, rest = entry.partition(".")
    try:
        payload = pack_source(text, first)
    except UsageError as cause:
        raise ChallengeError(f"{cause}.") from cause
    return _described(given, text, names, payload, rest or None)


def _described(given: Given, text: str, names: tuple[str, ...], payload: bytes, entry: str | None) -> Content:
    needed = needed_modules(text)
    lost = [] if given.elsewhere else [name for name in needed if not has_module(name)]
    findings = ["It is source text, which runs in the worker."]
    if needed:
        findings.append(f"It imports {', '.join(needed)}.")
    remedy = None
    if lost:
        remedy = f"It needs {', '.join(lost)}, not to be found here: install the package that provides it."
    return Content(CONTAINER, payload, entry, (), needed, names, tuple(findings), remedy)


def decoded(given: Given) -> str:
    """The text, as Python decodes it: byte-order mark, coding line and line ends are taken care of."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(given.data).readline)
        return io.TextIOWrapper(io.BytesIO(given.data), encoding).read()
    except (SyntaxError, ValueError, LookupError) as cause:
        raise ChallengeError(f"{given.name} cannot be read as Python text: {cause}.") from cause


def functions_in(tree: ast.Module) -> tuple[str, ...]:
    """The public functions that a text defines at its top level, in their order."""
    names: dict[str, None] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            names[node.name] = None
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            names.update((target.id, None) for target in node.targets if isinstance(target, ast.Name))
    return tuple(name for name in names if not name.startswith("_"))


def _undecided(given: Given, names: tuple[str, ...]) -> Content:
    listed = ", ".join(names)
    finding = f"It defines several functions: {listed}." if names else "It defines no function at its top level."
    remedy = f"Say which one is meant: {given.name}:NAME" if names else "Name what it assigns, as in FILE.py:NAME"
    program = "" if names else " If it is a program that answers lines, say run:FILE.py."
    return Content(CONTAINER, callables=names, findings=(finding,), remedy=f"{remedy}, or --entry NAME.{program}")
