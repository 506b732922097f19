"""Exercises: each is one specification in `exercises/`, from which its folder, its stub and its checks are made."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from blackbox.core.asking import Points
from blackbox.core.errors import UsageError
from blackbox.judging.instance import Instance
from blackbox.judging.secret import Function

SPECIFICATIONS = Path(__file__).with_name("exercises")
STAGES = (
    "the gradient",
    "the step and the descent",
    "when to stop",
    "out of local minima",
    "the whole interview",
)
SOLUTION, STATEMENT = "solution.py", "README.md"


@dataclass(frozen=True, slots=True)
class Landscape:
    """A secret function of an exercise. Points are those of its formula, before the instance."""

    dimension: int
    source: str
    budget: int = 200
    transform: tuple[str, ...] = ("shift", "scale")
    reach: float = 1.0
    start: tuple[float, ...] | None = None
    at: tuple[tuple[float, ...], ...] = ()
    bounds: tuple[tuple[float, float], ...] | None = None
    lowest: float = 0.0
    """The lowest value."""
    place: tuple[float, ...] | None = None
    """Where that is."""
    noise: float = 0.0

    @property
    def function(self) -> Function:
        """What runs in the locked worker."""
        return Function(self.dimension, source=self.source)

    def instance(self, seed: list[int]) -> Instance:
        """This user's variant."""
        return Instance.drawn(self.dimension, seed, self.transform, self.reach)

    def outward(self, instance: Instance, *points: tuple[float, ...]) -> Points:
        """Points as the user sees them, shape `(n, d)`."""
        return instance.outward(np.array(points, dtype=np.float64).reshape(len(points), self.dimension))


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """One check of an exercise."""

    name: str
    kind: str
    on: str
    """Name of the landscape."""
    score: int
    tolerance: float = 1e-3
    at_most: int = 0
    after: str = ""
    """For `again`: the landscape that comes first in the same process."""
    entry: str = ""
    """For kinds that suit several entries."""
    needs: tuple[str, ...] = ()
    """Checks without which this one means nothing."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise."""

    id: str
    number: int
    stage: int
    title: str
    statement: str
    stub: str
    hints: tuple[str, str, str]
    solution: str
    landscapes: Mapping[str, Landscape]
    checks: tuple[CheckSpec, ...]

    @property
    def folder(self) -> str:
        """Name of its folder: `03-both-sides`."""
        return f"{self.number:02d}-{self.id}"

    @property
    def max_score(self) -> int:
        """Points of all checks."""
        return sum(check.score for check in self.checks)

    def seed(self, user: int, landscape: str) -> list[int]:
        """What the instance of a user is drawn from."""
        digest = hashlib.sha256(f"{self.id}/{landscape}".encode()).digest()
        return [user, int.from_bytes(digest[:4], "big")]


@dataclass(frozen=True, slots=True)
class _Raw:
    """A specification as it is written."""

    path: Path
    table: dict[str, Any] = field(repr=False)


@cache
def exercises() -> tuple[Exercise, ...]:
    """All of them, in the order in which they are done."""
    raw = {path.stem.partition("-")[2]: _read(path) for path in sorted(SPECIFICATIONS.glob("*.toml"))}
    return tuple(_exercise(number, name, raw) for number, name in enumerate(raw, start=1))


def exercise(name: str) -> Exercise:
    """By its id, its number or its folder. Raises `UsageError`."""
    for found in exercises():
        if name in (found.id, found.folder, str(found.number), f"{found.number:02d}"):
            return found
    raise UsageError(f"There is no exercise {name}: blackbox practice list shows them all.")


def _read(path: Path) -> _Raw:
    return _Raw(path, tomllib.loads(path.read_text(encoding="utf-8")))


def _exercise(number: int, name: str, raw: Mapping[str, _Raw]) -> Exercise:
    table = raw[name].table
    first, second, third = table["hints"]
    return Exercise(
        id=name,
        number=number,
        stage=table["stage"],
        title=table["title"],
        statement=table["statement"].strip(),
        stub=table["stub"].lstrip("\n"),
        hints=(first, second, third),
        solution=raw[table.get("solution_of", name)].table["solution"].lstrip("\n"),
        landscapes={key: _landscape(row) for key, row in table["landscapes"].items()},
        checks=tuple(_check(row) for row in table["checks"]),
    )


def _check(row: dict[str, Any]) -> CheckSpec:
    fields = dict(row)
    fields["needs"] = tuple(fields.get("needs", ()))
    return CheckSpec(**fields)


def _landscape(row: dict[str, Any]) -> Landscape:
    fields = dict(row)
    for name in ("transform", "start", "place"):
        if name in fields:
            fields[name] = tuple(fields[name])
    for name in ("at", "bounds"):
        if name in fields:
            fields[name] = tuple(tuple(point) for point in fields[name])
    return Landscape(**fields)
