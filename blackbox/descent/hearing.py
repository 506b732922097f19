"""Where a line search came to nothing: is f noisier than its rounding there?

A formula whose large terms cancel is wrong by far more than the rounding of its value.
"""

import numpy as np

from blackbox.core.asking import Asking, Floats, Points
from blackbox.descent.probing import PRECISIONS, Iterate, slope_at, slope_points, step_of
from blackbox.descent.terrain import Terrain
from blackbox.gradients.noise import TABLE_POINTS, line_of_table, noise_along
from blackbox.gradients.steps import rounding_of

LOUD = 4.0
"""Noise of so many roundings of f is more than rounding."""


def listen(now: Iterate, terrain: Terrain) -> Asking[tuple[Iterate, int]]:
    """The noise level of f here, and a gradient that is deaf to it. 7 evaluations, and d more if noise is heard."""
    level = yield from noise_along(now.x, _spacing(now, terrain), terrain.bounds)
    heard = level > LOUD * rounding_of(now.value)
    now = now._replace(measured=level if heard else 0.0)
    if not heard:
        return now, TABLE_POINTS
    slope, cost = yield from slope_at(now.x, now.value, now, terrain)
    return now._replace(gradient=slope.gradient * terrain.scale), TABLE_POINTS + cost


def after_nothing(now: Iterate, terrain: Terrain) -> Points:
    """What is asked where a line search from here comes to nothing, for those who evaluate ahead; shape `(n, d)`.

    It is listened, as far as that has not been done, and then looked closer.
    """
    closer = min(now.precision + 1, len(PRECISIONS) - 1)
    points = slope_points(now.x, now.value, now._replace(precision=closer), terrain)
    if now.measured is not None:
        return points
    return np.vstack([line_of_table(now.x, _spacing(now, terrain), terrain.bounds), points])


def _spacing(now: Iterate, terrain: Terrain) -> Floats:
    """Of the points that are listened to, downhill along every axis."""
    step = step_of(now, terrain) / 3
    return np.where(now.gradient > 0, -step, step)
