"""What a challenge file is and what it asks for, without running or unpickling anything of it.

Inspection informs, it never permits: a by-value function *is* code, and only the worker's walls hold it.
"""

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from blackbox.core.errors import ChallengeError
from blackbox.loading.allowance import DEFAULT, Allowance
from blackbox.loading.contents import read_contents
from blackbox.loading.files import read_challenge
from blackbox.loading.formats.catalogue import identify
from blackbox.loading.formats.compressed import Unpacked, recognise
from blackbox.loading.formats.content import Content, Given
from blackbox.loading.formats.layers import peel
from blackbox.loading.formats.zipped import is_zip
from blackbox.loading.opcode_machine import Program, run
from blackbox.loading.printable import printable
from blackbox.loading.verdict import (
    LONGEST_NAME,
    Facts,
    Lost,
    findings,
    names_used,
    not_found,
    remedy,
    remedy_for_writer,
)
from blackbox.loading.writer import find_codes, find_writer

SCHEMA = "blackbox.inspection/1"
THIS_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
MOST_NAMES = 1000
"""Names listed: an honest file asks for some ten."""
_LINE_ENDS = b"\r\n"
"""What an editor or a mail program adds to a file is nothing that follows the pickle."""
_LIBRARIES = ("cloudpickle", "dill", "joblib")
"""Those that leave their own names in what they save."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """The facts about one challenge file."""

    sha256: str
    """Of the file's bytes as they were given."""
    size: int
    """Bytes of the file."""
    container: str
    """`pickle`, `cloudpickle`, `dill`, `pickle in gzip`, `ZIP archive`, …"""
    protocol: int | None
    """Of the pickle."""
    python: str | None
    """Who wrote the code inside, where it is certain."""
    imports: tuple[str, ...]
    """What the file asks for on loading."""
    by_value: bool
    """It holds code or source text."""
    by_reference: tuple[str, ...]
    """What it asks for and what cannot be found here."""
    callables: tuple[str, ...]
    """The entries that seem to be functions."""
    findings: tuple[str, ...]
    """Sentences for a person."""
    usable: bool
    remedy: str | None
    """What to do about a file that is not usable, one sentence."""
    versions: tuple[str, ...] = ()
    """The Pythons that its code may be of, or that can run it; empty where any can."""
    foreign: bool = False
    """Whether its code is of another Python than the one that would run it."""
    interpreter: str | None = None
    """Which interpreter will run it, where that is another one."""

    def as_json(self) -> dict[str, object]:
        """The object of the `blackbox.inspection/1` contract."""
        return {
            "schema": SCHEMA,
            "sha256": self.sha256,
            "size": self.size,
            "container": self.container,
            "protocol": self.protocol,
            "python": self.python,
            "imports": list(self.imports),
            "by_value": self.by_value,
            "by_reference": list(self.by_reference),
            "callables": list(self.callables),
            "findings": list(self.findings),
            "usable": self.usable,
            "remedy": self.remedy,
            "interpreter": self.interpreter,
        }


def inspect_file(path: str | Path) -> Inspection:
    """Read and inspect a file. Raises `ChallengeError` where it cannot be read."""
    return inspect_bytes(read_challenge(path), Path(path).name)


def inspect_bytes(data: bytes, name: str, here: str = THIS_PYTHON, allowed: Allowance = DEFAULT) -> Inspection:
    """Inspect the bytes of a challenge. Raises nothing.

    `name` is what to call it in sentences, `here` the Python that would run it, such as `3.11`.
    """
    try:
        unpacked = peel(data, allowed)
    except ChallengeError as error:
        outer = recognise(data)
        container = outer.name if outer else "zip" if is_zip(data) else "unknown"
        return foreign(data, container, error)
    kind = identify(unpacked.data)
    if kind.remedy is not None:
        reason = f"{printable(name, LONGEST_NAME)} is {kind.phrase}, not a pickled function."
        return foreign(data, _in_layers(kind.name, unpacked.layers), ChallengeError(reason, kind.remedy))
    if kind.open is None:
        return inspect_pickle(data, unpacked, here, allowed=allowed)
    try:
        return of_content(data, kind.open(Given(unpacked.data, printable(name, LONGEST_NAME))), unpacked.layers)
    except ChallengeError as error:
        return foreign(data, _in_layers(kind.name, unpacked.layers), error)


def inspect_pickle(
    data: bytes, unpacked: Unpacked, here: str, *, elsewhere: bool = False, allowed: Allowance = DEFAULT
) -> Inspection:
    """Of a pickle in its layers. `elsewhere`: it will run under another Python, whose modules are not looked at."""
    program = run(unpacked.data, allowed.opcodes)
    codes = find_codes(program)
    contents = read_contents(program, codes)
    size = max(program.consumed, len(unpacked.data.rstrip(_LINE_ENDS)))
    facts = Facts(size, program, codes, find_writer(program, codes), contents, here)
    return _of_pickle(data, facts, _in_layers(_library(program), unpacked.layers), elsewhere)


def of_content(data: bytes, content: Content, layers: tuple[str, ...] = ()) -> Inspection:
    """Of a form that is no pickle."""
    findings = (*content.findings, *_forbidden(content))
    return Inspection(
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        container=_in_layers(content.container, layers),
        protocol=None,
        python=content.versions[0] if len(content.versions) == 1 else None,
        imports=_names(content.imports),
        by_value=content.web is None and content.container != "module",
        by_reference=(),
        callables=_names(content.callables),
        findings=tuple(printable(finding, len(finding)) for finding in findings),
        usable=content.remedy is None,
        remedy=content.remedy,
        versions=content.versions,
    )


def _forbidden(content: Content) -> Iterable[str]:
    if content.unlocked:
        yield f"It needs --sandbox basic or --trust: {content.unlocked}, which the strict sandbox forbids."


def _of_pickle(data: bytes, facts: Facts, container: str, elsewhere: bool) -> Inspection:
    used = names_used(facts)
    lost = Lost((), ()) if elsewhere else not_found(facts, used)
    advice = remedy(facts, lost)
    return Inspection(
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        container=container,
        protocol=facts.program.protocol,
        python=facts.writer.python if facts.writer else None,
        imports=_names(chain((name.path for name in facts.program.names), facts.contents.modules)),
        by_value=facts.by_value,
        by_reference=_names(lost.every),
        callables=_names(facts.contents.entries),
        findings=tuple(findings(facts, used, lost)),
        usable=advice is None,
        remedy=advice,
        versions=() if facts.writer is None else facts.writer.versions,
        foreign=remedy_for_writer(facts) is not None,
    )


def foreign(data: bytes, container: str, error: ChallengeError) -> Inspection:
    """Of bytes that hold nothing which could be read."""
    content = Content(container, findings=(error.reason,), remedy=error.remedy or "Ask the sender for it again.")
    return replace(of_content(data, content), by_value=False)


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(printable(name, LONGEST_NAME) for name in islice(names, MOST_NAMES)))


def _library(program: Program) -> str:
    modules = {name.module.partition(".")[0] for name in program.names}
    return next((library for library in _LIBRARIES if library in modules), "pickle")


def _in_layers(inner: str, layers: tuple[str, ...]) -> str:
    return " in ".join((inner, *reversed(layers)))
