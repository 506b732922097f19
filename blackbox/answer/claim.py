"""The claim that an answer is global: a probability, computed from the evidence by a small fitted model.

    p = 1 / (1 + exp(−(intercept + Σ weight · sign)))          each weight is 0 or more

Every sign grows with what speaks for the answer, so that more hits never lower the claim and more distinct values never
raise it, whatever was fitted. The weights stand in `claim_weights.py`; `make calibration-fit` makes them.
"""

from math import exp, log, log1p

from blackbox.answer.claim_weights import INTERCEPT, WEIGHTS
from blackbox.answer.evidence import Evidence, Tally

SUREST, LEAST_SURE = 0.99, 0.01
"""No claim leaves this range: values alone prove nothing, and refute nothing that nobody saw."""

UNSEEN_FLOOR = 0.002
"""Unseen parts below this count as this: the estimate assumes that no basin is small, which nobody knows."""

LONG_SINCE = 0.15
"""Beyond this much (the logarithm of all evaluations over those made by then) it says nothing more that the best value
was found long ago; below, the search was still on its way down."""

MOST_HITS = 30.0
"""Hits beyond this add nothing: they come from one basin."""

SHAKY = ("edge", "slope", "saddle")
"""Kinds of the best point at which the last digits are hard to get."""

PLATEAU = "plateau"

LEVEL = (PLATEAU, "stairs")
"""Kinds at which f is level: what lies beside cannot be seen from there."""


def global_probability(evidence: Evidence) -> float | None:
    """The claim; None where the search ended without a minimum to claim anything of."""
    if not evidence.stop.usable or not evidence.found:
        return None
    if evidence.dimension == 0 or evidence.complete:
        return SUREST
    total = INTERCEPT + sum(WEIGHTS[name] * sign for name, sign in signs(evidence).items())
    return min(max(1 / (1 + exp(-min(max(total, -50.0), 50.0))), LEAST_SURE), SUREST)


def signs(evidence: Evidence) -> dict[str, float]:
    """What speaks for the answer: name → a number that is larger the better the sign."""
    restarts, populations, axes = evidence.ways
    since = log(max(evidence.evaluations, 1) / max(evidence.found, 1))
    level = evidence.kind in LEVEL
    # Where the first value is the best, stairs beside it show at least that f has others.
    moved = evidence.found > 1 or evidence.kind not in (None, PLATEAU)
    return {
        "hits of restarts": _hits(restarts),
        "hits of populations": _hits(populations),
        "hits of axis searches": _hits(axes),
        "share of restarts": restarts.hits / restarts.landings if restarts.landings else 0.0,
        "seen by any": -log(max(min(way.unseen for way in evidence.ways), UNSEEN_FLOOR)),
        "few values": -log1p(max(way.values for way in evidence.ways)),
        "found long since": min(since, LONG_SINCE),
        "landed": float(evidence.landed),
        "evaluations a dimension": log(max(evidence.evaluations, 1) / evidence.dimension),
        "few dimensions": -log(evidence.dimension),
        "boxed": float(evidence.boxed),
        "moved": float(moved),
        "not level": -float(level),
        "firm": -float(evidence.kind in SHAKY),
    }


def _hits(way: Tally) -> float:
    return log1p(min(float(way.hits), MOST_HITS))
