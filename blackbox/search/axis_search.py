"""Axis search for separable functions: a global search along every axis at once.

For a sum of functions of one variable, what a change of one coordinate gains does not depend on the others: all axes
are asked from the same base point, a round of one point on each axis at a time. On each line the interval is split
that needs the least curvature to beat the incumbent: a parabola through both ends that touches the incumbent's level
needs curvature ((√(f_a − f*) + √(f_b − f*)) / (b − a))², and the flattest such parabola is the likeliest.
(Swarzberg, Seront & Bersini 1994, "STEP"; Pošík & Baudiš 2015.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, ask_one
from blackbox.search.regions import Region

FIRST_POINTS = 8
"""Points on a line to begin with, besides both ends and the incumbent."""

ASPIRATION = 1e-3
"""The search hopes to beat the incumbent by this part of the range seen on the line."""

NARROWEST = 1e-4
"""Intervals below this part of the line are left to the descent that follows."""


@dataclass(slots=True)
class Line:
    """What is known along one axis, other coordinates as at the base point."""

    axis: int
    narrowest: float
    places: Floats
    """Coordinates asked, rising, shape `(m,)`."""
    values: Floats
    """f there, shape `(m,)`, NaN where it failed."""

    @property
    def lowest(self) -> float:
        """The best coordinate met."""
        return float(self.places[np.nanargmin(self.values)])

    @property
    def gain(self) -> float:
        """How much lower than the highest value met the lowest is, at least 0."""
        return float(np.nanmax(self.values) - np.nanmin(self.values))

    @property
    def curvature(self) -> float:
        """Second derivative of the parabola through the lowest value and its neighbours; NaN at an end or a hole."""
        k = int(np.nanargmin(self.values))
        if k in (0, len(self.places) - 1):
            return float("nan")
        (a, b, c), (fa, fb, fc) = self.places[k - 1 : k + 2], self.values[k - 1 : k + 2]
        return float(2 * ((fc - fb) / (c - b) - (fb - fa) / (b - a)) / (c - a))

    def vertex(self) -> float | None:
        """The lowest point of the parabola through the lowest place and its neighbours; None where it is known."""
        k = int(np.nanargmin(self.values))
        if k in (0, len(self.places) - 1):
            return None
        (a, b, c), (fa, fb, fc) = self.places[k - 1 : k + 2], self.values[k - 1 : k + 2]
        left, right = (b - a) * (fb - fc), (b - c) * (fb - fa)
        if not (np.isfinite(left) and np.isfinite(right)) or left == right:
            return None
        t = float(b - ((b - a) * left - (b - c) * right) / (2 * (left - right)))
        nearest = 1e-6 * self.narrowest
        if not a + nearest < t < c - nearest:
            return None
        if abs(t - b) < nearest:
            return None
        return t

    def middle(self) -> float | None:
        """The middle of the interval most likely to hold something lower; None when all are narrow."""
        gap = _easiest_gap(self.places, self.values, self.narrowest)
        return None if gap is None else float((self.places[gap] + self.places[gap + 1]) / 2)

    def add(self, places: Floats, values: Floats) -> None:
        """Take in more answers."""
        order = np.argsort(np.append(self.places, places), kind="stable")
        self.places = np.append(self.places, places)[order]
        self.values = np.append(self.values, values)[order]


def lay_lines(x: Point, value: float, region: Region, rng: np.random.Generator, cells: int) -> Asking[list[Line]]:
    """A line along every axis through `x`, whose value is known, one random point in each of `cells` equal parts.

    At most (cells + 2) d evaluations, all at once.
    """
    lines, asked = list[Line](), list[Floats]()
    for axis, (low, high) in enumerate(zip(region.lower.tolist(), region.upper.tolist(), strict=True)):
        inner = low + (np.arange(cells) + rng.random(cells)) / cells * (high - low)
        places = np.unique(np.concatenate([[low], inner, [high]]))
        asked.append(places[places != x[axis]])
        lines.append(Line(axis, NARROWEST * (high - low), x[axis : axis + 1].copy(), np.array([value])))
    values = yield np.vstack([_along(x, line.axis, places) for line, places in zip(lines, asked, strict=True)])
    ends = np.cumsum([0, *map(len, asked)])
    for line, places, low, high in zip(lines, asked, ends[:-1], ends[1:], strict=True):
        line.add(places, values[low:high])
    return lines


def split_lines(x: Point, lines: Sequence[Line], rounds: int) -> Asking[None]:
    """Split the easiest interval of every line, so many times. At most `rounds` · d evaluations, d at once."""
    for _ in range(rounds):
        middles = [(line, line.middle()) for line in lines]
        due = [(line, np.array([middle])) for line, middle in middles if middle is not None]
        if not due:
            return
        values = yield np.vstack([_along(x, line.axis, place) for line, place in due])
        for (line, place), value in zip(due, values, strict=True):
            line.add(place, np.array([value]))


def polish_lines(x: Point, value: float, lines: Sequence[Line], rounds: int) -> Asking[tuple[Point, float]]:
    """Successive parabolas in every line's lowest bracket, then all lines' best coordinates together.

    At most `rounds` · d + 1 evaluations. Afterwards the lines stand on the point that is answered.
    """
    for _ in range(rounds):
        vertices = [(line, line.vertex()) for line in lines]
        due = [(line, np.array([vertex])) for line, vertex in vertices if vertex is not None]
        if not due:
            break
        values = yield np.vstack([_along(x, line.axis, place) for line, place in due])
        for (line, place), answer in zip(due, values, strict=True):
            line.add(place, np.array([answer]))
    point = np.array([line.lowest for line in lines])
    if np.array_equal(point, x):
        return x, value
    found = yield from ask_one(point)
    if not found < value:
        return x, value
    for line in lines:
        line.values += found - np.nanmin(line.values)
    return point, found


def _easiest_gap(places: Floats, values: Floats, narrowest: float) -> int | None:
    """Left end of the interval that needs the least curvature to hold something better; None when all are narrow."""
    usual = np.where(np.isnan(values), np.nanmax(values), values)
    hoped = usual.min() - ASPIRATION * max(float(np.ptp(usual)), float(np.finfo(np.float64).tiny))
    roots, widths = np.sqrt(usual - hoped), np.diff(places)
    curvature = ((roots[:-1] + roots[1:]) / widths) ** 2
    curvature[widths <= narrowest] = np.inf
    best = int(np.argmin(curvature))
    return best if np.isfinite(curvature[best]) else None


def _along(x: Point, axis: int, places: Floats) -> Floats:
    points = np.repeat(x[np.newaxis, :], places.size, axis=0)
    points[:, axis] = places
    return points
