"""Where a search begins, and where it looks when the function fails there."""

import numpy as np

from blackbox.core.asking import Asking, Point
from blackbox.core.bounds import Bounds

HOPELESS = 200
"""Failed evaluations, times d + 4, after which a function that never gave a number is given up."""


OFF_CENTRE = 0.381966011250105
"""Where a search begins in a box, as part of its width: the golden section, which is no centre, corner or simple
fraction."""

NEAREST, FARTHEST = -3, 6
"""Powers of ten between which it looks around a start without bounds that fails, in max(1, |x|)."""


def first_point(bounds: Bounds, start: Point | None) -> Point:
    """The start given, or the origin moved inside the bounds; inside a finite box a point off its centre.

    Authors of test functions like to put minima at centres: a start elsewhere claims nothing it did not earn.
    """
    if start is not None:
        return bounds.clip(start)
    if bounds.finite:
        return bounds.clip(bounds.lower + OFF_CENTRE * (bounds.upper - bounds.lower))
    return bounds.clip(np.zeros(bounds.dimension))


def somewhere_finite(x: Point, value: float, bounds: Bounds, rng: np.random.Generator) -> Asking[tuple[Point, float]]:
    """Where the start fails: random points, anywhere in a box, else log-uniform in distance, until one gives a number.

    At most about HOPELESS (d + 4) evaluations, d + 4 at a time.
    """
    asked, batch = 0, 4 + x.size
    while np.isnan(value) and asked < HOPELESS * (x.size + 4):
        if bounds.finite:
            points = bounds.lower + rng.random((batch, x.size)) * (bounds.upper - bounds.lower)
        else:
            radius = 10 ** rng.uniform(NEAREST, FARTHEST, size=(batch, 1)) * np.maximum(1.0, np.abs(x))
            points = x + radius * rng.standard_normal((batch, x.size)) / np.sqrt(x.size)
        points = bounds.clip(points)
        values = yield points
        asked += batch
        if np.isfinite(values).any():
            lowest = int(np.nanargmin(values))
            return np.ascontiguousarray(points[lowest]), float(values[lowest])
    return x, value
