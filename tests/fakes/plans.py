"""The whole search on a plan, without an oracle."""

from typing import Any

import numpy as np

from blackbox.core.bounds import Bounds
from blackbox.oracle.oracle import Limits
from blackbox.search.finish import Finish
from blackbox.solve.plan import Plan
from blackbox.solve.run import search_of
from tests.fakes.drive import Driven, Surface, drive


def plan(d: int, pairs: Any = None, *, start: Any = None, seed: int = 0) -> Plan:
    """A plan that minimises without limits; one pair of bounds stands for all axes."""
    bounds = Bounds.unbounded(d) if pairs is None else Bounds.from_pairs(pairs, d)
    return Plan(bounds, None if start is None else np.array(start, dtype=np.float64), seed, False, Limits())


def search(
    f: Surface,
    d: int,
    pairs: Any = None,
    *,
    start: Any = None,
    seed: int = 0,
    limit: int = 50_000,
    enough: float = -float("inf"),
) -> Driven[Finish]:
    """The default search as `minimize` would run it, until it ends, `limit` points are asked or `enough` is met."""
    return drive(search_of(plan(d, pairs, start=start, seed=seed)), f, limit=limit, enough=enough)
