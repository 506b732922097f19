"""Has the oracle stopped answering? Some have a budget of their own, and say the same to everything once it is spent.

They answer a word ("ReachFunctionLimit"), raise, or give one constant for ever. A plateau and a hole look alike from
their values alone; what tells them apart is that a spent oracle says the same of points that it knew better before.
"""

from dataclasses import dataclass, field
from math import isnan, nan
from typing import TypeVar

import numpy as np

from blackbox.core.asking import Asking, Point, Points, Values
from blackbox.search.finish import Void

T = TypeVar("T")

PATIENCE = 24
"""Answers in a row that say the same before old points are asked again; twice as many after each false alarm."""

TELLS = 3
"""Different old points that are asked in turn, the latest that were kept: one alone might lie where f fails."""

CONFIRMED = 12
"""Answers of old points that must be alike, in turn: one that says 0 or 1 by chance says 0 three times running in one
case of eight, and twelve times in one of four thousand."""

KEPT = 12
"""Old points remembered, of about the first, second, fourth, … evaluation."""


@dataclass(slots=True)
class Vigil:
    """Watches all answers for one that never changes any more."""

    asked: int = 0
    landings: int = 0
    same: int = 0
    """Length of the run of equal answers (or failures) that is going on."""
    before: int = 0
    """Landings before that run began."""
    last: float = nan
    patience: int = PATIENCE
    repeated: int = 0
    """Answers that equal the one before them."""
    next: int = 1
    """The next point that is remembered is that of this evaluation."""
    tells: list[tuple[Point, float]] = field(default_factory=list[tuple[Point, float]])

    def note(self, points: Points, values: Values) -> None:
        """Take in the answers to one question."""
        n = values.size
        self.asked += n
        last = float(values[-1])
        run = 1 if n == 1 else _run(values, last)
        same = last == self.last or (isnan(last) and isnan(self.last))
        if same and run == n:
            self.same += n
            self.repeated += n
        else:
            self.same, self.before = run, self.landings
            self.repeated += run - 1
            if self.asked >= self.next and not isnan(last) and len(self.tells) < KEPT:
                self.tells.append((points[-1].copy(), last))
                self.next *= 2
        self.last = last

    def watch(self, asking: Asking[T]) -> Asking[T]:
        """The same questions and result, all answers taken in."""
        try:
            question = next(asking)
            while True:
                if isinstance(question, np.ndarray):
                    values = yield question
                    self.note(question, values)
                    question = asking.send(values)
                else:
                    yield question
                    question = next(asking)
        except StopIteration as finished:
            return finished.value

    @property
    def alarmed(self) -> bool:
        """Whether one answer has come so often that it is worth asking old points again."""
        return self.same >= self.patience and len(self._witnesses()) > 0

    def _witnesses(self) -> list[tuple[Point, float]]:
        return [tell for tell in self.tells if tell[1] != self.last][-TELLS:]

    def question(self) -> Asking[Void | None]:
        """Ask old points again. What is void if the oracle is spent, else None. 1 to 12 evaluations."""
        witnesses = self._witnesses()
        witnesses *= CONFIRMED // max(1, len(witnesses))
        for point, _ in witnesses:
            answers = yield point[np.newaxis, :]
            if not (answers[0] == self.last or (np.isnan(answers[0]) and isnan(self.last))):
                self.patience = 2 * max(self.same, self.patience)
                return None
        return Void(self.same + len(witnesses), self.landings - self.before)


def _run(values: Values, last: float) -> int:
    """How many of the last values are alike."""
    other = np.flatnonzero(~np.isnan(values) if isnan(last) else values != last)
    return values.size - 1 - int(other[-1]) if other.size else values.size
