"""A search in coordinates of its own, seen from outside: its questions and events are told in those of the function."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, TypeVar

import numpy as np

from blackbox.core.asking import (
    Asking,
    Estimate,
    Event,
    Explored,
    Floats,
    Foresight,
    Landing,
    Point,
    Points,
    Prospect,
    Step,
)

T = TypeVar("T")


class Lens(Protocol):
    """How coordinates of the search become those of the function."""

    def outward(self, points: Points) -> Points:
        """Points of the function, shape `(n, D)`, from points of the search, `(n, d)`."""
        ...

    def lengths(self, point: Point, lengths: Floats) -> Floats:
        """Short distances along the function's axes, shape `(D,)`, from those along the search's at `point`, `(d,)`."""
        ...

    def slope(self, slope: float) -> float:
        """Norm of a gradient, from that in the search's coordinates; NaN where that does not tell it."""
        ...


def through(asking: Asking[T], lens: Lens) -> Asking[T]:
    """Pass a search's questions on, and its events, as the lens shows them. No evaluation of its own."""
    try:
        question = next(asking)
        while True:
            if isinstance(question, np.ndarray):
                question = asking.send((yield lens.outward(question)))
                continue
            yield _shown(question, lens)
            question = next(asking)
    except StopIteration as finished:
        return finished.value


def _shown(event: Event, lens: Lens) -> Event:
    match event:
        case Foresight(points=points, perhaps=perhaps):
            unlikely = None if perhaps is None else lambda: lens.outward(perhaps())
            return event._replace(points=lambda: lens.outward(points()), perhaps=unlikely)
        case Prospect(walk=walk):
            return replace(event, walk=_seen(walk, lens))
        case Explored(lower=lower, upper=upper):
            return Explored(_one(lower, lens), _one(upper, lens))
        case Landing(point=point, resolution=resolution):
            seen = None if resolution is None else lens.lengths(point, resolution)
            return replace(event, point=_one(point, lens), resolution=seen)
        case Step(point=point, slope=slope):
            return event._replace(point=_one(point, lens), slope=lens.slope(slope))
        case Estimate(point=point):
            return replace(event, point=_one(point, lens))
        case _:
            return event


def _seen(walk: Callable[[int], Asking[object]], lens: Lens) -> Callable[[int], Asking[object]]:
    return lambda number: through(walk(number), lens)


def _one(point: Point, lens: Lens) -> Point:
    return lens.outward(point[np.newaxis, :])[0]
