"""Drive a generator with a plain function: no oracle, no process, no clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np

from blackbox.core.asking import Asking, Event, Floats, Landing, Points, Remark, Step, Values

T = TypeVar("T")
Surface = Callable[[Points], Values]
"""From points `(n, d)` to values `(n,)`."""


@dataclass
class Driven(Generic[T]):
    """Everything that happened between a generator and the function."""

    result: T | None = None
    """What the generator returned; None where `limit` or `enough` ended the drive first."""
    questions: list[Points] = field(default_factory=list)
    answers: list[Values] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    best: float = float("inf")
    best_point: Floats | None = None

    @property
    def evaluations(self) -> int:
        """Points asked, all in all."""
        return sum(len(question) for question in self.questions)

    @property
    def points(self) -> Points:
        """All points asked, in order, shape `(n, d)`."""
        return np.vstack(self.questions)

    @property
    def values(self) -> Values:
        """What was answered to them, shape `(n,)`."""
        return np.concatenate(self.answers)

    def first_below(self, level: float) -> float:
        """Evaluations until a value was at most `level`; infinite if none was."""
        reached = np.flatnonzero(self.values <= level)
        return float(reached[0] + 1) if reached.size else float("inf")

    @property
    def steps(self) -> list[Step]:
        """The accepted iterates that were announced."""
        return [event for event in self.events if isinstance(event, Step)]

    @property
    def landings(self) -> list[Landing]:
        """The ends of descents that were announced."""
        return [event for event in self.events if isinstance(event, Landing)]

    @property
    def topics(self) -> list[str]:
        """The topics of the remarks made."""
        return [event.topic for event in self.events if isinstance(event, Remark)]


def drive(asking: Asking[T], surface: Surface, *, limit: int = 1_000_000, enough: float = -float("inf")) -> Driven[T]:
    """Answer until the generator returns, `limit` points have been asked or a value is `enough` or lower.

    What the border promises a method is kept: values that are no finite number become NaN.
    """
    driven: Driven[T] = Driven()
    asked = 0
    try:
        question = next(asking)
        while asked < limit and driven.best > enough:
            if not isinstance(question, np.ndarray):
                driven.events.append(question)
                question = next(asking)
                continue
            values = _ask(surface, question, driven)
            asked += len(question)
            question = asking.send(values)
    except StopIteration as finished:
        driven.result = finished.value
    finally:
        asking.close()
    return driven


def finish(asking: Asking[T], surface: Surface) -> T:
    """The result of a generator that must come to its end."""
    driven = drive(asking, surface)
    assert driven.result is not None
    return driven.result


def value_at(surface: Surface, point: Floats) -> float:
    """One value, for judging; counted by nobody."""
    return float(surface(np.asarray(point, dtype=np.float64)[np.newaxis, :])[0])


def _ask(surface: Surface, question: Points, driven: Driven[T]) -> Values:
    assert question.ndim == 2
    assert question.dtype == np.float64
    assert len(question) > 0
    assert np.isfinite(question).all()
    asked = question.copy()
    with np.errstate(all="ignore"):
        values = np.asarray(surface(asked), dtype=np.float64)
    values = np.where(np.isfinite(values), values, np.nan)
    driven.questions.append(asked)
    driven.answers.append(values.copy())
    if np.isfinite(values).any():
        lowest = int(np.nanargmin(values))
        if values[lowest] < driven.best:
            driven.best, driven.best_point = float(values[lowest]), asked[lowest]
    return values
