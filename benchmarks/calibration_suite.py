"""The functions on which the claim is calibrated, and which half each belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from benchmarks.problem import Problem
from benchmarks.suites import basins, classic, unbounded, wild
from benchmarks.suites.catalogue import Suite

INSTANCE = 901
"""No tuning has seen an instance of this number."""

SEED = 7
"""Of every search."""

DIMENSIONS = (2, 3, 5)

BUDGETS: dict[str, int | None] = {"50 d": 50, "200 d": 200, "1000 d": 1000, "default": None, "cut": None}
"""Name → evaluations for each input; `cut` is an interruption at a random moment."""

CUT = (30.0, 2000.0)
"""Evaluations for each input between which a run is interrupted, log-uniform."""

_SUITES = {
    "basins": Suite(basins.functions, basins.problem, basins.DIMENSIONS, basins.INSTANCES),
    "classic": Suite(classic.functions, classic.problem, classic.DIMENSIONS, classic.INSTANCES),
    "unbounded": Suite(unbounded.functions, unbounded.problem, unbounded.DIMENSIONS, unbounded.INSTANCES),
    "wild": Suite(wild.functions, wild.problem, wild.DIMENSIONS, wild.INSTANCES),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One function; all budgets are run on it."""

    suite: str
    function: str
    dimension: int

    def problem(self) -> Problem:
        """A fresh instance."""
        return _SUITES[self.suite].problem(self.function, self.dimension, INSTANCE)

    def rng(self) -> np.random.Generator:
        """For the moment of the interruption and for noise."""
        return np.random.default_rng([*self.function.encode(), self.dimension, INSTANCE])


def items(every: int = 1) -> list[Item]:
    """The suite in an order of its own, so that its beginning is a fair sample; `every` n-th item of it.

    A well-known function is run in one of its dimensions in its box, in another without bounds.
    """
    names = sorted({name for d in DIMENSIONS for name in classic.functions(d)})
    found = [
        item for k, name in enumerate(names) for item in (_one("classic", name, k), _one("unbounded", name, k + 1))
    ]
    found += [_one("wild", name, k) for k, name in enumerate(wild.functions(DIMENSIONS[0]))]
    chosen = [item for item in found if item is not None]
    chosen += [Item("basins", name, d) for d in basins.DIMENSIONS for name in basins.functions(d)]
    return sorted(chosen, key=lambda item: crc32(f"{item.suite} {item.function}".encode()))[::every]


def first_half(function: str) -> bool:
    """Whether the constants are fitted on this function; every form of a function is on the same side."""
    return crc32(f"half {function.partition('+')[0]}".encode()) % 2 == 0


def _one(suite: str, function: str, turn: int) -> Item | None:
    known: Sequence[int] = [
        d for d in DIMENSIONS if d in _SUITES[suite].dimensions and function in _SUITES[suite].functions(d)
    ]
    return Item(suite, function, known[turn % len(known)]) if known else None
