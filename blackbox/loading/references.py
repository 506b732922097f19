"""Which names can be found in this installation, without importing or executing anything.

Modules are looked for on the path, never imported: `find_spec("a.b")` would import `a`. Names are looked for in the
syntax tree of the module's own source. What cannot be decided so (compiled modules, `from x import *`, a module
`__getattr__`) counts as found: only what is surely missing is called missing.
"""

import ast
import builtins
import os
import sys
from collections.abc import Iterable
from functools import lru_cache
from importlib.machinery import EXTENSION_SUFFIXES, PathFinder
from itertools import islice
from pathlib import Path

_LARGEST_SOURCE = 256 * 1024
"""Bytes of a module's source worth parsing: that many take about 0.3 s, and few modules are longer."""
_MOST_SOURCES = 16
"""Sources parsed for one file: an honest one names some five modules, an attack names a million."""
_MOST_NAMES = 2000
"""Names looked for, each with some calls to the file system."""
_DYNAMIC = {"globals", "setattr", "exec", "eval", "vars", "locals"}
"""Calls by which a module may get names that its source does not show."""


def missing(modules: Iterable[str], names: Iterable[tuple[str, str]]) -> list[str]:
    """Those modules, and those names `(module, name)`, that cannot be found here; each as a dotted name, once."""
    lost: dict[str, None] = {}
    for module in islice(modules, _MOST_NAMES):
        if not has_module(module):
            lost[module] = None
    parsed: set[str] = set()
    for module, name in islice(names, _MOST_NAMES):
        if not has_module(module):
            lost[f"{module}.{name}"] = None
        elif module in parsed or len(parsed) < _MOST_SOURCES:
            parsed.add(module)
            if not _has_name(module, name):
                lost[f"{module}.{name}"] = None
    return list(lost)


@lru_cache(maxsize=4096)
def has_module(module: str) -> bool:
    """Whether a module of this dotted name can be found, going by files alone."""
    parts = module.split(".")
    if not all(part.isidentifier() for part in parts) or module == "__main__":
        return False
    if module in sys.builtin_module_names or (parts[0] in sys.stdlib_module_names and module in sys.modules):
        return True
    return _place(module) is not None


@lru_cache(maxsize=4096)
def _place(module: str) -> Path | None:
    """The file of a module, or the folder of a namespace package; None where there is none."""
    top, *below = module.split(".")
    spec = PathFinder.find_spec(top, _installed_path())
    if spec is None:
        return None
    if not below:
        folders = list(spec.submodule_search_locations or ())
        return Path(spec.origin) if spec.origin else Path(folders[0]) if folders else None
    folders = [Path(folder) for folder in spec.submodule_search_locations or ()]
    for part in below[:-1]:
        folders = [folder / part for folder in folders if (folder / part).is_dir()]
    return next((found for folder in folders if (found := _in_folder(folder, below[-1]))), None)


def _installed_path() -> list[str]:
    """The import path without the current folder: the worker does not see it, so nothing in it is "here"."""
    here = os.path.realpath(os.curdir)
    return [entry for entry in sys.path if entry and os.path.realpath(entry) != here]


def _in_folder(folder: Path, name: str) -> Path | None:
    if (folder / name).is_dir():
        package = folder / name / "__init__.py"
        return package if package.is_file() else folder / name
    files = (folder / f"{name}{suffix}" for suffix in (".py", ".pyc", *EXTENSION_SUFFIXES))
    return next((file for file in files if file.is_file()), None)


def _has_name(module: str, name: str) -> bool:
    first = name.split(".")[0]
    if module == "builtins":
        return hasattr(builtins, first)
    file = None if module in sys.builtin_module_names else _place(module)
    if file is None or not first.isidentifier():
        return first.isidentifier()
    if file.name == "__init__.py" and has_module(f"{module}.{first}"):
        return True
    bound = _bound_names(file)
    return bound is None or first in bound


@lru_cache(maxsize=_MOST_SOURCES)
def _bound_names(file: Path) -> frozenset[str] | None:
    """The names that a module's source binds at its top level; None where that cannot be told."""
    try:
        if file.suffix != ".py" or file.stat().st_size > _LARGEST_SOURCE:
            return None
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    names: set[str] = set()
    for node in _top_level(tree):
        found = _names_of(node)
        if found is None:
            return None
        names |= found
    return None if "__getattr__" in names else frozenset(names)


def _top_level(tree: ast.Module) -> Iterable[ast.AST]:
    """Every node that runs at import: all but the insides of functions and classes."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(node))


def _names_of(node: ast.AST) -> set[str] | None:
    """What one node binds; None for what may bind anything."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name, *(name for child in ast.walk(node) if isinstance(child, ast.Global) for name in child.names)}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        bound = {alias.asname or alias.name.split(".")[0] for alias in node.names}
        return None if "*" in bound else bound
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Store) else None if node.id in _DYNAMIC else set()
    if isinstance(node, ast.Attribute) and node.attr == "modules":
        return None  # sys.modules[__name__] = …
    if isinstance(node, ast.ExceptHandler) and node.name:
        return {node.name}
    return set()
