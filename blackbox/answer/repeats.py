"""Does the same point give the same value? If not: noise, or a function that remembers being asked?"""

from dataclasses import dataclass

import numpy as np

from blackbox.answer.answer import Check
from blackbox.core.asking import Asking, Point, Values

MORE = 7
"""Further answers to one point, where two differ: noise puts all nine in order once in 180,000 runs."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """What asking again showed."""

    check: Check
    spread: float
    """Standard deviation of the answers to one point; 0 where they agree, or where the function remembers."""


def ask_again(x: Point, value: float) -> Asking[Repeats]:
    """Ask a point whose value is known once more, and seven times more where that differs. 1 or 8 evaluations.

    Answers that only ever fall or rise, or that changed once and then stay, tell of a function with a memory: a
    counter, a budget of its own, a cache. Answers on both sides of each other tell of noise.
    """
    again = yield x[np.newaxis, :]
    if again[0] == value:
        told = "asked again, the function gave the same value to the last digit"
        return Repeats(Check("value-repeats", True, told), 0.0)
    more = yield np.repeat(x[np.newaxis, :], MORE, axis=0)
    answers: Values = np.concatenate([[value], again, more])
    changed = f"asked again, the function gave {_shown(again[0])} instead of {_shown(value)}"
    memory = _memory(answers)
    if memory:
        return Repeats(Check("value-repeats", False, f"{changed}, and {memory}: it remembers being asked"), 0.0)
    known = answers[np.isfinite(answers)]
    spread = float(np.std(known, ddof=1)) if known.size > 1 else 0.0
    detail = f"{changed}: it is noisy, {known.size} answers here scatter by {spread:.3g}"
    return Repeats(Check("value-repeats", False, detail), spread)


def _memory(answers: Values) -> str:
    """How the answers give a memory away; empty where they do not."""
    if np.all(answers[1:] == answers[1]) or np.isnan(answers[1:]).all():
        return f"{_shown(answers[1])} ever since"
    steps = np.diff(answers)
    if np.all(steps >= 0) and np.any(steps > 0):
        return "more each time"
    if np.all(steps <= 0) and np.any(steps < 0):
        return "less each time"
    return ""


def _shown(value: float) -> str:
    return "no number" if np.isnan(value) else f"{value:.17g}"
