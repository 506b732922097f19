"""A contest as a table and JSON."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from blackbox.comparison.contest import PRECISIONS, Result, Run, best_known
from blackbox.report.contract import number

COMPARISON_SCHEMA = "blackbox.comparison/1"


def comparison_json(results: Sequence[Result], maximize: bool) -> str:
    """`compare --json`: a method speaks by its median run; with repeats `runs` has all of them."""
    best = best_known(results, maximize)
    methods: list[dict[str, Any]] = []
    for result in results:
        facts = {"name": result.name, **_run_facts(result.median, best, maximize)}
        if len(result.runs) > 1:
            facts["runs"] = [{"seed": run.seed, **_run_facts(run, best, maximize)} for run in result.runs]
        methods.append(facts)
    return json.dumps({"schema": COMPARISON_SCHEMA, "methods": methods}, allow_nan=False, ensure_ascii=False)


def comparison_table(results: Sequence[Result], maximize: bool) -> list[list[str]]:
    """Header and rows, best value first; with repeats the median run, and the values of the best and the worst."""
    best, several = best_known(results, maximize), any(len(result.runs) > 1 for result in results)
    values = ["median value", "best", "worst"] if several else ["best value"]
    rows = [["method", *values, "evaluations", "to 1e-2", "to 1e-6", ""]]
    sign = -1.0 if maximize else 1.0
    for result in sorted(results, key=lambda one: (np.isnan(one.median.value), sign * one.median.value)):
        run, ranked = result.median, result.ranked
        shown = [run, ranked[0], ranked[-1]] if several else [run]
        told = ["none" if np.isnan(one.value) else f"{one.value:.10g}" for one in shown]
        reached = ["–" if count is None else f"{count:,}" for count in _counts(run, best, maximize)]
        rows.append([result.name, *told, f"{run.evaluations:,}", *reached, run.error or ""])
    width = max(len(row[0]) for row in rows)
    return [[row[0].ljust(width), *row[1:]] for row in rows]


def _run_facts(run: Run, best: float, maximize: bool) -> dict[str, Any]:
    return {
        "x": None if run.x is None else [number(float(value)) for value in run.x],
        "value": number(run.value),
        "evaluations": run.evaluations,
        "evaluations_to": dict(zip(("1e-2", "1e-6"), _counts(run, best, maximize), strict=True)),
        "error": run.error,
        "curve": [[int(count), number(float(value))] for count, value in run.curve],
    }


def _counts(run: Run, best: float, maximize: bool) -> list[int | None]:
    """Evaluations to within each of `PRECISIONS` of the best value known."""
    sign = -1.0 if maximize else 1.0
    return [run.evaluations_to(best + sign * apart, maximize) for apart in PRECISIONS]
