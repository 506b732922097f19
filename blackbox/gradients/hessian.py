"""The Hessian from evaluations, symmetric, with a bar for each entry; and what it says of a critical point."""

from dataclasses import dataclass, replace
from enum import Enum
from itertools import combinations

import numpy as np

from blackbox.core.asking import Asking, Floats
from blackbox.gradients.estimate import Estimate
from blackbox.gradients.ladder import BENT, DEVIATIONS, RUNG, Kind, Reading, climb, read, unresolved
from blackbox.gradients.mixed import SIDE_RUNGS, extrapolated, mixed_derivative
from blackbox.gradients.place import Place
from blackbox.gradients.together import together

SIDE_FIRST = 2.0**-3
"""The longest step of a one-sided curvature, in parts of the reach; with it a ladder reaches from there to 2^-18."""

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


class Critical(Enum):
    """What a point is, by the second-derivative test. The value is the word of the JSON contract."""

    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    SADDLE = "saddle"
    INCONCLUSIVE = "inconclusive"
    NOT_CRITICAL = "not-critical"


def hessian(place: Place) -> Asking[Hessian]:
    """Second derivatives, error O(h²). About 10 d evaluations for the diagonal and 8 to 20 for each pair of axes.

    H_ii = (f(x + h e_i) − 2 f(x) + f(x − h e_i)) / h², and H_ij from the four corners of a rectangle around x.
    (Abramowitz & Stegun 1972, 25.3.23 and 25.3.26.) At a bound the rectangle shrinks to the inside, error O(h).
    """
    axes = np.eye(place.point.size)
    diagonal = yield from together([_bend(place, i, axis) for i, axis in enumerate(axes)])
    pairs = list(combinations(range(len(axes)), 2))
    steps = np.array([reading.step for reading in diagonal])
    mixed = yield from together([mixed_derivative(place, steps, pair) for pair in pairs])
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
    return extrapolated(bends[usable], DEVIATIONS * 4 * levels[usable] / steps[usable] ** 2 + bent, steps[usable])


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
