"""Minima that have no closed form, to the last digits: Newton's method with exact slopes.

A formula here is made of analytic functions, so that it takes complex points too: the imaginary part of
formula(x + i h) / h is its slope, with no difference to lose digits in (Squire & Trapp 1998).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Floats, Point, Points

Numbers = NDArray[Any]
"""Real or complex: points `(n, d)` or their values `(n,)`."""

Formula = Callable[[Numbers], Numbers]
"""From points to values."""

IMAGINARY = 1e-30
"""Step of the slopes; its square is lost beside 1, and nothing is subtracted."""

APART = 1e-6
"""Step of the curvatures, which are differences of slopes."""

NEWTON_STEPS = 100
HALVINGS = 40

FLATTEST = 1e-9
"""Curvatures below this part of the largest count as so much: a step along them must end somewhere."""

STARTS = 40
ACTIVE = 1e-6
"""A limit nearer than this to the minimiser, or a bound by so much of the box, holds it."""

KKT_STEPS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A minimum that limits hold, with what each of them would yield."""

    point: Point
    value: float
    multipliers: Floats
    """Shape `(limits,)`: 0 where a limit is not met."""


def slopes(formula: Formula, point: Point) -> Point:
    """Gradient, shape `(d,)`."""
    turned = point + 1j * IMAGINARY * np.eye(point.size)
    return np.imag(formula(turned)) / IMAGINARY


def curvatures(formula: Formula, point: Point) -> Floats:
    """Hessian, shape `(d, d)`."""
    steps = APART * np.eye(point.size)
    rows = np.array([slopes(formula, point + step) - slopes(formula, point - step) for step in steps])
    return (rows + rows.T) / (4 * APART)


def descended(formula: Formula, start: Point) -> tuple[Point, float]:
    """The local minimum below a start, to rounding, and its value."""
    point, value = start, _at(formula, start)
    for _ in range(NEWTON_STEPS):
        bends, axes = np.linalg.eigh(curvatures(formula, point))
        bends = np.maximum(np.abs(bends), FLATTEST * np.abs(bends).max())
        step = -axes @ ((slopes(formula, point) @ axes) / bends)
        lengths = 0.5 ** np.arange(HALVINGS)[:, np.newaxis]
        values = formula(point + lengths * step)
        lower = np.flatnonzero(values < value)
        if lower.size == 0:
            break
        point, value = point + lengths[lower[0]] * step, float(values[lower[0]])
    return point, value


def lowest_below(formula: Formula, starts: Points) -> tuple[Point, float]:
    """The lowest of the minima below several starts."""
    return min((descended(formula, start) for start in starts), key=lambda found: found[1])


def held_by_limits(objective: Formula, limits: Sequence[Formula], lower: Floats, upper: Floats) -> Held:
    """The lowest value in a box where no limit is above 0: SLSQP from many starts, then the conditions solved exactly.

    Needs SciPy.
    """
    rng = np.random.default_rng(0)
    starts = lower + rng.random((STARTS, lower.size)) * (upper - lower)
    ends = [_slsqp(objective, limits, start, (lower, upper)) for start in starts]
    kept = [end for end in ends if all(_at(limit, end) < ACTIVE for limit in limits)]
    assert kept, "no start led to a point within the limits"
    near = min(kept, key=lambda end: _at(objective, end))
    return _solved_conditions(objective, limits, near, (lower, upper))


def _slsqp(objective: Formula, limits: Sequence[Formula], start: Point, box: tuple[Floats, Floats]) -> Point:
    from scipy.optimize import minimize

    conditions = [
        {"type": "ineq", "fun": lambda x, g=limit: -_at(g, x), "jac": lambda x, g=limit: -slopes(g, x)}
        for limit in limits
    ]
    with np.errstate(all="ignore"):
        found = minimize(
            lambda x: _at(objective, x),
            start,
            jac=lambda x: slopes(objective, x),
            method="SLSQP",
            bounds=np.column_stack(box),
            constraints=conditions,
            options={"ftol": 1e-14, "maxiter": 300},
        )
    return np.clip(found.x, *box)


def _solved_conditions(objective: Formula, limits: Sequence[Formula], near: Point, box: tuple[Floats, Floats]) -> Held:
    """Newton's method on the conditions of Karush, Kuhn & Tucker, with the limits and bounds that hold `near`."""
    lower, upper = box
    margin = ACTIVE * (upper - lower)
    point = np.where(near - lower < margin, lower, np.where(upper - near < margin, upper, near))
    free = (point > lower) & (point < upper)
    met = [k for k, limit in enumerate(limits) if _at(limit, near) > -ACTIVE]
    normals = _normals(limits, met, point)[:, free]
    multipliers = np.zeros(len(limits))
    multipliers[met] = np.linalg.lstsq(normals.T, -slopes(objective, point)[free], rcond=None)[0]
    for _ in range(KKT_STEPS):
        bends = curvatures(objective, point)
        for k in met:
            bends = bends + multipliers[k] * curvatures(limits[k], point)
        normals = _normals(limits, met, point)[:, free]
        system = np.block([[bends[np.ix_(free, free)], normals.T], [normals, np.zeros((len(met), len(met)))]])
        wanted = np.concatenate([-slopes(objective, point)[free], [-_at(limits[k], point) for k in met]])
        solved = np.linalg.solve(system, wanted)
        point[free] += solved[: free.sum()]
        multipliers[met] = solved[free.sum() :]
    return Held(point, _at(objective, point), multipliers)


def _normals(limits: Sequence[Formula], met: list[int], point: Point) -> Floats:
    """Slopes of the limits that are met, shape `(met, d)`."""
    return np.array([slopes(limits[k], point) for k in met]).reshape(len(met), point.size)


def _at(formula: Formula, point: Point) -> float:
    return float(formula(point[np.newaxis])[0])
