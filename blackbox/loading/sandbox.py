"""How far the worker is locked, and what the parent insists on before it sends a byte of the file."""

from enum import Enum

from blackbox.core.errors import OptionError, SafetyError
from blackbox.loading.wire import Boot

__all__ = ["Sandbox", "Unlocked", "check_prefix", "chosen", "insist"]

MIN_PREFIX = 8
"""Hexadecimal digits: 32 bits are more than anybody types by accident, and few enough to copy by eye."""
SHA256_DIGITS = 64


class Sandbox(Enum):
    """The value is the word for `--sandbox` and on the worker's command line."""

    STRICT = "strict"
    """Locked by the kernel (`lock.py`), proved by the self-test. Protects from malice."""
    BASIC = "basic"
    """A process of its own with limits and timeouts. Protects from crashes, not from malice."""

    @classmethod
    def from_word(cls, word: str) -> "Sandbox":
        """The sandbox of this word. Raises `OptionError`."""
        for sandbox in cls:
            if sandbox.value == word:
                return sandbox
        raise OptionError("sandbox", word, f"must be one of {', '.join(sandbox.value for sandbox in cls)}")


_MEANING = {
    Boot.OWN_SESSION: "a session of its own",
    Boot.DIES_WITH_PARENT: "death with its parent",
    Boot.NOT_DUMPABLE: "protection from being inspected",
    Boot.LIMITED: "limits of memory",
    Boot.BOUNDED: "limits of files and processor time",
    Boot.UNPRIVILEGED: "dropping of capabilities",
    Boot.ALONE: "a single thread",
    Boot.NO_NEW_PRIVILEGES: "no_new_privs",
    Boot.LANDLOCKED: "Landlock (Linux 5.13 or newer, with landlock among the enabled security modules)",
    Boot.FILTERED: "seccomp filters (x86-64 or aarch64)",
    Boot.NO_READING: "refusal of forbidden files",
    Boot.NO_WRITING: "refusal of writing",
    Boot.NO_SOCKETS: "refusal of sockets",
    Boot.NO_PROCESSES: "refusal of new processes",
    Boot.NO_SIGNALS: "refusal of signals to others",
}
"""Everything that a strict worker must have reported, and its name in the sentence that says what is missing."""
_CAUSES = {
    Boot.LANDLOCKED: Boot.NO_READING | Boot.LANDLOCKED,
    Boot.FILTERED: Boot.NO_WRITING | Boot.NO_SOCKETS | Boot.NO_PROCESSES | Boot.NO_SIGNALS | Boot.FILTERED,
}
"""Facts that follow from one cause, which is what a person can mend."""


class Unlocked(SafetyError):  # noqa: N818 - it says what happened
    """The worker could not lock itself as strictly as was asked; it got nothing and has been killed."""

    def __init__(self, missing: Boot) -> None:
        names = ", ".join(_meanings(missing))
        super().__init__(
            f"This system cannot lock the function in, so the file was not run (missing: {names}); --sandbox basic "
            "runs it in a separate process without protection from malice, and --trust SHA256-PREFIX does so for "
            "this one file."
        )
        self.missing, self.lacking = missing, names
        """`lacking`: what is missing, in words."""


def insist(sandbox: Sandbox, facts: Boot) -> None:
    """Raise `Unlocked` unless the worker has reported all that the sandbox demands."""
    if sandbox is Sandbox.STRICT:
        missing = Boot(sum(_MEANING)) & ~facts
        if missing:
            raise Unlocked(missing)


def chosen(word: str, trust: str | None, sha256: str) -> Sandbox:
    """The sandbox of this word, or `BASIC` where the person vouches for the very file.

    Raises `OptionError`, and `SafetyError` where the digits are another file's.
    """
    if trust is None:
        return Sandbox.from_word(word)
    if not sha256.startswith(check_prefix(trust)):
        raise SafetyError(f"--trust {trust} is not this file, whose sha256 is {sha256}; it was not run.")
    return Sandbox.BASIC


def check_prefix(typed: str) -> str:
    """The digits in lower case. Raises `OptionError` where they cannot begin a sha256, or are too few."""
    digits = typed.lower()
    if not MIN_PREFIX <= len(digits) <= SHA256_DIGITS or not set(digits) <= set("0123456789abcdef"):
        raise OptionError("trust", typed, f"must be the first {MIN_PREFIX} or more digits of the file's sha256")
    return digits


def _meanings(missing: Boot) -> list[str]:
    for cause, consequences in _CAUSES.items():
        if cause & missing:
            missing = (missing & ~consequences) | cause
    return [meaning for fact, meaning in _MEANING.items() if fact & missing]
