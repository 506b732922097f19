"""Does the same point give the same value? If not: noise, or a function that remembers being asked?"""

from dataclasses import dataclass

import numpy as np

from blackbox.answer.answer import Check
from blackbox.core.asking import Asking, Point
from blackbox.search.echoes import MORE, listen, shown

__all__ = ["MORE", "Repeats", "ask_again"]


@dataclass(frozen=True, slots=True)
class Repeats:
    """What asking again showed."""

    check: Check
    spread: float
    """Standard deviation of the answers to one point; 0 where they agree, or where the function remembers."""
    mean: float
    """Mean of the answers given now, which nobody chose for being low; NaN where `spread` is 0."""
    error: float
    """Standard error of that mean."""


def ask_again(x: Point, value: float) -> Asking[Repeats]:
    """Ask a point whose value is known once more, and seven times more where that differs. 1 or 8 evaluations."""
    echoes = yield from listen(x, value)
    if echoes.same:
        told = "asked again, the function gave the same value to the last digit"
        return Repeats(Check("value-repeats", True, told), 0.0, float("nan"), 0.0)
    changed = f"asked again, the function gave {shown(echoes.answers[1])} instead of {shown(value)}"
    if echoes.memory:
        detail = f"{changed}, and {echoes.memory}: it remembers being asked"
        return Repeats(Check("value-repeats", False, detail), 0.0, float("nan"), 0.0)
    spread, fresh = echoes.spread, echoes.fresh
    detail = f"{changed}: it is noisy, {fresh.size} answers here scatter by {spread:.3g}"
    mean = float(np.mean(fresh)) if fresh.size else float("nan")
    return Repeats(Check("value-repeats", False, detail), spread, mean, spread / max(1, fresh.size) ** 0.5)
