"""The certificate of one minimum: a look around, the gradient and the Hessian. Pure generators."""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from blackbox.answer.certificate import Certificate, Kind
from blackbox.answer.terraces import LEVEL_OUT_TO, Around, Ledge, find_ledge, look_around
from blackbox.core.asking import Asking, Floats, Point
from blackbox.core.bounds import Bounds
from blackbox.gradients import ladder
from blackbox.gradients.estimate import Estimate, gradient_by
from blackbox.gradients.hessian import VANISHED, Hessian, hessian
from blackbox.gradients.place import Place, survey
from blackbox.search.subspace import embed, free_bounds, free_part

T = TypeVar("T")

TOO_FEW = "too few evaluations were left for a gradient"
NO_CURVATURES = "too few evaluations were left for the curvatures"

AT_BOUND = 1e-9
"""A coordinate this near to a bound, in parts of the extent, lies on it: polishing leaves less."""

NEARLY_ZERO = 1e-3
"""A coordinate below this part of the extent tells no length: steps start from the extent instead."""

GRADIENT_COST, SURVEY_COST, LOOK_COST = 12, 40, 16
"""Evaluations for the gradient and the look around, an axis each, and for the noise: what they mostly need."""

LEAST_COST = 20
"""With fewer evaluations an axis, and one axis more for the noise, no gradient is begun: it would not be finished."""

CURVATURE_COST, PAIR_COST = 12, 8
"""Evaluations of the Hessian for each axis and for each pair of axes."""


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What is known of the neighbourhood beforehand."""

    bounds: Bounds
    extent: Floats
    """Shape `(d,)`: the width of the bounds, or how far the search has looked along an axis without any."""
    noise: float
    """Absolute level; 0 where values are exact to rounding."""


@dataclass(slots=True)
class _Purse:
    left: int
    spent: int = 0


def cost_of_certificate(dimension: int) -> int:
    """Evaluations that `certify` mostly needs for a smooth minimum of so many inputs."""
    first = (GRADIENT_COST + LOOK_COST + CURVATURE_COST) * dimension + SURVEY_COST
    return first + _pairs(dimension)


def least_cost(dimension: int) -> int:
    """Evaluations below which `certify` asks nothing."""
    return LEAST_COST * (dimension + 1)


def _pairs(dimension: int) -> int:
    return PAIR_COST * dimension * (dimension - 1) // 2


def certify(x: Point, value: float, around: Surroundings, allowance: int) -> Asking[Certificate]:
    """Say what kind of minimum `x` is, with at most `allowance` evaluations.

    First the surroundings are looked at, 14 d evaluations, then the slopes and the curvatures along the axes that are
    at no bound. What the allowance does not reach is left unknown, and the note says so.
    """
    purse = _Purse(allowance)
    free = free_bounds(around.bounds)
    if free.dimension == 0:
        return Certificate(Kind.BOUND, note="the bounds leave a single point")
    if allowance < least_cost(free.dimension):
        return Certificate(Kind.UNKNOWN, note=TOO_FEW)
    if free.dimension == x.size:
        found = yield from _certify(x, value, around, purse)
    else:
        rest = replace(around, bounds=free, extent=free_part(around.extent, around.bounds))
        inner = _certify(free_part(x, around.bounds), value, rest, purse)
        found = _filled((yield from embed(inner, around.bounds)), around.bounds)
    return replace(found, evaluations=purse.spent)


def _certify(x: Point, value: float, around: Surroundings, purse: _Purse) -> Asking[Certificate]:
    seen: Around | None = None
    ledge: Ledge | None = None
    if around.noise == 0:
        seen = yield from _within(look_around(x, value, around.bounds, around.extent), purse)
        if seen is not None:
            ledge = yield from _within(find_ledge(x, value, seen, around.bounds), purse)
    if seen is not None and ledge is None and seen.level_out_to >= LEVEL_OUT_TO and not seen.blurred:
        return Certificate(Kind.PLATEAU, np.zeros(x.size), np.zeros(x.size), note=_levelled(seen))
    if ledge is not None:
        detail = f"level here; {ledge.distance:.3g} away along x{ledge.axis + 1} it jumps by {ledge.jump:.3g}"
        return Certificate(Kind.STAIRS, note=detail)
    place = yield from _within(_place(x, value, around), purse)
    estimate = None if place is None else (yield from _within(gradient_by(place, ladder.Kind.CENTRAL), purse))
    if place is None or estimate is None:
        return Certificate(Kind.UNKNOWN, note=TOO_FEW)
    pinned = _pinned(x, estimate, around)
    bend = None if any(estimate.kinks) else (yield from _bend(place, ~pinned, purse))
    kind = _kind(estimate, bend, pinned, place, seen)
    return _told(kind, estimate, bend, unfinished=bend is None and bool((~pinned).any()) and not any(estimate.kinks))


def _within(asking: Asking[T], purse: _Purse) -> Asking[T | None]:
    """The result, or None where the purse does not hold what the next question costs."""
    try:
        question = next(asking)
        while True:
            if not isinstance(question, np.ndarray):
                yield question
                question = next(asking)
                continue
            if len(question) > purse.left:
                asking.close()
                purse.left = 0
                return None
            purse.left -= len(question)
            purse.spent += len(question)
            question = asking.send((yield question))
    except StopIteration as finished:
        return finished.value


def _place(x: Point, value: float, around: Surroundings) -> Asking[Place]:
    """The noise here, and steps from no longer than the extent; a value known to be noisy keeps its first answer."""
    place = yield from survey(x, around.bounds)
    reach = np.where(np.abs(x) > NEARLY_ZERO * around.extent, np.minimum(np.abs(x), around.extent), around.extent)
    known = value if around.noise or np.isnan(place.value) else place.value
    return replace(place, value=known, noise=max(around.noise, float(np.nan_to_num(place.noise))), reach=reach)


def _pinned(x: Point, estimate: Estimate, around: Surroundings) -> NDArray[np.bool_]:
    """The axes on which x lies at a bound, unless f falls towards the inside."""
    near = AT_BOUND * around.extent
    inward = np.abs(estimate.gradient) > estimate.error
    low = (x - around.bounds.lower <= near) & ~(inward & (estimate.gradient < 0))
    high = (around.bounds.upper - x <= near) & ~(inward & (estimate.gradient > 0))
    return low | high


def _bend(place: Place, free: NDArray[np.bool_], purse: _Purse) -> Asking[Hessian | None]:
    """The Hessian in the free axes, the others held."""
    count = int(free.sum())
    if count == 0 or purse.left < CURVATURE_COST * count + _pairs(count):
        return None
    held = Bounds(np.where(free, place.bounds.lower, place.point), np.where(free, place.bounds.upper, place.point))
    part = replace(place, point=place.point[free], bounds=free_bounds(held), reach=place.reach[free])
    return (yield from _within(embed(hessian(part), held), purse))


def _kind(
    estimate: Estimate, bend: Hessian | None, pinned: NDArray[np.bool_], place: Place, seen: Around | None
) -> Kind:
    free, holed = ~pinned, seen is not None and bool(seen.holes.any())
    kinks = [kink for kink, at_none in zip(estimate.kinks, free, strict=True) if at_none and kink is not None]
    slopes, bars = estimate.gradient[free], estimate.error[free]
    one_sided = estimate.side[free]
    if kinks and all(below <= 0 <= above for below, above in kinks):
        return Kind.KINK
    outward = holed & (one_sided * slopes > 0)
    if holed and (np.isnan(slopes).any() or bool(np.any(outward))):
        return Kind.EDGE
    mistyped = np.zeros(slopes.size)
    if bend is not None:
        mistyped = VANISHED * np.nan_to_num(np.abs(bend.matrix)) @ place.reach[free]
    elif seen is not None:
        mistyped = VANISHED * (seen.bends * place.reach)[free]
    if not bool(np.all((np.abs(slopes) <= np.maximum(bars, mistyped)) | outward)):
        return Kind.SLOPE
    if bend is not None and bend.eigenvalues.size and bend.eigenvalues[0] < -bend.eigenvalue_error:
        return Kind.SADDLE
    if holed:
        return Kind.EDGE
    return Kind.BOUND if pinned.any() else Kind.INTERIOR


def _told(kind: Kind, estimate: Estimate, bend: Hessian | None, *, unfinished: bool) -> Certificate:
    notes = [*estimate.notes, *(bend.notes if bend is not None else ()), *([NO_CURVATURES] if unfinished else ())]
    known = bend is not None and bool(np.isfinite(bend.eigenvalues).all())
    return Certificate(
        kind,
        estimate.gradient,
        estimate.error,
        bend.eigenvalues if bend is not None and known else None,
        bend.eigenvalue_error if bend is not None and known else float("inf"),
        note="; ".join(notes),
    )


def _levelled(seen: Around) -> str:
    if np.isinf(seen.level_out_to):
        return "f is level as far as was looked: a needle on this plateau would not have been found"
    return "f is level here: a needle on this plateau would not have been found"


def _filled(found: Certificate, bounds: Bounds) -> Certificate:
    """Axes with one possible value have no slope."""
    free = bounds.lower < bounds.upper
    gradient, error = np.full(free.size, np.nan), np.full(free.size, np.inf)
    if found.gradient is None or found.gradient_error is None:
        return found
    gradient[free], error[free] = found.gradient, found.gradient_error
    return replace(found, gradient=gradient, gradient_error=error)
