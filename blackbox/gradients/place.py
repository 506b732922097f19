"""A point where derivatives are wanted, and how much of its value is noise."""

from dataclasses import dataclass, replace

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Values, ask_one
from blackbox.core.bounds import Bounds
from blackbox.gradients.noise import TABLE_POINTS, noise_in_table, rounding_in_table, table_around, table_beside
from blackbox.gradients.steps import MACHINE, VALUE_ROUNDINGS, rounding_of

FIRST_SPACING = 2.0**-28
"""Of the noise table, in parts of the reach: short enough that curvature dies in six differences of most functions."""

SPACINGS = (2.0**-8, 2.0**10, 2.0**-16, 2.0**20)
"""Of the first spacing, tried in turn while the table shows no noise: shorter where curvature hides it, longer where
nothing moves."""

LOUD = 1e-9
"""Noise above this part of the value is no rounding of a sane formula: it is looked at twice."""

STAIRS = (2.0**4, 2.0**7, 2.0**10, 2.0**13, 2.0**16, 2.0**20, 2.0**24)
"""Tried instead where the first table is level: the function rounds its values, or is level indeed."""

FROM_NEAR = (2.0**-5, 2.0**-2)
"""Before those, where the first table saw a step or two and the shorter one none."""

NEARER = 2.0**-12

STAYS = 0.1
"""Noise that falls below this part when seen from nearer was none."""

LEAST_ROUNDING = 0.5 * MACHINE
"""No value is nearer to the truth than half its last digit."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where, in which box, with which noise."""

    point: Point
    value: float
    bounds: Bounds
    noise: float
    """Absolute error of one value, a standard deviation."""
    reach: Floats
    """Shape `(d,)`: the length from which steps are tried: |x|, or what stands in for it where x is 0."""

    def noise_of(self, value: float) -> float:
        """Absolute error of another value nearby, of that size: as many roundings of it as of the value here."""
        relative = self.noise / abs(self.value) if self.value else np.inf
        return max(self.noise, min(max(relative, LEAST_ROUNDING), VALUE_ROUNDINGS * MACHINE) * abs(value))


def reach_of(x: Point) -> Floats:
    """|x| along each axis; at 0 the largest other coordinate, or 1; shape `(d,)`."""
    largest = float(np.abs(x).max())
    return np.where(x == 0, largest if largest > 0 else 1.0, np.abs(x))


@dataclass(frozen=True, slots=True, eq=False)
class _Ear:
    """Who listens for noise at a point: along a line through it, or to the sides that give numbers."""

    point: Point
    value: float
    bounds: Bounds
    sides: Floats | None = None
    """Shape `(d,)`: +1 or −1 for the side of each axis that gives numbers, 0 for none; None where no hole is near."""

    def table(self, spacing: Floats) -> Asking[Values]:
        """Seven values along the line. 7 evaluations."""
        if self.sides is None:
            return table_around(self.point, spacing, self.bounds)
        return table_beside(self.point, spacing * self.sides, self.bounds)

    def turned(self, spacing: Floats) -> Asking["_Ear"]:
        """One that listens beside the hole into which its table fell. 2 d evaluations."""
        x, box = self.point, self.bounds
        wanted = np.vstack([x + np.diag(TABLE_POINTS * spacing), x - np.diag(TABLE_POINTS * spacing)])
        answers = yield box.clip(wanted)
        inside = np.all((wanted >= box.lower) & (wanted <= box.upper), axis=1)
        ahead, behind = np.split(inside & np.isfinite(answers), 2)
        return replace(self, sides=np.where(ahead, 1.0, np.where(behind, -1.0, 0.0)))


def _confirmed(ear: _Ear, spacing: Floats, noise: float) -> Asking[float]:
    """The noise, looked at again from nearer by where it is loud: waves far shorter than the table look like noise.

    True noise is the same at any distance. 7 evaluations a look, none where the noise is that of rounding.
    """
    shortest = np.spacing(np.abs(ear.point))
    while noise > LOUD * abs(ear.value) and np.all(spacing > shortest):
        spacing = np.maximum(spacing * NEARER, shortest)
        seen = _level((yield from ear.table(spacing)))
        if not 0 <= seen < STAYS * noise:
            break
        noise = seen or rounding_of(ear.value)
    return noise


def _level(values: Values) -> float:
    """The noise in a table, 0 where none is seen."""
    level = 0.0 if np.isnan(values).any() else noise_in_table(values)
    return level if level < np.inf else 0.0


def survey(x: Point, bounds: Bounds) -> Asking[Place]:
    """The value at x and its noise. 8 evaluations where the first difference table tells it, at most 78.

    Beside a hole 2 d more find the sides that give numbers. Noise is at least half the last digit of the value; where
    no table shows any, a few roundings stand in for it.
    """
    value = yield from ask_one(x)
    reach = reach_of(x)
    if np.isnan(value):
        return Place(x, value, bounds, float("nan"), reach)
    ear, noise, flat, left = _Ear(x, value, bounds), 0.0, 0.0, [1.0]
    while left and noise == 0:
        # Powers of two keep the points of the table exact, so that they add no noise of their own.
        factor = left.pop(0)
        spacing: Floats = np.maximum(np.exp2(np.round(np.log2(factor * FIRST_SPACING * reach))), np.spacing(np.abs(x)))
        table = yield from ear.table(spacing)
        if ear.sides is None and np.isnan(table).any():
            ear = yield from ear.turned(spacing)
            table = yield from ear.table(spacing)
        level = bool(np.all(table == value))
        if factor == 1:
            left = list(STAIRS if level else SPACINGS)
        elif level and factor == SPACINGS[0]:
            left = [*FROM_NEAR, *STAIRS]
        noise = 0.0 if level or np.isnan(table).any() else rounding_in_table(table, factor / flat if flat else 0.0)
        flat = factor if level else flat
        # From nearer by, rounded values are level ground: that is no reason to think that they are not rounded.
        noise = noise or (yield from _confirmed(ear, spacing, _level(table)))
    return Place(x, value, bounds, max(noise or rounding_of(value), LEAST_ROUNDING * abs(value)), reach)
