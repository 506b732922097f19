"""The slope along one direction."""

from dataclasses import dataclass, replace

import numpy as np

from blackbox.core.asking import Asking, Floats
from blackbox.core.errors import OptionError
from blackbox.gradients.estimate import gradient_by, slope_along
from blackbox.gradients.ladder import Kind
from blackbox.gradients.noise import noise_of_rounding
from blackbox.gradients.place import Place

FROM_AXES = "neither side of the line could be used: told from the slopes along the axes"


@dataclass(frozen=True, slots=True, eq=False)
class Directional:
    """The derivative along a unit vector."""

    direction: Floats
    """Shape `(d,)`, length 1."""
    value: float
    error: float
    note: str = ""


def unit(direction: Floats) -> Floats:
    """The direction with length 1. Raises `OptionError` for the zero vector."""
    length = float(np.linalg.norm(direction))
    if not (np.isfinite(length) and length > 0):
        raise OptionError("direction", direction.tolist(), "must be a vector other than zero")
    return direction / length


def directional_derivative(place: Place, direction: Floats) -> Asking[Directional]:
    """D_u f = ∇f · u for u = direction / ‖direction‖, by central differences along u. About 17 evaluations.

    Points along a slanted line are rounded, which adds noise of its own: it is measured first. In a corner
    of the bounds that the line leaves on both sides the slopes along the axes are asked instead, about 10 d.
    """
    u = unit(direction)
    reach = float(np.min(place.reach[u != 0] / np.abs(u[u != 0])))
    rounded = 0.0
    if np.count_nonzero(u) > 1:
        rounded = yield from noise_of_rounding(place.point, place.value, place.bounds)
    here = replace(place, noise=max(place.noise, rounded))
    slope = yield from slope_along(here, u, reach, Kind.CENTRAL)
    if np.isfinite(slope.error):
        return Directional(u, slope.value, slope.error, slope.note)
    axes = yield from gradient_by(place, Kind.CENTRAL)
    used = u != 0
    value, error = float(axes.gradient[used] @ u[used]), float(axes.error[used] @ np.abs(u[used]))
    return Directional(u, value, error, FROM_AXES if np.isfinite(error) else slope.note)
