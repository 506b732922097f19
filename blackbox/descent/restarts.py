"""Restarts: one walk from each of several random starts; the best is kept and the minima are told apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Point, Points
from blackbox.descent.ground import Kit, Walk
from blackbox.descent.random_search import box_around
from blackbox.descent.stopping import Ended, Rules, until

SAME = 1e-3
"""Ends within this part of the box that was searched are the same minimum."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A minimum, and how many of the walks ended there."""

    point: Point
    value: float
    hits: int


def restarts(walk: Walk, starts: Points, kit: Kit, rules: Rules) -> Asking[tuple[Found, ...]]:
    """One walk after the other; the distinct ends, best first."""
    ends: list[Ended] = []
    for start in starts:
        ends.append((yield from until(walk(start, kit), rules)))
    return tell_apart(ends, starts, rules.ascending)


def random_starts(start: Point, count: int, kit: Kit) -> Points:
    """The start given and count − 1 more, uniform in the bounds or within ten strides; shape `(count, d)`."""
    lower, upper = box_around(start, kit)
    return np.vstack([start, lower + kit.rng.random((count - 1, start.size)) * (upper - lower)])


def tell_apart(ends: Sequence[Ended], starts: Points, ascending: bool = False) -> tuple[Found, ...]:
    """The distinct ends, best first."""
    reach = np.maximum(np.ptp(starts, axis=0), 1e-9 + np.abs(starts).max(axis=0))
    sign = -1.0 if ascending else 1.0
    steps = sorted((end.best for end in ends if end.best is not None), key=lambda step: sign * step.value)
    found: list[Found] = []
    for step in steps:
        near = [k for k, f in enumerate(found) if np.all(np.abs(f.point - step.point) <= SAME * reach)]
        if near:
            known = found[near[0]]
            found[near[0]] = Found(known.point, known.value, known.hits + 1)
        else:
            found.append(Found(step.point, step.value, 1))
    return tuple(found)
