"""What is known of f along one axis, the other coordinates held: where to ask next, and how f bends."""

from bisect import bisect_left
from math import inf, isfinite, isnan, nan, sqrt

import numpy as np

from blackbox.core.asking import Floats
from blackbox.core.bounds import GOLDEN
from blackbox.gradients.steps import rounding_of

ASPIRATION = 1e-4
"""The search hopes to beat the incumbent by this part of the range seen on the line."""

PLATEAU = 1e5
"""Roundings: a range below that is a plateau's."""

NARROWEST = 1e-4
"""Intervals below this part of the line are left to the parabola."""

SAME_PLACE = 1e-10
"""Part of the line that is not worth another evaluation."""

LOPSIDED = 30.0
"""Where one neighbour of the lowest value is so many times as far away as the other, it says nothing of how f bends
here: the parabola goes through two near places on the other side."""

LEFT = 1e4
"""A parabola that promises no more than so many roundings is left to the descent that follows: it does that for all
axes at once."""

HALVED = 0.5
"""Parabolas that converge move less and less: one that moves by more than this part of what the last but one did crawls
along a side that is too steep for it, and the longer interval beside the lowest value is cut instead."""


class Line:
    """Answers along one axis, in the order of their places.

    In plain floats: a line is looked at after every answer, and for a hundred of them lists are faster than arrays.
    """

    def __init__(self, axis: int, length: float, places: Floats, values: Floats) -> None:
        """`places`, rising, and f there, shape `(m,)` each; NaN where it failed."""
        self.axis, self.length = axis, length
        self._places, self._values = list[float](), list[float]()
        self._low = self._high = nan
        self._hoped = nan
        self._bends: list[float] | None = None
        self._replace(places, values)

    @property
    def places(self) -> Floats:
        """Coordinates asked, rising, shape `(m,)`."""
        return np.array(self._places)

    @property
    def values(self) -> Floats:
        """f there, shape `(m,)`, NaN where it failed."""
        return np.array(self._values)

    @property
    def lowest(self) -> int:
        """Index of the lowest value; the first where all failed."""
        return 0 if isnan(self._low) else self._values.index(self._low)

    @property
    def best(self) -> float:
        """The coordinate of the lowest value."""
        return self._places[self.lowest]

    @property
    def least(self) -> float:
        """The lowest value."""
        return self._low

    @property
    def extremes(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The lowest and the highest value, each after its place."""
        highest = self.lowest if isnan(self._high) else self._values.index(self._high)
        return (self.best, self._low), (self._places[highest], self._high)

    @property
    def curvature(self) -> float:
        """Second derivative of the parabola through the lowest value and its neighbours; NaN at an end or a hole."""
        k = self.lowest
        if not 0 < k < len(self._places) - 1:
            return nan
        rise, fall, width = self._slopes(k)
        return 2 * (rise - fall) / width

    def add(self, places: Floats, values: Floats) -> None:
        """Take in more answers, shape `(m,)` each."""
        where = self.places.searchsorted(places)
        self._replace(np.insert(self.places, where, places), np.insert(self.values, where, values))

    def put(self, place: float, value: float) -> None:
        """Take in one more answer."""
        k = bisect_left(self._places, place)
        self._places.insert(k, place)
        self._values.insert(k, value)
        if isnan(self._low):
            self._low = self._high = value
            self._bends = None
        elif value < self._low or value > self._high:
            self._low, self._high = min(value, self._low), max(value, self._high)
            self._bends = None
        elif self._bends is not None:
            # The hope is what it was, so one gap has become two and the others are as they were.
            self._bends[max(k - 1, 0) : k] = self._gaps(max(k - 1, 0), k + 1)

    def level(self, value: float, place: float | None = None) -> None:
        """Shift all values so that the lowest, or that at a place asked, is `value`: other coordinates have moved."""
        here = self.least if place is None else self._values[self._places.index(place)]
        self._replace(self.places, self.values + (value - here))

    def scale(self, factor: float) -> None:
        """Multiply all values: other coordinates have moved, where f is a product."""
        self._replace(self.places, self.values * factor)

    def easiest_gap(self) -> float | None:
        """The middle of the interval that needs the least curvature to hold something better; None when all are narrow.

        A parabola through both ends a, b that touches the level f* hoped for bends by
        ((√(f_a − f*) + √(f_b − f*)) / (b − a))², and the flattest such parabola is the likeliest.
        (Swarzberg, Seront & Bersini 1994, "STEP".)
        """
        if isnan(self._low) or len(self._places) < 2:
            return None
        if self._bends is None:
            low, high = self._low, self._high
            # On a plateau the hope is as small as a rounding, and the widest interval is the easiest.
            self._hoped = low - ASPIRATION * max(high - low, PLATEAU * rounding_of(max(-low, high)))
            self._bends = self._gaps(0, len(self._places) - 1)
        flattest = min(self._bends)
        if not isfinite(flattest):
            return None
        gap = self._bends.index(flattest)
        return (self._places[gap] + self._places[gap + 1]) / 2

    def next_gaps(self, first: int, count: int) -> list[float]:
        """The middles of at most so many intervals, from the first-th easiest on, easiest first.

        While answers are neither lower nor higher than all others, these are asked next.
        """
        bends = self._bends if self.easiest_gap() is not None and self._bends else []
        order = [gap for gap in sorted(range(len(bends)), key=bends.__getitem__) if isfinite(bends[gap])]
        return [(self._places[gap] + self._places[gap + 1]) / 2 for gap in order[first : first + count]]

    def vertex(self) -> float | None:
        """The lowest point of a parabola around the lowest value; None at an end, at a hole or where it is known."""
        found = self.valley()
        return None if found is None else found[0]

    def valley(self) -> tuple[float, float] | None:
        """The lowest point of a parabola around the lowest value, and how much lower it promises to be.

        Through it and its neighbours, or where one of these is far, through it and two near ones on the other side.
        """
        k = self.lowest
        if not self.curvature > 0:
            return None
        below, here, above = self._places[k - 1 : k + 2]
        left, right = here - below, above - here
        middles = [k]
        if max(left, right) > LOPSIDED * min(left, right):
            middles.insert(0, k - 1 if left < right else k + 1)
        apart = SAME_PLACE * self.length
        for middle in middles:
            place, bend = self._bottom(middle)
            if below + apart < place < above - apart and abs(place - here) > apart:
                return place, bend / 2 * (place - here) ** 2
        return None

    def beside(self) -> float:
        """The golden section of the longer interval beside the lowest value, which is at neither end."""
        k = self.lowest
        below, here, above = self._places[k - 1 : k + 2]
        far = above if above - here > here - below else below
        return here + (1 - GOLDEN) * (far - here)

    def _replace(self, places: Floats, values: Floats) -> None:
        self._places, self._values = places.tolist(), values.tolist()
        usual = [value for value in self._values if value == value]
        self._low, self._high = min(usual, default=nan), max(usual, default=nan)
        self._bends = None

    def _gaps(self, first: int, last: int) -> list[float]:
        """What each interval from place `first` to place `last` needs; infinite where it is narrow.

        A place where f failed counts as the highest.
        """
        narrow = NARROWEST * self.length
        places = self._places[first : last + 1]
        roots = [sqrt((v if v == v else self._high) - self._hoped) for v in self._values[first : last + 1]]
        bends: list[float] = []
        for k in range(len(places) - 1):
            width = places[k + 1] - places[k]
            bend = (roots[k] + roots[k + 1]) / width if width > narrow else inf
            bends.append(bend * bend)
        return bends

    def _bottom(self, k: int) -> tuple[float, float]:
        """The lowest point and the curvature of the parabola through the k-th place and its neighbours; NaN if none."""
        if not 0 < k < len(self._places) - 1:
            return nan, nan
        rise, fall, width = self._slopes(k)
        if not rise > fall:
            return nan, nan
        below, here, above = self._places[k - 1 : k + 2]
        slope = (rise * (here - below) + fall * (above - here)) / width
        bend = 2 * (rise - fall) / width
        return here - slope / bend, bend

    def _slopes(self, k: int) -> tuple[float, float, float]:
        """Slopes of both chords at the k-th place, right and left, and the distance of its neighbours; NaN for none."""
        below, here, above = self._places[k - 1 : k + 2]
        if not below < here < above:  # a box of few floats has been asked twice in one place
            return nan, nan, 1.0
        left, middle, right = self._values[k - 1 : k + 2]
        return (right - middle) / (above - here), (middle - left) / (here - below), above - below


class Sharpening:
    """Successive parabolas around the lowest value of a line, kept from crawling. (Brent 1973, chapter 5.)"""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._before = self._last = inf

    def place(self) -> float | None:
        """Where to ask next; None where no parabola leads to anything worth a question."""
        valley, here = self._line.valley(), self._line.best
        if valley is None or valley[1] <= LEFT * rounding_of(self._line.least):
            return None
        place = valley[0]
        before, self._before = self._before, self._last
        self._last = abs(place - here)
        if self._last > HALVED * before:
            place = self._line.beside()
            self._last = abs(place - here)
        return place
