"""The suites by name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.problem import Problem
from benchmarks.suites import bbob, classic, plain, unbounded, wild
from benchmarks.suites.applied import catalogue as applied


@dataclass(frozen=True, slots=True)
class Suite:
    """A family of problems."""

    functions: Callable[[int], Sequence[str]]
    """Dimension → names of the functions that exist in it."""
    problem: Callable[[str, int, int], Problem]
    """Function, dimension, instance → the problem; the same three give the same problem everywhere."""
    dimensions: tuple[int, ...]
    instances: tuple[int, ...]
    """Which instances to tune on."""


SUITES: dict[str, Suite] = {
    "bbob": Suite(bbob.functions, bbob.problem, bbob.DIMENSIONS, bbob.INSTANCES),
    "classic": Suite(classic.functions, classic.problem, classic.DIMENSIONS, classic.INSTANCES),
    "plain": Suite(plain.functions, plain.problem, classic.DIMENSIONS, classic.INSTANCES),
    "unbounded": Suite(unbounded.functions, unbounded.problem, unbounded.DIMENSIONS, unbounded.INSTANCES),
    "wild": Suite(wild.functions, wild.problem, wild.DIMENSIONS, wild.INSTANCES),
    "applied": Suite(applied.functions, applied.problem, applied.DIMENSIONS, applied.INSTANCES),
}
