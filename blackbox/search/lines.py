"""What is known of f along one axis, the other coordinates held: where to ask next, and how f bends."""

from dataclasses import dataclass
from math import isnan

import numpy as np

from blackbox.core.asking import Floats
from blackbox.gradients.steps import rounding_of

ASPIRATION = 1e-3
"""The search hopes to beat the incumbent by this part of the range seen on the line."""

PLATEAU = 1e5
"""Roundings: a range below that is a plateau's."""

NARROWEST = 1e-4
"""Intervals below this part of the line are left to the parabola."""

SAME_PLACE = 1e-10
"""Part of the line that is not worth another evaluation."""


@dataclass(slots=True)
class Line:
    """Answers along one axis."""

    axis: int
    length: float
    places: Floats
    """Coordinates asked, rising, shape `(m,)`."""
    values: Floats
    """f there, shape `(m,)`, NaN where it failed."""

    @property
    def lowest(self) -> int:
        """Index of the lowest value; the first where all failed."""
        lowest = int(self.values.argmin())  # the first NaN, where there is one
        if not isnan(self.values[lowest]):
            return lowest
        return int(np.nanargmin(self.values)) if np.isfinite(self.values).any() else 0

    @property
    def best(self) -> float:
        """The coordinate of the lowest value."""
        return float(self.places[self.lowest])

    @property
    def least(self) -> float:
        """The lowest value."""
        return float(self.values[self.lowest])

    @property
    def curvature(self) -> float:
        """Second derivative of the parabola through the lowest value and its neighbours; NaN at an end or a hole."""
        if not 0 < self.lowest < self.places.size - 1:
            return float("nan")
        rise, fall, width = self._slopes()
        return 2 * (rise - fall) / width

    def add(self, places: Floats, values: Floats) -> None:
        """Take in more answers, shape `(m,)` each."""
        where = self.places.searchsorted(places)
        if where.size == 1:
            k = int(where[0])
            self.places = np.concatenate((self.places[:k], places, self.places[k:]))
            self.values = np.concatenate((self.values[:k], values, self.values[k:]))
            return
        self.places, self.values = np.insert(self.places, where, places), np.insert(self.values, where, values)

    def level(self, value: float) -> None:
        """Shift all values so that the lowest is `value`: other coordinates have moved."""
        self.values = self.values + (value - self.least)

    def easiest_gap(self) -> float | None:
        """The middle of the interval that needs the least curvature to hold something better; None when all are narrow.

        A parabola through both ends a, b that touches the level f* hoped for bends by
        ((√(f_a − f*) + √(f_b − f*)) / (b − a))², and the flattest such parabola is the likeliest.
        (Swarzberg, Seront & Bersini 1994, "STEP".)
        """
        usual, low, high = self.values, float(self.values.min()), float(self.values.max())
        if isnan(low):
            low, high = float(np.nanmin(usual)), float(np.nanmax(usual))
            usual = np.where(np.isnan(usual), high, usual)
        # On a plateau the hope is as small as a rounding, and the widest interval is the easiest.
        hoped = low - ASPIRATION * max(high - low, PLATEAU * rounding_of(max(-low, high)))
        roots, widths = np.sqrt(usual - hoped), self.places[1:] - self.places[:-1]
        with np.errstate(divide="ignore", over="ignore"):
            curvature = ((roots[:-1] + roots[1:]) / widths) ** 2
        curvature[widths <= NARROWEST * self.length] = np.inf
        gap = int(np.argmin(curvature)) if curvature.size else 0
        if not curvature.size or not np.isfinite(curvature[gap]):
            return None
        return float((self.places[gap] + self.places[gap + 1]) / 2)

    def vertex(self) -> float | None:
        """The lowest point of the parabola around the lowest value; None at an end, at a hole or where it is known."""
        k = self.lowest
        curvature = self.curvature
        if not curvature > 0:
            return None
        rise, fall, _ = self._slopes()
        below, here, above = self.places[k - 1 : k + 2]
        slope = (rise * (here - below) + fall * (above - here)) / (above - below)
        place = float(here - slope / curvature)
        apart = SAME_PLACE * self.length
        return place if below + apart < place < above - apart and abs(place - here) > apart else None

    def _slopes(self) -> tuple[float, float, float]:
        """Slopes of both chords at the lowest value, right and left, and the distance of its neighbours."""
        k = self.lowest
        places, values = self.places[k - 1 : k + 2], self.values[k - 1 : k + 2]
        fall, rise = np.diff(values) / np.diff(places)
        return float(rise), float(fall), float(places[2] - places[0])
