"""What a challenge holds, whatever its form: what is known without running it, and the bytes that a worker loads."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blackbox.loading.formats.web import WebOracle


@dataclass(frozen=True, slots=True)
class Given:
    """Bytes out of all their wrappings, and what is wanted of them."""

    data: bytes
    name: str
    """What to call them in sentences: a file's name."""
    entry: str | None = None
    """What `--entry` says."""
    elsewhere: bool = False
    """Whether another interpreter than this one will run it, so that what is installed here says nothing."""


@dataclass(frozen=True, slots=True)
class Content:
    """A form that can be opened."""

    container: str
    payload: bytes | None = None
    """A pickle for the worker; None where the function runs elsewhere, or the content cannot be used."""
    entry: str | None = None
    """What the worker is to take of it."""
    versions: tuple[str, ...] = ()
    """The Pythons that can run it, such as `3.11`; empty where any can."""
    imports: tuple[str, ...] = ()
    callables: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    """Sentences for a person."""
    remedy: str | None = None
    """What to do about content that cannot be used, one sentence."""
    unlocked: str = ""
    """Why the locked worker cannot hold it: a clause that goes on "…, which the strict sandbox forbids"."""
    program: bool = False
    """It is an executable that answers points on its standard input."""
    web: "WebOracle | None" = None
    """It is asked over HTTP."""
