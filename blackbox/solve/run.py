"""One run: drive the search, try its best point, compose the answer."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from blackbox.answer.answer import Answer, Check, History, Opened
from blackbox.answer.checks import Place, Verified, verify
from blackbox.core.asking import Asking, Effort, Estimate
from blackbox.core.bounds import Bounds
from blackbox.core.quiet import quietly
from blackbox.core.stops import Stop
from blackbox.oracle.oracle import Drive, Oracle
from blackbox.search.finish import Finish
from blackbox.search.subspace import embed, embedded_ray, free_bounds, free_part
from blackbox.search.wild import wild_search
from blackbox.solve.certificates import Found, Looked, look, not_looked, reserve_of
from blackbox.solve.claims import Outcome, claims_of
from blackbox.solve.plan import Plan


def search_of(plan: Plan) -> Asking[Finish]:
    """The default search for this plan: the same plan asks the same questions."""
    return quietly(_search_of(plan))


def _search_of(plan: Plan) -> Asking[Finish]:
    rng = np.random.default_rng(plan.seed)
    bounds, start = plan.bounds, plan.start
    free = free_bounds(bounds)
    if free.dimension == bounds.dimension:
        return (yield from wild_search(bounds, start, rng, whole=plan.whole))
    if free.dimension == 0:
        return (yield from _single_point(bounds))
    inner = wild_search(free, None if start is None else free_part(start, bounds), rng, whole=plan.whole)
    finish = yield from embed(inner, bounds)
    return finish if finish.ray is None else replace(finish, ray=embedded_ray(finish.ray, bounds))


def _single_point(bounds: Bounds) -> Asking[Finish]:
    values = yield bounds.lower[np.newaxis, :]
    stop = Stop.NO_FINITE_VALUE if np.isnan(values[0]) else Stop.CONVERGED
    return Finish(stop, "the bounds leave a single point")


def run(plan: Plan, oracle: Oracle, search: Callable[[Plan], Asking[Finish]] = search_of) -> Answer:
    """Drive the search to its end and say what came of it."""
    reserve = reserve_of(plan)
    end = _end(oracle.drive(search(plan), reserve), oracle)
    searched = oracle.evaluations
    if end.void is not None:
        oracle.forget(end.void.evaluations, end.void.landings)
    worth_checking = reserve > 0 and end.void is None and end.stop in (Stop.CONVERGED, Stop.BUDGET)
    driven = _verify(plan, oracle) if worth_checking else None
    verified = None if driven is None else driven.result
    found = _found(plan, oracle, verified)
    if verified is None or found is None:
        looked = not_looked(oracle, end, affordable=reserve > 0)
    else:
        looked = look(plan, oracle, found, searched)
    return compose(plan, oracle, end, verified, looked)


def _end(drive: Drive[Finish], oracle: Oracle) -> Finish:
    if oracle.best is None and drive.stop is not Stop.INTERRUPTED:
        return Finish(Stop.NO_FINITE_VALUE, _nothing_finite(drive, oracle))
    if drive.result is not None:
        return replace(drive.result, detail=drive.result.detail or drive.result.stop.sentence)
    assert drive.stop is not None
    return Finish(drive.stop, drive.detail)


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
    magnitude = max(abs(entry.value) for entry in oracle.improvements)
    if oracle.estimate is not None:
        place = Place(oracle.estimate.point, oracle.estimate.value, magnitude)
    else:
        place = Place(best.x, -best.value if plan.maximize else best.value, magnitude)
    return oracle.drive(quietly(_checking(verify(place, plan.bounds))))


def _checking(asking: Asking[Verified]) -> Asking[Verified]:
    yield Effort("checks")
    return (yield from asking)


def _estimate(oracle: Oracle, verified: Verified | None) -> Estimate | None:
    return oracle.estimate or (None if verified is None else verified.estimate)


def _found(plan: Plan, oracle: Oracle, verified: Verified | None) -> Found | None:
    """The answer's point, in the search's sign."""
    best, estimate = oracle.best, _estimate(oracle, verified)
    if best is None:
        return None
    noise = _noise(estimate, verified)
    if estimate is not None:
        return Found(estimate.point, estimate.value, noise)
    return Found(best.x, -best.value if plan.maximize else best.value, noise)


def compose(plan: Plan, oracle: Oracle, end: Finish, verified: Verified | None, looked: Looked) -> Answer:
    """The answer from what the oracle remembers."""
    sign = -1.0 if plan.maximize else 1.0
    estimate, found = _estimate(oracle, verified), _found(plan, oracle, verified)
    history, noise = _history(plan, oracle, estimate), _noise(estimate, verified)
    claims = claims_of(plan, oracle, Outcome(end.stop, history, noise, end.complete), looked)
    return Answer(
        x=None if found is None else found.x.copy(),
        value=float("nan") if found is None else sign * found.value,
        value_error=None if estimate is None else estimate.error,
        stop=end.stop,
        reason=end.mirrored if plan.maximize and end.mirrored else end.detail,
        evaluations=oracle.evaluations,
        failed_evaluations=oracle.failed,
        failures=dict(oracle.failures.most_common()),
        seconds=oracle.seconds,
        seed=plan.seed,
        maximize=plan.maximize,
        minima=claims.minima,
        checks=_checks(verified),
        confidence=claims.confidence,
        noise=noise,
        bounds=None if plan.bounds.absent else plan.bounds,
        history=history,
        remarks=(*(remark.detail for remark in oracle.remarks), *_told_ahead(oracle)),
        certificate=claims.certificate,
        assumed=claims.assumed,
        effort=dict(oracle.effort),
        ray=end.ray,
        region=oracle.explored,
    )


def _noise(estimate: Estimate | None, verified: Verified | None) -> float:
    if estimate is not None:
        return estimate.noise
    return 0.0 if verified is None else verified.noise


def _history(plan: Plan, oracle: Oracle, estimate: Estimate | None) -> History:
    """Every improvement; where f is noisy the last entry is the mean that is the answer."""
    steps = [(entry.evaluations, entry.x, entry.value) for entry in oracle.improvements]
    if estimate is not None and steps:
        steps.append((oracle.evaluations, estimate.point, -estimate.value if plan.maximize else estimate.value))
    return History(
        np.array([evaluations for evaluations, _, _ in steps], dtype=np.int64),
        np.array([x for _, x, _ in steps]).reshape(len(steps), plan.bounds.dimension),
        np.array([value for _, _, value in steps], dtype=np.float64),
    )


def _told_ahead(oracle: Oracle) -> tuple[str, ...]:
    """What idle workers did that is in no count."""
    return (f"ahead: {oracle.ahead:,} evaluations by idle workers, never asked for",) if oracle.ahead else ()


def _checks(verified: Verified | None) -> tuple[Check, ...]:
    return () if verified is None else verified.checks


def with_challenge(answer: Answer, opened: Opened) -> Answer:
    """The same answer, saying which challenge it answers."""
    return replace(answer, challenge=opened)
