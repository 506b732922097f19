"""Axes with one possible value are no dimension: the search runs on the others."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Asking, Estimate, Explored, Floats, Foresight, Landing, Point, Points, Prospect, Step
from blackbox.core.bounds import Bounds

T = TypeVar("T")


def free_bounds(bounds: Bounds) -> Bounds:
    """The bounds of the axes that are not fixed."""
    free = bounds.lower < bounds.upper
    return Bounds(bounds.lower[free], bounds.upper[free])


def free_part(x: Point, bounds: Bounds) -> Point:
    """The coordinates of the axes that are not fixed."""
    return np.ascontiguousarray(x[bounds.lower < bounds.upper])


def embedded_ray(ray: Floats, bounds: Bounds) -> Floats:
    """A direction of the free axes as one of all axes."""
    whole = np.zeros(bounds.dimension)
    whole[bounds.lower < bounds.upper] = ray
    return whole


def embed(asking: Asking[T], bounds: Bounds) -> Asking[T]:
    """Pass the questions of a search on the free axes through, with the fixed coordinates filled in."""
    free = bounds.lower < bounds.upper
    try:
        question = next(asking)
        while True:
            if isinstance(question, np.ndarray):
                question = asking.send((yield _fill(question, bounds, free)))
                continue
            if isinstance(question, Foresight):
                yield _foresee(question, bounds, free)
                question = next(asking)
                continue
            if isinstance(question, Prospect):
                yield _look_out(question, bounds)
                question = next(asking)
                continue
            if isinstance(question, Explored):
                lower, upper = (
                    _fill(ends[np.newaxis, :], bounds, free)[0] for ends in (question.lower, question.upper)
                )
                question = Explored(lower, upper)
            if isinstance(question, Step | Landing | Estimate):
                question = replace(question, point=_fill(question.point[np.newaxis, :], bounds, free)[0])
            if isinstance(question, Landing) and question.resolution is not None:
                resolution = np.zeros(bounds.dimension)
                resolution[free] = question.resolution
                question = replace(question, resolution=resolution)
            yield question
            question = next(asking)
    except StopIteration as finished:
        return finished.value


def _foresee(foresight: Foresight, bounds: Bounds, free: NDArray[np.bool_]) -> Foresight:
    def whole(points: Callable[[], Points]) -> Callable[[], Points]:
        return lambda: _fill(points(), bounds, free)

    perhaps = None if foresight.perhaps is None else whole(foresight.perhaps)
    return replace(foresight, points=whole(foresight.points), perhaps=perhaps)


def _look_out(prospect: Prospect, bounds: Bounds) -> Prospect:
    def walk(number: int) -> Asking[object]:
        return embed(prospect.walk(number), bounds)

    return replace(prospect, walk=walk)


def _fill(points: Points, bounds: Bounds, free: NDArray[np.bool_]) -> Points:
    whole = np.repeat(bounds.lower[np.newaxis, :], len(points), axis=0)
    whole[:, free] = points
    return whole
