"""An expression as a challenge: `"(x-2.5)**2 + 1"`. Its variables are the names that nothing else explains."""

import ast
import builtins
import cmath
import math
import re
from collections.abc import Iterator

from blackbox.core.errors import ChallengeError
from blackbox.loading.formats.content import Content
from blackbox.loading.packing import pack_source

LONGEST = 10_000
"""Characters: longer ones are no expressions that anybody types."""
_MODULES = {"math", "np", "numpy"}
_NUMBERED = re.compile(r"([A-Za-z]+)_?(\d+)")
_TAKE_FUNCTIONS = {"map", "filter"}
"""Their first argument is a function, which is named and not called."""
_ELSEWHERE = {"ln": "log", "lg": "log10", "tg": "tan", "arctg": "atan", "sen": "sin", "sgn": "sign", "arccot": "atan"}
"""What functions are called in other places, and in math or numpy."""
_OF_BOTH = {name for name in dir(cmath) if callable(getattr(cmath, name))} & set(dir(math)) - {"isclose"}
_EITHER = """\
import cmath

def _either(real, other):
    return lambda *x: (other if any(isinstance(v, complex) for v in x) else real)(*x)

"""
"""Functions of math take no complex numbers, which complex steps are made of; those of cmath take nothing else well."""
_FILE_NAME = re.compile(r".*\.(?:pkl|pickle|dill|joblib|gz|bz2|xz|lzma|zip|pyc?|so|dll|dylib|toml|json|npy|txt)", re.I)
_IN_FOLDER = re.compile(r"[\w.: ()-]*[/\\][\w.: ()/\\-]*")
"""What ends like a file (`challenge (1).pkl`) or lies in a folder was not meant as an expression."""
_DEFINITION = re.compile(r"\s*\w+\s*(?:\([\w\s,]*\))?\s*=(?!=)\s*(.+)")
_SLIPS = (
    (re.compile(r"[\^²³]"), "write ** for powers, as in x**2"),
    (re.compile(r"(?<![\w.])\d+(?:\.\d+)?\s*[A-Za-z_(]|\)\s*[\w(]"), "write * for every product, as in 2*x"),
    (re.compile(r"\|"), "write abs(…) for |…|"),
)
"""How formulas are written elsewhere, and what Python wants instead."""


def looks_like_expression(text: str) -> bool:
    """Whether the text computes something and is no file's name.

    That is told by a number, a call, a power or a product among its parts, or by brackets around it.
    """
    tree = _parsed(text)
    if tree is None or not _computes(tree) or _FILE_NAME.fullmatch(text):
        return False
    telling = any(isinstance(node, (ast.Constant, ast.Call, ast.Pow, ast.Mult, ast.Lambda)) for node in ast.walk(tree))
    return telling or text.lstrip().startswith("(")


def is_led_by_minus(text: str) -> bool:
    """Whether a word that looks like an option computes something, such as `-log(x)` or `-x**2`; `-x` does not."""
    if not text.startswith("-") or text.startswith("--"):
        return False
    tree = _parsed(text)
    if tree is None or not _computes(tree) or not variables(tree):
        return False
    return not (isinstance(tree.body, ast.UnaryOp) and isinstance(tree.body.operand, ast.Name))


def slip_in(text: str) -> str | None:
    """The remedy for a text that is no file and was perhaps meant as an expression; None where it was surely not."""
    tree = _parsed(text)
    if _FILE_NAME.fullmatch(text) or _IN_FOLDER.fullmatch(text):
        return None
    if tree is not None:
        shown = text.strip()
        return f"If it is an expression, put it in brackets: ({shown})." if _computes(tree) else None
    if found := _DEFINITION.fullmatch(text):
        return f"If it is an expression, give what stands right of the = alone: {found.group(1)}"
    slips = [remedy for pattern, remedy in _SLIPS if pattern.search(text)]
    if slips:
        return f"If it is an expression, {' and '.join(slips)}."
    return "If it is an expression, check its brackets and operators." if re.search(r"[*()]", text) else None


def _computes(tree: ast.Expression) -> bool:
    """Whether there is an operator, a call or a function in it, and no attribute of an unknown object."""
    nodes = list(ast.walk(tree))
    computes = any(isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Call, ast.Lambda, ast.IfExp)) for node in nodes)
    return computes and all(_is_known(node) for node in nodes if isinstance(node, ast.Attribute))


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
    """Modules, constants such as `pi`, and functions where they are used as such: in `gamma**2` it is a variable."""
    if name in _MODULES or (hasattr(math, name) and not callable(getattr(math, name))):
        return True
    return name in _functions_in(tree)


def _functions_in(tree: ast.Expression) -> set[str]:
    """The names that are called, or handed over to be called: `map(abs, x)`, `max(x, key=abs)`."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        taker = node.func.id if isinstance(node.func, ast.Name) else ""
        handed = [*node.args[: taker in _TAKE_FUNCTIONS], *(word.value for word in node.keywords)]
        used = [node.func, *(part for part in handed if isinstance(part, ast.Name) and _is_function(part.id))]
        names |= {part.id for part in used if isinstance(part, ast.Name)}
    return names


def _is_function(name: str) -> bool:
    return hasattr(math, name) or hasattr(builtins, name)


def _prelude(tree: ast.Expression, called: set[str]) -> str:
    """The imports that the expression needs. Raises `ChallengeError` for a function that nobody knows."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    lines = [f"import {name}\n" for name in ("math", "numpy") if name in names]
    lines += ["import numpy as np\n"] if "np" in names else []
    lines += [f"from math import {name}\n" for name in sorted(names - _MODULES) if _of_math(name)]
    complex_too = [name for name in sorted(called & _OF_BOTH) if _of_math(name)]
    lines += [_EITHER] if complex_too else []
    lines += [f"{name} = _either({name}, cmath.{name})\n" for name in complex_too]
    for name in sorted(called - _MODULES):
        if not _of_math(name) and not hasattr(builtins, name):
            lines.append(f"from numpy import {_of_numpy(name)}\n")
    return "".join(lines)


def _of_math(name: str) -> bool:
    return hasattr(math, name) and not name.startswith("_") and name != "pow"


def _of_numpy(name: str) -> str:
    import numpy as np

    if not hasattr(np, name):
        known = _ELSEWHERE.get(name) or ", ".join(_near(name, dir(math)))
        raise ChallengeError(f"The expression calls {name}, which neither math nor numpy has.", f"Perhaps {known}?")
    return name


def _near(name: str, names: list[str]) -> Iterator[str]:
    import difflib

    yield from difflib.get_close_matches(name, [n for n in names if not n.startswith("_")], 3, 0.4) or ["np.…"]
