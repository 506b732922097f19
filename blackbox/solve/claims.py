"""What is claimed at the end of a run: the minima with their certificates, how sure it is, and what it rested on."""

from dataclasses import dataclass, replace

from blackbox.answer.answer import Confidence, History, Minimum
from blackbox.answer.certificate import Certificate, Kind
from blackbox.answer.confidence import confidence_of
from blackbox.answer.evidence import Trail, evidence_of
from blackbox.core.stops import Stop
from blackbox.oracle.oracle import Oracle
from blackbox.solve.certificates import Looked
from blackbox.solve.plan import Plan

SMOOTH_KINDS = (Kind.INTERIOR, Kind.BOUND, Kind.EDGE)
"""Kinds at which a certificate with curvatures shows that f is smooth there."""

SEPARABLE, CELLS = ("separable", "mixed"), ("cells", "finer")
"""Topics of the remarks that the search makes when it searches axis by axis, and at whole numbers; and of those that
take it back."""


@dataclass(frozen=True, slots=True)
class Claims:
    """All in the function's own sign."""

    minima: tuple[Minimum, ...]
    certificate: Certificate
    confidence: Confidence
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """How a run ended, in the function's own sign."""

    stop: Stop
    history: History
    noise: float
    complete: bool
    """Whether every point there is was asked."""


def claims_of(plan: Plan, oracle: Oracle, outcome: Outcome, looked: Looked) -> Claims:
    """The claims of a run that is over."""
    sign = -1.0 if plan.maximize else 1.0
    history = outcome.history
    trail = Trail(
        sign * history.values, history.evaluations, outcome.stop, oracle.evaluations, outcome.noise, outcome.complete
    )
    kind = None if looked.best.kind is Kind.UNKNOWN else looked.best.kind.value
    evidence = evidence_of(oracle.landings, trail, plan.bounds, kind)
    return Claims(
        minima=tuple(_shown(minimum, sign) for minimum in looked.minima),
        certificate=looked.best.in_sign(sign),
        confidence=confidence_of(oracle.landings, evidence, maximize=plan.maximize),
        assumed=_assumed(plan, oracle, looked.best, noisy=outcome.noise > 0),
    )


def _shown(minimum: Minimum, sign: float) -> Minimum:
    known = minimum.certificate
    return replace(minimum, value=sign * minimum.value, certificate=None if known is None else known.in_sign(sign))


def _assumed(plan: Plan, oracle: Oracle, best: Certificate, *, noisy: bool) -> tuple[str, ...]:
    """The words of the contract, in a fixed order."""
    topics = {remark.topic for remark in oracle.remarks}
    separable, cellular = (made in topics and back not in topics for made, back in (SEPARABLE, CELLS))
    holds = {
        "bounded": plan.bounds.finite,
        "smooth": best.kind in SMOOTH_KINDS and best.eigenvalues is not None,
        "separable": separable,
        "noisy": noisy,
        "integer": plan.whole or cellular,
    }
    return tuple(word for word, true in holds.items() if true)
