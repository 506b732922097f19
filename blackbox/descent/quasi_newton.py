"""Probing-gradient descent: quasi-Newton on the Hessian itself, gradients from d evaluations, projected on the bounds.

Steps, gradients and the Hessian inside are in units of the scale, y = x / scale; points are as they are. The Hessian
starts far too small on purpose: an update lifts an eigenvalue that is too small at once, but lowers one that is too
large only slowly. (Nocedal & Wright 2006, chapters 3, 6 and 8.)
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import inf, isfinite, nan
from typing import Protocol, TypeAlias

import numpy as np

from blackbox.core.asking import Asking, Floats, Foresight, Point, Step, ask_one
from blackbox.core.errors import OptionError
from blackbox.descent.hearing import listen
from blackbox.descent.line_ahead import NEXT, LineAhead, Ray
from blackbox.descent.newton_step import newton_step
from blackbox.descent.probing import PRECISIONS, Iterate, along, norm, slope_at, slope_points, step_of
from blackbox.descent.probing_line import line_search
from blackbox.descent.secant_updates import preconvex_update, self_scaled
from blackbox.descent.terrain import Descent, Terrain
from blackbox.gradients.differences import Slope
from blackbox.gradients.steps import rounding_of

HESSIAN_START = 1e-6
"""Part of the textbook's initial Hessian that the walk starts with: too small is mended in one update an axis."""

WIDER = 1.5
"""A step may be so many times longer than the longest before. The stride shrinks in one case only: at a kink every
step falls short, and a stride that followed would end the walk there."""

CRUSHED, BEYOND = 0.05, 3.0
"""Where a line search kept so small a part of its step, and f turned out to bend down there, the update has learnt
nothing and the next direction would be as bad: it may go so many times as far as this one has come. (At a kink f bends
up.)"""

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

QUIETER = 1e-6
"""What was heard where f was a million times larger says nothing here."""

VISIBLE = 100.0
"""Second differences below so many roundings of f show nothing."""

LAST_STEPS = 1e-4
"""Steps shorter than this part of the length allowed are the last ones, and what they show is half rounding."""

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
    suspicion: "Suspicion | None" = None
    """Told every iterate as well; the walk ends there, unsettled, when what it suspects is so."""

    def __post_init__(self) -> None:
        if not self.first_stride > 0:
            raise OptionError("first_stride", self.first_stride, "must be positive")
        if self.evaluations < 1:
            raise OptionError("evaluations", self.evaluations, "must be at least 1")


GiveUp: TypeAlias = Callable[[Iterate], bool]
"""Told every iterate, says whether to go on would be a waste."""


class Suspicion(Protocol):
    """That f is of a kind that this walk is not made for."""

    def arises(self, now: Iterate) -> bool:
        """Whether this iterate is suspicious."""
        ...

    def is_right(self) -> Asking[bool]:
        """Whether it is so, after a few evaluations of its own."""
        ...


@dataclass(frozen=True, slots=True)
class _End:
    iterate: Iterate
    smooth: bool
    stale: bool
    asked: int
    flat: bool = False


def quasi_newton(start: Point, value: float, terrain: Terrain, options: QuasiNewton | None = None) -> Asking[Descent]:
    """Walk downhill from `start`, whose value is known, to a local minimum. About d + 1 evaluations an iterate."""
    options = options or QuasiNewton()
    hessian = np.zeros((start.size, start.size)) if options.hessian is None else options.hessian
    blind = Iterate(start, value, np.zeros(start.size), hessian, options.first_stride, 0)
    slope, asked = yield from slope_at(start, value, blind, terrain)
    now, ended = _first(start, value, slope, terrain, options), False
    smooth = flat = False
    refreshed, closer, ray = inf, None, None
    may_run_away = _reaches_far(terrain)
    while not ended and asked < options.evaluations and not (may_run_away and _runs_away(now.x, terrain)):
        ray, arrived, promised = yield from _next_point(now, ray, terrain)
        asked += ray.asked
        gained = ray.value < now.value
        if not arrived and now.measured is None and not now.value - ray.value > WORTHLESS * promised:
            now, cost = yield from listen(now._replace(x=ray.point, value=ray.value), terrain)
            asked += cost
            if now.noise > rounding_of(now.value):
                continue
        elif gained and not arrived:
            slope, cost = yield from slope_at(ray.point, ray.value, now, terrain)
            asked += cost
            now = _advance(now, ray, slope, asked, terrain)
        elif gained:
            now = now._replace(x=ray.point, value=ray.value)
        if gained:
            yield Step(now.x, now.value, _true_slope(now, terrain), nan)
        if options.give_up is not None and options.give_up(now if now.asked == asked else now._replace(asked=asked)):
            break
        if options.suspicion is not None and options.suspicion.arises(now):
            asked += 1
            if (yield from options.suspicion.is_right()):
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
            yield Step(end.iterate.x, end.iterate.value, _true_slope(end.iterate, terrain), nan)
        # What fresh curvature did not improve, it will not improve the next time either.
        ended = not end.stale or not end.iterate.value < refreshed - end.iterate.noise
        now, smooth, flat, refreshed = end.iterate, end.smooth, end.flat, end.iterate.value
    unresolved = _unresolved(now, terrain)
    blur = 4 * now.noise + float(now.hessian.diagonal().dot((unresolved / terrain.scale) ** 2)) / 2
    return Descent(now.x, now.value, smooth, ended, blur, now.hessian, asked, unresolved, flat)


def _reaches_far(terrain: Terrain) -> bool:
    """Whether there are points at all within the bounds that only a walk gets to that runs away."""
    bounds = terrain.bounds
    axes = zip(bounds.lower.tolist(), bounds.upper.tolist(), terrain.scale.tolist(), strict=True)
    return any(max(-low, high) >= RUNAWAY * scale for low, high, scale in axes)


def _runs_away(x: Point, terrain: Terrain) -> bool:
    return any(abs(at) >= RUNAWAY * scale for at, scale in zip(x.tolist(), terrain.scale.tolist(), strict=True))


def _next_point(now: Iterate, last: Ray | None, terrain: Terrain) -> Asking[tuple[Ray, bool, float]]:
    """Where a line search along the Newton direction leads, whether nothing is left to gain, and what was promised."""
    direction, newton = newton_step(now, terrain)
    if not any(direction.tolist()):
        return Ray(now.x, now.value), True, 0.0
    promised = -float(now.gradient.dot(direction)) / 2
    if not isfinite(promised):  # f falls to the end of the floats: whoever sent the walk looks at where it goes
        return Ray(now.x, now.value), True, 0.0
    ray = yield from line_search(LineAhead(now, direction, terrain), last)
    # What a step that was cut short promises is no more than a guess.
    return ray, newton and _has_arrived(now, direction, promised, terrain), promised if newton else 0.0


def _look_closer(now: Iterate, terrain: Terrain) -> Asking[tuple[Iterate, Slope]]:
    """The same point with a gradient of the next precision, and that gradient."""
    now = now._replace(precision=now.precision + 1)
    slope, _ = yield from slope_at(now.x, now.value, now, terrain)
    return now._replace(gradient=slope.gradient * terrain.scale, hessian=_with_diagonal(now, slope, terrain)), slope


def _finish(now: Iterate, closer: Slope | None, terrain: Terrain) -> Asking[_End]:
    """The last digits of x, and whether this is an end at all. 2d to 4d + 1 evaluations.

    `closer` is the central difference made here, or an invisible step from here, if there was one.

    Stale means that f bends much less here than the Hessian believes, as after a walk down from far away: its steps
    were too short to show anything. It starts again from the curvature that was measured.

    Flat means that no value around differs from the one here, near or farther out.

    Smooth means that the curvature along every axis is the same near and farther out: at a kink it falls as 1 / step.
    The wider difference sees the slope below the rounding of single values: one more Newton step with it puts x
    where f is flat to rounding, much nearer the middle.
    """
    curvature = now.hessian.diagonal()
    wider = now._replace(precision=2)
    yield Foresight("walk", partial(slope_points, now.x, now.value, wider, terrain), NEXT)
    near, cost = closer, 0
    if near is None:
        near, cost = yield from slope_at(now.x, now.value, now._replace(precision=1), terrain)
    far, _ = yield from slope_at(now.x, now.value, wider, terrain)
    both = np.isfinite(near.curvature) & np.isfinite(far.curvature)
    sharp = near.curvature > KINK * np.maximum(far.curvature, 0.0)
    step = step_of(now, terrain) * PRECISIONS[1]
    visible = near.curvature * step**2 > VISIBLE * now.noise
    smooth = not np.count_nonzero(both & sharp & visible)
    if not any(_shows(seen) for seen in (near.gradient, near.curvature, far.gradient, far.curvature)):
        return _End(now, True, False, cost + far.asked, flat=True)
    measured = np.maximum(far.curvature * terrain.square, curvature / STALEST)
    now = now._replace(gradient=far.gradient * terrain.scale)
    downhill = np.abs(far.gradient) * step * (PRECISIONS[2] / PRECISIONS[1]) > now.noise
    if smooth and np.count_nonzero(downhill) and np.count_nonzero(curvature > STALE * measured):
        fresh = np.diag(np.where(np.isfinite(measured), measured, curvature))
        return _End(now._replace(hessian=fresh, precision=1), False, True, cost + far.asked)
    direction, newton = newton_step(now, terrain)
    if not (smooth and newton):
        return _End(now, smooth, False, cost + far.asked)
    point = along(now.x, direction, 1.0, terrain)
    value = yield from ask_one(point)
    last = now._replace(x=point, value=value) if value <= now.value else now
    return _End(last, smooth, False, cost + far.asked + 1)


def _shows(seen: Floats) -> bool:
    """Whether any of these is a number other than 0."""
    return any(number == number and number != 0 for number in seen.tolist())


def _true_slope(now: Iterate, terrain: Terrain) -> float:
    """Norm of the last gradient known, in the units of f and x."""
    return norm(now.gradient / terrain.scale)


def _unresolved(now: Iterate, terrain: Terrain) -> Floats:
    """A hundred resolutions of x: the walk that saw nothing within one has surely seen everything beyond these."""
    return 100 * (POINT_RESOLUTION * np.abs(now.x) + SCALE_RESOLUTION * terrain.scale)


def _has_arrived(now: Iterate, direction: Floats, promised: float, terrain: Terrain) -> bool:
    """Whether a whole Newton step promises less than rounding can show, in f or in x."""
    if promised <= 2 * now.noise:
        return True
    for at, step, scale in zip(now.x.tolist(), direction.tolist(), terrain.scale.tolist(), strict=True):
        if not abs(step) * scale <= POINT_RESOLUTION * abs(at) + SCALE_RESOLUTION * scale:
            return False
    return True


def _first(start: Point, value: float, slope: Slope, terrain: Terrain, options: QuasiNewton) -> Iterate:
    gradient = slope.gradient * terrain.scale
    size = norm(gradient)
    textbook = max(size, rounding_of(value)) / options.first_stride
    hessian = options.hessian if options.hessian is not None else np.eye(start.size) * textbook * HESSIAN_START
    return Iterate(start, value, gradient, hessian, options.first_stride, 0)


def _advance(now: Iterate, ray: Ray, slope: Slope, asked: int, terrain: Terrain) -> Iterate:
    gradient = slope.gradient * terrain.scale
    moved = (ray.point - now.x) / terrain.scale
    change, hessian, length = gradient - now.gradient, now.hessian, norm(moved)
    tells = length > LAST_STEPS * now.stride
    if tells and not terrain.bounds.finite:
        # From far away most functions bend less everywhere the nearer they come to a minimum.
        hessian = self_scaled(hessian, now.gradient, moved, change)
    hessian = preconvex_update(hessian, moved, change)
    misled = tells and ray.kept <= CRUSHED and not change.dot(moved) > 0
    stride = BEYOND * length if misled else max(WIDER * length, now.stride)
    precision = now.precision
    if precision > 0 and now.value - ray.value > 1e6 * now.noise:
        precision = 0
    measured = None if abs(ray.value) < QUIETER * abs(now.value) else now.measured
    return Iterate(ray.point, ray.value, gradient, hessian, stride, precision, asked, measured)


def _with_diagonal(now: Iterate, slope: Slope, terrain: Terrain) -> Floats:
    """Lift axes whose measured curvature is far above the model's, which would otherwise overshoot for ever."""
    measured = slope.curvature * terrain.square
    diagonal = now.hessian.diagonal()
    lift = np.where(np.isfinite(measured) & (measured > 10 * diagonal), measured - diagonal, 0.0)
    return now.hessian + np.diag(lift)
