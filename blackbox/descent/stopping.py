"""When a walk ends, apart from how it walks.

A walk announces its iterates and never thinks of its end; `until` watches them and closes the walk when a rule holds.
Budgets and clocks are the oracle's business.
"""

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from blackbox.core.asking import Asking, Point, Step
from blackbox.core.errors import OptionError

RISES = 25
"""So many rises in a row, and higher than the start, are no hill that momentum crosses: the walk diverges."""

FAR = 1e8
"""A walk that is so many first moves from its start, and higher than it, diverges."""


class WalkStop(Enum):
    """Why a walk ended. The value is the word of the JSON contract."""

    TARGET = "target"
    SMALL_STEP = "small-step"
    SMALL_SLOPE = "small-slope"
    NO_LOWER_NEIGHBOUR = "no-lower-neighbour"
    NO_IMPROVEMENT = "no-improvement"
    STEPS = "steps"
    BUDGET = "budget"
    TIME = "time"
    DIVERGED = "diverged"
    INTERRUPTED = "interrupted"

    @property
    def sentence(self) -> str:
        """The reason in words."""
        return _SENTENCES[self]


_SENTENCES = {
    WalkStop.TARGET: "the value has passed the target",
    WalkStop.SMALL_STEP: "no coordinate moved by as much as the tolerance",
    WalkStop.SMALL_SLOPE: "the norm of the gradient is below the tolerance",
    WalkStop.NO_LOWER_NEIGHBOUR: "no neighbour is lower",
    WalkStop.NO_IMPROVEMENT: "no better point was found",
    WalkStop.STEPS: "the steps are used up",
    WalkStop.BUDGET: "the budget of evaluations is spent",
    WalkStop.TIME: "the time is up",
    WalkStop.DIVERGED: "the values rise and the points run away: the learning rate is too large",
    WalkStop.INTERRUPTED: "interrupted: the walk so far is kept",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """Each alone, or together: the first that holds ends the walk. None means never."""

    target: float | None = None
    """Value below this (above it for a walk that climbs)."""
    tolerance: float | None = None
    """Every |η ∂J/∂θ_i|, which is how far that coordinate moved, below this."""
    slope: float | None = None
    """Norm of the gradient below this."""
    patience: int | None = None
    """So many steps without a better value."""
    steps: int | None = 1000
    """Accepted iterates, the start not counted."""
    ascending: bool = False

    def __post_init__(self) -> None:
        for field in ("tolerance", "slope"):
            value = getattr(self, field)
            if value is not None and not value > 0:
                raise OptionError(field, value, "must be positive")
        for field in ("patience", "steps"):
            value = getattr(self, field)
            if value is not None and value < 1:
                raise OptionError(field, value, "must be at least 1")
        if self.target is not None and np.isnan(self.target):
            raise OptionError("target", self.target, "must be a number")


@dataclass(frozen=True, slots=True, eq=False)
class Ended:
    """Where a walk ended."""

    stop: WalkStop
    best: Step | None
    """The lowest (highest) iterate; None where the start itself failed."""
    last: Step | None
    steps: int
    """Accepted iterates, the start not counted."""


@dataclass(frozen=True, slots=True, eq=False)
class _Watch:
    """What was seen of a walk so far; `sign` is −1 for one that climbs."""

    sign: float
    start: Step
    previous: Step
    last: Step
    best: Step
    count: int = 0
    waited: int = 0
    rises: int = 0
    first_move: float = 0.0

    def after(self, step: Step) -> "_Watch":
        """The same with one more iterate."""
        better = self.sign * step.value < self.sign * self.best.value
        rose = self.sign * step.value > self.sign * self.last.value
        moved = self.first_move or float(np.linalg.norm(step.point - self.start.point))
        return replace(
            self,
            previous=self.last,
            last=step,
            best=step if better else self.best,
            count=self.count + 1,
            waited=0 if better else self.waited + 1,
            rises=self.rises + 1 if rose else 0,
            first_move=moved,
        )


def until(walk: Asking[WalkStop], rules: Rules) -> Asking[Ended]:
    """The walk, its questions and events unchanged, until it ends by itself or a rule holds. Costs nothing."""
    watch: _Watch | None = None
    stop: WalkStop | None = None
    try:
        question = next(walk)
        while stop is None:
            if isinstance(question, np.ndarray):
                question = walk.send((yield question))
                continue
            yield question
            if isinstance(question, Step):
                watch = _seen(watch, question, rules)
                stop = _verdict(watch, rules)
            if stop is None:
                question = next(walk)
    except StopIteration as finished:
        stop = finished.value
    finally:
        walk.close()
    assert stop is not None
    if watch is None:
        return Ended(stop, None, None, 0)
    return Ended(stop, watch.best, watch.last, watch.count)


def _seen(watch: _Watch | None, step: Step, rules: Rules) -> _Watch:
    if watch is not None:
        return watch.after(step)
    return _Watch(-1.0 if rules.ascending else 1.0, step, step, step, step)


def _verdict(watch: _Watch, rules: Rules) -> WalkStop | None:
    """The first rule that holds."""
    last = watch.last
    moves = np.abs(last.point - watch.previous.point)
    if rules.target is not None and watch.sign * last.value < watch.sign * rules.target:
        return WalkStop.TARGET
    if rules.slope is not None and last.slope < rules.slope:
        return WalkStop.SMALL_SLOPE
    if watch.count > 0 and rules.tolerance is not None and np.all(moves < rules.tolerance):
        return WalkStop.SMALL_STEP
    if _diverges(watch):
        return WalkStop.DIVERGED
    if rules.patience is not None and watch.waited >= rules.patience:
        return WalkStop.NO_IMPROVEMENT
    return WalkStop.STEPS if rules.steps is not None and watch.count >= rules.steps else None


def _diverges(watch: _Watch) -> bool:
    if not watch.sign * watch.last.value > watch.sign * watch.start.value:
        return False
    return watch.rises >= RISES or _distance(watch.start.point, watch.last.point) > FAR * watch.first_move > 0


def _distance(one: Point, other: Point) -> float:
    return float(np.linalg.norm(other - one))
