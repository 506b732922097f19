"""What a person is told of a pickle: findings, and the remedy where it cannot be used. Facts in, sentences out."""

import builtins
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from blackbox.loading.array_streams import WRAPPER
from blackbox.loading.bytecode import NEWER, read_units
from blackbox.loading.bytecode_tables import TABLES
from blackbox.loading.contents import Contents, describe, maker_of
from blackbox.loading.opcode_machine import Program
from blackbox.loading.printable import printable
from blackbox.loading.references import missing
from blackbox.loading.writer import FoundCode, Writer

LONGEST_NAME = 200
"""Characters of a name shown: a name of a megabyte is an attack on the reader's screen."""
_MOST_SAID = 12
"""Names in one sentence; the lists of the inspection hold them all."""
_HELPERS = ("cloudpickle", "dill")
_DILL_MAIN = {("__builtin__", "__main__"), ("builtins", "__main__")}
"""What dill writes for the globals of the script that saved the file; dill alone understands it."""
_SAVE_ANEW = "ask the sender to save it with cloudpickle (cloudpickle.dump) or to send the .py file as well."


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one pickle."""

    size: int
    """Bytes of the pickle and of whatever follows it."""
    program: Program
    codes: list[FoundCode]
    writer: Writer | None
    contents: Contents
    here: str
    """The Python that would run it, such as `3.11`."""

    @property
    def by_value(self) -> bool:
        """It holds code or source text."""
        return bool(self.codes) or self.contents.source or self.contents.marshalled


@dataclass(frozen=True, slots=True)
class Lost:
    """What cannot be found here."""

    needed: tuple[str, ...]
    """Without these the file cannot be loaded, or its code cannot run."""
    imported: tuple[str, ...]
    """Modules that its code imports when called: perhaps on a path that is never taken."""

    @property
    def every(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.needed, *self.imported)


@dataclass(frozen=True, slots=True)
class Used:
    """The names in the bytecode, each once."""

    imported: tuple[str, ...]
    read: tuple[str, ...]
    """Of global variables and builtins."""


def names_used(facts: Facts) -> Used:
    """What the functions in the file use when they are called; nothing where no version fits them."""
    version = next((version for version in facts.writer.versions if version in TABLES), None) if facts.writer else None
    if version is None:
        return Used((), ())
    used: dict[str, dict[str, None]] = {"IMPORT_NAME": {}, "LOAD_GLOBAL": {}}
    shift = {"IMPORT_NAME": 0, "LOAD_GLOBAL": 1 if TABLES[version].minor >= 11 else 0}
    for code in facts.codes:
        for unit in read_units(code.facts.code, TABLES[version]) or ():
            if unit.name in used and unit.argument >> shift[unit.name] < len(code.facts.names):
                used[unit.name][code.facts.names[unit.argument >> shift[unit.name]]] = None
    # "" stands for `from . import x`: a package of the sender's, which the names on loading show already
    return Used(tuple(filter(None, used["IMPORT_NAME"])), tuple(used["LOAD_GLOBAL"]))


def not_found(facts: Facts, used: Used) -> Lost:
    """The names that the file, or its code when called, asks for and that are not to be had here."""
    asked = [(name.module, name.name) for name in facts.program.names]
    known = {*_DILL_MAIN, WRAPPER}  # the worker reads these by itself
    needed = missing(facts.contents.modules, (pair for pair in asked if pair not in known))
    if not _DILL_MAIN.isdisjoint(asked):
        needed += (f"__main__.{name}" for name in used.read if not hasattr(builtins, name))
    return Lost(tuple(needed), tuple(missing((name for name in used.imported if name not in needed), ())))


def findings(facts: Facts, used: Used, lost: Lost) -> Iterator[str]:
    """Sentences, the most telling ones first."""
    program, contents = facts.program, facts.contents
    if program.fault:
        yield f"The pickle is {'too long' if program.beyond else 'broken'}: {program.fault}."
    yield from _about_code(facts)
    if used.imported:
        yield f"When called, its code imports {_listed(used.imported)}."
    yield from _about_names(facts)
    if program.needs:
        yield f"It needs something from outside the file ({_listed(program.needs)})."
    if lost.every:
        yield f"Not found here: {_listed(lost.every)}."
    if trailing := _trailing(facts):
        yield f"{trailing} more bytes follow the pickle."
    if not program.fault and contents.kind == "data":
        yield f"It gives {describe(program.top)}."
    if not program.fault and contents.kind in ("instance", "unknown") and not contents.entries:
        maker = f" made by {printable(maker_of(program.top), LONGEST_NAME)}" if program.top else ""
        yield f"It gives an object{maker}; which of its methods is the function cannot be told without loading it."


def remedy(facts: Facts, lost: Lost) -> str | None:
    """The one sentence that says what to do about a pickle that cannot be used here; None for one that may be."""
    if facts.program.beyond:
        return "Allow more with --max-opcodes, or ask the sender for the function alone, without the data around it."
    if facts.program.fault:
        return "Ask the sender for it again, saved with cloudpickle (cloudpickle.dump)."
    if facts.program.needs:
        return f"It refers to {_listed(facts.program.needs)} outside the file: {_SAVE_ANEW}"
    if facts.contents.kind == "data":
        return f"It is {describe(facts.program.top)}: ask the sender for the function, saved with cloudpickle."
    if _trailing(facts):
        return f"{_trailing(facts)} more bytes follow the function: ask the sender for a file that holds it alone."
    return remedy_for_writer(facts) or _remedy_for_names(facts, lost.needed)


def remedy_for_writer(facts: Facts) -> str | None:
    """What to do about code of another Python than the one that would run it; None for code that it can run."""
    writer, here = facts.writer, facts.here
    known = NEWER if int(here.split(".")[1]) >= int(NEWER.split(".")[1]) else here
    if writer is None or known in writer.versions or (known not in TABLES and not writer.versions):
        return None
    if not writer.versions:
        oldest, *_, newest = TABLES
        return f"Its code fits no Python known here ({oldest} to {newest}): ask the sender for the source."
    return (
        f"Its code was compiled by {writer.phrase} and this is Python {here}, which cannot run it: "
        f"run blackbox with {writer.phrase}, or ask the sender for the source."
    )


def _remedy_for_names(facts: Facts, lost: tuple[str, ...]) -> str | None:
    from_script = [name for name in lost if name.startswith("__main__.")]
    if from_script and not facts.by_value:
        return f"It holds only the name {_listed(from_script)}, not its code: {_SAVE_ANEW}"
    if from_script:
        return f"It does not bring {_listed(from_script)}, which its code uses: {_SAVE_ANEW}"
    if lost:
        return (
            f"It needs {_listed(lost)}, not to be found here: install the package that provides it, "
            "or ask the sender for the .py file."
        )
    return None


def _about_code(facts: Facts) -> Iterator[str]:
    if facts.codes:
        wrote = f", compiled by {facts.writer.phrase}" if facts.writer and facts.writer.versions else ""
        names = dict.fromkeys(code.name for code in facts.codes)
        yield f"It holds the code of {_listed(names)}{wrote}."
    if facts.writer and not facts.writer.versions:
        yield "Its bytecode fits no single Python known here."
    if facts.contents.source:
        yield "It holds source text, which it runs on loading."
    if facts.contents.marshalled:
        yield "It holds code in Python's marshal format, which it loads on loading."


def _about_names(facts: Facts) -> Iterator[str]:
    names = [name.path for name in facts.program.names if name.module.partition(".")[0] not in _HELPERS]
    if names:
        yield f"On loading it asks for {_listed(names)}."
    if facts.contents.modules:
        yield f"On loading it imports {_listed(facts.contents.modules)}."


def _trailing(facts: Facts) -> int:
    return 0 if facts.program.fault else facts.size - facts.program.consumed


def _listed(names: Collection[str]) -> str:
    shown = [printable(name, LONGEST_NAME) for name in islice(names, _MOST_SAID)]
    if len(names) > len(shown):
        return f"{', '.join(shown)} and {len(names) - len(shown)} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
