"""An expression as a challenge: `"(x-2.5)**2 + 1"`. Its variables are the names that nothing else explains."""

import ast
import builtins
import math
import re
from collections.abc import Iterator

from blackbox.core.errors import ChallengeError
from blackbox.loading.formats.content import Content
from blackbox.loading.packing import pack_source

LONGEST = 10_000
"""Characters: longer ones are no expressions that anybody types."""
_MODULES = {"math", "np", "numpy"}
_BUILTINS = {"abs", "divmod", "float", "int", "len", "max", "min", "pow", "range", "round", "sorted", "sum", "zip"}
_NUMBERED = re.compile(r"([A-Za-z]+)_?(\d+)")


def looks_like_expression(text: str) -> bool:
    """Whether the text computes something: a number, a call or a power among its parts, and no foreign attribute."""
    tree = _parsed(text)
    if tree is None:
        return False
    nodes = list(ast.walk(tree))
    computes = any(isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Call, ast.Lambda, ast.IfExp)) for node in nodes)
    telling = any(isinstance(node, (ast.Constant, ast.Call, ast.Pow, ast.Mult, ast.Lambda)) for node in nodes)
    foreign = (node for node in nodes if isinstance(node, ast.Attribute) and not _is_known(node))
    return computes and telling and next(foreign, None) is None


def open_expression(text: str) -> Content:
    """The function that the expression computes. Raises `ChallengeError` where it has no variables."""
    tree = _parsed(text)
    if tree is None:
        raise ChallengeError("The expression is no valid Python.", "Check its brackets and operators.")
    if any(isinstance(node, ast.BitXor) for node in ast.walk(tree)):
        raise ChallengeError("In Python ^ is no power.", "Write ** for powers, as in (x - 2.5)**2.")
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    prelude = _prelude(tree, called)
    if isinstance(tree.body, ast.Lambda):
        return _content(f"{prelude}f = {ast.unparse(tree)}\n", "f")
    names = variables(tree)
    if not names:
        raise ChallengeError("The expression has no variables.", "Name them as you like, as in (x - 2.5)**2 + y**2.")
    return _content(f"{prelude}def f({', '.join(names)}):\n    return {ast.unparse(tree)}\n", f"f({', '.join(names)})")


def _content(source: str, shown: str) -> Content:
    finding = f"It is the expression of {shown}, which runs in the worker."
    return Content("expression", pack_source(source, "f"), None, (), (), ("f",), (finding,))


def variables(tree: ast.Expression) -> tuple[str, ...]:
    """The free names in the order in which they appear; numbered ones (x1 … x10) in the order of their numbers."""
    bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id not in bound]
    found.sort(key=lambda node: (node.lineno, node.col_offset))
    names = list(dict.fromkeys(node.id for node in found if not _is_explained(node.id, tree)))
    numbered = [_NUMBERED.fullmatch(name) for name in names]
    parts = [match for match in numbered if match is not None]
    if len(parts) == len(names) and len({match.group(1) for match in parts}) == 1:
        names.sort(key=lambda name: int(re.sub(r"\D", "", name)))
    return tuple(names)


def _parsed(text: str) -> ast.Expression | None:
    try:
        return ast.parse(text.strip(), mode="eval") if len(text) <= LONGEST else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_known(node: ast.Attribute) -> bool:
    """`math.sin`, `np.linalg.norm`, and methods of what a call gives."""
    inner = node.value
    while isinstance(inner, ast.Attribute):
        inner = inner.value
    return not isinstance(inner, ast.Name) or inner.id in _MODULES


def _is_explained(name: str, tree: ast.Expression) -> bool:
    if name in _MODULES or hasattr(math, name):
        return True
    called = any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for node in ast.walk(tree)
    )
    return called or name in _BUILTINS


def _prelude(tree: ast.Expression, called: set[str]) -> str:
    """The imports that the expression needs. Raises `ChallengeError` for a function that nobody knows."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    lines = [f"import {name}\n" for name in ("math", "numpy") if name in names]
    lines += ["import numpy as np\n"] if "np" in names else []
    lines += [f"from math import {name}\n" for name in sorted(names - _MODULES) if _of_math(name)]
    for name in sorted(called - _MODULES):
        if not _of_math(name) and not hasattr(builtins, name):
            lines.append(f"from numpy import {_of_numpy(name)}\n")
    return "".join(lines)


def _of_math(name: str) -> bool:
    return hasattr(math, name) and not name.startswith("_") and name != "pow"


def _of_numpy(name: str) -> str:
    import numpy as np

    if not hasattr(np, name):
        known = ", ".join(_near(name, dir(math)))
        raise ChallengeError(f"The expression calls {name}, which neither math nor numpy has.", f"Perhaps {known}?")
    return name


def _near(name: str, names: list[str]) -> Iterator[str]:
    import difflib

    yield from difflib.get_close_matches(name, [n for n in names if not n.startswith("_")], 3, 0.4) or ["np.…"]
