"""One run: drive the search, try its best point, compose the answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from blackbox.answer.answer import Answer, Check, History, Opened
from blackbox.answer.checks import Verified, cost_of_checks, verify
from blackbox.answer.confidence import confidence_of, minima_of
from blackbox.core.asking import Asking
from blackbox.core.bounds import Bounds
from blackbox.core.quiet import quietly
from blackbox.core.stops import Stop
from blackbox.oracle.oracle import Drive, Oracle
from blackbox.search.default import Finish, default_search
from blackbox.search.subspace import embed, free_bounds, free_part
from blackbox.solve.plan import Plan

CHECKS_PART = 20
"""Checks are made only where they cost at most one in twenty of the budget."""


@dataclass(frozen=True, slots=True)
class _End:
    stop: Stop
    reason: str


def search_of(plan: Plan) -> Asking[Finish]:
    """The default search for this plan: the same plan asks the same questions."""
    return quietly(_search_of(plan))


def _search_of(plan: Plan) -> Asking[Finish]:
    rng = np.random.default_rng(plan.seed)
    bounds, start = plan.bounds, plan.start
    free = free_bounds(bounds)
    if free.dimension == bounds.dimension:
        return default_search(bounds, start, rng)
    if free.dimension == 0:
        return _single_point(bounds)
    return embed(default_search(free, None if start is None else free_part(start, bounds), rng), bounds)


def _single_point(bounds: Bounds) -> Asking[Finish]:
    values = yield bounds.lower[np.newaxis, :]
    stop = Stop.NO_FINITE_VALUE if np.isnan(values[0]) else Stop.CONVERGED
    return Finish(stop, "the bounds leave a single point")


def run(plan: Plan, oracle: Oracle, search: Callable[[Plan], Asking[Finish]] = search_of) -> Answer:
    """Drive the search to its end and say what came of it."""
    reserve = cost_of_checks(plan.bounds.dimension)
    budget = plan.limits.budget
    affordable = budget is None or reserve * CHECKS_PART <= budget
    drive = oracle.drive(search(plan), reserve if affordable else 0)
    end = _end(drive, oracle)
    verified = _verify(plan, oracle) if affordable and end.stop in (Stop.CONVERGED, Stop.BUDGET) else None
    return compose(plan, oracle, end.stop, end.reason, None if verified is None else verified.result)


def _end(drive: Drive[Finish], oracle: Oracle) -> _End:
    if oracle.best is None and drive.stop is not Stop.INTERRUPTED:
        return _End(Stop.NO_FINITE_VALUE, _nothing_finite(drive, oracle))
    if drive.result is not None:
        detail = drive.result.detail or drive.result.stop.sentence
        return _End(drive.result.stop, detail)
    assert drive.stop is not None
    return _End(drive.stop, drive.detail)


def _nothing_finite(drive: Drive[Finish], oracle: Oracle) -> str:
    told = f"none of {oracle.evaluations} evaluations gave a finite number"
    if drive.detail and drive.stop is not Stop.BUDGET:
        return f"{told}: {drive.detail}"
    common = oracle.failures.most_common(1)
    return f"{told}; the commonest reason: {common[0][0]}" if common else told


def _verify(plan: Plan, oracle: Oracle) -> Drive[Verified] | None:
    best = oracle.best
    if best is None:
        return None
    sign = -1.0 if plan.maximize else 1.0
    magnitude = max(abs(entry.value) for entry in oracle.improvements)
    return oracle.drive(quietly(verify(best.x, sign * best.value, magnitude, plan.bounds)))


def compose(plan: Plan, oracle: Oracle, stop: Stop, reason: str, verified: Verified | None) -> Answer:
    """The answer from what the oracle remembers."""
    best = oracle.best
    improvements = oracle.improvements
    dimension = plan.bounds.dimension
    history = History(
        np.array([entry.evaluations for entry in improvements], dtype=np.int64),
        np.array([entry.x for entry in improvements]).reshape(len(improvements), dimension),
        np.array([entry.value for entry in improvements], dtype=np.float64),
    )
    return Answer(
        x=None if best is None else best.x.copy(),
        value=float("nan") if best is None else best.value,
        stop=stop,
        reason=reason,
        evaluations=oracle.evaluations,
        failed_evaluations=oracle.failed,
        failures=dict(oracle.failures.most_common()),
        seconds=oracle.seconds,
        seed=plan.seed,
        maximize=plan.maximize,
        minima=minima_of(oracle.landings, -1.0 if plan.maximize else 1.0),
        checks=_checks(verified),
        confidence=confidence_of(oracle.landings),
        noise=0.0 if verified is None else verified.noise,
        bounds=None if plan.bounds.absent else plan.bounds,
        history=history,
        remarks=(*(remark.detail for remark in oracle.remarks), *_told_ahead(oracle)),
    )


def _told_ahead(oracle: Oracle) -> tuple[str, ...]:
    """What idle workers did that is in no count."""
    return (f"ahead: {oracle.ahead:,} evaluations by idle workers, never asked for",) if oracle.ahead else ()


def _checks(verified: Verified | None) -> tuple[Check, ...]:
    return () if verified is None else verified.checks


def with_challenge(answer: Answer, opened: Opened) -> Answer:
    """The same answer, saying which challenge it answers."""
    return replace(answer, challenge=opened)
