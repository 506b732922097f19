"""Points and values in a person's files: `.npy`, `.csv`, text as numpy prints it. Nothing is unpickled or evaluated."""

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Floats, Points, Values
from blackbox.loading.array_text import DataError, Nested, read_nested

LARGEST = 64 * 2**20
"""Bytes: a million points of eight inputs; anything larger is some other file."""

_SEPARATORS = str.maketrans({",": " ", ";": " ", "\t": " "})
_FAILED = {"nan", "none", "null", "failed", "fail", "error", ""}
"""Words that people write where a value is missing."""

_HYPHENED = re.compile(r"-?\d+\.\d+(?:--?\d+\.\d+)+")
"""`0.123456-0.654321-0.500000`: decimals with a hyphen between, after which a second one is a sign."""


def read_points(path: Path, dimension: int, which: int | None = None) -> Points:
    """Points, shape `(n, d)`. `which`: the file holds one array for each of several functions in every list; take that
    one, counted from 1. Raises `DataError`."""
    held = _read(path)
    if isinstance(held, np.ndarray):
        return _as_points(held, dimension, path)
    rows: list[list[float]] = []
    for item in _chosen(held, which, path):
        rows.extend(_rows(item, dimension))
    wrong = next((row for row in rows if len(row) != dimension), None)
    if wrong is not None:
        hint = "" if which is not None else " Where it holds one array for each of several functions, say --which K."
        raise DataError(f"{path} holds a point of {len(wrong)} numbers, but there are {dimension} inputs.{hint}")
    return np.array(rows, dtype=np.float64).reshape(-1, dimension)


def read_values(path: Path, which: int | None = None) -> Values:
    """Values, shape `(n,)`, NaN for failed evaluations. Raises `DataError`."""
    held = _read(path)
    if isinstance(held, np.ndarray):
        return held.reshape(-1)
    numbers: list[float] = []
    for item in _chosen(held, which, path):
        numbers.extend(_flat(item))
    return np.array(numbers, dtype=np.float64)


def read_value(text: str) -> float | None:
    """One value as a person writes it: a number, NaN for one of the words for a failure, None for anything else."""
    if text.strip().lower() in _FAILED | {"inf", "-inf", "+inf"}:
        return math.nan
    try:
        values = read_nested(text)
    except DataError:
        return None
    return values[0] if len(values) == 1 and isinstance(values[0], float) else None


def read_point(text: str) -> list[float] | None:
    """One point as a person writes it: `0.1,0.2`, `0.1 0.2`, `[0.1, 0.2]`, `0.100000-0.200000`, numpy's text; None for
    anything else."""
    stripped = text.strip()
    if _HYPHENED.fullmatch(stripped):
        return [float(number) for number in re.findall(r"(?:(?<=^)|(?<=-))-?\d+\.\d+", stripped)]
    try:
        items = read_nested(stripped)
    except DataError:
        return None
    while len(items) == 1 and isinstance(items[0], list):
        items = items[0]
    numbers = [item for item in items if isinstance(item, float)]
    return numbers if numbers and len(numbers) == len(items) else None


def _read(path: Path) -> Floats | list[Nested]:
    try:
        if path.is_dir():
            raise DataError(f"{path} is a folder: name a file in it.")
        if path.stat().st_size > LARGEST:
            raise DataError(f"{path} is larger than {LARGEST // 2**20} MiB: that is no table of a campaign.")
        if path.suffix.lower() == ".npy" or path.open("rb").read(6) == b"\x93NUMPY":
            return _read_npy(path)
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as cause:
        raise DataError(f"There is no file {path}.") from cause
    except UnicodeDecodeError as cause:
        raise DataError(f"{path} is neither .npy nor text in UTF-8.") from cause
    except OSError as cause:
        raise DataError(f"{path} cannot be read: {cause.strerror or cause}.") from cause
    try:
        return read_nested(text) if "[" in text or "(" in text else _read_lines(text)
    except DataError as cause:
        raise DataError(f"{path}: {cause}") from cause


def _read_npy(path: Path) -> Floats:
    try:
        held: NDArray[Any] = np.asarray(np.load(path, allow_pickle=False))
        if held.dtype.kind not in "fiub":
            raise DataError(f"{path} holds no plain numbers: save an array of float64 with numpy.save.")
        return np.ascontiguousarray(held, dtype=np.float64)
    except (ValueError, EOFError) as cause:
        raise DataError(f"{path} is no array of plain numbers ({str(cause).splitlines()[0]}).") from cause


def _read_lines(text: str) -> list[Nested]:
    """Rows of a table; a first line of words is its head."""
    rows: list[Nested] = []
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for number, line in enumerate(lines):
        words = line.translate(_SEPARATORS).split()
        values = [read_value(word) for word in words]
        found = [value for value in values if value is not None]
        if len(found) == len(words):
            rows.append(list(found))
        elif number > 0:
            bad = words[values.index(None)]
            raise DataError(f"line {number + 1} holds {bad!r}, which is no number.")
    return rows


def _as_points(held: Floats, dimension: int, path: Path) -> Points:
    if held.ndim == 1 and dimension != 1:
        held = held[np.newaxis, :]
    points = held.reshape(-1, held.shape[-1]) if held.ndim > 1 else held[:, np.newaxis]
    if points.shape[1] != dimension:
        raise DataError(f"{path} holds points of {points.shape[1]} numbers, but there are {dimension} inputs.")
    return points


def _chosen(held: list[Nested], which: int | None, path: Path) -> list[Nested]:
    if which is None:
        return held
    lists = held[0] if len(held) == 1 and isinstance(held[0], list) and _depth(held[0]) > 2 else held
    for item in lists:
        if not isinstance(item, list) or not 1 <= which <= len(item):
            size = len(item) if isinstance(item, list) else 1
            raise DataError(f"{path}: --which {which} is asked of a list that holds {size}.")
    return [item[which - 1] for item in lists if isinstance(item, list)]


def _rows(item: Nested, dimension: int) -> list[list[float]]:
    """The innermost lists; every number by itself where there is one input."""
    if dimension == 1:
        return [[value] for value in _flat(item)]
    if not isinstance(item, list):
        return [[item]]
    numbers = [value for value in item if isinstance(value, float)]
    if len(numbers) == len(item):
        return [numbers] if numbers else []
    return [row for part in item for row in _rows(part, dimension)]


def _flat(item: Nested) -> list[float]:
    return [value for part in item for value in _flat(part)] if isinstance(item, list) else [item]


def _depth(item: Nested) -> int:
    return 1 + max((_depth(part) for part in item), default=0) if isinstance(item, list) else 0
