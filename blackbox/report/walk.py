"""Walks and learning-rate studies as tables, CSV and JSON: values in, strings out."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from blackbox.core.asking import Floats, Point, Step
from blackbox.descent.learning_rates import RateStudy
from blackbox.report.contract import number
from blackbox.solve.walks import Trail

WALK_SCHEMA, RATES_SCHEMA = "blackbox.walk/1", "blackbox.rates/1"

SHOWN_COORDINATES = 6
SHOWN_STEPS = 60
"""Longer walks show their beginning and their end; --csv and --json have all of it."""


def walk_json(trail: Trail) -> str:
    """`descend --json`."""
    facts: dict[str, Any] = {
        "schema": WALK_SCHEMA,
        "method": trail.method,
        "steps": step_facts(trail.steps),
        "stop": trail.stop.value,
        "reason": trail.reason,
        "evaluations": trail.evaluations,
    }
    if trail.walks:
        facts |= {"restarts": _restart_facts(trail), "basins": _basin_facts(trail)}
    return json.dumps(facts, allow_nan=False, ensure_ascii=False)


def _restart_facts(trail: Trail) -> list[dict[str, Any]]:
    """Each walk: where it began, its best iterate, why it stopped, in which basin it ended (null for none)."""
    home = _homes(trail)
    return [
        {
            "start": _numbers(start),
            "x": None if walk.best is None else _numbers(walk.best.point),
            "value": None if walk.best is None else number(walk.best.value),
            "stop": walk.stop.value,
            "reason": walk.reason,
            "evaluations": walk.evaluations,
            "basin": home.get(index),
            "steps": step_facts(walk.steps),
        }
        for index, (walk, start) in enumerate(zip(trail.walks, trail.starts, strict=False))
    ]


def _basin_facts(trail: Trail) -> list[dict[str, Any]]:
    return [{"x": _numbers(basin.point), "value": number(basin.value), "hits": basin.hits} for basin in trail.basins]


def _homes(trail: Trail) -> dict[int, int]:
    """Number of a walk → number of its basin, both from 0."""
    return {walk: index for index, basin in enumerate(trail.basins) for walk in basin.walks}


def rates_json(study: RateStudy, evaluations: int) -> str:
    """`rates --json`."""
    rates = [
        {"learning_rate": walk.learning_rate, "kind": walk.kind.value, "steps": step_facts(walk.steps)}
        for walk in study.walks
    ]
    facts = {"schema": RATES_SCHEMA, "rates": rates, "recommended": study.recommended, "evaluations": evaluations}
    if study.stop is not None:
        facts |= {"stop": study.stop.value, "reason": study.reason}
    return json.dumps(facts, allow_nan=False, ensure_ascii=False)


def step_facts(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps as plain data; step 0 is the start."""
    return [
        {
            "step": index,
            "x": _numbers(step.point),
            "value": number(step.value),
            "slope": number(step.slope),
            "learning_rate": number(step.learning_rate),
        }
        for index, step in enumerate(steps)
    ]


def walk_csv(trail: Trail) -> str:
    """One line a step, full precision: step, x1 … xd, value, slope, learning rate; empty where unknown.

    With restarts the steps of every walk, the walk's number (from 0, as in the JSON) and its basin's in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    several = bool(trail.walks)
    walks = trail.walks or (trail,)
    size = max((walk.steps[0].point.size for walk in walks if walk.steps), default=0)
    header = ["step", *(f"x{i + 1}" for i in range(size)), "value", "slope", "learning_rate"]
    writer.writerow([*(["walk", "basin"] if several else []), *header])
    home = _homes(trail)
    for number_of_walk, walk in enumerate(walks):
        front = [number_of_walk, home.get(number_of_walk, "")] if several else []
        for index, step in enumerate(walk.steps):
            row = [*step.point.tolist(), step.value, step.slope, step.learning_rate]
            writer.writerow([*front, index, *(repr(float(value)) if np.isfinite(value) else "" for value in row)])
    return out.getvalue()


def restarts_table(trail: Trail) -> list[list[str]]:
    """Header and rows, one a walk: its start, its best iterate, its basin, why it stopped."""
    home = _homes(trail)
    rows = [["walk", "start", "steps", "best at", "value", "basin", "stopped"]]
    for index, (walk, start) in enumerate(zip(trail.walks, trail.starts, strict=False)):
        best = walk.best
        end = ["", ""] if best is None else [_point(best.point), f"{best.value:.10g}"]
        stopped = walk.stop.value if walk.steps else walk.reason
        basin = str(home[index]) if index in home else "–"
        rows.append([str(index), _point(start), str(max(len(walk.steps) - 1, 0)), *end, basin, stopped])
    width = max(len(row[-1]) for row in rows)
    return [[*row[:-1], row[-1].ljust(width)] for row in rows]


def basins_table(trail: Trail) -> list[list[str]]:
    """Header and rows, one a basin, best first."""
    rows = [["basin", "lowest at" if not trail.climbs else "highest at", "value", "walks"]]
    for index, basin in enumerate(trail.basins):
        rows.append([str(index), _point(basin.point), f"{basin.value:.10g}", str(basin.hits)])
    return rows


def walk_table(steps: Sequence[Step]) -> list[list[str]]:
    """Header and rows: step, point, value, slope, learning rate; columns that nobody knows are left out."""
    columns = [
        ("step", [str(index) for index in range(len(steps))]),
        ("point", [_point(step.point) for step in steps]),
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


def descend_lines(trail: Trail) -> list[str]:
    """`descend` for a person: the steps of one walk, or the walks and their basins, and the end in words."""
    if not trail.walks:
        lines = lines_of(walk_table(trail.steps)) if trail.steps else []
        steps = max(len(trail.steps) - 1, 0)
        end = f"{trail.stop.value} after {steps} steps and {trail.evaluations} evaluations: {trail.reason}"
        return [*lines, end]
    lines = [*lines_of(restarts_table(trail)), ""]
    lines += [*lines_of(basins_table(trail)), ""] if trail.basins else []
    made, wanted, count = len(trail.walks), len(trail.starts), len(trail.basins)
    walks = f"{made} walks" if made == wanted else f"{made} of {wanted} walks ({trail.walks[-1].reason})"
    basins = {0: "no basin", 1: "1 basin"}.get(count, f"{count} basins")
    return [line.rstrip() for line in (*lines, f"{basins} from {walks} and {trail.evaluations} evaluations")]


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
            rows.append(
                [f"{walk.learning_rate:g}", str(len(walk.steps) - 1), _point(end.point), f"{end.value:.6g}", kind]
            )
        else:
            rows.append([f"{walk.learning_rate:g}", "0", "", "", "the start gave no number"])
    width = max(len(row[-1]) for row in rows)
    return [[*row[:-1], row[-1].ljust(width)] for row in rows]


def _numbers(values: Floats) -> list[float | None]:
    return [number(float(value)) for value in values]


def _point(point: Point) -> str:
    shown = [f"{value:.6f}" if abs(value) < 1e6 else f"{value:.6g}" for value in point[:SHOWN_COORDINATES]]
    more = ", …" if point.size > SHOWN_COORDINATES else ""
    return f"({', '.join(shown)}{more})"


def _known(value: float) -> str:
    return f"{value:.6g}" if np.isfinite(value) else ""
