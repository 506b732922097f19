"""Walks and learning-rate studies as tables, CSV and JSON: values in, strings out."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from blackbox.core.asking import Step
from blackbox.descent.learning_rates import RateStudy
from blackbox.report.contract import number
from blackbox.solve.walks import Trail

WALK_SCHEMA, RATES_SCHEMA = "blackbox.walk/1", "blackbox.rates/1"

SHOWN_COORDINATES = 6
SHOWN_STEPS = 60
"""Longer walks show their beginning and their end; --csv and --json have all of it."""


def walk_json(trail: Trail) -> str:
    """`descend --json`."""
    facts = {
        "schema": WALK_SCHEMA,
        "method": trail.method,
        "steps": step_facts(trail.steps),
        "stop": trail.stop.value,
        "reason": trail.reason,
        "evaluations": trail.evaluations,
    }
    return json.dumps(facts, allow_nan=False, ensure_ascii=False)


def rates_json(study: RateStudy, evaluations: int) -> str:
    """`rates --json`."""
    rates = [
        {"learning_rate": walk.learning_rate, "kind": walk.kind.value, "steps": step_facts(walk.steps)}
        for walk in study.walks
    ]
    facts = {"schema": RATES_SCHEMA, "rates": rates, "recommended": study.recommended, "evaluations": evaluations}
    return json.dumps(facts, allow_nan=False, ensure_ascii=False)


def step_facts(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps as plain data; step 0 is the start."""
    return [
        {
            "step": index,
            "x": [number(float(value)) for value in step.point],
            "value": number(step.value),
            "slope": number(step.slope),
            "learning_rate": number(step.learning_rate),
        }
        for index, step in enumerate(steps)
    ]


def walk_csv(steps: Sequence[Step]) -> str:
    """One line a step, full precision: step, x1 … xd, value, slope, learning rate; empty where unknown."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = [f"x{i + 1}" for i in range(steps[0].point.size)] if steps else []
    writer.writerow(["step", *names, "value", "slope", "learning_rate"])
    for index, step in enumerate(steps):
        row = [*step.point.tolist(), step.value, step.slope, step.learning_rate]
        writer.writerow([index, *(repr(float(value)) if np.isfinite(value) else "" for value in row)])
    return out.getvalue()


def walk_table(steps: Sequence[Step]) -> list[list[str]]:
    """Header and rows: step, point, value, slope, learning rate; columns that nobody knows are left out."""
    columns = [
        ("step", [str(index) for index in range(len(steps))]),
        ("point", [_point(step) for step in steps]),
        ("value", [f"{step.value:.6f}" if 1e-3 <= abs(step.value) < 1e9 else f"{step.value:.6g}" for step in steps]),
        ("slope", [_known(step.slope) for step in steps]),
        ("learning rate", [_known(step.learning_rate) for step in steps]),
    ]
    told = [(name, cells) for name, cells in columns if any(cells)]
    rows = [[cells[k] for _, cells in told] for k in range(len(steps))]
    if len(rows) > SHOWN_STEPS:
        half = SHOWN_STEPS // 2
        rows = [*rows[:half], ["…"] + [""] * (len(told) - 1), *rows[-half:]]
    return [[name for name, _ in told], *rows]


def lines_of(table: Sequence[Sequence[str]]) -> list[str]:
    """A table as aligned text, numbers to the right."""
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in table]


def rates_table(study: RateStudy) -> list[list[str]]:
    """Header and rows: learning rate, end point, value there, kind."""
    rows = [["learning rate", "steps", "ends at", "value", "kind"]]
    for walk in study.walks:
        if walk.steps:
            end = walk.steps[-1]
            mark = "  ← recommended" if walk.learning_rate == study.recommended else ""
            kind = walk.kind.sentence + mark
            rows.append([f"{walk.learning_rate:g}", str(len(walk.steps) - 1), _point(end), f"{end.value:.6g}", kind])
        else:
            rows.append([f"{walk.learning_rate:g}", "0", "", "", "the start gave no number"])
    width = max(len(row[-1]) for row in rows)
    return [[*row[:-1], row[-1].ljust(width)] for row in rows]


def _point(step: Step) -> str:
    shown = [f"{value:.6f}" if abs(value) < 1e6 else f"{value:.6g}" for value in step.point[:SHOWN_COORDINATES]]
    more = ", …" if step.point.size > SHOWN_COORDINATES else ""
    return f"({', '.join(shown)}{more})"


def _known(value: float) -> str:
    return f"{value:.6g}" if np.isfinite(value) else ""
