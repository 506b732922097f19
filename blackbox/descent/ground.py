"""What every textbook walk stands on: a point with its value and gradient, and a step that is announced."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Step, ask_one
from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError
from blackbox.descent.stopping import WalkStop
from blackbox.gradients.differences import central_difference, forward_difference
from blackbox.gradients.place import reach_of
from blackbox.gradients.steps import central_step, forward_step, rounding_of

CUTS = 40
"""How often a step into a hole is halved: 2^-40 of it is nowhere."""

FLAT_CURVATURE = 0.0
"""Nothing is known of the curvature where a walk takes a one-sided difference."""


@dataclass(frozen=True, slots=True, eq=False)
class Kit:
    """Options of a textbook walk; each method reads those it knows."""

    bounds: Bounds
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    learning_rate: float = 0.1
    momentum: float = 0.9
    """Part of the last move that is kept."""
    stride: float = 1.0
    """First step of a walk without a gradient: the grid of neighbours, the size of a simplex, of random moves."""
    halvings: int = 0
    """How often neighbour descent halves its grid where no neighbour is lower."""
    diagonals: bool = False
    """Whether neighbour descent looks along the diagonals of its grid, too."""
    difference: str = "central"
    """Whose slopes: `central` (2d evaluations), `forward` or `backward` (d)."""
    step: float | None = None
    """Of those differences; chosen from |x| and the rounding of f where None."""

    def __post_init__(self) -> None:
        for name in ("learning_rate", "stride"):
            if not 0 < getattr(self, name) < np.inf:
                raise OptionError(name.replace("_", "-"), getattr(self, name), "must be positive")
        if not 0 <= self.momentum < 1:
            raise OptionError("momentum", self.momentum, "must lie in [0, 1)")
        if self.halvings < 0:
            raise OptionError("halvings", self.halvings, "must not be negative")
        if self.difference not in DIFFERENCES:
            raise OptionError("difference", self.difference, f"must be one of {', '.join(DIFFERENCES)}")
        if self.step is not None and not 0 < self.step < np.inf:
            raise OptionError("step", self.step, "must be positive")


DIFFERENCES = ("central", "forward", "backward")

Walk: TypeAlias = Callable[[Point, Kit], Asking[WalkStop]]
"""From a start and options to iterates, for ever or until the method itself sees no way on."""


@dataclass(frozen=True, slots=True, eq=False)
class Here:
    """An iterate: its point, value and gradient (shape `(d,)`)."""

    point: Point
    value: float
    gradient: Floats

    @property
    def slope(self) -> float:
        """Norm of the gradient."""
        return float(np.linalg.norm(self.gradient))


def gradient_at(point: Point, value: float, kit: Kit) -> Asking[Floats]:
    """The gradient for a walk, shape `(d,)`: 2d evaluations, or d one-sided ones; 0 along axes that cannot be asked."""
    reach = np.maximum(reach_of(point), 1e-3)
    if kit.difference == "central":
        chosen = central_step(point, reach, rounding_of(value), value)
        step = np.full(point.size, kit.step) if kit.step else chosen
        slope = yield from central_difference(point, value, step, kit.bounds)
        return slope.gradient
    flat = np.full(point.size, FLAT_CURVATURE)
    chosen = forward_step(point, reach, np.full(point.size, max(abs(value), 1.0)) / reach**2, rounding_of(value))
    step = np.full(point.size, kit.step) if kit.step else chosen
    sign = -1.0 if kit.difference == "backward" else 1.0
    slope = yield from forward_difference(point, value, sign * step, flat, kit.bounds)
    return slope.gradient


def arrive(point: Point, value: float, kit: Kit, rate: float = float("nan")) -> Asking[Here]:
    """The gradient there, and the iterate announced."""
    gradient = yield from gradient_at(point, value, kit)
    here = Here(point, value, gradient)
    yield Step(point, value, here.slope, rate)
    return here


def begin(start: Point, kit: Kit) -> Asking[Here | None]:
    """Step 0: the start itself, or None where it fails. 2d + 1 evaluations."""
    value = yield from ask_one(start)
    if np.isnan(value):
        return None
    return (yield from arrive(start, value, kit))


def move(here: Here, step: Floats, kit: Kit, rate: float) -> Asking[Here | None]:
    """Go by `step`, whatever the value there; 2d + 1 evaluations. Steps into a hole are halved until they are none.

    None where the step leads nowhere: it is zero, a bound stops it, or every halving of it fails.
    """
    for _ in range(CUTS):
        point = kit.bounds.clip(here.point + step)
        if not np.isfinite(point).all() or np.array_equal(point, here.point):
            return None
        value = yield from ask_one(point)
        if np.isfinite(value):
            return (yield from arrive(point, value, kit, rate))
        step, rate = step / 2, rate / 2
    return None
