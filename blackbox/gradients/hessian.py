"""The Hessian from evaluations, symmetric, with a bar for each entry; and what it says of a critical point."""

from dataclasses import dataclass, replace
from enum import Enum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Asking, Floats
from blackbox.core.bounds import Bounds
from blackbox.gradients.estimate import Estimate
from blackbox.gradients.ladder import BENT, DEVIATIONS, RUNG, Kind, Reading, climb, read, truncations, unresolved
from blackbox.gradients.place import Place
from blackbox.gradients.together import together

WIDTHS = (4.0, 1.0)
"""Mixed derivatives are formed at two widths: how they differ tells the truncation error."""

KINKED = 1 / 8
"""Of a rectangle four times smaller a smooth function's twist is 1/16, that of a slanted kink 1/4."""

TRUST = 2.0
"""What the difference of both widths says of their truncation is doubled: the next order is not always small."""

SIDE_FIRST = 2.0**-3
"""The longest step of a one-sided curvature, in parts of the reach; with it a ladder reaches from there to 2^-18."""

SIDE_RUNGS = 6

SIDE_TRUST = 8.0
"""One-sided quotients owe terms of every order, so that the coarser rung foretells less well what is still owed."""

VANISHED = 1e-5
"""A gradient that a Newton step of this part of the reach explains is zero for a person who typed the point in."""


@dataclass(frozen=True, slots=True, eq=False)
class Hessian:
    """Both of shape `(d, d)`, symmetric."""

    matrix: Floats
    error: Floats
    """Infinite where an entry is unknown."""
    notes: tuple[str, ...] = ()
    """Along which axes one side alone could be used, and which entries are unknown."""

    @property
    def eigenvalues(self) -> Floats:
        """Ascending, shape `(d,)`; NaN where an entry is unknown."""
        if not np.isfinite(self.matrix).all():
            return np.full(len(self.matrix), np.nan)
        return np.asarray(np.linalg.eigvalsh(self.matrix), dtype=np.float64)

    @property
    def eigenvalue_error(self) -> float:
        """No eigenvalue is wrong by more than the norm of the error (Weyl's inequality)."""
        if not np.isfinite(self.error).all():
            return float("inf")
        return float(np.linalg.norm(self.error, 2))


_QUARTERS = ((1, 1), (1, -1), (-1, 1), (-1, -1))
"""Sides of the two axes, in the order of the corners of a rectangle."""

_UNKNOWN = Reading(float("nan"), float("inf"), 0.0)


class Critical(Enum):
    """What a point is, by the second-derivative test. The value is the word of the JSON contract."""

    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    SADDLE = "saddle"
    INCONCLUSIVE = "inconclusive"
    NOT_CRITICAL = "not-critical"


def hessian(place: Place) -> Asking[Hessian]:
    """Second derivatives, error O(h²). About 10 d evaluations for the diagonal and 8 for each pair of axes.

    H_ii = (f(x + h e_i) − 2 f(x) + f(x − h e_i)) / h², and H_ij from the four corners of a rectangle around x.
    (Abramowitz & Stegun 1972, 25.3.23 and 25.3.26.) At a bound the rectangle shrinks to the inside, error O(h).
    """
    axes = np.eye(place.point.size)
    diagonal = yield from together([_bend(place, i, axis) for i, axis in enumerate(axes)])
    pairs = list(combinations(range(len(axes)), 2))
    steps = np.array([reading.step for reading in diagonal])
    mixed = yield from together([_mixed(place, steps, pair) for pair in pairs])
    matrix, error = np.diag([reading.value for reading in diagonal]), np.diag([reading.error for reading in diagonal])
    for (i, j), reading in zip(pairs, mixed, strict=True):
        matrix[i, j] = matrix[j, i] = reading.value
        error[i, j] = error[j, i] = reading.error
    notes = [f"x{i + 1}, second derivative: {reading.note}" for i, reading in enumerate(diagonal) if reading.note]
    lost = [f"x{i + 1} and x{j + 1}" for (i, j), reading in zip(pairs, mixed, strict=True) if np.isinf(reading.error)]
    notes += [f"mixed derivative of {', '.join(lost)}: unknown"] if lost else []
    notes += [
        f"x{i + 1} and x{j + 1}: {reading.note}" for (i, j), reading in zip(pairs, mixed, strict=True) if reading.note
    ]
    return Hessian(matrix, error, tuple(notes))


def _bend(place: Place, axis: int, direction: Floats) -> Asking[Reading]:
    """The curvature along one axis; on one side where the other fails."""
    rungs = yield from climb(place, direction, float(place.reach[axis]), Kind.CURVATURE)
    reading = read(rungs, place, Kind.CURVATURE)
    if np.isfinite(reading.error):
        return reading
    first = SIDE_FIRST * float(place.reach[axis])
    for side in (1.0, -1.0):
        found = yield from _one_sided_bend(place, side * direction, first)
        if np.isfinite(found.error):
            return replace(found, note=f"only the side {'above' if side > 0 else 'below'} could be used")
    return Reading(float("nan"), float("inf"), first, note="unknown, as at a kink or between holes")


def _one_sided_bend(place: Place, direction: Floats, first: float) -> Asking[Reading]:
    """(f(x + 2h) − 2 f(x + h) + f(x)) / h² on a ladder of steps, extrapolated to error O(h²); 12 evaluations."""
    steps: Floats = first / np.power(RUNG, np.arange(SIDE_RUNGS, dtype=np.float64))
    points = place.point + np.concatenate([steps, 2 * steps])[:, np.newaxis] * direction
    inside = np.array([place.bounds.contain(point) for point in points])
    values = np.full(len(points), np.nan)
    if inside.any():
        values[inside] = yield np.ascontiguousarray(points[inside])
    # The true arms are what is left after x + h was rounded.
    a, b = np.split((points - place.point) @ direction, 2)
    near, far = np.split(values, 2)
    bends = 2 * ((far - place.value) / b - (near - place.value) / a) / (b - a)
    usable = np.isfinite(bends)
    levels = np.array([place.noise_of(float(abs(value))) for value in far])
    bent = unresolved((bends * steps**2)[usable], levels[usable], BENT)
    return _extrapolated(bends[usable], DEVIATIONS * 4 * levels[usable] / steps[usable] ** 2 + bent, steps[usable])


def _mixed(place: Place, steps: Floats, pair: tuple[int, int]) -> Asking[Reading]:
    """The mixed derivative from the corners of rectangles: two around x, or a ladder of them to one side of it."""
    _, _, whole = _rectangle(place, WIDTHS[0] * steps, pair)
    widths: Floats = np.array(WIDTHS) if whole else np.power(RUNG, 1.0 - np.arange(SIDE_RUNGS, dtype=np.float64))
    corners, areas, _ = zip(*(_rectangle(place, width * steps, pair) for width in widths), strict=True)
    spans = np.array(areas)
    if min(areas) == 0:
        return _UNKNOWN
    values = (yield np.ascontiguousarray(np.vstack(corners))).reshape(len(widths), 4)
    failed = np.isnan(values).any(axis=0)
    if whole and failed.any():
        return (yield from _in_a_quarter(place, steps, pair, failed))
    twists = values @ np.array([1.0, -1.0, -1.0, 1.0]) / spans
    usable = np.isfinite(twists)
    if not usable.any():
        return _UNKNOWN
    noises = DEVIATIONS * 4 * place.noise_of(float(np.nanmax(np.abs(values)))) / spans
    if not whole:
        return _extrapolated(twists[usable], noises[usable], widths[usable])
    if abs(float(twists[1])) * spans[1] > max(KINKED * abs(float(twists[0])) * spans[0], float(noises[1] * spans[1])):
        return _UNKNOWN
    wide, narrow = (abs(float(twists[0] - twists[1])) * factor for factor in (TRUST, TRUST / (WIDTHS[0] ** 2 - 1)))
    bars = np.array([wide, narrow]) + noises
    best = int(np.argmin(bars))
    return Reading(float(twists[best]), float(bars[best]), 0.0)


def _in_a_quarter(place: Place, steps: Floats, pair: tuple[int, int], failed: NDArray[np.bool_]) -> Asking[Reading]:
    """The mixed derivative beside a hole, from the first quarter around x that gives numbers. 24 evaluations each."""
    for up, right in (_QUARTERS[k] for k in np.flatnonzero(~failed)):
        lower, upper = place.bounds.lower.copy(), place.bounds.upper.copy()
        for axis, side in zip(pair, (up, right), strict=True):
            (lower if side > 0 else upper)[axis] = place.point[axis]
        found = yield from _mixed(replace(place, bounds=Bounds(lower, upper)), steps, pair)
        if np.isfinite(found.error):
            return replace(found, note="one quarter around the point alone could be used")
    return _UNKNOWN


def _extrapolated(quotients: Floats, noises: Floats, steps: Floats) -> Reading:
    """Quotients of order 1 at steps h, h/8, … as quotients of order 2, and the one with the shortest bar."""
    if quotients.size < 3:
        return Reading(float("nan"), float("inf"), float("nan"))
    values = (RUNG * quotients[1:] - quotients[:-1]) / (RUNG - 1)
    doubts = (RUNG * noises[1:] + noises[:-1]) / (RUNG - 1)
    bars = truncations(values, doubts, 2, SIDE_TRUST) + doubts
    # The longest step has a noisy witness alone: they may err alike.
    bars[0] += doubts[1]
    best = int(np.argmin(bars))
    return Reading(float(values[best]), float(bars[best]), float(steps[best + 1]))


def _rectangle(place: Place, steps: Floats, pair: tuple[int, int]) -> tuple[Floats, float, bool]:
    """Corners ++, +−, −+, −− inside the bounds, shape `(4, d)`, the area they span, and whether x is in the middle."""
    i, j = pair
    offsets = np.zeros((4, place.point.size))
    offsets[:, i] = steps[i] * np.array([1, 1, -1, -1])
    offsets[:, j] = steps[j] * np.array([1, -1, 1, -1])
    wanted = place.point + offsets
    corners = np.nan_to_num(place.bounds.clip(wanted))
    area = float((corners[0, i] - corners[3, i]) * (corners[0, j] - corners[3, j]))
    return corners, area, place.bounds.contain(wanted)


def critical_point(estimate: Estimate, second: Hessian, place: Place) -> Critical:
    """The second-derivative test where the gradient vanishes: within its bars, or for a person's eye.

    Eigenvalues within their own error of zero decide nothing.
    """
    if not has_vanished(estimate, second, place):
        return Critical.NOT_CRITICAL
    values, doubt = second.eigenvalues, second.eigenvalue_error
    if not np.isfinite(values).all() or not np.isfinite(doubt):
        return Critical.INCONCLUSIVE
    if values[0] < -doubt and values[-1] > doubt:
        return Critical.SADDLE
    if values[0] > doubt:
        return Critical.MINIMUM
    return Critical.MAXIMUM if values[-1] < -doubt else Critical.INCONCLUSIVE


def has_vanished(estimate: Estimate, second: Hessian, place: Place) -> bool:
    """Whether every component is zero within its bar, or no more than a mistyped digit of x would make it."""
    if not np.isfinite(estimate.error).all() or any(estimate.notes):
        return False
    mistyped = VANISHED * np.nan_to_num(np.abs(second.matrix)) @ place.reach
    return bool(np.all(np.abs(estimate.gradient) <= np.maximum(estimate.error, mistyped)))
