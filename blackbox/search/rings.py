"""Rings: f depends on the distance from one centre alone, however it does so; each axis may count in units of its own.

Where f(x) = g(Σ a_i (x_i − c_i)²), the gradient at x is a multiple of a_i (x_i − c_i): its components tell 2 d numbers,
the a_i and a_i c_i, but for a common factor, from linear equations, d − 1 of them at each point. Three gradients, or
four for two inputs, leave one equation or more over, to tell whether f is such a function at all. Ripples in a pond,
Salomon's function and a Mexican hat are of this kind. Their minima are whole rings, where a walk learns nothing. The
a_i may differ in sign: then the rings are hyperbolas, whose centre a walk is drawn past.
"""

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Points, Values, ask_one
from blackbox.gradients.steps import MACHINE
from blackbox.search.additivity import Draws
from blackbox.search.ground import DRAWN_LEVEL, Ground
from blackbox.search.landing import Start
from blackbox.search.regions import Region
from blackbox.search.skewed_search import skewed_search

GRADIENTS = 3
"""Points whose gradients are taken; one more where f has two inputs."""

STEP = 2e-8
"""Of the differences, in parts of the region: where it holds a hundred rings a slope is known to some five digits."""

SHORTEST = 2.0**7
"""… or this many roundings of x, where the region lies so far from 0."""

CONSISTENT = 1e-2
"""The equations may be those of rings where the least singular value of their matrix is so small a part of the next. By
chance it is in one case of thirty for two inputs, up to one of seven for three, one of a hundred or fewer for more;
then the second look says no."""

CLOSER, TIMES = 1e-2, 4
"""A centre is told to some five digits of the distance it is seen from: seen again from so small a part of it, at most
so many times, it has all of them. No descent would get there where the centre is the tip of a cone."""

NO_NEARER = 0.5
"""A centre that moves by more than this part of the distance it was seen from before is none."""


def ring_search(best: Start, draws: Draws, ground: Ground, rng: np.random.Generator) -> Asking[Start | None]:
    """The lowest place on the line through the centre and the best point, which crosses all rings; None without rings.

    Nor where their centre lies outside the bounds (without bounds: outside the widest region), or is the best point.
    3 d evaluations, or 9 for two inputs, mostly tell that there are none. If there are, at most 12 d + 16, or 52, find
    the centre to its last digits, and 211 search the line.
    """
    region, widest = ground.region(DRAWN_LEVEL), ground.region(ground.levels(np.zeros(ground.start.size)) - 1)
    points, values = draws.points[:GRADIENTS], draws.values[:GRADIENTS]
    if len(values) < GRADIENTS:
        return None
    if _points_needed(region.width.size) > GRADIENTS:
        # The draws are corners of a rectangle, of which the fourth tells nothing new.
        point = region.sample(1, rng)
        points, values = np.concatenate([points, point]), np.append(values, (yield point))
    place = yield from _find_center(points, values, region, region)
    if place is None or not _within(place, widest):
        return None
    region = ground.around(place)
    center = yield from _closer(place, float(np.max(np.abs(points - place) / region.width)), region, rng)
    if center is None or np.array_equal(best.point, center.point):
        return None
    found, _ = yield from skewed_search(center, (best.point - center.point)[:, np.newaxis], region, rng)
    return found


def _closer(place: Point, seen_from: float, region: Region, rng: np.random.Generator) -> Asking[Start | None]:
    """The centre as gradients nearer and nearer to it tell it; None where already the first show no centre there."""
    center = None
    for _ in range(TIMES):
        away = CLOSER * seen_from * region.width
        near = Region(np.maximum(place - away, region.lower), np.minimum(place + away, region.upper))
        points = near.sample(_points_needed(place.size), rng)
        found = yield from _find_center(points, (yield points), near, region)
        if found is None or not _within(found, region):
            break
        moved = float(np.max(np.abs(found - place) / region.width))
        value = yield from ask_one(found)
        if moved > NO_NEARER * seen_from or (center is not None and not value < center.value):
            break
        place, center, seen_from = found, Start(found, value), max(CLOSER * seen_from, moved)
    return center


def _points_needed(inputs: int) -> int:
    return GRADIENTS if inputs > 2 else GRADIENTS + 1


def _within(place: Points, region: Region) -> bool:
    return bool(np.all((region.lower <= place) & (place <= region.upper)))


def _find_center(points: Points, values: Values, region: Region, widest: Region) -> Asking[Point | None]:
    """The centre of the rings from the gradients at these points, with f there; None where there is none.

    d evaluations a point, none of them outside the widest region. The centre may lie anywhere.
    """
    count, d = points.shape
    if not np.isfinite(values).all():
        return None
    length = np.maximum(STEP * region.width, SHORTEST * MACHINE * np.abs(points).max(axis=0))
    steps = length * np.where(points + length <= region.upper, 1.0, -1.0)
    steps = (points + steps) - points  # as x rounds them
    if not (region.width.all() and _within(points + steps, widest)):
        return None  # a box of a few floats, without room for a step
    found = yield np.concatenate([point + np.diag(step) for point, step in zip(points, steps, strict=True)])
    with np.errstate(over="ignore"):
        slopes = (found.reshape(count, d) - values[:, np.newaxis]) / (steps / region.width)
    if not np.isfinite(slopes).all() or not slopes.any(axis=1).all():
        return None
    center = _center((points - region.lower) / region.width, slopes)
    return None if center is None else region.lower + center * region.width


def _center(points: Floats, slopes: Floats) -> Point | None:
    """The centre from points and the gradients there, shapes `(n, d)`, both in units of the region.

    Beside the largest component m of a gradient s, s_m (a_i x_i − b_i) = s_i (a_m x_m − b_m) with b = a c.
    """
    n, d = points.shape
    equations: Floats = np.zeros((n * (d - 1), 2 * d))
    # In units of the largest component no square overflows.
    for k, (point, slope) in enumerate(zip(points, slopes / np.abs(slopes).max(axis=1)[:, np.newaxis], strict=True)):
        largest = int(np.argmax(np.abs(slope)))
        for row, other in enumerate([i for i in range(d) if i != largest], k * (d - 1)):
            equations[row, [other, d + other]] = slope[largest] * point[other], -slope[largest]
            equations[row, [largest, d + largest]] = -slope[other] * point[largest], slope[other]
    _, sizes, vectors = np.linalg.svd(equations, full_matrices=False)
    if len(sizes) < 2 * d or not sizes[-1] <= CONSISTENT * sizes[-2]:
        return None
    a, b = np.split(vectors[-1], 2)
    return b / a if a.all() else None
