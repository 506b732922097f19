"""From what a person names as the challenge to what can be run: a file, FILE:NAME, module:NAME, an expression, a URL.

Looks, and runs nothing of it. A file of another Python gets the interpreter that can run it, or is refused.
"""

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from blackbox.core.errors import BlackboxError, ChallengeError
from blackbox.loading.allowance import DEFAULT, Allowance
from blackbox.loading.files import read_challenge
from blackbox.loading.formats.catalogue import identify
from blackbox.loading.formats.content import Content, Given
from blackbox.loading.formats.layers import peel
from blackbox.loading.formats.module import open_name, split_name
from blackbox.loading.formats.native import open_script
from blackbox.loading.formats.web import open_url
from blackbox.loading.inspection import (
    THIS_PYTHON,
    Inspection,
    inspect_bytes,
    inspect_pickle,
    of_content,
)
from blackbox.loading.interpreters import Interpreter, check, find, named

PROGRAM = "run:"
"""`run:PATH` says that a file is a program, whatever it looks like."""
_ARRAY = "joblib.numpy_pickle.NumpyArrayWrapper"
"""Read by the worker itself, with numpy."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a person named: the bytes of a file and the entry in it, or content that needs no file."""

    shown: str
    data: bytes
    entry: str | None = None
    content: Content | None = None
    path: Path | None = None
    allowed: Allowance = DEFAULT

    @property
    def name(self) -> str:
        """What to call it in sentences."""
        return self.shown if self.path is None else self.path.name


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge that may be run."""

    shown: str
    inspection: Inspection
    content: Content
    python: str
    """The interpreter for the worker."""
    path: Path | None
    """Of the file, where it is one."""
    entry: str | None
    """What was asked for in it."""


def open_challenge(
    text: str | Path, entry: str | None = None, python: str | None = None, allowed: Allowance = DEFAULT
) -> Challenge:
    """Everything that is needed to run the challenge. Raises `ChallengeError`, and `UsageError` for `python`."""
    target = read_target(str(text), entry, allowed)
    wish = None if python is None else named(python)
    content = target.content or _content_of(target, wish)
    if content is None:
        return _open_pickle(target, python)
    inspection = of_content(target.data, content, _layers(target))
    if content.remedy is not None:
        raise _refusal(target, inspection)
    chosen = _choose(inspection, content.versions, content.versions and THIS_PYTHON not in content.versions, python)
    return _challenge(target, inspection, content, chosen)


def inspect_target(
    text: str | Path, entry: str | None = None, python: str | None = None, allowed: Allowance = DEFAULT
) -> Inspection:
    """What the challenge is, without running it. Raises `ChallengeError` where there is nothing to look at."""
    target = read_target(str(text), entry, allowed)
    try:
        return open_challenge(text, entry, python, allowed).inspection
    except BlackboxError as error:
        if target.content is not None:
            return of_content(target.data, target.content)
        found = inspect_bytes(target.data, target.name, allowed=target.allowed)
        if not found.usable and not found.foreign:
            return found
        remedy = error.remedy if isinstance(error, ChallengeError) else str(error)
        reason = (error.reason,) if isinstance(error, ChallengeError) else ()
        return replace(found, usable=False, remedy=remedy or found.remedy, findings=(*found.findings, *reason))


def read_target(text: str, entry: str | None, allowed: Allowance = DEFAULT) -> Target:
    """The bytes, the entry and what needs no bytes. Raises `ChallengeError` where there is no such thing."""
    raw = text.encode("utf-8", "surrogateescape")
    if text.startswith(("http://", "https://")):
        return Target(text, raw, entry, open_url(text))
    if text.startswith(PROGRAM):
        path = Path(text.removeprefix(PROGRAM))
        return Target(text, read_challenge(path, allowed), entry, open_script(Given(b"", path.name)), path)
    if os.path.lexists(text):
        return Target(text, read_challenge(text, allowed), entry, path=Path(text), allowed=allowed)
    head, colon, name = text.rpartition(":")
    if colon and name and os.path.isfile(head):
        return Target(text, read_challenge(head, allowed), entry or name, path=Path(head), allowed=allowed)
    if (pair := split_name(text)) is not None:
        return Target(text, raw, entry, open_name(*pair))
    if (formula := _formula(text)) is not None:
        return Target(text, raw, entry, formula)
    return Target(text, read_challenge(text, allowed), entry, path=Path(text), allowed=allowed)


def _formula(text: str) -> Content | None:
    """The expression that the text is; None for none. Raises `ChallengeError` for what was meant as one."""
    from blackbox.loading.formats import expression  # only here: looking at a file should feel instant

    if expression.looks_like_expression(text):
        return expression.open_expression(text)
    if (remedy := expression.slip_in(text)) is not None:
        raise ChallengeError(f"There is no file {text}.", remedy)
    return None


def _content_of(target: Target, wish: Interpreter | None) -> Content | None:
    """The content of a file that is no pickle; None for a pickle, and for what cannot be opened."""
    unpacked = peel(target.data, target.allowed)
    kind = identify(unpacked.data)
    if kind.open is None:
        return None
    elsewhere = wish is not None and wish.path != sys.executable
    return kind.open(Given(unpacked.data, target.name, target.entry, elsewhere))


def _layers(target: Target) -> tuple[str, ...]:
    return () if target.content is not None else peel(target.data, target.allowed).layers


def _open_pickle(target: Target, python: str | None) -> Challenge:
    inspection = inspect_bytes(target.data, target.name, allowed=target.allowed)
    if not inspection.usable and not inspection.foreign and python is None:
        raise _refusal(target, inspection)
    if inspection.protocol is None:
        raise _refusal(target, inspection)
    unpacked = peel(target.data, target.allowed)
    chosen = _choose(inspection, inspection.versions, inspection.foreign, python)
    if chosen is not None:
        inspection = inspect_pickle(target.data, unpacked, chosen.version, elsewhere=True, allowed=target.allowed)
        if not inspection.usable:
            raise _refusal(target, inspection)
    content = Content(inspection.container, unpacked.data, target.entry, inspection.versions)
    return _challenge(target, inspection, content, chosen)


def _choose(
    inspection: Inspection, versions: tuple[str, ...], foreign: object, python: str | None
) -> Interpreter | None:
    """The interpreter to use, None for this one. Raises `ChallengeError` where the right one is not to be had."""
    needed = needed_of(inspection)
    if python is None:
        return find(versions, needed) if foreign and versions else None
    wish = named(python, needed)
    if versions and wish.version not in versions and (foreign or wish.version != THIS_PYTHON):
        raise ChallengeError(
            f"Its code was compiled by Python {' or '.join(versions)}, and --python {python} is Python {wish.version}, "
            "which cannot run it.",
            f"Name a Python {versions[-1]}, or leave --python out to have one looked for.",
        )
    check(wish)
    return wish


def needed_of(inspection: Inspection) -> tuple[str, ...]:
    """The modules that loading asks for and that do not come with Python, sorted."""
    roots = {name.partition(".")[0] for name in inspection.imports if name != _ARRAY}
    roots |= {"numpy"} if _ARRAY in inspection.imports else set()
    known = sys.stdlib_module_names | {"__main__", "__builtin__", "copy_reg"}
    return tuple(sorted(root for root in roots - known if root.isidentifier()))


def _challenge(target: Target, inspection: Inspection, content: Content, chosen: Interpreter | None) -> Challenge:
    python = sys.executable
    if chosen is not None and chosen.path != sys.executable:
        python = chosen.path
        finding = f"It runs under {chosen.path}, which is Python {chosen.version}."
        inspection = replace(inspection, interpreter=chosen.path, findings=(*inspection.findings, finding))
    return Challenge(target.shown, inspection, content, python, target.path, target.entry)


def _refusal(target: Target, inspection: Inspection) -> ChallengeError:
    first = inspection.findings[0] if inspection.findings else inspection.container
    # A remedy that begins with the fault ("It holds only the name …") needs no finding before it.
    told = inspection.remedy is not None and inspection.remedy.startswith("It ")
    reason = f"{target.shown} cannot be used." if told else f"{target.shown} cannot be used: {first}"
    return ChallengeError(reason, inspection.remedy)
