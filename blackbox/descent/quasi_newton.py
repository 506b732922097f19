"""Probing-gradient descent: BFGS on the Hessian itself, gradients from d evaluations, projected on the bounds.

Steps, gradients and the Hessian inside are in units of the scale, y = x / scale; points are as they are. The Hessian
starts far too small on purpose: BFGS lifts an eigenvalue that is too small in one update each, but lowers one that is
too large only slowly. (Nocedal & Wright 2006, chapters 3, 6 and 8.)
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from math import inf, isfinite, isnan, log2, sqrt
from typing import TypeAlias

import numpy as np

from blackbox.core.asking import Asking, Floats, Foresight, Point, Points, Step, ask_one
from blackbox.core.errors import OptionError
from blackbox.descent.positive_definite import solve_positive
from blackbox.descent.terrain import Descent, Terrain
from blackbox.descent.trust_region import restricted_step
from blackbox.gradients.differences import Slope, central_difference, central_points, forward_difference, forward_points
from blackbox.gradients.noise import TABLE_POINTS, noise_along
from blackbox.gradients.steps import CENTRAL_WIDER, forward_step, rounding_of

HESSIAN_START = 1e-6
"""Part of the textbook's initial Hessian that the walk starts with: too small is mended in one update an axis."""

SUFFICIENT = 1e-4
"""Armijo's constant, the textbook's (Nocedal & Wright 2006, page 33)."""

STRETCH = 5.0
"""A line search that runs downhill may look this many times farther in one stride."""

WIDER = 2.0
"""A step may be so many times longer than the longest before. The stride never shrinks: at a kink every step falls
short, and a stride that followed would end the walk there."""

SPOILT = 0.7
"""A step that gains less than this part of what the parabola through it promises is followed by a look at the
parabola's lowest point: one evaluation against the d + 1 of the next gradient."""

SHORTEST = 0.1
"""… and one that went too far keeps this part of its step at least."""

STRIDES = 12
"""Strides of one extrapolation: 5^12 = 2e8 of the first stride, far enough for any scale that was misjudged."""

BACKTRACKS = 24
"""Halvings at least; beyond 2^-24 of a stride the difference is rounding."""

PRECISIONS = (1.0, CENTRAL_WIDER, CENTRAL_WIDER**2)
"""Gradients get coarser, and deafer to noise, each time a line search fails; after the last the walk ends."""

POINT_RESOLUTION = 1e-11
"""Newton steps shorter than this part of x change the eleventh digit of the minimiser: f there is flat to rounding."""

SCALE_RESOLUTION = 1e-11
"""The same for a minimiser at 0, where digits of x mean nothing: this part of the scale is 0."""

KINK = 5.0
"""Curvature that falls by more than this over a thirty times wider step is a kink's: there it falls thirtyfold."""

STALE, STALEST = 10.0, 1e6
"""A Hessian that is ten times what is measured is stale; it is lowered by a million at most at once, since steps that
it made too short measure no better than that."""

WORTHLESS = 1e-4
"""A line search that gains less than this part of what was promised has been misled: by noise, perhaps."""

LOUD = 4.0
"""Noise of so many roundings of f is more than rounding."""

QUIETER = 1e-6
"""What was heard where f was a million times larger says nothing here."""

VISIBLE = 100.0
"""Second differences below so many roundings of f show nothing."""

NEXT = 1
"""Rank of the next gradient among what is foreseen: after what is asked already, before what only comes later."""

RUNAWAY = 1e20
"""A walk this many scales from the origin is after no minimum: whoever sent it looks at where it goes."""


@dataclass(frozen=True, slots=True)
class QuasiNewton:
    """Options of the walk."""

    first_stride: float = 0.1
    """Length of the first step, in units of the scale."""
    evaluations: int = 100_000
    """The walk ends at the first iterate past this many evaluations of its own."""
    hessian: Floats | None = None
    """A Hessian to start from, shape `(d, d)`, in units of the scale."""
    give_up: "GiveUp | None" = None
    """Asked at every iterate; the walk ends there, unsettled, when it says so."""

    def __post_init__(self) -> None:
        if not self.first_stride > 0:
            raise OptionError("first_stride", self.first_stride, "must be positive")
        if self.evaluations < 1:
            raise OptionError("evaluations", self.evaluations, "must be at least 1")


@dataclass(frozen=True, slots=True)
class Iterate:
    """Where the walk stands, and what it has learnt."""

    x: Point
    value: float
    gradient: Floats
    """In units of the scale: scale × ∂f/∂x."""
    hessian: Floats
    """In units of the scale, shape `(d, d)`."""
    stride: float
    """The longest step allowed next."""
    precision: int
    """Index into `PRECISIONS`."""
    asked: int = 0
    """Evaluations of the walk so far."""
    measured: float | None = None
    """The noise level of f, once a line search came to nothing and it was measured."""

    @property
    def noise(self) -> float:
        """By how much one value may be wrong."""
        return _noise_of(self.value, self.measured)


GiveUp: TypeAlias = Callable[[Iterate], bool]
"""Told every iterate, says whether to go on would be a waste."""


@dataclass(frozen=True, slots=True)
class _End:
    iterate: Iterate
    smooth: bool
    stale: bool
    asked: int


@dataclass(frozen=True, slots=True)
class _Ray:
    """A line search's result."""

    point: Point
    value: float
    asked: int


def quasi_newton(start: Point, value: float, terrain: Terrain, options: QuasiNewton | None = None) -> Asking[Descent]:
    """Walk downhill from `start`, whose value is known, to a local minimum. About d + 1 evaluations an iterate."""
    options = options or QuasiNewton()
    hessian = np.zeros((start.size, start.size)) if options.hessian is None else options.hessian
    blind = Iterate(start, value, np.zeros(start.size), hessian, options.first_stride, 0)
    slope, asked = yield from _slope(start, value, blind, terrain)
    now, ended, smooth = _first(start, value, slope, terrain, options), False, False
    refreshed, closer = inf, None
    while not ended and asked < options.evaluations and not _runs_away(now.x, terrain):
        ray, arrived, promised = yield from _next_point(now, terrain)
        asked += ray.asked
        gained = ray.value < now.value
        if not arrived and now.measured is None and not now.value - ray.value > WORTHLESS * promised:
            now, cost = yield from _listen(replace(now, x=ray.point, value=ray.value), terrain)
            asked += cost
            if now.noise > rounding_of(now.value):
                continue
        elif gained and not arrived:
            slope, cost = yield from _slope(ray.point, ray.value, now, terrain)
            asked += cost
            now = _advance(now, ray, slope, asked, terrain)
        elif gained:
            now = replace(now, x=ray.point, value=ray.value)
        if gained:
            yield Step(now.x, now.value, _true_slope(now, terrain), float("nan"))
        if options.give_up is not None and options.give_up(now if now.asked == asked else replace(now, asked=asked)):
            break
        if gained and not arrived:
            closer = None
            continue
        if now.precision + 1 < len(PRECISIONS) and not (arrived and now.precision > 0):
            now, closer = yield from _look_closer(now, terrain)
            asked += closer.asked
            continue
        end = yield from _finish(now, closer if now.precision == 1 else None, terrain)
        asked += end.asked
        if end.iterate.x.tolist() != now.x.tolist():
            yield Step(end.iterate.x, end.iterate.value, _true_slope(end.iterate, terrain), float("nan"))
        # What fresh curvature did not improve, it will not improve the next time either.
        ended = not end.stale or not end.iterate.value < refreshed - end.iterate.noise
        now, smooth, refreshed = end.iterate, end.smooth, end.iterate.value
    unresolved = _unresolved(now, terrain)
    blur = 4 * now.noise + float(np.diag(now.hessian) @ (unresolved / terrain.scale) ** 2) / 2
    return Descent(now.x, now.value, smooth, ended, blur, now.hessian, asked, unresolved)


def _runs_away(x: Point, terrain: Terrain) -> bool:
    return any(abs(at) >= RUNAWAY * scale for at, scale in zip(x.tolist(), terrain.scale.tolist(), strict=True))


def _noise_of(value: float, measured: float | None) -> float:
    return max(rounding_of(value), measured or 0.0)


def _coarse(noise: float) -> float:
    """The nearest power of 4: steps are within a factor of √2 of the best, and mostly known before the value is."""
    return 2.0 ** (2 * round(log2(noise) / 2)) if noise else noise


def _length(vector: Floats) -> float:
    return sqrt(float(vector.dot(vector)))


def _next_point(now: Iterate, terrain: Terrain) -> Asking[tuple[_Ray, bool, float]]:
    """Where a line search along the Newton direction leads, whether nothing is left to gain, and what was promised."""
    direction, newton = _direction(now, terrain)
    if not any(direction.tolist()):
        return _Ray(now.x, now.value, 0), True, 0.0
    promised = -float(now.gradient.dot(direction)) / 2
    ray = yield from _line_search(now, direction, newton, terrain)
    # What a step that was cut short promises is no more than a guess.
    return ray, newton and _has_arrived(now, direction, promised, terrain), promised if newton else 0.0


def _listen(now: Iterate, terrain: Terrain) -> Asking[tuple[Iterate, int]]:
    """The noise level of f here, and a gradient that is deaf to it. 7 evaluations, and d more if noise is heard.

    A formula whose large terms cancel is wrong by far more than the rounding of its value.
    """
    step = _step(now, terrain) / 3
    level = yield from noise_along(now.x, np.where(now.gradient > 0, -step, step), terrain.bounds)
    heard = level > LOUD * rounding_of(now.value)
    now = replace(now, measured=level if heard else 0.0)
    if not heard:
        return now, TABLE_POINTS
    slope, cost = yield from _slope(now.x, now.value, now, terrain)
    return replace(now, gradient=slope.gradient * terrain.scale), TABLE_POINTS + cost


def _look_closer(now: Iterate, terrain: Terrain) -> Asking[tuple[Iterate, Slope]]:
    """The same point with a gradient of the next precision, and that gradient."""
    now = replace(now, precision=now.precision + 1)
    slope, _ = yield from _slope(now.x, now.value, now, terrain)
    return replace(now, gradient=slope.gradient * terrain.scale, hessian=_with_diagonal(now, slope, terrain)), slope


def _finish(now: Iterate, closer: Slope | None, terrain: Terrain) -> Asking[_End]:
    """The last digits of x, and whether this is an end at all. 2d to 4d + 1 evaluations.

    `closer` is the central difference made here, or an invisible step from here, if there was one.

    Stale means that f bends much less here than the Hessian believes, as after a walk down from far away: its steps
    were too short to show anything. It starts again from the curvature that was measured.

    Smooth means that the curvature along every axis is the same near and farther out: at a kink it falls as 1 / step.
    The wider difference sees the slope below the rounding of single values: one more Newton step with it puts x
    where f is flat to rounding, much nearer the middle.
    """
    curvature = np.diag(now.hessian)
    wider = replace(now, precision=2)
    yield Foresight("walk", partial(_slope_points, now.x, now.value, wider, terrain), NEXT)
    near, cost = closer, 0
    if near is None:
        near, cost = yield from _slope(now.x, now.value, replace(now, precision=1), terrain)
    far, _ = yield from _slope(now.x, now.value, wider, terrain)
    both = np.isfinite(near.curvature) & np.isfinite(far.curvature)
    sharp = near.curvature > KINK * np.maximum(far.curvature, 0.0)
    step = _step(now, terrain) * PRECISIONS[1]
    visible = near.curvature * step**2 > VISIBLE * now.noise
    smooth = not bool(np.any(both & sharp & visible))
    measured = np.maximum(far.curvature * terrain.scale**2, curvature / STALEST)
    now = replace(now, gradient=far.gradient * terrain.scale)
    downhill = np.abs(far.gradient) * step * (PRECISIONS[2] / PRECISIONS[1]) > now.noise
    if smooth and downhill.any() and np.any(curvature > STALE * measured):
        fresh = np.diag(np.where(np.isfinite(measured), measured, curvature))
        return _End(replace(now, hessian=fresh, precision=1), False, True, cost + far.asked)
    direction, newton = _direction(now, terrain)
    if not (smooth and newton):
        return _End(now, smooth, False, cost + far.asked)
    point = _along(now.x, direction, 1.0, terrain)
    value = yield from ask_one(point)
    last = replace(now, x=point, value=value) if value <= now.value else now
    return _End(last, smooth, False, cost + far.asked + 1)


def _true_slope(now: Iterate, terrain: Terrain) -> float:
    """Norm of the last gradient known, in the units of f and x."""
    return _length(now.gradient / terrain.scale)


def _unresolved(now: Iterate, terrain: Terrain) -> Floats:
    """A hundred resolutions of x: the walk that saw nothing within one has surely seen everything beyond these."""
    return 100 * (POINT_RESOLUTION * np.abs(now.x) + SCALE_RESOLUTION * terrain.scale)


def _has_arrived(now: Iterate, direction: Floats, promised: float, terrain: Terrain) -> bool:
    """Whether a whole Newton step promises less than rounding can show, in f or in x."""
    if promised <= 2 * now.noise:
        return True
    axes = zip(now.x.tolist(), direction.tolist(), terrain.scale.tolist(), strict=True)
    return all(abs(step) * scale <= POINT_RESOLUTION * abs(at) + SCALE_RESOLUTION * scale for at, step, scale in axes)


def _first(start: Point, value: float, slope: Slope, terrain: Terrain, options: QuasiNewton) -> Iterate:
    gradient = slope.gradient * terrain.scale
    size = _length(gradient)
    textbook = max(size, rounding_of(value)) / options.first_stride
    hessian = options.hessian if options.hessian is not None else np.eye(start.size) * textbook * HESSIAN_START
    return Iterate(start, value, gradient, hessian, options.first_stride, 0)


def _slope(x: Point, value: float, now: Iterate, terrain: Terrain) -> Asking[tuple[Slope, int]]:
    """The gradient at x, as precise as the iterate is and with what it knows of f, and its evaluations."""
    step = _steps(x, value, now, terrain)
    if now.precision == 0:
        curvature = now.hessian.diagonal() / terrain.scale**2
        slope = yield from forward_difference(x, value, step, curvature, terrain.bounds)
    else:
        slope = yield from central_difference(x, value, step * PRECISIONS[now.precision], terrain.bounds)
    return slope, slope.asked


def _foresee(now: Iterate, direction: Floats, t: float, on: tuple[float, ...], terrain: Terrain) -> Foresight:
    """What a line search leads to from the length t: the gradient there, or perhaps the lengths `on`."""
    return Foresight(
        "walk",
        partial(_slope_along, now, direction, t, terrain),
        NEXT,
        partial(_lengths_along, now, direction, on, terrain) if on else None,
    )


def _slope_along(now: Iterate, direction: Floats, t: float, terrain: Terrain) -> Points:
    """What the gradient there asks if the value, which nobody knows yet, falls as the parabola of the model does."""
    guess = now.value + t * float(now.gradient.dot(direction)) / 2
    return _slope_points(_along(now.x, direction, t, terrain), guess, now, terrain)


def _lengths_along(now: Iterate, direction: Floats, lengths: tuple[float, ...], terrain: Terrain) -> Points:
    return np.array([_along(now.x, direction, t, terrain) for t in lengths])


def _slope_points(x: Point, value: float, now: Iterate, terrain: Terrain) -> Points:
    """What `_slope` asks."""
    step = _steps(x, value, now, terrain)
    if now.precision == 0:
        return forward_points(x, step, terrain.bounds)
    return central_points(x, step * PRECISIONS[now.precision], terrain.bounds)


def _step(now: Iterate, terrain: Terrain) -> Floats:
    """The forward step at the iterate, shape `(d,)`."""
    return _steps(now.x, now.value, now, terrain)


def _steps(x: Point, value: float, now: Iterate, terrain: Terrain) -> Floats:
    """The same at another point, with what the iterate knows of f."""
    curvature = now.hessian.diagonal() / terrain.scale**2
    return forward_step(x, terrain.scale, curvature, _coarse(_noise_of(value, now.measured)))


def _direction(now: Iterate, terrain: Terrain) -> tuple[Floats, bool]:
    """The projected Newton step, or the best within the stride; 0 where nothing is free. And whether it is whole."""
    gradient, hessian, free = now.gradient, now.hessian, _free(now, terrain)
    axes = None
    if not all(free):
        if not any(free):
            return np.zeros(now.x.size), False
        axes = np.array(free).nonzero()[0]
        gradient, hessian = gradient[axes], hessian[np.ix_(axes, axes)]
    direction = -_solve(hessian, gradient)
    length = _length(direction)
    if not isfinite(length):
        return np.zeros(now.x.size), False
    whole = length <= now.stride
    if not whole:
        direction = restricted_step(hessian, gradient, now.stride)
    if axes is not None:
        partial_step, direction = direction, np.zeros(now.x.size)
        direction[axes] = partial_step
    return direction, whole


def _free(now: Iterate, terrain: Terrain) -> list[bool]:
    """Along which axes there is a slope and no bound in the way, in plain floats: a walk asks at every step."""
    bounds, slopes = terrain.bounds, now.gradient.tolist()
    if bounds.absent:
        return [slope != 0 for slope in slopes]
    axes = zip(now.x.tolist(), slopes, bounds.lower.tolist(), bounds.upper.tolist(), strict=True)
    return [
        slope != 0 and not (at <= low and slope > 0) and not (at >= high and slope < 0) for at, slope, low, high in axes
    ]


def _solve(matrix: Floats, vector: Floats) -> Floats:
    """`matrix`⁻¹ `vector` for a positive definite matrix; steepest descent where rounding made it singular."""
    try:
        return solve_positive(matrix, vector)
    except np.linalg.LinAlgError:
        return vector / max(float(np.abs(np.diag(matrix)).max()), float(np.finfo(np.float64).tiny))


def _line_search(now: Iterate, direction: Floats, newton: bool, terrain: Terrain) -> Asking[_Ray]:
    """Backtrack until f has fallen enough; run on where a step that was cut short still goes downhill."""
    slope = float(now.gradient.dot(direction))
    t, asked = 1.0, 0
    for tries in range(BACKTRACKS):
        point = _along(now.x, direction, t, terrain)
        if point.tolist() == now.x.tolist():  # a tenth of what .all() takes
            break
        yield _foresee(now, direction, t, _ends(t, tries), terrain)
        value = yield from ask_one(point)
        asked += 1
        if value <= now.value + SUFFICIENT * t * slope:
            ray = _Ray(point, value, asked)
            lowest = _bend(now.value, slope, value, t)
            if lowest < t and now.value - value < SPOILT * -slope * lowest / 2:
                return (yield from _look_back(now, direction, lowest, ray, terrain))
            if newton and lowest < 2 * t:
                return ray
            return (yield from _run_on(now, direction, t, ray, terrain))
        least = SHORTEST * t
        shorter = least if isnan(value) else min(max(_bend(now.value, slope, value, t), least), 0.5 * t)
        if value < now.value and abs(t * slope) <= 10 * now.noise:
            return _Ray(point, value, asked)
        if abs(t * slope) <= now.noise:
            break  # a shorter step could not show a gain even if there were one
        t = shorter
    return _Ray(now.x, now.value, asked)


def _ends(t: float, tries: int) -> tuple[float, ...]:
    """Lengths that a line search may ask after t: where the parabola's minimiser is out of reach, which is often.

    Once it has shortened its step so, it often does again; it is trusted to do so as many times as it has.
    """
    shorter = [SHORTEST * t]
    while len(shorter) < tries:
        shorter.append(SHORTEST * shorter[-1])
    # A step that was shortened too much runs on.
    return (STRETCH * t, *shorter) if tries else (shorter[0], STRETCH * t)


def _look_back(now: Iterate, direction: Floats, t: float, ray: _Ray, terrain: Terrain) -> Asking[_Ray]:
    """The lowest point of the parabola that the last step went beyond, or that step if it is no lower."""
    point = _along(now.x, direction, t, terrain)
    yield _foresee(now, direction, t, (), terrain)
    value = yield from ask_one(point)
    return _Ray(point, value, ray.asked + 1) if value < ray.value else replace(ray, asked=ray.asked + 1)


def _run_on(now: Iterate, direction: Floats, t: float, ray: _Ray, terrain: Terrain) -> Asking[_Ray]:
    """Extrapolate the parabola through the last step while it keeps paying."""
    slope, best = float(now.gradient.dot(direction)), ray
    for _ in range(STRIDES):
        farther = min(_bend(now.value, slope, best.value, t), STRETCH * t)
        if farther < 1.5 * t:
            break
        point = _along(now.x, direction, farther, terrain)
        if point.tolist() == best.point.tolist():
            break
        yield _foresee(now, direction, farther, (STRETCH * farther,) if farther == STRETCH * t else (), terrain)
        value = yield from ask_one(point)
        best = replace(best, asked=best.asked + 1)
        if not value < best.value:
            break
        best, t = _Ray(point, value, best.asked), farther
    return best


def _bend(origin: float, slope: float, value: float, t: float) -> float:
    """Minimiser of the parabola with f(0), f'(0) and f(t); infinite where it opens downward."""
    curvature = (value - origin - slope * t) / t**2
    return -slope / (2 * curvature) if curvature > 0 else float("inf")


def _along(x: Point, direction: Floats, t: float, terrain: Terrain) -> Point:
    return terrain.bounds.clip(x + t * direction * terrain.scale)


def _advance(now: Iterate, ray: _Ray, slope: Slope, asked: int, terrain: Terrain) -> Iterate:
    gradient = slope.gradient * terrain.scale
    moved = (ray.point - now.x) / terrain.scale
    hessian = bfgs_update(now.hessian, moved, gradient - now.gradient)
    stride = max(WIDER * _length(moved), now.stride)
    precision = now.precision
    if precision > 0 and now.value - ray.value > 1e6 * now.noise:
        precision = 0
    measured = None if abs(ray.value) < QUIETER * abs(now.value) else now.measured
    return Iterate(ray.point, ray.value, gradient, hessian, stride, precision, asked, measured)


def bfgs_update(hessian: Floats, moved: Floats, change: Floats) -> Floats:
    """The BFGS update of a Hessian for a step and the change of gradient along it; unchanged where they disagree.

    H + y yᵀ / (yᵀ s) − H s sᵀ H / (sᵀ H s), only if yᵀ s > 0, so that H stays positive definite.
    (Nocedal & Wright 2006, equation 6.19.)
    """
    agreement = float(change.dot(moved))
    if not agreement > 1e-12 * _length(change) * _length(moved):
        return hessian
    image = hessian.dot(moved)
    weight = float(moved.dot(image))
    if not weight > 0:
        return hessian
    updated = hessian + change[:, np.newaxis] * change / agreement - image[:, np.newaxis] * image / weight
    return (updated + updated.T) / 2


def _with_diagonal(now: Iterate, slope: Slope, terrain: Terrain) -> Floats:
    """Lift axes whose measured curvature is far above the model's, which would otherwise overshoot for ever."""
    measured = slope.curvature * terrain.scale**2
    diagonal = now.hessian.diagonal()
    lift = np.where(np.isfinite(measured) & (measured > 10 * diagonal), measured - diagonal, 0.0)
    return now.hessian + np.diag(lift)
