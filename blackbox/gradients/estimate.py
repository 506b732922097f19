"""A derivative with its error bar, along one direction or along every axis, with the side it could use."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Floats
from blackbox.core.errors import OptionError
from blackbox.gradients.ladder import DEVIATIONS, Kind, Reading, Rung, climb, read, stand, tabulate
from blackbox.gradients.place import Place
from blackbox.gradients.together import together

KINK = 0.5
"""The jump between the slopes of both sides falls eightfold from rung to rung where f is smooth; at a kink it stays."""

CLEAR = 10.0
"""A jump counts when it is so many times what noise can do."""

SAME_STEP = 1e-3
"""Rungs of both sides are compared where their steps agree to this part."""

VISIBLE_JUMP = 1e-3
"""And when it is this part of the slopes: less is the curvature of a smooth function seen from afar."""


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """A gradient: shapes `(d,)` all."""

    gradient: Floats
    """NaN where no side could be evaluated."""
    error: Floats
    """Bar around each component; infinite where it is unknown, the jump of the slope at a kink."""
    step: Floats
    side: Floats
    """0 where both sides were used, else +1 or −1."""
    notes: tuple[str, ...] = ()
    kinks: tuple[tuple[float, float] | None, ...] = ()
    """For each axis the slopes below and above, where they differ; empty where the method does not look."""


@dataclass(frozen=True, slots=True)
class Slope1:
    """A derivative along one direction."""

    value: float
    error: float
    step: float
    side: float
    note: str = ""
    kink: tuple[float, float] | None = None
    """The slopes below and above, where they differ."""


def slope_along(place: Place, direction: Floats, reach: float, kind: Kind, step: float | None = None) -> Asking[Slope1]:
    """The derivative along a direction of shape `(d,)`, per its length as given.

    With a `step` the quotient is formed there and at half of it, which tells the error: 2 to 4 evaluations. Without,
    a ladder of steps is climbed. Beside a bound or a hole the other side is used, and the note says so.
    """
    rungs = yield from (climb(place, direction, reach, kind) if step is None else _given(place, direction, step, kind))
    reading = read(rungs, place, kind)
    two_sided = kind in (Kind.CENTRAL, Kind.EXTRAPOLATED)
    if np.isfinite(reading.error):
        side = 0.0 if two_sided else (1.0 if kind is Kind.AHEAD else -1.0)
        jump = _jump(rungs, place) if two_sided else None
        if not two_sided and step is None:
            jump = yield from _jump_behind_the_back(rungs, reading, place, direction, kind)
        if jump is None:
            return Slope1(reading.value, reading.error, reading.step, side)
        shown = jump[0] if kind is Kind.BEHIND else jump[1]
        bar = (1 + VISIBLE_JUMP) * abs(jump[1] - jump[0])
        return Slope1(shown, bar, reading.step, side or 1.0, _kink(jump, kind), jump)
    for other in (Kind.AHEAD, Kind.BEHIND):
        if other is kind:
            continue
        rungs = yield from (
            climb(place, direction, reach, other) if step is None else _given(place, direction, step, other)
        )
        reading = read(rungs, place, other)
        if np.isfinite(reading.error):
            side = 1.0 if other is Kind.AHEAD else -1.0
            note = f"only the side {'above' if side > 0 else 'below'} could be used"
            return Slope1(reading.value, reading.error, reading.step, side, note)
    return Slope1(float("nan"), float("inf"), float("nan"), 0.0, "neither side could be evaluated")


def gradient_by(place: Place, kind: Kind, step: Floats | None = None) -> Asking[Estimate]:
    """The gradient, axis by axis, all axes in the same batches."""
    axes = np.eye(place.point.size)
    steps: Sequence[float | None] = [None] * len(axes) if step is None else [float(value) for value in step]
    slopes = yield from together(
        [
            slope_along(place, axis, float(reach), kind, one)
            for axis, reach, one in zip(axes, place.reach, steps, strict=True)
        ]
    )
    return Estimate(
        np.array([slope.value for slope in slopes]),
        np.array([slope.error for slope in slopes]),
        np.array([slope.step for slope in slopes]),
        np.array([slope.side for slope in slopes]),
        tuple(f"x{i + 1}: {slope.note}" for i, slope in enumerate(slopes) if slope.note),
        tuple(slope.kink for slope in slopes),
    )


def read_step(step: float | Floats | None, dimension: int) -> Floats | None:
    """A step for each axis, shape `(d,)`. Raises `OptionError`."""
    if step is None:
        return None
    steps = np.broadcast_to(np.asarray(step, dtype=np.float64), (dimension,)).copy()
    if not (np.isfinite(steps).all() and np.all(steps > 0)):
        raise OptionError("step", step, "must be positive")
    return steps


def _given(place: Place, direction: Floats, step: float, kind: Kind) -> Asking[list[Rung]]:
    rungs: list[Rung] = []
    for wanted in (step, step / 2, step / 4)[: 3 if kind is Kind.EXTRAPOLATED else 2]:
        rungs.append((yield from stand(place, direction, wanted, kind)))
    return rungs


def _jump(rungs: Sequence[Rung], place: Place) -> tuple[float, float] | None:
    """The slopes on both sides of a kink, or None where f looks smooth."""
    behind, ahead = tabulate(rungs, place, Kind.BEHIND), tabulate(rungs, place, Kind.AHEAD)
    if behind is None or ahead is None:
        return None
    # The widest rungs may have met a bound or a hole on one side: the nearest ones are common to both.
    common = min(ahead.values.size, behind.values.size)
    steps, other = ahead.steps[-common:], behind.steps[-common:]
    if not np.allclose(steps, other, rtol=SAME_STEP, atol=0.0):
        return None
    above, below = ahead.values[-common:], behind.values[-common:]
    jumps, noises = above - below, ahead.noises[-common:] + behind.noises[-common:]
    clear = np.flatnonzero(np.abs(jumps) > CLEAR / DEVIATIONS * noises)
    if clear.size < 2 or clear[-1] < 1:
        return None
    k = int(clear[-1])
    slopes = abs(float(above[k])) + abs(float(below[k]))
    lasting = steps[k] < steps[k - 1] and abs(jumps[k]) > KINK * abs(jumps[k - 1])
    steady = float(steps[k - 1] / steps[k]) ** -1 < KINK < abs(float(jumps[k] / jumps[k - 1])) < 1 / KINK
    if lasting and steady and abs(float(jumps[k])) > VISIBLE_JUMP * slopes:
        return float(below[k]), float(above[k])
    return None


def _jump_behind_the_back(
    rungs: Sequence[Rung], reading: Reading, place: Place, direction: Floats, kind: Kind
) -> Asking[tuple[float, float] | None]:
    """The slopes on both sides where a one-sided difference that looks settled meets another slope behind its back.

    1 evaluation. A kink nearer than the step cannot be seen from one side. Of a smooth function the slopes of both
    sides differ by h H, a quarter of what the side itself changes by from 8 h to h.
    """
    table = tabulate(rungs, place, kind)
    if table is None or table.values.size < 2:
        return None
    other = yield from stand(place, direction, reading.step, Kind.BEHIND if kind is Kind.AHEAD else Kind.AHEAD)
    ahead, behind = (other.ahead - place.value) / other.forth, (place.value - other.behind) / other.back
    slope = behind if kind is Kind.AHEAD else ahead
    if not np.isfinite(slope):
        return None
    best = int(np.argmin(table.bars))
    near = best - 1 if best > 0 else best + 1
    changes, noise = abs(float(table.values[best] - table.values[near])), float(table.noises[best])
    jump = abs(reading.value - slope)
    if jump > max(CLEAR * noise, CLEAR * changes, VISIBLE_JUMP * (abs(reading.value) + abs(slope))):
        return (slope, reading.value) if kind is Kind.AHEAD else (reading.value, slope)
    return None


def _kink(jump: tuple[float, float], kind: Kind) -> str:
    shown = "below" if kind is Kind.BEHIND else "above"
    return f"a kink: the slope is {jump[0]:.6g} below and {jump[1]:.6g} above; the side {shown} is shown"
