"""The kinds of check: what was expected, what came, at which point, in numbers, and the likely fault by its name."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from blackbox.judging.faults import (
    Fault,
    Finding,
    bounds_fault,
    not_best,
    repeats_fault,
    search_fault,
    shown,
    walk_fault,
)
from blackbox.judging.gradient_faults import gradient_fault, one_sided
from blackbox.judging.sitting import Outcome, Rules, Sitting
from blackbox.judging.truth import Slope
from blackbox.loading.sandbox import Sandbox, Unlocked
from blackbox.practice.bench import HEIGHT, Bench, Ground
from blackbox.practice.exercise import CheckSpec, Exercise


class Status(StrEnum):
    """Of one check, in the word of the JSON contract."""

    PASS = "pass"
    FAIL = "fail"
    SKIP = "skip"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Result:
    """What a check came to."""

    spec: CheckSpec
    status: Status
    message: str
    finding: Finding | None = None

    @property
    def score(self) -> int:
        """Points."""
        return self.spec.score if self.status is Status.PASS else 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """All checks of an exercise."""

    exercise: Exercise
    results: tuple[Result, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(result.status is Status.PASS for result in self.results)

    @property
    def score(self) -> int:
        """Points of the checks that passed."""
        return sum(result.score for result in self.results)


_ERRORS = {Outcome.RAISED, Outcome.WRONG, Outcome.TIME, Outcome.DIED, Outcome.BROKE, Outcome.UNREADABLE}
_Judged = tuple[bool, str, Finding | None]
"""Whether it holds, the message, the likely fault."""


def check(exercise: Exercise, source: bytes, user: int, rules: Rules | None = None) -> Verdict:
    """All checks of a solution on a user's instances.

    It is the user's own code: where this system cannot lock it in, it runs in separate processes all the same, unless
    `rules` say otherwise. Raises `SafetyError` where they do.
    """
    if rules is not None:
        return _check(exercise, source, user, rules)
    try:
        return _check(exercise, source, user, Rules())
    except Unlocked:
        return _check(exercise, source, user, Rules(sandbox=Sandbox.BASIC))


def _check(exercise: Exercise, source: bytes, user: int, rules: Rules) -> Verdict:
    results: dict[str, Result] = {}
    with Bench(exercise, source, user, rules) as bench:
        for spec in exercise.checks:
            missing = [name for name in spec.needs if results[name].status is not Status.PASS]
            if missing:
                results[spec.name] = Result(spec, Status.SKIP, f"skipped: {missing[0]} comes first")
            else:
                results[spec.name] = _result(spec, bench)
    return Verdict(exercise, tuple(results.values()))


def _result(spec: CheckSpec, bench: Bench) -> Result:
    sittings = _sittings(spec, bench)
    holds, message, finding = _KINDS[spec.kind](spec, bench, sittings)
    if holds:
        return Result(spec, Status.PASS, message)
    ended = next((s for s in sittings if s.outcome in _ERRORS or s.outcome is Outcome.MISSING), None)
    if ended is not None:
        status = Status.FAIL if ended.outcome is Outcome.MISSING or finding is not None else Status.ERROR
        return Result(spec, status, ended.detail, finding)
    return Result(spec, Status.FAIL, message, finding)


_ENTRY = {
    "gradient": "gradient",
    "cost": "gradient",
    "two-sided": "gradient",
    "descent": "descend",
    "level": "descend",
    "heights": "descend",
    "minimum": "minimize",
    "bounds": "minimize",
}


def entry_of(spec: CheckSpec) -> str:
    """The entry that a check calls."""
    return _ENTRY.get(spec.kind) or spec.entry


def _sittings(spec: CheckSpec, bench: Bench) -> list[Sitting]:
    if spec.kind == "heights":
        return bench.pair(spec.on)[1]
    if spec.kind == "again":
        return bench.again(spec.entry, spec.after, spec.on)
    return bench.calls(entry_of(spec), spec.on)


# -------------------------------------------------------------------------------------------------------- gradients


def _gradient(spec: CheckSpec, bench: Bench, sittings: list[Sitting]) -> _Judged:
    slopes = bench.ground(spec.on).slopes(sittings)
    errors = [_error(sitting, slope) for sitting, slope in zip(sittings, slopes, strict=True)]
    failed = [not error <= spec.tolerance for error in errors]
    finding = gradient_fault(sittings, slopes, failed)
    worst = int(np.argmax(errors))
    told = _gradient_words(sittings[worst], slopes[worst])
    message = f"{told} (relative error {errors[worst]:.2g}, at most {spec.tolerance:g} is wanted)"
    return not any(failed) and finding is None, message, finding


def _error(sitting: Sitting, slope: Slope) -> float:
    if not sitting.in_shape or sitting.result is None:
        return float("inf")
    return float(np.linalg.norm(sitting.result - slope.gradient)) / max(slope.norm, 1e-300)


def _gradient_words(sitting: Sitting, slope: Slope) -> str:
    place = shown(np.array(sitting.task.x))
    came = "nothing" if sitting.result is None else shown(sitting.result)
    return f"at {place} your gradient is {came}, the true one is {shown(slope.gradient)}"


def _cost(spec: CheckSpec, _: Bench, sittings: list[Sitting]) -> _Judged:
    worst = max(sittings, key=lambda sitting: sitting.evaluations)
    message = f"{worst.evaluations} evaluations for one gradient; at most {spec.at_most} are wanted"
    ended = all(sitting.outcome is Outcome.RETURNED for sitting in sittings)
    return ended and worst.evaluations <= spec.at_most, message, repeats_fault(worst)


def _two_sided(_: CheckSpec, __: Bench, sittings: list[Sitting]) -> _Judged:
    for sitting in sittings:
        if (finding := one_sided(sitting)) is not None:
            return False, "the points that were asked lie on one side of x", finding
    asked = sum(sitting.evaluations for sitting in sittings)
    return asked > 0, f"{asked} points, on both sides of x", None


# ----------------------------------------------------------------------------------------------------------- walks


def _descent(spec: CheckSpec, bench: Bench, sittings: list[Sitting]) -> _Judged:
    ground = bench.ground(spec.on)
    walk = ground.walked(sittings[0])
    left = (walk.value - ground.lowest) / (walk.start_value - ground.lowest)
    holds = bool(left <= spec.tolerance) and not sittings[0].mutated
    place = ground.end(sittings[0])
    message = (
        f"from f = {walk.start_value:.6g} it came to f = {walk.value:.6g} at "
        f"{'nowhere' if place is None else shown(place)} in {sittings[0].evaluations} evaluations; "
        f"{ground.lowest:.6g} is the lowest"
    )
    return holds, message, None if holds else walk_fault([walk], [not left <= spec.tolerance])


def _level(spec: CheckSpec, bench: Bench, sittings: list[Sitting]) -> _Judged:
    walk = bench.ground(spec.on).walked(sittings[0])
    by_itself = sittings[0].outcome is Outcome.RETURNED and not sittings[0].refused
    holds = by_itself and walk.slope <= spec.tolerance * walk.start_slope
    message = f"where it stopped the slope is {walk.slope:.3g}; at the start it was {walk.start_slope:.3g}"
    if not by_itself and sittings[0].outcome in (Outcome.RETURNED, Outcome.SPENT):
        message = f"it stopped only because its {sittings[0].task.budget} evaluations were spent"
    return holds, message, None if holds else walk_fault([walk], [True])


def _heights(spec: CheckSpec, bench: Bench, sittings: list[Sitting]) -> _Judged:
    """The same landscape below and above zero: a stop by the slope cannot tell them apart."""
    grounds, _ = bench.pair(spec.on)
    walks = [ground.walked(sitting) for ground, sitting in zip(grounds, sittings, strict=True)]
    failed = [
        walk.sitting.outcome is not Outcome.RETURNED
        or walk.sitting.refused > 0
        or not walk.slope <= spec.tolerance * walk.start_slope
        for walk in walks
    ]
    told = " and ".join(f"slope {walk.slope:.3g} after {walk.sitting.evaluations}" for walk in walks)
    message = f"with the lowest value at {-HEIGHT:g} and at {HEIGHT:g} it stopped at {told} evaluations"
    return not any(failed), message, walk_fault(walks, failed) if any(failed) else None


def _evaluations(spec: CheckSpec, _: Bench, sittings: list[Sitting]) -> _Judged:
    sitting = sittings[0]
    message = f"{sitting.evaluations} evaluations; at most {spec.at_most} are wanted"
    holds = sitting.outcome is Outcome.RETURNED and 0 < sitting.evaluations <= spec.at_most
    return holds, message, None if holds else repeats_fault(sitting)


def _fresh(_: CheckSpec, __: Bench, sittings: list[Sitting]) -> _Judged:
    finding = repeats_fault(sittings[0])
    message = "points were asked again and again" if finding else "few points were asked twice"
    return finding is None and sittings[0].evaluations > 0, message, finding


# ---------------------------------------------------------------------------------------------------------- search


def _minimum(spec: CheckSpec, bench: Bench, sittings: list[Sitting]) -> _Judged:
    ground, sitting = bench.ground(spec.on), sittings[0]
    value = ground.value(sitting)
    holds = bool(value <= ground.lowest + spec.tolerance * ground.instance.stretch)
    end = ground.end(sitting)
    message = (
        f"it came to f = {value:.6g} at {'nowhere' if end is None else shown(end)} in {sitting.evaluations} "
        f"evaluations; {ground.lowest:.6g} is the lowest"
    )
    return holds, message, None if holds else _search_fault(ground, sitting, value)


def _search_fault(ground: Ground, sitting: Sitting, value: float) -> Finding | None:
    if not sitting.evaluations:
        return None
    first = next((v for v in sitting.answers if np.isfinite(v)), value)
    return search_fault(sitting, value, (ground.place, ground.lowest), first, ground.landscape.noise)


def _bounds(_: CheckSpec, __: Bench, sittings: list[Sitting]) -> _Judged:
    finding = bounds_fault(sittings[0])
    message = "points outside the bounds were asked" if finding else "every point lies within the bounds"
    return finding is None and sittings[0].evaluations > 0, message, finding


def _best(spec: CheckSpec, bench: Bench, sittings: list[Sitting]) -> _Judged:
    sitting, ground = sittings[0], bench.ground(spec.on)
    value = ground.value(sitting)
    finding = not_best(sitting, value, sitting.answers[0] if sitting.answers else value)
    holds = finding is None and sitting.outcome is Outcome.RETURNED and sitting.in_shape and sitting.evaluations > 0
    if not sitting.evaluations:
        return False, sitting.detail or "it asked nothing", None
    message = sitting.detail or f"it returned a point with f = {value:.6g}, the best that it had seen"
    return holds, message if finding is None else "it returned a point that is not the best it had seen", finding


def _again(spec: CheckSpec, bench: Bench, sittings: list[Sitting]) -> _Judged:
    """The same calls in a process that has already worked on another function must come to the same."""
    alone = bench.calls(spec.entry, spec.on)
    for one, other in zip(alone, sittings, strict=True):
        if not _alike(bench.ground(spec.on), one, other, spec.tolerance):
            told = f"alone it asked {one.evaluations} evaluations and came to {_came(one)}; after a call for another "
            told += f"function in the same process it asked {other.evaluations} and came to {_came(other)}"
            return False, "a second call comes to something else than a first", Finding(Fault.STATE, told)
    return True, "a second call comes to the same as a first", None


def _alike(ground: Ground, one: Sitting, other: Sitting, tolerance: float) -> bool:
    if one.outcome is not other.outcome or other.result is None or one.result is None:
        return False
    if one.task.entry == "gradient":
        return bool(np.linalg.norm(one.result - other.result) <= tolerance * np.linalg.norm(one.result))
    return ground.value(other) <= ground.value(one) + tolerance * ground.instance.stretch


def _came(sitting: Sitting) -> str:
    return sitting.detail or "nothing" if sitting.result is None else shown(sitting.result)


_KINDS: dict[str, Callable[[CheckSpec, Bench, list[Sitting]], _Judged]] = {
    "gradient": _gradient,
    "cost": _cost,
    "two-sided": _two_sided,
    "descent": _descent,
    "level": _level,
    "heights": _heights,
    "evaluations": _evaluations,
    "fresh": _fresh,
    "minimum": _minimum,
    "bounds": _bounds,
    "best": _best,
    "again": _again,
}
"""Kind in a specification → its check."""
