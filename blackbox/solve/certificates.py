"""Certificates for the minima of a run, within an allowance that comes out of its budget."""

from dataclasses import dataclass, replace

import numpy as np

from blackbox.answer.answer import Minimum
from blackbox.answer.certificate import NOT_LOOKED_AT, Certificate, Kind
from blackbox.answer.certify import Surroundings, certify, cost_of_certificate, least_cost
from blackbox.answer.checks import cost_of_checks
from blackbox.answer.confidence import minima_of
from blackbox.answer.evidence import ALREADY
from blackbox.core.asking import Asking, Effort, Floats, Point
from blackbox.core.quiet import quietly
from blackbox.core.stops import Stop
from blackbox.oracle.oracle import Oracle
from blackbox.search.finish import Finish
from blackbox.solve.plan import Plan

ALLOWANCE_PART = 20
"""Checks and certificates together cost at most one in twenty of the budget, …"""

SEARCH_PART = 5
"""… and certificates one in five of what the search asked: a search that was short is not to double, …"""

LEAST_PER_AXIS = 60
"""… but so many for each of d + 1 are granted, which is the certificate of one minimum of few inputs."""

MOST = 5
"""Minima looked at, the lowest first: those that a person is shown."""

LOST = 2.0**-50
"""A coordinate that moved less than this part of the farthest is 0 but for rounding, and tells no length."""

CERTIFICATE = "certificate"

TOLD_WHY = {
    Stop.TIME: "not looked at: the time is up",
    Stop.TARGET: "not looked at: the search ends at its target",
    Stop.INTERRUPTED: "not looked at: the search was interrupted",
    Stop.UNBOUNDED: "no minimum to look at",
    Stop.INFIMUM: "no minimum to look at",
}
"""Why there is no certificate after such a stop."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The answer's point, in the search's sign."""

    x: Point
    value: float
    noise: float


@dataclass(frozen=True, slots=True)
class Looked:
    """The minima with their certificates, and the best point's own, all in the search's sign."""

    minima: tuple[Minimum, ...]
    best: Certificate


def reserve_of(plan: Plan) -> int:
    """Evaluations of the budget kept for checks and the best point's certificate; 0 where the checks cost too much."""
    budget = plan.limits.budget
    checks = cost_of_checks(plan.bounds.dimension)
    wanted = checks + cost_of_certificate(plan.bounds.dimension)
    if budget is None:
        return wanted
    room = budget // ALLOWANCE_PART
    if room < checks + least_cost(plan.bounds.dimension):
        return checks if room >= checks else 0
    return min(room, wanted)


def look(plan: Plan, oracle: Oracle, found: Found, searched: int) -> Looked:
    """Look at the point found by a search of so many evaluations, then at its other minima, lowest first.

    Goes on until the allowance is spent; the checks have been made.
    """
    around = Surroundings(plan.bounds, _extent(plan, oracle), found.noise)
    allowance = _allowance(plan, oracle, searched)
    first = _look(oracle, found.x, found.value, around, allowance)
    allowance -= first.evaluations
    same = max(ALREADY * max(1.0, abs(found.value)), found.noise)
    shown: list[Minimum] = []
    for minimum in minima_of(oracle.landings, 1.0):
        if not shown and minimum.value - found.value <= same:
            certificate = first
        elif len(shown) < MOST and allowance > 0:
            certificate = _look(oracle, minimum.x, minimum.value, around, allowance)
            allowance -= certificate.evaluations
        else:
            certificate = NOT_LOOKED_AT
        shown.append(replace(minimum, certificate=certificate))
    return Looked(tuple(shown), first)


def not_looked(oracle: Oracle, end: Finish, *, affordable: bool) -> Looked:
    """The minima of a run after which nothing was looked at, and why."""
    told = TOLD_WHY.get(end.stop, "not looked at")
    if end.void is not None:
        told = "not looked at: the function answers no more"
    elif not affordable and end.stop.usable:
        told = f"not looked at: it would cost more than one in {ALLOWANCE_PART} of the budget"
    unknown = Certificate(Kind.UNKNOWN, note=told)
    return Looked(tuple(replace(minimum, certificate=unknown) for minimum in minima_of(oracle.landings, 1.0)), unknown)


def _allowance(plan: Plan, oracle: Oracle, searched: int) -> int:
    granted = max(LEAST_PER_AXIS * (plan.bounds.dimension + 1), searched // SEARCH_PART)
    budget = plan.limits.budget
    if budget is None:
        return granted
    checks = oracle.evaluations - searched
    return max(0, min(granted, budget // ALLOWANCE_PART - checks, budget - oracle.evaluations))


def _look(oracle: Oracle, x: Point, value: float, around: Surroundings, allowance: int) -> Certificate:
    """What was found; the evaluations are those really made, also where a limit ended the look."""
    before = oracle.evaluations
    # Where the box spans decades its width says nothing about a small x.
    around = replace(around, extent=np.where(around.bounds.span_decades, np.abs(x), around.extent))
    drive = oracle.drive(quietly(_announced(certify(x, value, around, allowance))))
    spent = oracle.evaluations - before
    if drive.result is None:
        return Certificate(Kind.UNKNOWN, evaluations=spent, note=f"not looked at to the end: {drive.detail}")
    return replace(drive.result, evaluations=spent)


def _announced(asking: Asking[Certificate]) -> Asking[Certificate]:
    yield Effort(CERTIFICATE)
    return (yield from asking)


def _extent(plan: Plan, oracle: Oracle) -> Floats:
    """The width of the box; along an axis without one, how far the best point lies from 0 or from the first one."""
    width = plan.bounds.upper - plan.bounds.lower
    last, first = oracle.improvements[-1].x, oracle.improvements[0].x
    away = np.maximum(np.abs(last), np.abs(last - first))
    return np.where(np.isfinite(width), width, np.where(away > LOST * away.max(), away, 1.0))
