"""The estimators of the gradient: name → method. A new one is one function and one line here."""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from blackbox.core.asking import Asking, Floats, Point
from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError
from blackbox.gradients.estimate import Estimate, read_step
from blackbox.gradients.methods import backward, central, forward, neighbour, richardson
from blackbox.gradients.place import Place, survey

Method: TypeAlias = Callable[[Place, Floats | None], Asking[Estimate]]

COMPLEX_STEP = "complex-step"
"""Needs complex points: it has drivers of its own, in `blackbox.solve.calculus`."""

METHODS: dict[str, Method] = {
    "neighbour": neighbour,
    "forward": forward,
    "backward": backward,
    "central": central,
    "richardson": richardson,
}

NAMES = (*METHODS, COMPLEX_STEP)


def method(name: str, diagonals: bool = False) -> Method:
    """The method of that name; `neighbour` may look along the diagonals, too.

    Raises `OptionError` for a name that is none, for `complex-step`, and for diagonals that nobody looks along.
    """
    if name == COMPLEX_STEP:
        raise OptionError("method", name, "it asks complex points: see blackbox.gradients.complex_step")
    if name not in METHODS:
        raise OptionError("method", name, f"must be one of {', '.join(NAMES)}")
    if not diagonals:
        return METHODS[name]
    if METHODS[name] is not neighbour:
        raise OptionError("diagonals", True, f"{name} asks no neighbours: only neighbour does")
    return partial(neighbour, diagonals=True)


def gradient(
    x: Point, bounds: Bounds, name: str = "central", step: float | Floats | None = None, diagonals: bool = False
) -> Asking[Estimate]:
    """The gradient at x by the named method; evaluations that find the noise included. Raises `OptionError`."""
    estimate, steps = method(name, diagonals), read_step(step, x.size)
    place = yield from survey(x, bounds)
    return (yield from estimate(place, steps))
