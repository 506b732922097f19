"""The Hessian from evaluations, symmetric, with a bar for each entry; and what it says of a critical point."""

from dataclasses import dataclass
from enum import Enum
from itertools import combinations

import numpy as np

from blackbox.core.asking import Asking, Floats
from blackbox.gradients.estimate import Estimate
from blackbox.gradients.ladder import DEVIATIONS, Kind, Reading, climb, read
from blackbox.gradients.place import Place
from blackbox.gradients.steps import MACHINE
from blackbox.gradients.together import together

WIDTHS = (4.0, 1.0)
"""Mixed derivatives are formed at two widths: how they differ tells the truncation error."""

TRUST = 2.0
"""What the difference of both widths says of their truncation is doubled: the next order is not always small."""

VANISHED = 1e-5
"""A gradient that a Newton step of this part of the reach explains is zero for a person who typed the point in."""


@dataclass(frozen=True, slots=True, eq=False)
class Hessian:
    """Both of shape `(d, d)`, symmetric."""

    matrix: Floats
    error: Floats
    """Infinite where an entry is unknown."""

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
    return Hessian(matrix, error)


def _bend(place: Place, axis: int, direction: Floats) -> Asking[Reading]:
    """The curvature along one axis; on one side where the other fails."""
    rungs = yield from climb(place, direction, float(place.reach[axis]), Kind.CURVATURE)
    reading = read(rungs, place, Kind.CURVATURE)
    if np.isfinite(reading.error):
        return reading
    step = Kind.CURVATURE.first * float(place.reach[axis])
    for side in (1.0, -1.0):
        found = yield from _one_sided_bend(place, side * step * direction, step)
        if np.isfinite(found.error):
            return found
    return Reading(float("nan"), float("inf"), step)


def _one_sided_bend(place: Place, move: Floats, step: float) -> Asking[Reading]:
    """(f(x + 2h) − 2 f(x + h) + f(x)) / h², error O(h), at h and h / 4; 4 evaluations."""
    points = np.vstack([place.point + k * move for k in (0.25, 0.5, 1.0, 2.0)])
    if not place.bounds.contain(points):
        return Reading(float("nan"), float("inf"), step)
    a, b, c, d = yield points
    wide, narrow = (d - 2 * c + place.value) / step**2, (b - 2 * a + place.value) / (step / 4) ** 2
    noise = DEVIATIONS * 4 * place.noise * 16 / step**2
    return (
        Reading(float(narrow), abs(float(wide - narrow)) + noise, step)
        if np.isfinite(wide + narrow)
        else Reading(float("nan"), float("inf"), step)
    )


def _mixed(place: Place, steps: Floats, pair: tuple[int, int]) -> Asking[Reading]:
    """The mixed derivative from the corners of two rectangles."""
    corners, areas = zip(*(_rectangle(place, width * steps, pair) for width in WIDTHS), strict=True)
    if min(areas) == 0:
        return Reading(float("nan"), float("inf"), 0.0)
    values = yield np.ascontiguousarray(np.vstack(corners))
    twists = values.reshape(len(WIDTHS), 4) @ np.array([1.0, -1.0, -1.0, 1.0]) / np.array(areas)
    if not np.isfinite(twists).all():
        return Reading(float("nan"), float("inf"), 0.0)
    level = DEVIATIONS * 4 * max(place.noise, MACHINE * float(np.abs(values).max()) / 2)
    wide, narrow = (abs(float(twists[0] - twists[1])) * factor for factor in (TRUST, TRUST / (WIDTHS[0] ** 2 - 1)))
    bars = np.array([wide, narrow]) + level / np.array(areas)
    best = int(np.argmin(bars))
    return Reading(float(twists[best]), float(bars[best]), 0.0)


def _rectangle(place: Place, steps: Floats, pair: tuple[int, int]) -> tuple[Floats, float]:
    """Corners ++, +−, −+, −− inside the bounds, shape `(4, d)`, and the area they span."""
    i, j = pair
    offsets = np.zeros((4, place.point.size))
    offsets[:, i] = steps[i] * np.array([1, 1, -1, -1])
    offsets[:, j] = steps[j] * np.array([1, -1, 1, -1])
    corners = np.nan_to_num(place.bounds.clip(place.point + offsets))
    return corners, float((corners[0, i] - corners[3, i]) * (corners[0, j] - corners[3, j]))


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
