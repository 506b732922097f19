"""Functions of several basins whose lowest value is known by construction; how hard they are is drawn at random.

    wells      the lower edge of 2 to 60 Gaussian pits of all depths and widths (Gallagher & Yuan 2006)
    ripples    a bowl with cosine waves (Rastrigin's) of random height and length, turned or not
    twins      a broad basin, and a lower one that fills 1e-4 to 0.3 of the box
    funnels    the same with waves on both, so that the broad one deceives (Lunacek's idea)
    needles    a plateau with one hole that fills 1e-6 to 0.03 of the box
    valleys    no bounds: a pond near the start, the lake 10 to 1e5 away
    deceits    no bounds: a bowl around the start, and far away a deeper, narrow one

Boxes have random widths and places; without bounds the search starts at the origin.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.problem import Problem, Surface, unit_of
from benchmarks.suites.shrinking import seeded
from blackbox.core.asking import Floats, Point

DIMENSIONS = (1, 2, 3, 5)
INSTANCES = (1,)
OF_EACH = {"wells": 24, "ripples": 24, "twins": 20, "funnels": 20, "needles": 12, "valleys": 24, "deceits": 12}
"""Functions of every family, the dimensions in turn. Those that nobody could solve are the fewest: among functions that
people send they are rare, and what is claimed of an answer depends on how many one expects."""

MARGIN = 0.08
"""The lowest point keeps this part of the box's width from every face."""

GROUND = np.random.Generator


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """A function of the unit box, or of the plane in units of the start's distance, and its lowest value."""

    surface: Surface
    minimum: float


def functions(dimension: int) -> Sequence[str]:
    """`wells-03`: the number decides the dimension."""
    return [
        f"{family}-{k:02}"
        for family, count in OF_EACH.items()
        for k in range(count)
        if DIMENSIONS[k % len(DIMENSIONS)] == dimension
    ]


def problem(function: str, dimension: int, instance: int) -> Problem:
    """One instance: everything about it follows from its name and number."""
    family = function.partition("-")[0]
    rng = seeded(function, dimension, instance)
    made = _FAMILIES[family](dimension, rng)
    boxed = family not in _FREE
    width = 10 ** rng.uniform(-1, 2, dimension) if boxed else np.full(dimension, 10 ** rng.uniform(-1, 2))
    corner = rng.uniform(-1, 1, dimension) * width if boxed else np.zeros(dimension)

    def surface(points: Floats) -> Floats:
        return made.surface((points - corner) / width)

    return Problem(
        suite="basins",
        function=function,
        group=family,
        instance=instance,
        lower=corner if boxed else np.full(dimension, -np.inf),
        upper=corner + width if boxed else np.full(dimension, np.inf),
        surface=surface,
        minimum=made.minimum,
        unit=unit_of(made.minimum),
        start=None if boxed else np.zeros(dimension),
    )


def _wells(d: int, rng: GROUND) -> _Made:
    count = round(10 ** rng.uniform(np.log10(2), np.log10(60)))
    places = rng.uniform(MARGIN, 1 - MARGIN, (count, d))
    depths = np.concatenate([[1.0], rng.uniform(0.2, 0.98, count - 1)])
    widths = 10 ** rng.uniform(-1.3, -0.2, (count, d))

    def surface(x: Floats) -> Floats:
        squares = np.sum(((x[..., np.newaxis, :] - places) / widths) ** 2, axis=-1)
        return -np.max(depths * np.exp(-squares / 2), axis=-1)

    return _Made(surface, -1.0)


def _ripples(d: int, rng: GROUND) -> _Made:
    place, height, waves = _inside(d, rng), 10 ** rng.uniform(-2, 0.5), rng.uniform(2, 12)
    turn = _turn(d, rng) if rng.random() < 0.5 else np.eye(d)

    def surface(x: Floats) -> Floats:
        u = (x - place) @ turn
        return np.sum(10 * u**2 + height * (1 - np.cos(2 * np.pi * waves * u)), axis=-1)

    return _Made(surface, 0.0)


def _twins(d: int, rng: GROUND) -> _Made:
    return _Made(_two_basins(d, rng, 0.0), -1.0)


def _funnels(d: int, rng: GROUND) -> _Made:
    return _Made(_two_basins(d, rng, 10 ** rng.uniform(-1.5, 0)), -1.0)


def _two_basins(d: int, rng: GROUND, height: float) -> Surface:
    """Values 0 and −1 at the lowest points; around the lower one, out to `radius`, stands its own bowl."""
    broad, narrow = _inside(d, rng), _inside(d, rng)
    radius = _radius(d, 10 ** rng.uniform(-4, -0.5))
    waves = rng.uniform(3, 9)

    def ripple(u: Floats) -> Floats:
        return height * np.sum(1 - np.cos(2 * np.pi * waves * u), axis=-1)

    def surface(x: Floats) -> Floats:
        away, near = x - broad, (x - narrow) / radius
        wide = np.sum(away**2, axis=-1) + ripple(away)
        return np.minimum(wide, 2 * np.sum(near**2, axis=-1) - 1 + ripple(near / 2))

    return surface


def _needles(d: int, rng: GROUND) -> _Made:
    place, radius = _inside(d, rng), _radius(d, 10 ** rng.uniform(-6, -1.5))

    def surface(x: Floats) -> Floats:
        return np.minimum(0.0, np.sum(((x - place) / radius) ** 2, axis=-1) - 1)

    return _Made(surface, -1.0)


def _valleys(d: int, rng: GROUND) -> _Made:
    lake = _far(d, rng)
    distance = float(np.linalg.norm(lake))
    stretch = distance * rng.uniform(0.1, 0.7, d)
    # Nearer than eight of its widths the pond would lower the lake.
    pond, pond_width = lake / distance * rng.uniform(0.5, 1.0), rng.uniform(0.3, 1.0)

    def surface(x: Floats) -> Floats:
        q = np.sum(((x - lake) / stretch) ** 2, axis=-1)
        hollow = 30 * np.exp(-np.sum(((x - pond) / pond_width) ** 2, axis=-1))
        return 40 * q / (1 + np.sqrt(1 + q)) - 100 - hollow

    return _Made(surface, -100.0)


def _deceits(d: int, rng: GROUND) -> _Made:
    far = _far(d, rng)
    distance = float(np.linalg.norm(far))
    radius = distance * 10 ** rng.uniform(-2, -0.3)

    def surface(x: Floats) -> Floats:
        bowl = np.log1p(np.sum(x**2, axis=-1))
        return np.minimum(bowl, 20 * np.sum(((x - far) / radius) ** 2, axis=-1) - 1)

    return _Made(surface, -1.0)


def _inside(d: int, rng: GROUND) -> Point:
    return rng.uniform(MARGIN, 1 - MARGIN, d)


def _far(d: int, rng: GROUND) -> Point:
    direction = rng.standard_normal(d)
    return direction / np.linalg.norm(direction) * 10 ** rng.uniform(1, 5)


def _radius(d: int, share: float) -> float:
    """Half the side of a cube that fills this share of the unit box: near enough to the ball's radius for d ≤ 5."""
    return share ** (1 / d) / 2


def _turn(d: int, rng: GROUND) -> Floats:
    turned, _ = np.linalg.qr(rng.standard_normal((d, d)))
    return turned


_FREE = ("valleys", "deceits")
_FAMILIES: dict[str, Callable[[int, GROUND], _Made]] = {
    "wells": _wells,
    "ripples": _ripples,
    "twins": _twins,
    "funnels": _funnels,
    "needles": _needles,
    "valleys": _valleys,
    "deceits": _deceits,
}
