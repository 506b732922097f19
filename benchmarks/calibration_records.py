"""One run of the calibration: what the claim rests on, and whether the answer was global. One line of CSV each."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np

import blackbox
from benchmarks.calibration_suite import BUDGETS, CUT, SEED, Item
from benchmarks.problem import Problem
from blackbox.answer.answer import Answer
from blackbox.answer.evidence import Evidence, Tally
from blackbox.core.asking import Points
from blackbox.core.stops import Stop

CLOSE = 1e-6
"""An answer is global when its true value is within this part of max(1, |minimum|) of the lowest."""

FIELDS = ("suite", "function", "dimension", "budget", "global", "gap", "free", "boxed", "stop", "evaluations", "found")
WAYS = ("restarts", "populations", "axes")
COUNTS = ("landings", "values", "hits")
HEADER = (*FIELDS, *(f"{way}_{count}" for way in WAYS for count in COUNTS), "landed", "kind")


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One function, one budget."""

    item: Item
    budget: str
    is_global: bool
    gap: float
    """True value minus the lowest, in units of max(1, |minimum|)."""
    evidence: Evidence


def run_suite(items: Iterable[Item]) -> list[RunRecord]:
    """Every budget on every function; an end without a minimum claims nothing and makes no record."""
    records: list[RunRecord] = []
    for item in items:
        problem = item.problem()
        for budget in BUDGETS:
            with np.errstate(all="ignore"):
                answer = _solve(problem, item, budget)
                gap = float("inf") if answer.x is None else _gap(problem, answer)
            evidence = answer.confidence.evidence
            if evidence is not None and answer.confidence.global_probability is not None:
                records.append(RunRecord(item, budget, gap <= CLOSE, gap, evidence))
    return records


def _gap(problem: Problem, answer: Answer) -> float:
    assert answer.x is not None
    true = float(problem.surface(answer.x[np.newaxis, :])[0])
    return (true - problem.minimum) / max(1.0, abs(problem.minimum))


def _solve(problem: Problem, item: Item, budget: str) -> Answer:
    rng = item.rng()
    moment = problem.dimension * 10 ** rng.uniform(*np.log10(CUT))
    per_axis = BUDGETS[budget]

    def fun(x: Points) -> float:
        values = problem.surface(x[np.newaxis, :])
        return float(values[0] if problem.disturb is None else problem.disturb(values, rng)[0])

    def interrupt(intermediate_result: Any) -> None:
        if intermediate_result.nfev >= moment:
            raise StopIteration

    return blackbox.minimize(
        fun,
        list(zip(problem.lower.tolist(), problem.upper.tolist(), strict=True)),
        problem.start,
        budget=None if per_axis is None else per_axis * problem.dimension,
        seed=SEED,
        callback=interrupt if budget == "cut" else None,
    )


def write(path: Path, records: Sequence[RunRecord]) -> None:
    """The records, for tables to be made of."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(HEADER)
        for record in records:
            item, seen = record.item, record.evidence
            rows.writerow(
                (
                    *(item.suite, item.function, item.dimension, record.budget),
                    *(int(record.is_global), f"{record.gap:.3g}", seen.dimension, int(seen.boxed), seen.stop.value),
                    *(seen.evaluations, seen.found, *(count for way in seen.ways for count in astuple(way))),
                    *(int(seen.landed), seen.kind or ""),
                )
            )


def read(path: Path) -> list[RunRecord]:
    """What `write` wrote."""
    with path.open(newline="", encoding="utf-8") as file:
        return [_record(row) for row in csv.DictReader(file)]


def _record(row: dict[str, str]) -> RunRecord:
    tallies = [Tally(*(int(row[f"{way}_{count}"]) for count in COUNTS)) for way in WAYS]
    evidence = Evidence(
        dimension=int(row["free"]),
        boxed=row["boxed"] == "1",
        stop=Stop(row["stop"]),
        evaluations=int(row["evaluations"]),
        found=int(row["found"]),
        restarts=tallies[0],
        populations=tallies[1],
        axes=tallies[2],
        landed=row["landed"] == "1",
        kind=row["kind"] or None,
    )
    item = Item(row["suite"], row["function"], int(row["dimension"]))
    return RunRecord(item, row["budget"], row["global"] == "1", float(row["gap"]), evidence)
