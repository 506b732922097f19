"""Words and JSON of campaigns. The contracts `blackbox.ask/1` and `blackbox.tell/1` are in docs/ask-tell.md."""

import json
from typing import Any

import numpy as np

from blackbox.core.asking import Point, Points
from blackbox.report.contract import number
from blackbox.solve.campaign import Campaign, Telling, shown

ASK_SCHEMA, TELL_SCHEMA = "blackbox.ask/1", "blackbox.tell/1"
FORMATS = ("csv", "json", "hyphens")
HYPHEN_PLACES = 6
"""Decimals in which people of the challenge submit, at least."""


def written(point: Point, form: str, places: tuple[int, ...]) -> str:
    """A point in one of the `FORMATS`; the decimals that stand there are all that the point has."""
    if form == "hyphens":
        return "-".join(f"{v:.{max(HYPHEN_PLACES, p)}f}" for v, p in zip(point.tolist(), places, strict=True))
    if form == "json":
        return json.dumps(point.tolist())
    return ",".join(repr(value) for value in point.tolist())


def ask_json(run: str, campaign: Campaign, asked: Points, form: str) -> str:
    """`ask --json`: one object, full precision."""
    facts = {
        "schema": ASK_SCHEMA,
        **_state(run, campaign),
        "asked": asked.tolist(),
        "written": [written(point, form, campaign.field.places) for point in asked],
        "pending": campaign.pending.tolist(),
    }
    return json.dumps(facts, allow_nan=False, ensure_ascii=False)


def tell_json(run: str, campaign: Campaign, telling: Telling | None) -> str:
    """`tell --json`: one object."""
    rows = telling or Telling((), (), ())
    counts = {"recorded": len(rows.recorded), "known": len(rows.known), "own": len(rows.own)}
    facts = {"schema": TELL_SCHEMA, **_state(run, campaign), **counts, "pending": campaign.pending.tolist()}
    return json.dumps(facts, allow_nan=False, ensure_ascii=False)


def summary(campaign: Campaign) -> str:
    """Best so far, number told, pending: one line for a person."""
    values = campaign.values
    failed = int(np.isnan(values).sum())
    told = f"{len(values)} told" + (f" ({failed} failed)" if failed else "")
    best = campaign.best
    so_far = "no value yet" if best is None else f"best {best[1]:.10g} at {shown(best[0])}"
    return f"{so_far}; {told}, {len(campaign.pending)} pending"


def told_sentence(telling: Telling) -> str:
    """What became of the points told."""
    own = f", {len(telling.own)} of them not asked for" if telling.own else ""
    known = f"; {len(telling.known)} told before with the same value" if telling.known else ""
    return f"{len(telling.recorded)} recorded{own}{known}"


def _state(run: str, campaign: Campaign) -> dict[str, Any]:
    values, best = campaign.values, campaign.best
    return {
        "run": run,
        "dimension": campaign.field.dimension,
        "bounds": campaign.field.bounds.pairs(),
        "direction": "maximize" if campaign.maximize else "minimize",
        "seed": campaign.seed,
        "told": len(values),
        "failed": int(np.isnan(values).sum()),
        "best": None if best is None else {"x": best[0].tolist(), "value": number(best[1])},
    }
