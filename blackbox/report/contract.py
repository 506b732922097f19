"""The JSON contracts that other programs read. Keep them; extend them."""

import json
import math
from dataclasses import asdict
from typing import Any

from blackbox.answer.answer import Answer, Confidence, Minimum, Opened
from blackbox.answer.certificate import Certificate
from blackbox.answer.evidence import Evidence
from blackbox.core.asking import Explored, Floats

ANSWER_SCHEMA = "blackbox.answer/1"


def answer_json(answer: Answer) -> str:
    """`solve --json`: one object, full precision, null for what is not finite."""
    return json.dumps(answer_facts(answer), allow_nan=False, ensure_ascii=False)


def answer_facts(answer: Answer) -> dict[str, Any]:
    """The answer as plain data, by the contract `blackbox.answer/1`."""
    return {
        "schema": ANSWER_SCHEMA,
        "challenge": None if answer.challenge is None else _challenge(answer.challenge),
        "direction": "maximize" if answer.maximize else "minimize",
        "x": None if answer.x is None else _numbers(answer.x),
        "value": number(answer.value),
        "stop": answer.stop.value,
        "reason": answer.reason,
        "evaluations": answer.evaluations,
        "failed_evaluations": answer.failed_evaluations,
        "failures": answer.failures,
        "seconds": round(answer.seconds, 6),
        "seed": answer.seed,
        "minima": [_minimum(minimum) for minimum in answer.minima],
        "checks": [{"name": c.name, "holds": c.holds, "detail": c.detail} for c in answer.checks],
        "confidence": _confidence(answer.confidence),
        "certificate": None if answer.certificate is None else _certificate(answer.certificate),
        "assumed": list(answer.assumed),
        "effort": answer.effort,
        "noise": number(answer.noise),
        "bounds": None if answer.bounds is None else [[number(v) for v in pair] for pair in answer.bounds.pairs()],
        "remarks": list(answer.remarks),
        "value_error": answer.value_error,
        "ray": None if answer.ray is None else _numbers(answer.ray),
        "region": None if answer.region is None else _region(answer.region),
    }


def number(value: float) -> float | None:
    """A JSON number, or None for what is not finite."""
    return float(value) if math.isfinite(value) else None


def _numbers(values: Floats) -> list[float | None]:
    return [number(float(value)) for value in values]


def _region(region: Explored) -> dict[str, Any]:
    return {"lower": _numbers(region.lower), "upper": _numbers(region.upper)}


def _minimum(minimum: Minimum) -> dict[str, Any]:
    facts: dict[str, Any] = {"x": _numbers(minimum.x), "value": number(minimum.value), "hits": minimum.hits}
    return facts if minimum.certificate is None else {**facts, **_certificate(minimum.certificate)}


def _certificate(certificate: Certificate) -> dict[str, Any]:
    gradient, error, curved = certificate.gradient, certificate.gradient_error, certificate.eigenvalues
    return {
        "kind": certificate.kind.value,
        "gradient": None if gradient is None else _numbers(gradient),
        "gradient_error": None if error is None else _numbers(error),
        "hessian_eigenvalues": None if curved is None else _numbers(curved),
        "hessian_eigenvalue_error": None if curved is None else number(certificate.eigenvalue_error),
        "evaluations": certificate.evaluations,
        "note": certificate.note or None,
    }


def _confidence(confidence: Confidence) -> dict[str, Any]:
    seen = confidence.evidence
    return {
        "restarts": confidence.restarts,
        "distinct_minima": confidence.distinct_minima,
        "unseen_minimum_probability": confidence.unseen_minimum_probability,
        "global_probability": confidence.global_probability,
        "expected_unseen_minima": confidence.expected_unseen_minima,
        "all_seen_probability": confidence.all_seen_probability,
        "covered": confidence.covered,
        "statement": confidence.statement,
        "evidence": None if seen is None else _evidence(seen),
    }


def _evidence(seen: Evidence) -> dict[str, Any]:
    return {
        "restarts": asdict(seen.restarts),
        "populations": asdict(seen.populations),
        "axis_searches": asdict(seen.axes),
        "found_at": seen.found,
        "landed": seen.landed,
    }


def _challenge(opened: Opened) -> dict[str, Any]:
    return {
        "path": opened.path,
        "sha256": opened.sha256,
        "format": opened.format,
        "python": opened.python,
        "call": opened.call,
        "dimension": opened.dimension,
        "held": list(opened.held),
        "note": opened.note or None,
    }
