"""What a line search may lead to from where it is, for those who evaluate ahead. It changes nothing that is asked.

Everything is computed only when somebody is idle, so telling of it costs next to nothing.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from blackbox.core.asking import Floats, Foresight, Point, Points
from blackbox.descent.hearing import after_nothing
from blackbox.descent.probing import Iterate, along, slope_points
from blackbox.descent.terrain import Terrain

NEXT = 1
"""Rank of the next gradient among what is foreseen: after what is certain."""

LATE, VERY_LATE = 3, 6
"""A line search that has failed so often may well come to nothing; and probably will."""

HABIT = 3
"""So many lengths of the last line search are expected again."""

STRETCH = 3.0
"""A line search that runs downhill may look this many times farther in one stride."""

HALF = 0.5
"""A step that was too long keeps this part at most, the textbook's …"""

SHORTEST = 0.1
"""… and one that went too far keeps this part of its step at least."""


class Ray(NamedTuple):
    """A line search's result."""

    point: Point
    value: float
    lengths: tuple[float, ...] = ()
    """What was asked, in order, in units of the direction."""
    kept: float = 0.0
    """The length of the point."""

    @property
    def asked(self) -> int:
        """Evaluations."""
        return len(self.lengths)


class LineAhead(NamedTuple):
    """A line search from an iterate along a direction."""

    now: Iterate
    direction: Floats
    terrain: Terrain

    def first(self, last: Ray | None) -> Foresight:
        """While the whole step is asked; `last` is what the walk's last line search came to."""
        return Foresight("walk", partial(self._first, last), NEXT, partial(self._less_likely, 1.0, 0, SHORTEST))

    def tried(self, t: float, tries: int, part: float) -> Foresight:
        """While the length t is asked, after so many others, the last of which was shortened to this part."""
        likely = partial(self._likely, t, tries, part)
        return Foresight("walk", likely, NEXT, partial(self._less_likely, t, tries, part))

    def beyond(self, t: float, ray: Ray, on: tuple[float, ...] = ()) -> Foresight:
        """While the length t is asked, which may be better than what is there; then the search may go on to others."""
        return Foresight("walk", partial(self._slope, t), NEXT, partial(self._stay, ray, on))

    def _first(self, last: Ray | None) -> Points:
        """The gradient where the last line search ended, and the lengths on the way there, if they can be told."""
        told = [1.0]
        for t in () if last is None else last.lengths[1:HABIT]:
            if t not in (STRETCH * told[-1], HALF * told[-1], SHORTEST * told[-1]):
                break
            told.append(t)
        if last is None or last.kept not in told:
            return self._slope(1.0)
        return np.vstack([self._at(tuple(told[1:])), self._slope(last.kept)])

    def _likely(self, t: float, tries: int, part: float) -> Points:
        """The gradient there. Where steps were halved f hardly changes, and so it goes on."""
        parts = [self._at(_shorter(t, tries, part))] if part == HALF else []
        if tries >= VERY_LATE:
            parts.append(after_nothing(self.now, self.terrain))
        return np.vstack([*parts, self._slope(t)]) if parts else self._slope(t)

    def _less_likely(self, t: float, tries: int, part: float) -> Points:
        """Other lengths, where the parabola's minimiser is out of reach; a step that was shortened too much runs on."""
        farther, shorter = (STRETCH * t,), _shorter(t, tries, part)
        points = self._at((*farther, *shorter) if tries and part == SHORTEST else (*shorter, *farther))
        return np.vstack([points, after_nothing(self.now, self.terrain)]) if LATE <= tries < VERY_LATE else points

    def _stay(self, ray: Ray, on: tuple[float, ...]) -> Points:
        return np.vstack([self._at(on), slope_points(ray.point, ray.value, self.now, self.terrain)])

    def _slope(self, t: float) -> Points:
        """What the gradient there asks if the value, which nobody knows yet, falls as the model's parabola does."""
        now = self.now
        guess = now.value + t * float(now.gradient.dot(self.direction)) / 2
        return slope_points(along(now.x, self.direction, t, self.terrain), guess, now, self.terrain)

    def _at(self, lengths: tuple[float, ...]) -> Points:
        points = [along(self.now.x, self.direction, t, self.terrain) for t in lengths]
        return np.array(points).reshape(-1, self.now.x.size)


def _shorter(t: float, tries: int, part: float) -> tuple[float, ...]:
    """Lengths that a line search may go on to: once it has shortened its step to this part, it often does again.

    It is trusted to do so as many times as it has tried. `part` is 0 where it was shortened otherwise: then none.
    """
    if part == 0:
        return ()
    lengths = [part * t]
    while len(lengths) < tries:
        lengths.append(part * lengths[-1])
    return tuple(lengths)
