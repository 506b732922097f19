"""Reads `suite.toml`: the challenges, their instances, and the rubric. `docs/grading.md` describes every field."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from blackbox.core.asking import Points
from blackbox.core.errors import BlackboxError, UsageError
from blackbox.judging.instance import TRANSFORMS, Instance
from blackbox.judging.secret import Function
from blackbox.loading.packing import pack_source

DEFAULT = Path(__file__).with_name("default_suite.toml")
SCHEMA = "blackbox.suite/1"
ENTRY_OF = {
    "gradient-accuracy": "gradient",
    "gradient-cost": "gradient",
    "descent": "descend",
    "stopping": "descend",
    "global": "minimize",
    "hidden": "minimize",
    "evaluations": "minimize",
    "nan": "minimize",
    "noise": "minimize",
    "bounds": "minimize",
}
"""Item of the rubric → the entry of the solution that earns it."""
_SUITE = {"schema": str, "name": str, "seed": int, "seconds": float, "rubric": dict, "challenges": list}
_CHALLENGE = {
    "id": str,
    "items": list,
    "dimension": int,
    "budget": int,
    "source": str,
    "file": str,
    "call": str,
    "hidden": bool,
    "start": list,
    "at": list,
    "bounds": list,
    "instances": int,
    "transform": list,
    "reach": float,
    "noise": float,
    "weight": float,
}
_NEEDED = ("id", "items", "dimension", "budget")


ID = re.compile(r"[\w.-]{1,64}")
MOST, LEAST_WEIGHT = 1e9, 1e-9
"""Of noise, reach and weight: beyond them nothing of the points is left."""


class SuiteError(UsageError):
    """The suite breaks a rule; the text names the file, the field, the value and the rule."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge of the suite. Points and bounds are those of the packed function, before any instance."""

    id: str
    items: tuple[str, ...]
    function: Function
    budget: int
    hidden: bool = False
    start: tuple[float, ...] | None = None
    at: tuple[tuple[float, ...], ...] = ()
    bounds: tuple[tuple[float, float], ...] | None = None
    instances: int = 1
    transform: tuple[str, ...] = ()
    reach: float = 3.0
    noise: float = 0.0
    weight: float = 1.0

    @property
    def dimension(self) -> int:
        """Number of inputs."""
        return self.function.dimension

    @property
    def entries(self) -> tuple[str, ...]:
        """The entries of the solution that are called, in the order of the contract."""
        wanted = {ENTRY_OF[item] for item in self.items}
        return tuple(name for name in ("gradient", "descend", "minimize") if name in wanted)

    def instance(self, suite_seed: int, number: int) -> Instance:
        """Variant `number`, of the suite's seed and the challenge's name."""
        return Instance.drawn(self.dimension, self.seed(suite_seed, number), self.transform, self.reach)

    def seed(self, suite_seed: int, number: int) -> list[int]:
        """What the randomness of an instance is drawn from."""
        return [suite_seed, int.from_bytes(hashlib.sha256(self.id.encode()).digest()[:4], "big"), number]

    def places(self, instance: Instance) -> Points:
        """Where gradients are asked for, shape `(n, d)`."""
        return instance.outward(np.array(self.at, dtype=np.float64).reshape(len(self.at), self.dimension))


@dataclass(frozen=True, slots=True)
class Suite:
    """A whole suite."""

    path: Path
    name: str
    seed: int
    seconds: float
    """Of processor time, for one call of a solution."""
    rubric: Mapping[str, float]
    """Item → points."""
    challenges: tuple[Challenge, ...]
    digest: str
    """Of everything that the scores depend on."""

    @property
    def points(self) -> float:
        """The best score."""
        return float(sum(self.rubric.values()))

    def share(self, item: str, challenge: Challenge) -> float:
        """Points of one item at one instance of a challenge."""
        whole = sum(other.weight * other.instances for other in self.challenges if item in other.items)
        return self.rubric[item] * challenge.weight / whole

    def challenge(self, name: str) -> Challenge:
        """By its id."""
        return next(challenge for challenge in self.challenges if challenge.id == name)


def read_suite(path: Path = DEFAULT, seed: int | None = None) -> Suite:
    """The suite of a file, with another seed where one is given. Raises `SuiteError`."""
    try:
        text = path.read_bytes()
        table = tomllib.loads(text.decode("utf-8"))
    except OSError as cause:
        raise SuiteError(f"{path}: the suite cannot be read ({cause.strerror})") from cause
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as cause:
        raise SuiteError(f"{path}: this is no TOML: {cause}") from cause
    reader = _Reader(path)
    reader.fields("", table, _SUITE, ("schema", "challenges", "rubric"))
    if table["schema"] != SCHEMA:
        raise reader.error("schema", table["schema"], f"must be {SCHEMA!r}")
    seconds = float(table.get("seconds", 10.0))
    if not 0 < seconds <= 3600:
        raise reader.error("seconds", seconds, "must be between 0 and 3600")
    rows = cast(list[dict[str, Any]], table["challenges"])
    challenges = tuple(reader.challenge(number, row) for number, row in enumerate(rows))
    names = [challenge.id for challenge in challenges]
    if not names or len(set(names)) < len(names):
        raise reader.error("challenges", names, "must be at least one, each with an id of its own")
    chosen = int(table.get("seed", 0)) if seed is None else seed
    if chosen < 0:
        raise reader.error("seed", chosen, "must not be negative")
    rubric = reader.rubric(table["rubric"], challenges)
    digest = hashlib.sha256(text + b"\0%d" % chosen)
    for challenge in challenges:
        if challenge.function.path is not None:
            digest.update(reader.bytes_of(challenge.function.path))
    name = str(table.get("name", path.stem))
    return Suite(path, name, chosen, seconds, rubric, challenges, digest.hexdigest())


class _Reader:
    """Checks field by field, and names the file in every complaint."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def error(self, field: str, value: object, rule: str) -> SuiteError:
        return SuiteError(f"{self._path}: {field}={value!r}: {rule}")

    def bytes_of(self, path: str) -> bytes:
        try:
            return Path(path).read_bytes()
        except OSError as cause:
            raise self.error("file", path, f"cannot be read ({cause.strerror})") from cause

    def fields(self, prefix: str, table: object, known: Mapping[str, type], needed: tuple[str, ...]) -> None:
        """The right fields of the right types."""
        if not isinstance(table, dict):
            raise self.error(prefix.rstrip("."), table, "must be a table")
        rows = cast(dict[str, Any], table)
        for name, value in rows.items():
            if name not in known:
                raise self.error(prefix + name, value, f"unknown field; there are {', '.join(known)}")
            fits = isinstance(value, (int, float)) if known[name] is float else isinstance(value, known[name])
            if not fits or (isinstance(value, bool) and known[name] is not bool):
                raise self.error(prefix + name, value, f"must be of type {known[name].__name__}")
        for name in needed:
            if name not in rows:
                raise self.error(prefix + name, None, "is missing")

    def rubric(self, table: dict[str, Any], challenges: tuple[Challenge, ...]) -> dict[str, float]:
        """Points an item, in the order of `ENTRY_OF`."""
        self.fields("rubric.", table, dict.fromkeys(ENTRY_OF, float), ())
        for name, points in table.items():
            if not 0 < points < 1e6:
                raise self.error(f"rubric.{name}", points, "must be a positive number of points")
        used = {item for challenge in challenges for item in challenge.items}
        for name in sorted(used ^ set(table)):
            rule = "no challenge has this item" if name in table else "a challenge has this item; give it points"
            raise self.error(f"rubric.{name}", table.get(name), rule)
        return {name: float(table[name]) for name in ENTRY_OF if name in table}

    def challenge(self, number: int, row: dict[str, Any]) -> Challenge:
        """One challenge."""
        self.fields(f"challenges[{number}].", row, _CHALLENGE, _NEEDED)
        if not ID.fullmatch(row["id"]):
            raise self.error(f"challenges[{number}].id", row["id"], "must be 1 to 64 letters, digits, '.', '-' and '_'")
        prefix = f"challenges.{row['id']}."
        dimension = self._whole(prefix + "dimension", row["dimension"], 100)
        items = tuple(row["items"])
        for item in items:
            if not isinstance(item, str) or item not in ENTRY_OF:
                raise self.error(prefix + "items", item, f"unknown item; there are {', '.join(ENTRY_OF)}")
        if not items or len(set(items)) < len(items):
            raise self.error(prefix + "items", list(items), "must be at least one item, each once")
        found = Challenge(
            id=row["id"],
            items=items,
            function=self._function(prefix, row, dimension),
            budget=self._whole(prefix + "budget", row["budget"], 10**6),
            hidden=bool(row.get("hidden", False)),
            start=None if "start" not in row else self._point(prefix + "start", row["start"], dimension),
            at=tuple(self._point(prefix + "at", point, dimension) for point in row.get("at", [])),
            bounds=None if "bounds" not in row else self._bounds(prefix + "bounds", row["bounds"], dimension),
            instances=self._whole(prefix + "instances", row.get("instances", 1), 1000),
            transform=tuple(row.get("transform", [])),
            reach=float(row.get("reach", 3.0)),
            noise=float(row.get("noise", 0.0)),
            weight=float(row.get("weight", 1.0)),
        )
        self._together(prefix, found)
        return found

    def _together(self, prefix: str, found: Challenge) -> None:
        """What one field demands of another."""
        for name in found.transform:
            if name not in TRANSFORMS:
                raise self.error(prefix + "transform", name, f"must be one of {', '.join(TRANSFORMS)}")
        if found.bounds is not None and "rotation" in found.transform:
            raise self.error(prefix + "transform", "rotation", "a turned box is no box: leave it out beside bounds")
        if "gradient" in found.entries and not found.at:
            raise self.error(prefix + "at", None, "is missing: gradient items need points")
        if "descend" in found.entries and found.start is None:
            raise self.error(prefix + "start", None, "is missing: descent and stopping need one")
        if "bounds" in found.items and found.bounds is None:
            raise self.error(prefix + "bounds", None, "is missing: the item bounds needs them")
        if "hidden" in found.items and not found.hidden:
            raise self.error(prefix + "hidden", False, "must be true where the item hidden is")
        for name, least in (("noise", 0.0), ("reach", 0.0), ("weight", LEAST_WEIGHT)):
            number: float = getattr(found, name)
            if not least <= number <= MOST:
                raise self.error(prefix + name, number, f"must be a number from {least:g} to {MOST:g}")

    def _function(self, prefix: str, row: dict[str, Any], dimension: int) -> Function:
        if ("source" in row) == ("file" in row):
            raise self.error(prefix + "source", None, "give either source, the text of a function f(x), or file")
        if "source" in row:
            try:
                pack_source(row["source"], "f")
            except BlackboxError as cause:
                raise self.error(prefix + "source", "…", str(cause)) from cause
            return Function(dimension, source=row["source"])
        path = (self._path.parent / row["file"]).absolute()
        self.bytes_of(str(path))
        return Function(dimension, path=str(path), call=row.get("call"))

    def _whole(self, field: str, number: object, most: int) -> int:
        if type(number) is not int or not 1 <= number <= most:
            raise self.error(field, number, f"must be a whole number from 1 to {most:,}")
        return number

    def _point(self, field: str, row: object, size: int) -> tuple[float, ...]:
        numbers = cast(list[object], row) if isinstance(row, list) else []
        try:
            point = tuple(float(cast(float, number)) for number in numbers)
        except (TypeError, ValueError) as cause:
            raise self.error(field, numbers, f"must hold {size} numbers") from cause
        if len(point) != size or not np.isfinite(point).all():
            raise self.error(field, numbers, f"must hold {size} finite numbers")
        return point

    def _bounds(self, field: str, rows: list[object], dimension: int) -> tuple[tuple[float, float], ...]:
        pairs = [self._point(field, row, 2) for row in rows]
        if len(pairs) != dimension or any(low >= high for low, high in pairs):
            raise self.error(field, rows, f"must be {dimension} pairs, each with the lower end first")
        return tuple((low, high) for low, high in pairs)
