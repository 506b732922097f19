"""What a function says when it is asked the same again: the same, something noisy, or that it remembers."""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Point, Values

MORE = 7
"""Further answers to one point, where two differ: noise puts all nine in order once in 180,000 runs."""


@dataclass(frozen=True, slots=True, eq=False)
class Echoes:
    """Answers to one point, the one known before first."""

    answers: Values
    """Shape `(2,)` or `(9,)`."""
    memory: str
    """How the answers give a memory away; empty where they do not."""

    @property
    def same(self) -> bool:
        """Whether the function said the same again."""
        return bool(self.answers[1] == self.answers[0])

    @property
    def fresh(self) -> Values:
        """The numbers that were answered now: the one known before may have been chosen for being low."""
        again = self.answers[1:]
        return again[np.isfinite(again)]

    @property
    def spread(self) -> float:
        """Standard deviation of the fresh answers; 0 where they agree, or where the function remembers."""
        if self.same or self.memory or self.fresh.size < 2:
            return 0.0
        return float(np.std(self.fresh, ddof=1))


def listen(x: Point, value: float) -> Asking[Echoes]:
    """Ask a point whose value is known once more, and seven times more where that differs. 1 or 8 evaluations.

    Answers that only ever fall or rise, or that changed once and then stay, tell of a function with a memory: a
    counter, a budget of its own, a cache. Answers on both sides of each other tell of noise.
    """
    again = yield x[np.newaxis, :]
    if again[0] == value:
        return Echoes(np.array([value, value]), "")
    more = yield np.repeat(x[np.newaxis, :], MORE, axis=0)
    answers: Values = np.concatenate([[value], again, more])
    return Echoes(answers, _memory(answers))


def _memory(answers: Values) -> str:
    if np.all(answers[1:] == answers[1]) or np.isnan(answers[1:]).all():
        return f"{shown(answers[1])} ever since"
    steps = np.diff(answers)
    if np.all(steps >= 0) and np.any(steps > 0):
        return "more each time"
    if np.all(steps <= 0) and np.any(steps < 0):
        return "less each time"
    return ""


def shown(value: float) -> str:
    """A value to the last digit, for a person."""
    return "no number" if np.isnan(value) else f"{value:.17g}"
