"""A contest as a table, a picture and JSON."""

import json
from collections.abc import Sequence

import numpy as np

from blackbox.comparison.contest import PRECISIONS, Result, best_known
from blackbox.report.contract import number

COMPARISON_SCHEMA = "blackbox.comparison/1"


def comparison_json(results: Sequence[Result], maximize: bool) -> str:
    """`compare --json`."""
    methods = [
        {
            "name": result.name,
            "x": None if result.x is None else [number(float(value)) for value in result.x],
            "value": number(result.value),
            "evaluations": result.evaluations,
            "evaluations_to": dict(zip(("1e-2", "1e-6"), counts, strict=True)),
            "error": result.error,
            "curve": [[int(count), number(float(value))] for count, value in result.curve],
        }
        for result, counts in zip(results, _counts(results, maximize), strict=True)
    ]
    return json.dumps({"schema": COMPARISON_SCHEMA, "methods": methods}, allow_nan=False, ensure_ascii=False)


def comparison_table(results: Sequence[Result], maximize: bool) -> list[list[str]]:
    """Header and rows, best value first."""
    order = sorted(
        zip(results, _counts(results, maximize), strict=True),
        key=lambda pair: (np.isnan(pair[0].value), -pair[0].value if maximize else pair[0].value),
    )
    rows = [["method", "best value", "evaluations", "to 1e-2", "to 1e-6", ""]]
    for result, counts in order:
        reached = ["–" if count is None else f"{count:,}" for count in counts]
        value = "none" if np.isnan(result.value) else f"{result.value:.10g}"
        rows.append([result.name, value, f"{result.evaluations:,}", *reached, result.error or ""])
    width = max(len(row[0]) for row in rows)
    return [[row[0].ljust(width), *row[1:]] for row in rows]


def _counts(results: Sequence[Result], maximize: bool) -> list[list[int | None]]:
    best = best_known(results, maximize)
    sign = -1.0 if maximize else 1.0
    return [[result.evaluations_to(best + sign * apart, maximize) for apart in PRECISIONS] for result in results]
