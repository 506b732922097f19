"""Skewed search: the search along all axes of a sum (`axis_search.py`), where the axes are directions of any kind.

Inside, u are coordinates along the directions, x = origin + directions · u. A box is none in u: each line goes as far
as the box allows from where it begins, and what lies outside is not asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np

from blackbox.core.asking import Asking, Floats, Foresight, Point, Points, T, ask_one
from blackbox.search.additivity import AGREEMENT
from blackbox.search.axis_search import FIRST_POINTS, ROUNDS, lay_lines, look_along
from blackbox.search.landing import Start
from blackbox.search.lines import Line
from blackbox.search.regions import Region

AGREES = 0.05
"""Part of what a step promises that it may fall short by, and of what two lines rise by, in the geometric mean, that
they may differ from their sum by: the directions are good to four digits only, and lines are much longer than the
vicinity they come from."""

DOUBT = 3
"""At the look of this number, some four splits, a place far away on every line shows whether the lines add up there."""

LATE, IDLE = 12, 3
"""After the look of this number, 36 splits, so many looks in a row that show nothing lower end the search."""

FAR = 0.05
"""A place is far away that lies more than this part of the line from where the lines cross."""

SLACK = 1e-9
"""Part of the region that a point may lie outside by, from rounding: it is taken to lie on the bound."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Coordinates along the columns of `directions` from `origin` on, in a box."""

    origin: Point
    directions: Floats
    """Shape `(d, m)`, in units of x: m lines through one point."""
    region: Region
    _nearly: tuple[Floats, Floats] = field(init=False, repr=False)
    """Corners of the region with its slack."""

    def __post_init__(self) -> None:
        slack = SLACK * self.region.width
        object.__setattr__(self, "_nearly", (self.region.lower - slack, self.region.upper + slack))

    def points(self, coordinates: Points) -> Points:
        """From u, shape `(n, m)`, to x, shape `(n, d)`."""
        return self.origin + coordinates.dot(self.directions.T)

    def inside(self, points: Points) -> np.ndarray:
        """Which points lie in the box, shape `(n,)`."""
        lower, upper = self._nearly
        return np.logical_and.reduce((points >= lower) & (points <= upper), axis=1)

    def ends(self, here: Point) -> tuple[Floats, Floats]:
        """How far each line through u reaches, as the coordinates of its two ends; shape `(m,)` each."""
        x = self.points(here[np.newaxis])[0]
        with np.errstate(divide="ignore", invalid="ignore"):
            down, up = ((end - x)[:, np.newaxis] / self.directions for end in (self.region.lower, self.region.upper))
        low = np.where(self.directions > 0, down, np.where(self.directions < 0, up, -np.inf)).max(axis=0)
        high = np.where(self.directions > 0, up, np.where(self.directions < 0, down, np.inf)).min(axis=0)
        return here + np.minimum(low, 0), here + np.maximum(high, 0)

    def start(self, here: Point, value: float) -> Start:
        """In x, what is known of u."""
        point = self.points(here[np.newaxis])[0]
        return Start(np.clip(point, self.region.lower, self.region.upper), value)

    def ask(self, asking: Asking[T]) -> Asking[T]:
        """What asks in u, asked in x. Points outside the box are answered by NaN and cost nothing."""
        try:
            question = next(asking)
            while True:
                if isinstance(question, np.ndarray):
                    question = asking.send((yield from self._answers(question)))
                    continue
                if isinstance(question, Foresight):
                    question = question._replace(points=self._foreseen(question.points))
                yield question
                question = next(asking)
        except StopIteration as end:
            return end.value

    def _answers(self, coordinates: Points) -> Asking[Floats]:
        points = self.points(coordinates)
        inside = self.inside(points)
        within = np.count_nonzero(inside)
        if 0 < within == len(points):
            return (yield points.clip(self.region.lower, self.region.upper))
        values = np.full(len(points), np.nan)
        if within:
            values[inside] = yield points[inside].clip(self.region.lower, self.region.upper)
        return values

    def _foreseen(self, coordinates: Callable[[], Points]) -> Callable[[], Points]:
        def points() -> Points:
            found = self.points(coordinates())
            return np.clip(found[self.inside(found)], self.region.lower, self.region.upper)

        return points


def skewed_search(
    begin: Start, directions: Floats, region: Region, rng: np.random.Generator
) -> Asking[tuple[Start, bool]]:
    """The best combination of the best places on the lines, and whether what they gain adds up.

    `directions`, shape `(d, m)`, are columns in units of x. At most 231 m + 21 evaluations, mostly less than half. It
    ends at once where the gains do not add up.
    """
    frame = Frame(begin.point, directions, region)
    here, value = np.zeros(directions.shape[1]), begin.value
    lines = yield from frame.ask(lay_lines(here, value, Region(*frame.ends(here)), rng, FIRST_POINTS))
    idle = 0
    for look, rounds in enumerate(ROUNDS):
        yield from frame.ask(look_along(here, lines, rounds))
        if look == DOUBT and not (yield from _adds_up(here, value, lines, frame)):
            return frame.start(here, value), False
        together = _together(here, value, lines, frame)
        if np.array_equal(together, here):
            idle += look > LATE
            if idle == IDLE:
                break
            continue
        promised = sum(value - line.least for line, moved in zip(lines, together != here, strict=True) if moved)
        found = yield from frame.ask(ask_one(together))
        if not found < value:
            # The last digits of a minimum are no one's gain.
            spread = max(float(np.ptp(line.values[np.isfinite(line.values)])) for line in lines)
            return frame.start(here, value), promised <= AGREEMENT * spread
        here, gained, value, idle = together, value - found, found, 0
        if gained < (1 - AGREES) * promised:
            return frame.start(here, value), False
        for line, place in zip(lines, here.tolist(), strict=True):
            line.level(value, place)
        yield from frame.ask(_lengthen(here, lines, frame.ends(here)))
    return frame.start(here, value), True


def _adds_up(here: Point, value: float, lines: Sequence[Line], frame: Frame) -> Asking[bool]:
    """Whether the lowest far places of all lines, as many as stay in the box, add up. One evaluation.

    Near one point any smooth function is a parabola, which is a sum along any conjugate directions.
    """
    together, rises = here.copy(), list[float]()
    for line in lines:
        far = np.abs(line.places - here[line.axis]) > FAR * line.length
        if not np.isfinite(line.values[far]).any():
            continue
        k = int(np.nanargmin(np.where(far, line.values, np.nan)))
        further = together.copy()
        further[line.axis] = line.places[k]
        if frame.inside(frame.points(further[np.newaxis]))[0]:
            together, rises = further, [*rises, float(line.values[k]) - value]
    if len(rises) < 2:
        return True
    found = yield from frame.ask(ask_one(together))
    # Beside a line that rises much, one that rises little has to count as well.
    most, next_to_most = sorted(map(abs, rises))[:-3:-1]
    return abs(found - value - sum(rises)) <= AGREES * sqrt(most) * sqrt(next_to_most)


def _together(here: Point, value: float, lines: Sequence[Line], frame: Frame) -> Point:
    """The best places of all lines, those that gain most first, as many as stay in the box."""
    together = here.copy()
    for line in sorted(lines, key=lambda line: line.least):
        further = together.copy()
        further[line.axis] = line.best
        if line.least < value and frame.inside(frame.points(further[np.newaxis]))[0]:
            together = further
    return together


def _lengthen(here: Point, lines: Sequence[Line], ends: tuple[Floats, Floats]) -> Asking[None]:
    """Ask the ends of lines that reach farther through this point than through those before it."""
    due = list[tuple[Line, float]]()
    for line, low, high in zip(lines, *(end.tolist() for end in ends), strict=True):
        known, slack = line.places, SLACK * line.length
        due += [(line, end) for end in (low, high) if end < known[0] - slack or end > known[-1] + slack]
    if not due:
        return
    points = np.tile(here, (len(due), 1))
    for point, (line, end) in zip(points, due, strict=True):
        point[line.axis] = end
    values = yield points
    for (line, end), value in zip(due, values.tolist(), strict=True):
        line.put(end, value)
