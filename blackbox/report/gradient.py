"""What derivatives say of a point, in words and as JSON."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from blackbox.core.asking import Floats
from blackbox.gradients.hessian import Critical, Hessian
from blackbox.gradients.point_study import PointStudy
from blackbox.report.contract import number
from blackbox.report.text import point

GRADIENT_SCHEMA = "blackbox.gradient/1"


def gradient_json(study: PointStudy, method: str, evaluations: int) -> str:
    """`gradient --json`."""
    return json.dumps(gradient_facts(study, method, evaluations), allow_nan=False, ensure_ascii=False)


def gradient_facts(study: PointStudy, method: str, evaluations: int) -> dict[str, Any]:
    """By the contract `blackbox.gradient/1`."""
    along, bend, check = study.directional, study.hessian, study.check
    return {
        "schema": GRADIENT_SCHEMA,
        "x": _numbers(study.place.point),
        "value": number(study.place.value),
        "method": method,
        "gradient": _numbers(study.estimate.gradient),
        "error": _numbers(study.estimate.error),
        "evaluations": evaluations,
        "directional": None
        if along is None
        else {"direction": _numbers(along.direction), "value": number(along.value), "error": number(along.error)},
        "hessian": None if bend is None else [_numbers(row) for row in bend.matrix],
        "hessian_error": None if bend is None else [_numbers(row) for row in bend.error],
        "eigenvalues": None if bend is None else _numbers(bend.eigenvalues),
        "kind": study.kind.value,
        "check": None
        if check is None
        else {
            "holds": check.holds,
            "relative_error": number(check.relative_error),
            "fault": None if check.fault is None else check.fault.value,
            "detail": check.sentence,
        },
        "noise": number(study.place.noise),
        "notes": list(_notes(study)),
    }


def nothing_json(x: Sequence[float], method: str, evaluations: int, reason: str) -> str:
    """`gradient --json` where the function gives no number at x itself: by the contract, with nulls for what is not."""
    unknown: list[None] = [None] * len(x)
    facts: dict[str, Any] = {
        "schema": GRADIENT_SCHEMA,
        "x": list(x),
        "value": None,
        "method": method,
        "gradient": unknown,
        "error": unknown,
        "evaluations": evaluations,
        "directional": None,
        "hessian": None,
        "hessian_error": None,
        "eigenvalues": None,
        "kind": Critical.INCONCLUSIVE.value,
        "check": None,
        "noise": None,
        "notes": [reason],
    }
    return json.dumps(facts, allow_nan=False, ensure_ascii=False)


def gradient_lines(study: PointStudy, evaluations: int) -> list[tuple[str, str]]:
    """(label, text) rows for a person."""
    estimate = study.estimate
    rows = [("value", f"{study.place.value:.15g} at {point(study.place.point)}")]
    for axis in range(estimate.gradient.size):
        rows.append(("gradient", f"∂f/∂x{axis + 1} = {with_bar(estimate.gradient[axis], estimate.error[axis])}"))
    rows.append(("norm", f"{float(np.linalg.norm(estimate.gradient)):.10g}"))
    if study.directional is not None:
        along = study.directional
        rows.append(("along", f"{point(along.direction)}: {with_bar(along.value, along.error)}"))
    if study.hessian is not None:
        rows += [("Hessian", "  ".join(row)) for row in _entries(study.hessian)]
        values = ", ".join(f"{value:.6g}" for value in study.hessian.eigenvalues)
        rows.append(("eigenvalues", f"{values}, each ± {study.hessian.eigenvalue_error:.2g}"))
    if study.kind is not Critical.NOT_CRITICAL or study.hessian is not None:
        rows.append(("kind", _KINDS[study.kind]))
    if study.check is not None:
        rows.append(("check", f"{'holds' if study.check.holds else 'FAILS'}: {study.check.sentence}"))
    rows += [("note", note) for note in _notes(study)]
    return [*rows, ("evaluations", f"{evaluations:,}")]


def _entries(bend: Hessian) -> list[list[str]]:
    """The matrix as text; an entry that its own bar cannot tell from 0 is shown as 0 (the JSON has every digit)."""
    told = np.where(np.abs(bend.matrix) <= bend.error, 0.0, bend.matrix)
    unknown = ~np.isfinite(bend.error)
    return [
        ["?".rjust(14) if lost else f"{value:>14.8g}" for value, lost in zip(*row, strict=True)]
        for row in zip(told, unknown, strict=True)
    ]


def _notes(study: PointStudy) -> list[str]:
    along = study.directional
    slanted = [f"along the direction: {along.note}"] if along is not None and along.note else []
    bend = () if study.hessian is None else study.hessian.notes
    return [*study.estimate.notes, *slanted, *bend]


def with_bar(value: float, error: float) -> str:
    """A number with no digits that its error makes meaningless: `8 ± 2e-11`."""
    if not np.isfinite(error):
        return f"{value:.10g}, error unknown"
    digits = 17 if error == 0 or value == 0 else max(2, min(17, int(np.ceil(np.log10(abs(value) / error))) + 1))
    return f"{value:.{digits}g} ± {error:.1g}"


_KINDS = {
    Critical.MINIMUM: "a minimum: every eigenvalue is positive",
    Critical.MAXIMUM: "a maximum: every eigenvalue is negative",
    Critical.SADDLE: "a saddle: eigenvalues of both signs",
    Critical.INCONCLUSIVE: "critical, but second derivatives cannot tell: an eigenvalue is within its error of 0",
    Critical.NOT_CRITICAL: "not a critical point: the gradient does not vanish",
}


def _numbers(values: Floats) -> list[float | None]:
    return [number(float(value)) for value in values]
