"""Axis search for separable functions: a global search along one line for each axis in turn.

Along a line the interval is split that needs the least curvature to beat the incumbent: a parabola through both
ends that touches the incumbent's level needs curvature ((√(f_a − f*) + √(f_b − f*)) / (b − a))², and the flattest
such parabola is the likeliest. (Swarzberg, Seront & Bersini 1994, "STEP"; Pošík & Baudiš 2015.)
"""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Floats, Point
from blackbox.search.regions import Region

FIRST_POINTS = 8
"""Points on a line to begin with, besides both ends and the incumbent."""

SPLITS = 90
"""Splits of one line; a line with some thirty waves shows its lowest one within that."""

ASPIRATION = 1e-3
"""The search hopes to beat the incumbent by this part of the range seen on the line."""

NARROWEST = 1e-4
"""Intervals below this part of the line are left to the descent that follows."""


def axis_search(
    x: Point, value: float, region: Region, rng: np.random.Generator, cells: int = FIRST_POINTS
) -> Asking[tuple[Point, float]]:
    """The best combination of the best coordinates on each axis. At most (cells + 92) d evaluations.

    A line begins with one random point in each of `cells` equal parts. Because f is separable, what one axis gains
    does not depend on the others.
    """
    for axis in range(x.size):
        line = _Line(axis, float(region.lower[axis]), float(region.upper[axis]), cells)
        best, value = yield from _search_line(x, value, line, rng)
        x = x.copy()
        x[axis] = best
    return x, value


@dataclass(frozen=True, slots=True)
class _Line:
    axis: int
    low: float
    high: float
    cells: int


def _search_line(x: Point, value: float, line: _Line, rng: np.random.Generator) -> Asking[tuple[float, float]]:
    axis, low, high = line.axis, line.low, line.high
    inner = low + (np.arange(line.cells) + rng.random(line.cells)) / line.cells * (high - low)
    asked = np.unique(np.concatenate([[low], inner, [high]]))
    asked = asked[asked != x[axis]]
    answers = yield _line(x, axis, asked)
    order = np.argsort(np.append(asked, x[axis]), kind="stable")
    places, values = np.append(asked, x[axis])[order], np.append(answers, value)[order]
    for _ in range(SPLITS):
        gap = _easiest_gap(places, values, NARROWEST * (high - low))
        if gap is None:
            break
        middle = (places[gap] + places[gap + 1]) / 2
        answer = yield _line(x, axis, np.array([middle]))
        places, values = np.insert(places, gap + 1, middle), np.insert(values, gap + 1, answer[0])
    lowest = int(np.nanargmin(values))
    return float(places[lowest]), float(values[lowest])


def _easiest_gap(places: Floats, values: Floats, narrowest: float) -> int | None:
    """Left end of the interval that needs the least curvature to hold something better; None when all are narrow."""
    usual = np.where(np.isnan(values), np.nanmax(values), values)
    hoped = usual.min() - ASPIRATION * max(float(np.ptp(usual)), float(np.finfo(np.float64).tiny))
    roots, widths = np.sqrt(usual - hoped), np.diff(places)
    curvature = ((roots[:-1] + roots[1:]) / widths) ** 2
    curvature[widths <= narrowest] = np.inf
    best = int(np.argmin(curvature))
    return best if np.isfinite(curvature[best]) else None


def _line(x: Point, axis: int, places: Floats) -> Floats:
    points = np.repeat(x[np.newaxis, :], places.size, axis=0)
    points[:, axis] = places
    return points
