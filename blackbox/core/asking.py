"""The language of the house: a method is a generator that asks.

A method yields `Points` and is sent their `Values`; it may also yield an `Event`, to which nothing is sent
back. It never calls the function, never counts, never times and never prints.

Events that come with nearly every question are tuples: these are made in a third of the time of frozen dataclasses.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Point: TypeAlias = Floats
"""Shape `(d,)`."""
Points: TypeAlias = Floats
"""Shape `(n, d)`."""
Values: TypeAlias = Floats
"""Shape `(n,)`; NaN stands for a failed evaluation, and nothing else does: infinities never get here."""


class Step(NamedTuple):
    """A walk accepted an iterate. Tables, plots and progress are drawn from these."""

    point: Point
    value: float
    slope: float
    """Norm of the gradient at the point, or NaN where the method knows none."""
    learning_rate: float
    """Length of the step that led here over the norm of the gradient there, or NaN."""


@dataclass(frozen=True, slots=True)
class Landing:
    """A descent has ended at what it believes is a local minimum."""

    point: Point
    value: float
    blur: float
    """How much lower the minimum itself may lie: landings whose values differ by less may be the same minimum."""
    settled: bool
    """Whether the descent ended by itself, not because its evaluations were spent."""
    origin: str
    """Which part of the search sent it off: `start`, `restart`, `simplex`, `population`, `axis` or `polish`."""
    resolution: Floats | None = None
    """Shape `(d,)`: how far from the point the minimum itself may lie along each axis; None where nobody knows."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A fact about the landscape that the search found and a person would want to know."""

    topic: str
    detail: str


@dataclass(frozen=True, slots=True)
class Effort:
    """What is asked from here on is asked by this part of a run; evaluations are counted by it."""

    part: str


@dataclass(frozen=True, slots=True)
class Halt:
    """One of several walks has ended; what is announced from here on belongs to the next."""

    stop: str
    """Why, in the word of the JSON contract."""


class Foresight(NamedTuple):
    """Points that are likely to be asked soon: idle workers may evaluate them ahead, everyone else ignores it.

    Whether anybody does changes no question and no count.
    """

    source: str
    """Who foresees; a newer foresight of the same source takes the place of the older one."""
    points: Callable[[], Points]
    """Called only where somebody is idle; shape `(n, d)`, the likeliest first."""
    rank: int
    """0 is asked for certain; what is only likely has a higher rank, and comes the later the higher."""
    perhaps: Callable[[], Points] | None = None
    """Less likely ones, which come after what anybody foresees with more certainty; shape `(n, d)`."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """Walks that will be gone later, one after the other, and ask the same questions whenever they are gone.

    Idle workers may go through them ahead; like a `Foresight`, it changes nothing.
    """

    source: str
    """Whose walks they are; a newer prospect of the same source takes the place of the older one."""
    walk: "Callable[[int], Asking[object]]"
    """The walk of that number, made anew at every call."""
    first: int
    """Number of the walk that comes next; those before it are done, or being gone."""
    count: int | None = None
    """How many of them there are; None where there is no end."""
    share: float = 1.0
    """Evaluations that will be spent on these walks for each one that is spent on walks with a share of 1."""
    soon: bool = True
    """Whether their turn comes for certain and soon; else what is foreseen with less certainty comes before them."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What repeated evaluations of a noisy function say of one point; the last such word stands.

    With noise a single low value proves nothing, so this, and not the lowest value ever met, is the answer.
    """

    point: Point
    value: float
    """Mean of the repeated values."""
    error: float
    """Standard error of that mean."""
    noise: float
    """Standard deviation of a single value there."""


@dataclass(frozen=True, slots=True)
class Explored:
    """The box that the search draws its points from, as far as it has grown; the last such word stands."""

    lower: Floats
    """Shape `(d,)`."""
    upper: Floats
    """Shape `(d,)`."""


Event: TypeAlias = Step | Landing | Remark | Effort | Halt | Foresight | Prospect | Estimate | Explored
Question: TypeAlias = Points | Event

T = TypeVar("T")
Asking: TypeAlias = Generator[Question, Values, T]


def ask_one(point: Point) -> Asking[float]:
    """The value at one point, NaN where it fails. One evaluation."""
    values = yield point[np.newaxis, :]
    return float(values[0])
