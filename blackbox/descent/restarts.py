"""Restarts: one walk from each of several random starts; the best is kept and the basins are told apart."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Floats, Halt, Point, Points, Step
from blackbox.descent.ground import Kit, Walk
from blackbox.descent.random_search import box_around
from blackbox.descent.stopping import Ended, Rules, WalkStop, until
from blackbox.gradients.steps import rounding_of

SAME = 1e-3
"""Ends nearer to each other than this part of the ground that the starts cover are in one basin."""

STATIONS = (0.5, 0.25, 0.75, 0.125, 0.875)
"""Where between two ends a hill is looked for, the likeliest place first."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A basin: its lowest end, and which of the walks ended there."""

    point: Point
    value: float
    walks: tuple[int, ...]
    """Numbers of the walks, counted from 0."""

    @property
    def hits(self) -> int:
        """How many of the walks ended there."""
        return len(self.walks)


def restarts(walk: Walk, starts: Iterable[Point], kit: Kit, rules: Rules) -> Asking[tuple[Found, ...]]:
    """One walk after the other, each with its `Halt`; then the basins they ended in, best first."""
    begun: list[Point] = []
    ends: list[Ended] = []
    for start in starts:
        begun.append(start)
        ends.append((yield from until(walk(start, kit), rules)))
        yield Halt(ends[-1].stop.value)
    return (yield from tell_apart(ends, np.array(begun), rules.ascending))


def random_starts(start: Point, kit: Kit) -> Iterator[Point]:
    """The start given, then for ever one that is uniform in the bounds, or within ten strides where none stand."""
    yield start
    lower, upper = box_around(start, kit)
    while True:
        yield lower + kit.rng.random(start.size) * (upper - lower)


def tell_apart(ends: Sequence[Ended], starts: Points, ascending: bool = False) -> Asking[tuple[Found, ...]]:
    """The basins in which walks ended, best first; a walk that diverged, or whose start failed, ended in none.

    Two ends are in one basin where they are close, or no hill is met on the straight line between them. At most 5
    evaluations for each end and each basin that it is held against. (Ursem 1999, "Multinational evolutionary
    algorithms".)
    """
    sign = -1.0 if ascending else 1.0
    there = [(index, end.best) for index, end in enumerate(ends) if end.best and end.stop is not WalkStop.DIVERGED]
    there.sort(key=lambda pair: sign * pair[1].value)
    spread: Floats = starts.max(axis=0) - starts.min(axis=0)
    close = SAME * np.where(spread > 0, spread, 1e-9 + np.abs(starts).max(axis=0))
    found: list[Found] = []
    for index, step in there:
        for number, basin in enumerate(found):
            near = bool(np.all(np.abs(basin.point - step.point) <= close))
            if near or not (yield from _hill_between(basin, step, sign)):
                found[number] = Found(basin.point, basin.value, (*basin.walks, index))
                break
        else:
            found.append(Found(step.point, step.value, (index,)))
    return tuple(found)


def _hill_between(basin: Found, step: Step, sign: float) -> Asking[bool]:
    """Whether the line between them rises above both ends (a hole is a hill, too). 1 to 5 evaluations."""
    top = sign * step.value + rounding_of(step.value)
    for part in STATIONS:
        values = yield (basin.point + part * (step.point - basin.point))[np.newaxis, :]
        if not sign * float(values[0]) <= top:
            return True
    return False
