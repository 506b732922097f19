"""A ladder of steps: the same difference quotient at h, h/8, h/64, …, and the rung whose error bar is shortest.

Going down, truncation dies as h^p and rounding grows as 1/h^q; both are seen in the table itself:

    S_j − S_{j+1}         what truncation (and noise) changes between two rungs
    round_j               what noise alone can do to rung j
    bar_j = trunc_j + round_j

A rung is believed only as far as every finer rung agrees with it within that rung's noise; so a step far too long for
the function (many periods of a sine) is found out. The ladder is extended to finer steps until noise explains what
still changes, and to coarser ones while that shortens the bar.
(Ridders 1982, "Accurate computation of F'(x) and F'(x)F''(x)"; Gill, Murray, Saunders & Wright 1983.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import log2

import numpy as np

from blackbox.core.asking import Asking, Floats
from blackbox.gradients.place import Place
from blackbox.gradients.steps import MACHINE

RUNG = 8.0
"""Ratio of two steps: wide enough that a ladder is short, narrow enough to hit the best step within a factor 3."""

MOST_RUNGS = 40
"""8^40 = 1e36: from any first step to the best one, whatever the unit of x."""

DEVIATIONS = 5.0
"""Noise is told as a standard deviation; a bar allows for three, and a table of seven values may tell too little."""

TRUST = 2.0
"""The truncation that the coarser rung predicts is doubled: the next order is not always small."""

SPIKE, BENT = 8.0**-0.5, 8.0**-1.5
"""Of a step eight times shorter a smooth function's second difference is 1/64, a kink's 1/8, a jump's 1: half-way
between two of them stands which it is."""

SHORTEST = 16.0
"""Steps of fewer roundings of x are made of rounding."""


class Kind(Enum):
    """Which quotient is formed on every rung."""

    AHEAD = "forward"
    BEHIND = "backward"
    CENTRAL = "central"
    EXTRAPOLATED = "richardson"
    CURVATURE = "curvature"

    @property
    def order(self) -> int:
        """Truncation error is O(h^order)."""
        return {Kind.AHEAD: 1, Kind.BEHIND: 1, Kind.EXTRAPOLATED: 4}.get(self, 2)

    @property
    def first(self) -> float:
        """The middle step first tried, in parts of the reach: about where rounding and truncation balance."""
        return {Kind.AHEAD: 2.0**-26, Kind.BEHIND: 2.0**-26, Kind.EXTRAPOLATED: 2.0**-9, Kind.CURVATURE: 2.0**-12}.get(
            self, 2.0**-17
        )


@dataclass(frozen=True, slots=True)
class Rung:
    """Both sides of one step; a side not asked, or that failed, is NaN, and so is an arm that rounding swallows."""

    forth: float
    ahead: float
    back: float
    behind: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A derivative along one direction, its error bar and the step that gave it."""

    value: float
    error: float
    """Infinite where nothing could be evaluated."""
    step: float
    note: str = ""


def climb(place: Place, direction: Floats, reach: float, kind: Kind) -> Asking[list[Rung]]:
    """The rungs for one direction of shape `(d,)`, coarsest first. About 3 to 6 rungs of 1 or 2 evaluations."""
    step = 2.0 ** round(log2(kind.first * reach))
    rungs: list[Rung] = []
    for wanted in (RUNG * step, step, step / RUNG):
        rungs.append((yield from stand(place, direction, wanted, kind)))
    lowest, highest = step / RUNG, RUNG * step
    floor = SHORTEST * MACHINE * float(np.abs(place.point * (direction != 0)).max())
    while len(rungs) < MOST_RUNGS:
        finer, coarser = _wishes(rungs, place, kind, highest < reach / RUNG)
        if finer and lowest / RUNG > floor:
            lowest /= RUNG
            rungs.append((yield from stand(place, direction, lowest, kind)))
        elif coarser:
            highest *= RUNG
            rungs.insert(0, (yield from stand(place, direction, highest, kind)))
        else:
            break
    return rungs


def stand(place: Place, direction: Floats, step: float, kind: Kind) -> Asking[Rung]:
    """One rung: both sides, or the one side that the kind needs; nothing outside the bounds is asked."""
    x, weight = place.point, float(direction @ direction)
    points = np.vstack([x + step * direction, x - step * direction])
    wanted = np.array([kind is not Kind.BEHIND, kind is not Kind.AHEAD])
    inside = np.array([place.bounds.contain(point) and bool(np.isfinite(point).all()) for point in points])
    asked = np.flatnonzero(wanted & inside & np.any(points != x, axis=1))
    values = np.full(2, np.nan)
    if asked.size:
        values[asked] = yield np.ascontiguousarray(points[asked])
    # The true arms are what is left after x ± h was rounded.
    forth, back = float((points[0] - x) @ direction) / weight, float((x - points[1]) @ direction) / weight
    return Rung(forth or float("nan"), float(values[0]), back or float("nan"), float(values[1]))


def read(rungs: Sequence[Rung], place: Place, kind: Kind) -> Reading:
    """The rung with the shortest bar."""
    table = tabulate(rungs, place, kind)
    if table is None:
        return Reading(float("nan"), float("inf"), float("nan"))
    best = int(np.argmin(table.bars))
    return Reading(float(table.values[best]), float(table.bars[best]), float(table.steps[best]))


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Quotients of the rungs that could be evaluated, coarsest first; each of shape `(n,)`."""

    steps: Floats
    values: Floats
    noises: Floats
    bars: Floats
    rungs: Sequence[Rung]


def tabulate(rungs: Sequence[Rung], place: Place, kind: Kind) -> Table | None:
    """Quotients with their bars; None where fewer than two rungs could be evaluated."""
    usable = [rung for rung in rungs if np.isfinite(_quotient(rung, place, kind))]
    if len(usable) < (3 if kind is Kind.EXTRAPOLATED else 2):
        return None
    values = np.array([_quotient(rung, place, kind) for rung in usable])
    noises = np.array([DEVIATIONS * _noise(rung, place, kind) for rung in usable])
    steps = np.array([rung.back if kind is Kind.BEHIND else rung.forth for rung in usable])
    blind = np.zeros(len(usable))
    if kind in (Kind.CENTRAL, Kind.EXTRAPOLATED, Kind.CURVATURE):
        seconds = np.array([rung.ahead - 2 * place.value + rung.behind for rung in usable])
        levels = np.array([place.noise_of(max(abs(rung.ahead), abs(rung.behind))) for rung in usable])
        blind = unresolved(seconds, levels, BENT if kind is Kind.CURVATURE else SPIKE)
    if kind is Kind.EXTRAPOLATED:
        blind = np.maximum(blind[1:], blind[:-1])
        gain = (steps[:-1] / steps[1:]) ** 2
        values = (gain * values[1:] - values[:-1]) / (gain - 1)
        noises = (gain * noises[1:] + noises[:-1]) / (gain - 1)
        steps, usable = steps[1:], usable[1:]
    return Table(steps, values, noises, truncations(values, noises, kind.order) + noises + blind, usable)


def _quotient(rung: Rung, place: Place, kind: Kind) -> float:
    rise, fall = (rung.ahead - place.value) / rung.forth, (place.value - rung.behind) / rung.back
    if kind is Kind.AHEAD:
        return rise
    if kind is Kind.BEHIND:
        return fall
    if kind is Kind.CURVATURE:
        return 2.0 * (rise - fall) / (rung.forth + rung.back)
    return (rung.back * rise + rung.forth * fall) / (rung.forth + rung.back)


def _noise(rung: Rung, place: Place, kind: Kind) -> float:
    """Standard deviation of a quotient, as an upper bound: all values wrong the worst way."""
    level = place.noise_of(float(np.nanmax(np.abs([rung.ahead, rung.behind, place.value]))))
    if kind in (Kind.AHEAD, Kind.BEHIND):
        return 2 * level / (rung.forth if kind is Kind.AHEAD else rung.back)
    if kind is Kind.CURVATURE:
        return 4 * level / (rung.forth * rung.back)
    return level / rung.forth


def unresolved(seconds: Floats, levels: Floats, shrink: float) -> Floats:
    """Infinite for rungs that stride over everything, 0 for those that see f as a smooth function; shape `(n,)`.

    A spike is level on both sides, and no slope; a kink has no curvature. Both are told by second differences of which
    more than `shrink` is left on the next rung; once they are, a rung whose noise could hide it clears nothing.
    """
    sizes, noises = np.abs(seconds), DEVIATIONS * 4 * levels
    blind = np.zeros(sizes.size)
    for j in range(1, sizes.size):
        smooth = shrink * sizes[j - 1]
        if sizes[j] > max(smooth, noises[j]):
            blind[j - 1 : j + 1] = np.inf
        elif noises[j] > smooth:
            blind[j] = blind[j - 1]
    return blind


def truncations(values: Floats, noises: Floats, order: int, trust: float = TRUST, rung: float = RUNG) -> Floats:
    """What each rung may still owe to its step, shape `(n,)`; the coarsest has no witness above it."""
    shrink = rung**order
    owed = np.empty(values.size)
    for j in range(values.size):
        finer = np.abs(values[j] - values[j + 1 :]) - noises[j + 1 :]
        seen = float(finer.max(initial=0.0)) * shrink / (shrink - 1)
        if j > 0:
            above = trust * abs(float(values[j - 1] - values[j])) / (shrink - 1)
        else:
            above = abs(float(values[0] - values[1])) * shrink / (shrink - 1)
        owed[j] = max(seen, above)
    return owed


def _wishes(rungs: Sequence[Rung], place: Place, kind: Kind, near: bool) -> tuple[bool, bool]:
    """Whether a finer and whether a coarser rung would help; `near` steps may still be short for the function."""
    table = tabulate(rungs, place, kind)
    if table is None:
        return True, False
    best, last = int(np.argmin(table.bars)), table.values.size - 1
    change, noise = np.abs(np.diff(table.values)), table.noises[:-1] + table.noises[1:]
    blind = bool(np.isinf(table.bars[last]))
    finer = best == last or blind or bool(change[-1] > noise[-1])
    precise = bool(table.bars[best] <= 4 * MACHINE * abs(table.values[best]))
    gains = best == 0 and bool(table.bars[0] < table.bars[1] / 2)
    useful = gains or (near and bool(change[0] <= noise[0]))
    coarsest = bool(np.isfinite(_quotient(rungs[0], place, kind)))
    return finer and (blind or bool(table.values.any())), useful and coarsest and not precise
