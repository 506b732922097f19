"""What a walk along pieces measures at a point: the value, and the gradient by differences that stay on one piece.

A difference that straddles a kink is the gradient of no piece, so it is short: as short as the rounding of f allows,
and never longer than the walk comes near to a kink. (Forward differences; Nocedal & Wright 2006, section 8.1.)
"""

from typing import NamedTuple

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Points
from blackbox.descent.terrain import Terrain
from blackbox.gradients.differences import inward_steps, neighbours
from blackbox.gradients.steps import rounding_of, shortest_step

NEAREST = 1e-6
"""Nothing is measured nearer than this to where the walk stands, in units of the scale: a step ends on the kink to
many digits, and a difference that straddles a kink is of no piece. Shorter steps are only tried."""

DIFFERENCE = 1e-3
"""Length of a difference, as part of the step that led there, but of no shorter one than `NEAREST` and never more than
`NEAREST`, since a kink within it spoils it …"""

ROUNDINGS = 1e4
"""… but no less than what changes f by so many roundings."""


class Sample(NamedTuple):
    """What was measured at a point."""

    point: Point
    """In units of x, shape `(d,)`."""
    value: float
    gradient: Floats
    """Scale times ∂f/∂x, shape `(d,)`."""


def measure(
    point: Point, value: float, reach: float, at: Sample, terrain: Terrain
) -> Asking[tuple[Sample | None, int]]:
    """The gradient at a point whose value is known, and its cost, d evaluations. None where something fails."""
    moved = beside(point, reach, at, terrain)
    values = yield neighbours(point, moved)
    if not np.isfinite(values).all() or not np.isfinite(value):
        return None, len(values)
    return Sample(point, value, (values - value) / (moved - point) * terrain.scale), len(values)


def beside(point: Point, reach: float, at: Sample, terrain: Terrain) -> Points:
    """The other ends of the differences, shape `(d,)`, after a step of that reach from where the walk stands."""
    steepest = max(float(np.abs(at.gradient).max()), float(np.finfo(np.float64).tiny))
    part = max(DIFFERENCE * max(reach, NEAREST), ROUNDINGS * rounding_of(at.value) / steepest)
    part = min(part, NEAREST)
    step = np.maximum(part * terrain.scale, shortest_step(point, terrain.scale))
    return terrain.bounds.clip(point + inward_steps(point, step, terrain.bounds))
