"""The slope along one direction."""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Floats
from blackbox.core.errors import OptionError
from blackbox.gradients.estimate import slope_along
from blackbox.gradients.ladder import Kind
from blackbox.gradients.noise import noise_along
from blackbox.gradients.place import FIRST_SPACING, Place


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

    Points along a slanted line are rounded, which adds noise of its own: it is measured along that line.
    """
    u = unit(direction)
    reach = float(np.min(place.reach[u != 0] / np.abs(u[u != 0])))
    slanted = yield from noise_along(place.point, FIRST_SPACING * reach * u, place.bounds)
    noise = max(place.noise, slanted if np.isfinite(slanted) else 0.0)
    here = Place(place.point, place.value, place.bounds, noise, place.reach)
    slope = yield from slope_along(here, u, reach, Kind.CENTRAL)
    return Directional(u, slope.value, slope.error, slope.note)
