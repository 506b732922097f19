"""Axis search for separable functions: a global search along every axis at once.

For a sum of functions of one variable, what a change of one coordinate gains does not depend on the others: every
axis is asked from the same base point, a round of one point on each line at a time, and the best coordinates are put
together. (Swarzberg, Seront & Bersini 1994, "STEP"; Pošík & Baudiš 2015, who interleave the axes.)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest

import numpy as np

from blackbox.core.asking import Asking, Floats, Foresight, Point, Points, ask_one
from blackbox.search.additivity import adds_up
from blackbox.search.lines import Line, Sharpening
from blackbox.search.regions import Region

FIRST_POINTS = 1
"""Points on a line to begin with, besides both ends and the incumbent: a smooth valley needs no more."""

ROUNDS = (0, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 4, 6, 6, 6, 8, 8, 8, 8, 8)
"""Splits of each line between two looks at what they add up to, which cost one evaluation: few first, for functions of
one valley; a line with some thirty waves shows its lowest one within 90, one with ten within 30."""

NEXT = 1
"""Rank of the next rounds among what is foreseen."""

ROUNDS_AHEAD = 4
"""Rounds that are foreseen: of the places that one round foretells for the next, most are asked."""

PARABOLAS = 5
"""Successive parabolas converge with order 1.3: five find a smooth minimum to about six digits of its value."""


SWEEP, IDLE = 15, 3
"""Looks at what the lines add up to in a sweep over a function that is no sum; it ends after so many in a row where the
best of all lines together was no better than the best of any before."""


@dataclass(frozen=True, slots=True)
class Axes:
    """Where the search along all axes ended."""

    point: Point
    value: float
    curvature: Floats
    """Second derivative along each axis, shape `(d,)`; NaN where no parabola was found."""
    additive: bool
    """Whether the gains of the axes added up, as those of a separable function do."""


def axis_search(
    x: Point, value: float, region: Region, rng: np.random.Generator, cells: int = FIRST_POINTS
) -> Asking[Axes]:
    """The best combination of the best coordinates on each axis. At most (cells + 190) d + 20 evaluations.

    `x` has the value `value`. A line begins with one random point in each of `cells` equal parts. The search ends at
    once where the gains do not add up.
    """
    lines = yield from lay_lines(x, value, region, rng, cells)
    additive = True
    for rounds in ROUNDS:
        x, value, _, additive = yield from _put_together(x, value, lines, rounds)
        if not additive:
            break
    return Axes(x, value, np.array([line.curvature for line in lines]), additive)


def sweep(x: Point, value: float, region: Region, rng: np.random.Generator) -> Asking[Axes]:
    """The same for a function that is no sum, though each axis may tell where it is low whatever the others are.

    So it is for Ackley's function, an increasing function of sums. At most 126 d + 15 evaluations.
    """
    lines = yield from lay_lines(x, value, region, rng, FIRST_POINTS)
    idle, additive = 0, True
    for rounds in ROUNDS[:SWEEP]:
        x, value, gained, additive = yield from _put_together(x, value, lines, rounds)
        idle = 0 if gained else idle + 1
        if idle == IDLE:
            break
    return Axes(x, value, np.array([line.curvature for line in lines]), additive)


def _put_together(
    x: Point, value: float, lines: Sequence[Line], rounds: int
) -> Asking[tuple[Point, float, bool, bool]]:
    """So many splits of each line, then the best of all lines at once.

    The best point and its value, whether putting together did not fail (where no line has found anything lower there is
    nothing to put together), and whether the gains added up.
    """
    yield from look_along(x, lines, rounds)
    point = np.array([line.best for line in lines])
    if np.array_equal(point, x):
        return x, value, True, True
    yield Foresight("walk", partial(_gaps, point, lines, 0), NEXT)
    found = yield from ask_one(point)
    gains = sum(value - line.least for line in lines)
    seen = np.concatenate([[found], *(line.values for line in lines)])
    additive = adds_up(found, value - gains, seen[np.isfinite(seen)])
    if not found < value:
        return x, value, False, additive
    for line in lines:
        line.level(found)
    return point, found, True, additive


def look_along(x: Point, lines: Sequence[Line], rounds: int) -> Asking[None]:
    """So many splits of each line, and its best place sharpened; at most (`rounds` + 5) d evaluations."""
    yield from _ask_rounds(x, lines, rounds, [line.easiest_gap for line in lines], partial(_gaps, x, lines, 1))
    sharpenings = [Sharpening(line).place for line in lines]
    yield from _ask_rounds(x, lines, PARABOLAS, sharpenings, partial(_gaps_if_still, x, lines))


def lay_lines(x: Point, value: float, region: Region, rng: np.random.Generator, cells: int) -> Asking[list[Line]]:
    """A line along every axis through `x`; at most (cells + 2) d evaluations, all at once."""
    lines, asked = list[Line](), list[Floats]()
    for axis, (low, high) in enumerate(zip(region.lower.tolist(), region.upper.tolist(), strict=True)):
        inner = low + (np.arange(cells) + rng.random(cells)) / cells * (high - low)
        places = np.unique(np.concatenate([[low], inner, [high]]))
        asked.append(places[places != x[axis]])
        lines.append(Line(axis, high - low, x[axis : axis + 1].copy(), np.array([value])))
    yield from _ask_places(x, lines, asked)
    return lines


def pass_over_lines(dimension: int, rng: np.random.Generator) -> None:
    """Draw the random numbers that a sweep draws, and use them for nothing."""
    for _ in range(dimension):
        rng.random(FIRST_POINTS)


def _ask_rounds(
    x: Point,
    lines: Sequence[Line],
    rounds: int,
    places: Sequence[Callable[[], float | None]],
    later: Callable[[], Points],
) -> Asking[None]:
    """One more place on every line that has one, so many times; d evaluations at once.

    `places` says where, a function for each line, and `later` what may be asked next.
    """
    for _ in range(rounds):
        asked = zip(lines, [place() for place in places], strict=True)
        due = [(line, where) for line, where in asked if where is not None]
        if not due:
            return
        yield Foresight("walk", later, NEXT)
        values = yield _on_lines(x, due)
        for (line, where), value in zip(due, values.tolist(), strict=True):
            line.put(where, value)


def _on_lines(x: Point, places: Sequence[tuple[Line, float]]) -> Points:
    """The point of each place on its line."""
    points = np.empty((len(places), x.size))
    points[:] = x
    for row, (line, where) in enumerate(places):
        points[row, line.axis] = where
    return points


def _gaps(x: Point, lines: Sequence[Line], first: int) -> Points:
    """What the rounds from the next one but so many on ask, if no answer till then is the lowest or the highest."""
    later = zip_longest(*(line.next_gaps(first, ROUNDS_AHEAD) for line in lines))
    found = [(line, where) for gaps in later for line, where in zip(lines, gaps, strict=True) if where is not None]
    return _on_lines(x, found)


def _gaps_if_still(x: Point, lines: Sequence[Line]) -> Points:
    """The same after parabolas, as long as they have led nowhere: else the lines will be laid through another point."""
    still = all(line.best == x[line.axis] for line in lines)
    return _gaps(x, lines, 0) if still else np.empty((0, x.size))


def _ask_places(x: Point, lines: Sequence[Line], places: Sequence[Floats]) -> Asking[None]:
    points = np.empty((sum(where.size for where in places), x.size))
    points[:] = x
    first, rows = 0, list[slice]()
    for line, where in zip(lines, places, strict=True):
        rows.append(slice(first, first + where.size))
        points[rows[-1], line.axis] = where
        first += where.size
    values = yield points
    for line, where, row in zip(lines, places, rows, strict=True):
        line.add(where, values[row])
