"""The usual faults by name, each with the numbers that give it away. What is judged is what was asked and answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from blackbox.core.asking import Floats, Point
from blackbox.judging.sitting import Outcome, Sitting, inside


class Fault(StrEnum):
    """The value is the word of the JSON contract."""

    WRONG_SIGN = "wrong-sign"
    FACTOR_TWO = "factor-2"
    ONE_SIDED = "one-sided-difference"
    STEP_TOO_LARGE = "step-too-large"
    STEP_TOO_SMALL = "step-too-small"
    SWAPPED = "swapped-coordinates"
    UNSCALED = "step-not-scaled"
    MUTATED = "mutated-argument"
    ON_VALUE = "stops-on-value"
    DIVERGES = "diverging-rate"
    NO_RESTART = "no-restart"
    LAST_NOT_BEST = "last-not-best"
    REPEATS = "repeated-points"
    NAN = "nan-not-handled"
    OUTSIDE = "bounds-left"
    STATE = "state-between-calls"


@dataclass(frozen=True, slots=True)
class Finding:
    """A likely fault and its evidence, one sentence with numbers."""

    fault: Fault
    evidence: str


MANY_REPEATS = 0.3
"""Part of the evaluations that may be spent at places already known: the usual walk asks its own place again."""
FEW = 10
"""Evaluations from which a part of them means something."""
CLEARLY = 1e-6
"""Part of the drop that was reached by which a result must be worse than the best point to count as the wrong one."""
EARLY = 1e-2
"""Part of the first slope that is no stopping place."""
LEVELLED = 1e-4
"""Part of the first slope at which every stop by the slope has stopped."""
UNLIKE = 1.5
"""Ratio of the evaluations on the same landscape at two heights that tells of a stop by height."""
NEAR = 0.5
"""A lowest place was looked for where at least one point lies within this part of the way to it."""

MOVED = 3.0
"""A question so many times farther from the start than the first one is a move, and none for a difference."""
ALONG = 0.5
"""Cosine between a move and the gradient from which the move goes uphill."""

ELSEWHERE = 0.1
"""Part of the ground by which two places must differ to be two basins."""


def shown(point: Floats) -> str:
    """`(1, 2)`."""
    return "(" + ", ".join(f"{value:.6g}" for value in point) + ")"


def place_of(sitting: Sitting) -> Point:
    """The point that was handed in, shape `(d,)`."""
    return np.array(sitting.task.x, dtype=np.float64)


# ----------------------------------------------------------------------------------------------------------- walks


@dataclass(frozen=True, slots=True)
class Walked:
    """A descent as the judge sees it: what it started from and what it came to."""

    sitting: Sitting
    start_value: float
    start_gradient: Floats
    """Shape `(d,)`."""
    value: float
    """At the result, NaN where there is none."""
    slope: float

    @property
    def start_slope(self) -> float:
        """The length of the gradient at the start."""
        return float(np.linalg.norm(self.start_gradient))


def walk_fault(walks: Sequence[Walked], failed: Sequence[bool]) -> Finding | None:
    """The likely fault of several walks; a pair over the same landscape at two heights shows a stop by height."""
    for walk in walks:
        if walk.sitting.mutated:
            return Finding(Fault.MUTATED, f"the start {shown(place_of(walk.sitting))} is another after the call")
    if not any(failed):
        return next((found for walk in walks if (found := repeats_fault(walk.sitting))), None)
    by_height = _stops_by_height(walks)
    for walk, wrong in zip(walks, failed, strict=True):
        if wrong:
            found = (
                _uphill(walk) or _diverges(walk) or nan_fault(walk.sitting, walk.value) or by_height or _not_best(walk)
            )
            if found is not None:
                return found
    return next((found for walk in walks if (found := repeats_fault(walk.sitting))), None)


def _uphill(walk: Walked) -> Finding | None:
    """Whether the first move goes along the gradient, and no move ever comes lower than the start."""
    sitting = walk.sitting
    offsets = sitting.points - place_of(sitting)
    lengths = np.linalg.norm(offsets, axis=1)
    if not (lengths > 0).any() or not walk.start_slope > 0:
        return None
    moves = np.flatnonzero(lengths > MOVED * lengths[lengths > 0][0])
    if not len(moves) or (sitting.values[moves] < walk.start_value).any():
        return None
    first = offsets[moves[0]]
    cosine = float(first @ walk.start_gradient) / (float(np.linalg.norm(first)) * walk.start_slope)
    if not cosine > ALONG:
        return None
    there = f"{shown(sitting.points[moves[0]])}, where f = {sitting.answers[moves[0]]:.6g}"
    told = f"from {shown(place_of(sitting))} with f = {walk.start_value:.6g} it moved to {there}"
    return Finding(Fault.WRONG_SIGN, f"{told}, and never came lower: along the gradient {shown(walk.start_gradient)}")


def _diverges(walk: Walked) -> Finding | None:
    sitting, values = walk.sitting, walk.sitting.values
    best = sitting.best
    came_down = sitting.outcome is Outcome.RETURNED and walk.value < walk.start_value
    if values.size < FEW or best is None or came_down:
        return None
    worst = float(np.nanmax(values))
    gained = walk.start_value - best[1]
    if worst - walk.start_value <= max(0.1 * gained, 1e-2 * abs(walk.start_value)):
        return None
    farthest = float(np.abs(sitting.points - place_of(sitting)).max())
    told = f"it started at f = {walk.start_value:.6g}, and on its way f rose to {worst:.3g}"
    return Finding(Fault.DIVERGES, f"{told} and x went {farthest:.3g} away: the rate is too large")


def _stops_by_height(walks: Sequence[Walked]) -> Finding | None:
    for walk in walks:
        stopped = walk.sitting.outcome is Outcome.RETURNED and walk.slope > EARLY * walk.start_slope
        if stopped and abs(walk.value) < EARLY * abs(walk.start_value):
            told = f"it stopped where f = {walk.value:.3g} but the slope is still {walk.slope:.3g}"
            return Finding(Fault.ON_VALUE, f"{told} (at the start {walk.start_slope:.3g})")
    for walk in walks[: len(walks) if len(walks) == 2 else 0]:
        if walk.sitting.outcome is Outcome.SPENT and walk.slope < LEVELLED * walk.start_slope:
            told = (
                f"the slope had sunk from {walk.start_slope:.3g} to {walk.slope:.3g} and f stayed near {walk.value:.6g}"
            )
            spent = f"but it went on until all {walk.sitting.evaluations} evaluations were spent"
            return Finding(Fault.ON_VALUE, f"{told}, {spent}: its stop does not look at the slope")
    counts = [walk.sitting.evaluations for walk in walks]
    heights = {walk.start_value - walk.sitting.answers[0] for walk in walks if walk.sitting.answers}
    if len(walks) == 2 and len(heights) == 1 and min(counts) > 0 and max(counts) > UNLIKE * min(counts):
        told = f"the same landscape at two heights took {counts[0]} and {counts[1]} evaluations"
        return Finding(Fault.ON_VALUE, f"{told}: a stop by the slope takes as many on both")
    return None


def _not_best(walk: Walked) -> Finding | None:
    return not_best(walk.sitting, walk.value, walk.start_value)


# ----------------------------------------------------------------------------------------------------------- search


def search_fault(
    sitting: Sitting, value: float, lowest: tuple[Point, float], start_value: float, noise: float = 0.0
) -> Finding | None:
    """The likely fault of a `minimize`; `value` at its result, `lowest` the lowest place that is known.

    Under noise the best answer is luck, and not returning its place is no fault.
    """
    kept = sitting.result is None or not sitting.in_shape or inside(sitting.task, sitting.result)
    found = nan_fault(sitting, value if kept else 0.0) or bounds_fault(sitting)
    found = found or (None if noise else not_best(sitting, value, start_value))
    return found or repeats_fault(sitting) or _no_restart(sitting, value, lowest, start_value)


def bounds_fault(sitting: Sitting) -> Finding | None:
    """Whether a question, or the result, lies outside the bounds."""
    if sitting.task.bounds is None:
        return None
    low, high = np.array(sitting.task.bounds).T
    for word, points in (("asked", sitting.points), ("returned", [sitting.result] if sitting.in_shape else [])):
        outside = [point for point in points if point is not None and ((point < low) | (point > high)).any()]
        if outside:
            box = ", ".join(f"{a:.4g} to {b:.4g}" for a, b in zip(low, high, strict=True))
            told = f"{len(outside)} of the points that it {word} lie outside the bounds ({box}), such as "
            return Finding(Fault.OUTSIDE, told + shown(outside[0]))
    return None


def not_best(sitting: Sitting, value: float, start_value: float) -> Finding | None:
    """Whether the result is worse than a point that was known."""
    best = sitting.best
    if best is None or not sitting.in_shape or not np.isfinite(value):
        return None
    if value - best[1] <= CLEARLY * max(abs(start_value - best[1]), abs(best[1]), 1e-12):
        return None
    assert sitting.result is not None
    told = f"it returned {shown(sitting.result)} with f = {value:.6g}, but had seen f = {best[1]:.6g} at "
    return Finding(Fault.LAST_NOT_BEST, told + shown(best[0]))


def repeats_fault(sitting: Sitting) -> Finding | None:
    """Whether many evaluations went to places already known."""
    if sitting.evaluations < FEW:
        return None
    distinct = len({point.tobytes() for point in sitting.asked})
    repeated = sitting.evaluations - distinct
    if repeated <= MANY_REPEATS * sitting.evaluations:
        return None
    told = f"{repeated} of {sitting.evaluations} evaluations went to points already asked"
    return Finding(Fault.REPEATS, told)


def nan_fault(sitting: Sitting, value: float = 0.0) -> Finding | None:
    """Whether values that are no numbers came before a result that is none, or whose `value` is none."""
    missing = [point for point, value in zip(sitting.asked, sitting.answers, strict=True) if not np.isfinite(value)]
    if not missing:
        return None
    if sitting.outcome is Outcome.RAISED:
        came = sitting.detail
    elif sitting.result is not None and not np.isfinite(sitting.result).all():
        came = f"it returned {shown(sitting.result)}"
    elif sitting.in_shape and sitting.result is not None and not np.isfinite(value):
        came = f"it returned {shown(sitting.result)}, where f has no value"
    else:
        return None
    return Finding(Fault.NAN, f"f has no value at {shown(missing[0])}, for one, and {came}")


def _no_restart(sitting: Sitting, value: float, lowest: tuple[Point, float], start_value: float) -> Finding | None:
    if (
        not sitting.in_shape
        or not sitting.evaluations
        or not value > lowest[1] + CLEARLY * max(abs(start_value - lowest[1]), 1e-12)
    ):
        return None
    assert sitting.result is not None
    way = float(np.linalg.norm(lowest[0] - sitting.result))
    nearest = float(np.linalg.norm(sitting.points - lowest[0], axis=1).min())
    corners = sitting.points if sitting.task.bounds is None else np.array(sitting.task.bounds).T
    if nearest < NEAR * way or way < ELSEWHERE * float(np.ptp(corners, axis=0).max()):
        return None
    told = f"it ended at f = {value:.6g}; f = {lowest[1]:.6g} lies {way:.3g} away, and none of its "
    return Finding(Fault.NO_RESTART, f"{told}{sitting.evaluations} points comes nearer to it than {nearest:.3g}")
