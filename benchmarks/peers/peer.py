"""What is known of a public optimiser before it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from benchmarks.task import Task


@dataclass(frozen=True, slots=True)
class Peer:
    """One optimiser with its settings."""

    solve: Callable[[Task], None]
    """Restarts until the budget is spent; raises `Spent`, or returns where the method has nothing more to do."""
    module: str
    """What must be importable; loaded before the clock starts."""
    settings: str
    """In a line, for the table's legend."""
    fast: bool = True
    """Whether its overhead lets it take part in `make bench`."""
    largest: int = 1000
    """The largest dimension in which it is practicable."""

    @property
    def installed(self) -> bool:
        """Whether its library is here."""
        return find_spec(self.module.partition(".")[0]) is not None

    def load(self) -> None:
        """Import the library."""
        import_module(self.module)
