"""What one evaluation can come to. The byte values travel on the wire and lie in journals: never renumber."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Values
from blackbox.core.errors import BlackboxError


class Status(IntEnum):
    """One byte an evaluation."""

    OK = 0
    EXCEPTION = 1
    NOT_A_NUMBER = 2
    """NaN."""
    INFINITE = 3
    WRONG_TYPE = 4
    """None, text, a complex number, a longer vector, …"""
    TIMEOUT = 5
    CRASH = 6
    """The process that computed it died."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What an executor answers to n points."""

    values: Values
    """Shape `(n,)`, NaN wherever the status is not OK."""
    statuses: NDArray[np.uint8]
    """Shape `(n,)`, of `Status`."""
    reasons: dict[int, str]
    """Index of a failed evaluation → a short reason; not every failure needs one."""

    @classmethod
    def from_values(cls, values: Values) -> "Reply":
        """A reply of plain numbers: NaN and infinities become failures with their status."""
        statuses = np.full(values.shape, Status.OK, dtype=np.uint8)
        statuses[np.isnan(values)] = Status.NOT_A_NUMBER
        statuses[np.isinf(values)] = Status.INFINITE
        clean = np.where(statuses == Status.OK, values, np.nan)
        return cls(clean, statuses, {})


class FunctionLost(BlackboxError):  # noqa: N818 - it says what happened
    """No answer can come any more. The sentence says why; `partial` holds the answers to the first points asked."""

    exit_code = 5

    def __init__(self, reason: str, partial: Reply) -> None:
        super().__init__(reason)
        self.partial = partial


class TimeIsUp(FunctionLost):
    """The time of the whole run has ended in the middle of an evaluation, which was given up."""

    def __init__(self, partial: Reply, reason: str = "the time is up") -> None:
        super().__init__(reason, partial)
