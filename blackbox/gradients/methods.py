"""The gradient estimators by name. Each asks the value at x and its noise first, then what its quotient needs."""

import numpy as np

from blackbox.core.asking import Asking, Floats
from blackbox.gradients.estimate import Estimate, gradient_by
from blackbox.gradients.ladder import Kind
from blackbox.gradients.neighbours import steepest_neighbour
from blackbox.gradients.place import Place

GRID = 1.0
"""The walker's step where none is given: the textbook's grid."""


def forward(place: Place, step: Floats | None = None) -> Asking[Estimate]:
    """(f(x + h e_i) − f(x)) / h, error O(h). Two evaluations an axis with a given step, about five without."""
    return (yield from gradient_by(place, Kind.AHEAD, step))


def backward(place: Place, step: Floats | None = None) -> Asking[Estimate]:
    """(f(x) − f(x − h e_i)) / h, error O(h). Two evaluations an axis with a given step, about five without."""
    return (yield from gradient_by(place, Kind.BEHIND, step))


def central(place: Place, step: Floats | None = None) -> Asking[Estimate]:
    """(f(x + h e_i) − f(x − h e_i)) / 2h, error O(h²). Four evaluations an axis with a given step, about ten without.

    (Nocedal & Wright 2006, equation 8.7.)
    """
    return (yield from gradient_by(place, Kind.CENTRAL, step))


def richardson(place: Place, step: Floats | None = None) -> Asking[Estimate]:
    """Two central differences extrapolated to h = 0, error O(h⁴). Six evaluations an axis with a given step.

    (ρ² D(h/ρ) − D(h)) / (ρ² − 1). (Richardson 1911; Ridders 1982.)
    """
    return (yield from gradient_by(place, Kind.EXTRAPOLATED, step))


def neighbour(place: Place, step: Floats | None = None, diagonals: bool = False) -> Asking[Estimate]:
    """What a walker on a grid sees: the slope along the steepest drop to a neighbour one step away, and 0 elsewhere.

    2d evaluations, or 3^d − 1 with the diagonals, and the bar is what the far side says otherwise. Several equally
    low neighbours are all told: there the water divides.
    """
    steps = np.full(place.point.size, GRID) if step is None else step
    seen = yield from steepest_neighbour(place.point, place.value, steps, place.bounds, diagonals)
    slopes = yield from gradient_by(place, Kind.CENTRAL, steps)
    away = seen.point - place.point
    length = float(np.linalg.norm(away))
    if not seen.drop > 0 or length == 0:
        return Estimate(np.zeros(away.size), np.abs(slopes.gradient) + slopes.error, steps, slopes.side, (NOT_LOWER,))
    # Adding 0 makes a plain 0 of a negative one.
    gradient = -seen.drop / length * away / length + 0.0
    error = np.abs(gradient - slopes.gradient) + slopes.error
    return Estimate(gradient, error, steps, slopes.side, (_drop(seen.drop, seen.ties),))


NOT_LOWER = "no neighbour is lower"


def _drop(drop: float, ties: Floats) -> str:
    places = ", ".join("(" + ", ".join(f"{value:.10g}" for value in point) + ")" for point in ties)
    if len(ties) == 1:
        return f"the steepest drop is {drop:.10g}, to {places}"
    return f"the water divides: {len(ties)} neighbours drop by {drop:.10g}: {places}"
