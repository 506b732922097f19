"""The JSON contracts that other programs read. Keep them; extend them."""

import json
import math
from typing import Any

from blackbox.answer.answer import Answer, Opened
from blackbox.core.asking import Explored, Floats

ANSWER_SCHEMA = "blackbox.answer/1"


def answer_json(answer: Answer) -> str:
    """`solve --json`: one object, full precision, null for what is not finite."""
    return json.dumps(answer_facts(answer), allow_nan=False, ensure_ascii=False)


def answer_facts(answer: Answer) -> dict[str, Any]:
    """The answer as plain data, by the contract `blackbox.answer/1`."""
    confidence = answer.confidence
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
        "minima": [{"x": _numbers(m.x), "value": number(m.value), "hits": m.hits} for m in answer.minima],
        "checks": [{"name": c.name, "holds": c.holds, "detail": c.detail} for c in answer.checks],
        "confidence": {
            "restarts": confidence.restarts,
            "distinct_minima": confidence.distinct_minima,
            "unseen_minimum_probability": confidence.unseen_minimum_probability,
            "statement": confidence.statement,
        },
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
