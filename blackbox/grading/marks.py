"""From sittings to marks: what part of an item's points was earned, and the reason for every point lost."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from blackbox.judging.faults import (
    Finding,
    Walked,
    bounds_fault,
    search_fault,
    shown,
    walk_fault,
)
from blackbox.judging.gradient_faults import gradient_fault
from blackbox.judging.sitting import Outcome, Sitting, inside
from blackbox.judging.truth import Baseline, Slope

EXACT, USELESS = 1e-4, 0.5
"""Relative error of a gradient: full points, no points. A decent difference has 1e-6; half is no direction any more."""
MEANT = 0.05
"""Part of the points for accuracy from which the cost of a gradient means anything."""
CENTRAL = 2
"""Evaluations for each input, and one: full points for cost; four times as many: none."""
ARRIVED, STAYED = 1e-6, 1.0
"""Part of the way from the start's value to the lowest known that is left: full points, no points."""
LEVEL, SLOPING = 1e-3, 0.5
"""Slope where a descent stops in parts of the slope at its start: full points, no points."""
GOOD_ENOUGH = 0.9
"""Part of the way between the baselines from which counting evaluations means anything."""
WHOLE = 1 - 1e-6
"""A part that large is all of it: no point is lost for the last digits."""
CLOSE = 1e-3
"""Part of the way between the baselines that may be left when evaluations are counted."""
FAIR, FRUGAL = 1.2, 0.2
"""Full points up to so many times the evaluations of our search, or this part of the budget; none at the budget."""


class Status(StrEnum):
    """Of one item, in the word of the report."""

    PASS = "pass"
    PARTIAL = "partial"
    FAIL = "fail"
    SKIP = "skip"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Mark:
    """One item at one instance."""

    item: str
    status: Status
    fraction: float
    """Part of the item's points, 0 to 1."""
    reason: str
    """Why not all of them; empty where nothing is lost."""
    outcome: str
    """How the call ended."""
    evaluations: int
    """Where the clock stopped the call, how many it had made by then."""
    seconds: float


_SPOILT = {Outcome.TIME, Outcome.DIED, Outcome.BROKE, Outcome.UNREADABLE, Outcome.RAISED, Outcome.WRONG}


def _mark(item: str, sittings: Sequence[Sitting], fraction: float, reason: str, finding: Finding | None = None) -> Mark:
    spoilt = next((sitting for sitting in sittings if sitting.outcome in _SPOILT), None)
    fraction = 1.0 if fraction >= WHOLE else max(0.0, fraction) if math.isfinite(fraction) else 0.0
    status = Status.PASS if fraction == 1.0 else Status.PARTIAL if fraction > 0 else Status.FAIL
    if spoilt is not None and fraction < 1.0:
        status = Status.ERROR if fraction == 0 else status
        reason = f"{spoilt.detail}; {reason}" if fraction > 0 and reason else spoilt.detail
    clock = spoilt is not None and spoilt.outcome is Outcome.TIME  # how far it came by then is luck, and no evidence
    if finding is not None and fraction < 1.0 and not clock:
        reason = f"{reason}; likely {finding.fault}: {finding.evidence}"
    told = "" if fraction == 1.0 else reason
    outcome = (spoilt or sittings[0]).outcome
    evaluations, seconds = sum(s.evaluations for s in sittings), sum(s.seconds for s in sittings)
    return Mark(item, status, fraction, told, outcome.value, evaluations, seconds)


def _skip(item: str, sittings: Sequence[Sitting], reason: str) -> Mark:
    return Mark(item, Status.SKIP, 0.0, reason, sittings[0].outcome.value, sum(s.evaluations for s in sittings), 0.0)


def fall(value: float, full: float, none: float) -> float:
    """1 up to `full`, 0 from `none` on, and in between by the logarithm: each digit is worth the same."""
    if not math.isfinite(value) or value >= none:
        return 0.0
    return 1.0 if value <= full else (math.log(none) - math.log(value)) / (math.log(none) - math.log(full))


def mark_missing(items: Sequence[str], sittings: Sequence[Sitting]) -> list[Mark]:
    """All items of an entry that is not there."""
    return [_skip(item, sittings, sittings[0].detail) for item in items]


# -------------------------------------------------------------------------------------------------------- gradients


def mark_gradient(items: Sequence[str], sittings: Sequence[Sitting], slopes: Sequence[Slope]) -> list[Mark]:
    """Accuracy is the mean over the places; cost counts where the gradient is any good."""
    errors = [relative_error(sitting, slope) for sitting, slope in zip(sittings, slopes, strict=True)]
    parts = [fall(error, EXACT, USELESS) for error in errors]
    accuracy = math.fsum(parts) / len(parts)
    marks: list[Mark] = []
    if "gradient-accuracy" in items:
        finding = gradient_fault(sittings, slopes, [part < 1 for part in parts])
        worst = int(np.argmin(parts))
        reason = _gradient_words(sittings[worst], slopes[worst], errors[worst])
        marks.append(_mark("gradient-accuracy", sittings, accuracy, reason, finding))
    if "gradient-cost" in items:
        marks.append(_mark_cost(sittings, accuracy))
    return marks


def _mark_cost(sittings: Sequence[Sitting], accuracy: float) -> Mark:
    if accuracy < MEANT:
        return _skip("gradient-cost", sittings, "skipped: the gradient itself is wrong")
    fair = CENTRAL * sittings[0].task.dimension + 1
    most = max(sitting.evaluations for sitting in sittings)
    reason = f"{most} evaluations for one gradient; a central difference takes {fair - 1}"
    return _mark("gradient-cost", sittings, fall(most, fair, 4 * fair), reason)


def relative_error(sitting: Sitting, slope: Slope) -> float:
    """‖claimed − true‖ / ‖true‖, infinite where there is no gradient."""
    if not sitting.in_shape or sitting.result is None or sitting.outcome is not Outcome.RETURNED:
        return math.inf
    return float(np.linalg.norm(sitting.result - slope.gradient)) / max(slope.norm, 1e-300)


def _gradient_words(sitting: Sitting, slope: Slope, error: float) -> str:
    place = shown(np.array(sitting.task.x))
    if sitting.result is None:
        return sitting.detail or f"no gradient at {place}"
    if not sitting.in_shape:
        told = shown(sitting.result[:4])
        return f"at {place} it returned {told}, which is no gradient of {sitting.task.dimension} numbers"
    told = f"at {place} your gradient is {shown(sitting.result)}, the true one {shown(slope.gradient)}"
    return f"{told} (relative error {error:.2g})"


# ----------------------------------------------------------------------------------------------------------- walks


def mark_walk(items: Sequence[str], walk: Walked, lowest: float) -> list[Mark]:
    """How far down it came, and whether it stopped where the ground is level."""
    sitting = walk.sitting
    whole = walk.start_value - lowest
    left = (walk.value - lowest) / whole if whole > 0 else math.inf
    down = fall(max(left, 1e-300), ARRIVED, STAYED)
    finding = walk_fault([walk], [down < 1 or walk.slope > LEVEL * walk.start_slope])
    marks: list[Mark] = []
    if "descent" in items:
        reason = f"from f = {walk.start_value:.6g} it came to {walk.value:.6g}; {lowest:.6g} can be reached"
        marks.append(_mark("descent", [sitting], down, _shape_words(sitting) or reason, finding))
    if "stopping" in items:
        marks.append(_mark_stop(walk, down, finding))
    return marks


def _mark_stop(walk: Walked, down: float, finding: Finding | None) -> Mark:
    sitting = walk.sitting
    if sitting.outcome is Outcome.SPENT or sitting.refused:
        told = f"it stopped only because its {sitting.task.budget} evaluations were spent"
        return _mark("stopping", [sitting], 0.0, told, finding)
    if down == 0:
        return _skip("stopping", [sitting], "skipped: the descent itself came nowhere")
    level = fall(walk.slope / max(walk.start_slope, 1e-300), LEVEL, SLOPING)
    told = f"where it stopped the slope is {walk.slope:.3g}, at the start it was {walk.start_slope:.3g}"
    return _mark("stopping", [sitting], level, told, finding)


def _shape_words(sitting: Sitting) -> str:
    if sitting.outcome is Outcome.SPENT:
        return ""  # its best point counts
    if sitting.result is None or sitting.in_shape:
        return sitting.detail
    return f"it returned {shown(sitting.result[:4])}, which is no point of {sitting.task.dimension} numbers"


# ---------------------------------------------------------------------------------------------------------- search


def mark_search(items: Sequence[str], sitting: Sitting, value: float, baseline: Baseline, noise: float) -> list[Mark]:
    """The place between the baselines, what it took, and what part of the questions kept to the bounds."""
    part = between(value, baseline)
    finding = search_fault(sitting, value, (baseline.at, baseline.search), baseline.random, noise)
    told = _shape_words(sitting)
    where = "" if not sitting.in_shape or sitting.result is None else f" at {shown(sitting.result)}"
    if not told and sitting.result is not None and not inside(sitting.task, sitting.result):
        told = f"it returned {shown(sitting.result)}, which lies outside the bounds"
    known = f"random search has {baseline.random:.6g}, ours {baseline.search:.6g}"
    came = f"it came to f = {value:.6g}{where}" if math.isfinite(value) else f"f has no value{where or ' so far'}"
    reason = told or f"{came}; {known}"
    if sitting.outcome is Outcome.SPENT:
        reason += " (BudgetSpent went through it: the best point that it asked counts)"
    marks: list[Mark] = []
    for item in items:
        if item == "evaluations":
            marks.append(_mark_evaluations(sitting, part, baseline))
        elif item == "bounds":
            kept = part * _kept(sitting)
            outside = bounds_fault(sitting)
            marks.append(_mark("bounds", [sitting], kept, reason, outside or finding))
        else:
            marks.append(_mark(item, [sitting], part, reason, finding))
    return marks


def between(value: float, baseline: Baseline) -> float:
    """0 at random search, 1 at our search. Where ours is no better, 1 for whoever is as good and else 0."""
    if not math.isfinite(value):
        return 0.0
    if not baseline.random > baseline.search:
        return 1.0 if value <= baseline.search else 0.0
    return min(1.0, max(0.0, (baseline.random - value) / (baseline.random - baseline.search)))


def _mark_evaluations(sitting: Sitting, part: float, baseline: Baseline) -> Mark:
    if part < GOOD_ENOUGH:
        return _skip("evaluations", [sitting], "skipped: it did not come near the minimum")
    gap = CLOSE * (baseline.random - baseline.search)
    near = sitting.values <= baseline.search + gap
    spent = int(np.argmax(near)) + 1 if near.any() else sitting.evaluations
    fair = max(FAIR * baseline.evaluations, FRUGAL * sitting.task.budget)
    reason = f"it came near after {spent} evaluations, ours after {baseline.evaluations}; up to {fair:.0f} are free"
    return _mark("evaluations", [sitting], fall(spent, fair, max(sitting.task.budget, fair + 1)), reason)


def _kept(sitting: Sitting) -> float:
    """Part of the questions inside the bounds."""
    if sitting.task.bounds is None or not sitting.evaluations:
        return 1.0
    return sum(inside(sitting.task, point) for point in sitting.asked) / sitting.evaluations
