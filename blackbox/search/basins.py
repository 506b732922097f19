"""Which landings are the same minimum."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

import numpy as np

from blackbox.core.asking import Floats, Landing, Point

SAME_PLACE = 1e-3
"""Two landings closer than this part of the spread of all landings, along every axis, may be one minimum."""

SAME_PLACE_RELATIVE = 1e-5
"""… or closer than this part of the coordinates themselves."""

SAME_VALUE = 1e-9
"""Their values must agree to this part of themselves, or within the blur of the higher landing."""


@dataclass(frozen=True, slots=True)
class Basin:
    """A distinct minimum and how often descents ended there."""

    point: Point
    value: float
    hits: int


def distinct(landings: Sequence[Landing]) -> list[Basin]:
    """The distinct minima among the landings, lowest first. Cost O(landings × minima)."""
    if not landings:
        return []
    points = np.vstack([landing.point for landing in landings])
    near = SAME_PLACE * np.median(np.abs(points - np.median(points, axis=0)), axis=0)
    basins: list[Basin] = []
    for landing in sorted(landings, key=by_value):
        home = _home(basins, landing, near if landing.resolution is None else np.maximum(near, landing.resolution))
        if home is None:
            basins.append(Basin(landing.point, landing.value, 1))
        else:
            basins[home] = replace(basins[home], hits=basins[home].hits + 1)
    return basins


def value_levels(landings: Sequence[Landing]) -> list[int]:
    """How many landings reached each distinct value, lowest value first: symmetric copies count as one."""
    counts: list[int] = []
    level = float("-inf")
    for landing in sorted(landings, key=by_value):
        value = landing.value
        if counts and value - level <= landing.blur + SAME_VALUE * abs(value):
            counts[-1] += 1
        else:
            counts.append(1)
            level = value
    return counts


by_value: Callable[[Landing], float] = attrgetter("value")
"""Sort key: lowest first."""


def _tolerance(landing: Landing) -> float:
    return landing.blur + SAME_VALUE * abs(landing.value)


def _home(basins: list[Basin], landing: Landing, near: Floats) -> int | None:
    for index in range(len(basins) - 1, -1, -1):
        basin = basins[index]
        close = np.abs(landing.point - basin.point) <= np.maximum(near, SAME_PLACE_RELATIVE * np.abs(basin.point))
        if landing.value - basin.value <= _tolerance(landing) and close.all():
            return index
    return None
