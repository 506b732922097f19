"""What every place to evaluate looks like from above."""

from typing import Protocol, runtime_checkable

from blackbox.core.asking import Foresight, Points, Prospect, Values
from blackbox.core.evaluations import Reply


class Interrupted(KeyboardInterrupt):
    """Ctrl-C in the middle of a batch. `partial` holds the answers so far."""

    def __init__(self, partial: Reply) -> None:
        super().__init__()
        self.partial = partial


class Executor(Protocol):
    """Answers points with values: in this process, in another, on a cluster, over HTTP or by a person."""

    def evaluate(self, points: Points) -> Reply:
        """Values at points of shape (n, d): n evaluations, answered in order.

        A failed evaluation is part of the reply. Raises `FunctionLost` where no answer can come any more.
        """
        ...

    def close(self) -> None:
        """Release what the executor holds. Harmless when repeated."""
        ...


@runtime_checkable
class ManyHanded(Executor, Protocol):
    """An executor that answers several points at a time, and evaluates ahead what it is told to foresee."""

    @property
    def width(self) -> int:
        """Points that are answered at a time."""
        ...

    @property
    def ahead(self) -> int:
        """Evaluations made ahead that nobody has asked for so far."""
        ...

    def recall(self, points: Points, values: Values) -> None:
        """Take note of answers of an earlier run, which nobody is to be asked for ahead."""
        ...

    def foresee(self, foresight: Foresight | Prospect) -> None:
        """Take note of what may be asked soon. Returns at once."""
        ...
