"""Reads the manifests: what each challenge asks, and the answer that is known and where from.

    for challenge in catalogue():
        print(challenge.id, challenge.call, challenge.known.value)

Every folder here with a `manifest.toml` is a challenge; the fields are described in `docs/challenges.md`.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blackbox.core.errors import ChallengeError

ROOT = Path(__file__).resolve().parent
MANIFEST, SOURCE, PACKED = "manifest.toml", "function.py", "challenge.pkl"
HARDEST = 5

_FIELDS = {"title", "statement", "difficulty", "entry", "call", "dimension", "pitfalls", "minimum", "bounds", "queries"}
_OPTIONAL = {"bounds", "queries"}
_MINIMUM_FIELDS = {"value", "at", "tolerance", "reach", "source"}


class ManifestError(ChallengeError):
    """A manifest breaks a rule; the text names the file, the field, the value and the rule."""

    def __init__(self, path: Path, field: str, value: object, rule: str) -> None:
        super().__init__(f"{path}: {field}={value!r}: {rule}")
        self.field = field


@dataclass(frozen=True, slots=True)
class Known:
    """The known answer. It is never in the packed file."""

    value: float
    at: tuple[tuple[float, ...], ...]
    """Every known minimiser, or the ends or examples of a set of them, which the source then describes."""
    tolerance: float
    """Largest honest difference of values."""
    reach: float
    """Largest honest distance, in each coordinate, of a computed minimiser."""
    source: str
    """Paper, book or closed form."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """One folder of the catalogue."""

    folder: Path
    title: str
    statement: str
    """What a candidate is told."""
    difficulty: int
    """1 to 5."""
    entry: str
    """Name of the function in the source."""
    call: str
    """As the candidate sees it: `f(x1, x2)` takes numbers, `f(x)` one number or, beyond one dimension, an array."""
    dimension: int
    pitfalls: tuple[str, ...]
    """What a naive solver does wrong."""
    known: Known
    bounds: tuple[tuple[float, float], ...] | None
    """One pair an axis, where the candidate is told any."""
    queries: int | None
    """Evaluations that a candidate is allowed, where the statement says so."""

    @property
    def id(self) -> str:
        """Name of the folder."""
        return self.folder.name

    @property
    def source(self) -> Path:
        """The file that defines the function."""
        return self.folder / SOURCE

    @property
    def packed(self) -> Path:
        """The file that a candidate gets."""
        return self.folder / PACKED

    @property
    def takes_array(self) -> bool:
        """Whether the function takes one array of several numbers."""
        return self.dimension > 1 and "," not in self.call


def catalogue(root: Path = ROOT) -> tuple[Challenge, ...]:
    """Every challenge, by name. Raises `ManifestError` at the first manifest that breaks a rule."""
    return tuple(read(manifest.parent) for manifest in sorted(root.glob(f"*/{MANIFEST}")))


def read(folder: Path) -> Challenge:
    """One challenge. Raises `ManifestError` where its manifest breaks a rule."""
    path = folder / MANIFEST
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as cause:
        raise ManifestError(path, "file", path.name, f"cannot be read: {cause}") from cause
    _keys(path, "", table, _FIELDS, _OPTIONAL)
    dimension = _whole(path, table, "dimension", 1, None)
    call, entry = _words(path, table, "call"), _words(path, table, "entry")
    if not (call.startswith(f"{entry}(") and call.endswith(")")):
        raise ManifestError(path, "call", call, f"must read {entry}(…)")
    if call.count(",") + 1 not in (1, dimension):
        raise ManifestError(path, "call", call, f"must name 1 argument or {dimension}")
    bounds = None if "bounds" not in table else _bounds(path, table["bounds"], dimension)
    return Challenge(
        folder=folder,
        title=_words(path, table, "title"),
        statement=_words(path, table, "statement"),
        difficulty=_whole(path, table, "difficulty", 1, HARDEST),
        entry=entry,
        call=call,
        dimension=dimension,
        pitfalls=_sentences(path, table["pitfalls"]),
        known=_known(path, table["minimum"], dimension, bounds),
        bounds=bounds,
        queries=None if "queries" not in table else _whole(path, table, "queries", 1, None),
    )


def _known(path: Path, table: Any, dimension: int, bounds: tuple[tuple[float, float], ...] | None) -> Known:
    if not isinstance(table, dict):
        raise ManifestError(path, "minimum", table, "must be a table")
    _keys(path, "minimum.", table, _MINIMUM_FIELDS, set())
    rows = table["at"]
    if not isinstance(rows, list) or not rows:
        raise ManifestError(path, "minimum.at", rows, "must be a list of at least one point")
    at = tuple(_point(path, "minimum.at", row, dimension) for row in rows)
    for point in at:
        if bounds and not all(low <= x <= high for x, (low, high) in zip(point, bounds, strict=True)):
            raise ManifestError(path, "minimum.at", point, "must lie within the bounds")
    value, tolerance, reach = (_number(path, f"minimum.{key}", table[key]) for key in ("value", "tolerance", "reach"))
    for field, size in (("minimum.tolerance", tolerance), ("minimum.reach", reach)):
        if size <= 0:
            raise ManifestError(path, field, size, "must be positive")
    return Known(value, at, tolerance, reach, _words(path, table, "source"))


def _bounds(path: Path, rows: Any, dimension: int) -> tuple[tuple[float, float], ...]:
    if not isinstance(rows, list) or len(rows) != dimension:
        raise ManifestError(path, "bounds", rows, f"must be a list of {dimension} pairs")
    pairs = [_point(path, "bounds", row, 2) for row in rows]
    for low, high in pairs:
        if low >= high:
            raise ManifestError(path, "bounds", [low, high], "the lower bound must be below the upper one")
    return tuple((low, high) for low, high in pairs)


def _keys(path: Path, prefix: str, table: Mapping[str, Any], known: set[str], optional: set[str]) -> None:
    for key in sorted(set(table) - known):
        raise ManifestError(path, prefix + key, table[key], f"unknown field; there are {', '.join(sorted(known))}")
    for key in sorted(known - optional - set(table)):
        raise ManifestError(path, prefix + key, None, "is missing")


def _words(path: Path, table: Mapping[str, Any], field: str) -> str:
    text = table[field]
    if not isinstance(text, str) or not text.strip():
        raise ManifestError(path, field, text, "must be some text")
    return text.strip()


def _sentences(path: Path, rows: Any) -> tuple[str, ...]:
    if not isinstance(rows, list) or not rows or not all(isinstance(row, str) and row.strip() for row in rows):
        raise ManifestError(path, "pitfalls", rows, "must be a list of at least one sentence")
    return tuple(rows)


def _whole(path: Path, table: Mapping[str, Any], field: str, least: int, most: int | None) -> int:
    number = table[field]
    if type(number) is not int or number < least or (most is not None and number > most):
        rule = f"must be a whole number from {least}" + ("" if most is None else f" to {most}")
        raise ManifestError(path, field, number, rule)
    return number


def _number(path: Path, field: str, number: Any) -> float:
    if type(number) not in (int, float) or not math.isfinite(number):
        raise ManifestError(path, field, number, "must be a finite number")
    return float(number)


def _point(path: Path, field: str, row: Sequence[Any], size: int) -> tuple[float, ...]:
    if not isinstance(row, list) or len(row) != size:
        raise ManifestError(path, field, row, f"must hold {size} numbers")
    return tuple(_number(path, field, number) for number in row)
