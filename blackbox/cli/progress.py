"""One line on standard error that says how far a search is, where a person is watching."""

import sys
import time
from types import TracebackType
from typing import Any

import click

from blackbox.core.asking import Event
from blackbox.oracle.oracle import Oracle
from blackbox.report.text import point, seconds

PAUSE = 0.1
"""Seconds between two updates: smooth for the eye, nothing for the search."""

QUIET_AT_FIRST = 0.5
"""Nothing is shown for a search that is over before a person could read it."""


class Progress:
    """Draws and erases the line; silent where standard error is no terminal."""

    def __init__(self, *, hidden: bool, budget: int | None) -> None:
        self._budget = budget
        self._visible = not hidden and sys.stderr.isatty()
        self._status: Any = None
        self._due = time.monotonic() + QUIET_AT_FIRST

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def say(self, sentence: str) -> None:
        """A warning or a note; goes to standard error even where progress is hidden."""
        click.echo(f"blackbox: {sentence}", err=True)

    def observe(self, oracle: Oracle, event: Event | None) -> None:
        """The oracle's observer."""
        now = time.monotonic()
        if not self._visible or now < self._due:
            return
        self._due = now + PAUSE
        from rich.text import Text

        if self._status is None:
            from rich.console import Console

            self._status = Console(stderr=True, highlight=False).status("")
            self._status.start()
        self._status.update(Text.from_markup(self._line(oracle), overflow="ellipsis"))

    def _line(self, oracle: Oracle) -> str:
        best = oracle.best
        found = "no number yet" if best is None else f"best {best.value:.10g} at {point(best.x)}"
        total = f" of {self._budget:,}" if self._budget else ""
        failed = f", {oracle.failed:,} failed" if oracle.failed else ""
        landed = f", {len(oracle.landings)} descents" if oracle.landings else ""
        return (
            f"{found}  [dim]{oracle.evaluations:,}{total} evaluations{failed}{landed}, {seconds(oracle.seconds)}[/dim]"
        )
