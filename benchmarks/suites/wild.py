"""Eight classic functions, each spoilt in five ways: noise, noise in proportion, holes, kinks, stairs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.problem import Disturbance, Problem, Surface, unit_of
from benchmarks.suites.formulas.catalogue import CLASSICS
from benchmarks.suites.shrinking import seeded, shrink
from blackbox.core.asking import Floats, Point, Points, Values

DIMENSIONS = (2, 5, 10)
INSTANCES = (1,)

BASES = ("sphere", "elliptic", "rosenbrock", "zakharov", "rastrigin", "ackley", "levy", "styblinski_tang")

NOISE = 1e-4
"""Standard deviation of the noise, in spreads: typical differences between values in the box."""

PROPORTION = 0.1
"""Standard deviation of proportional noise, as part of the distance to the minimum."""

KINK = 0.5
"""Slope of the kinks, in spreads for each width of the box."""

HOLES = 0.3
"""Share of the box in which there is no value."""

CLEAR = 0.02
"""Widths of the box around the minimiser without holes."""

MOVED = 0.5
"""All of it, box and minimiser, is moved by up to this part of the box, since some methods try 0 first."""

STAIRS = 2.0
"""Each stair is so many times as high above the minimum as the one below."""

SAMPLE = 512


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """A classic function above its minimum, in its box."""

    surface: Surface
    minimum: float
    minimiser: Point
    width: Floats
    spread: float

    def height(self, points: Points) -> Values:
        """Value above the minimum, never below 0."""
        return np.maximum(self.surface(points) - self.minimum, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Spoilt:
    surface: Surface
    minimum: float
    disturb: Disturbance | None = None


def functions(dimension: int) -> Sequence[str]:
    """40 names, such as `sphere+noise`."""
    assert dimension >= 2
    return [f"{base}+{kind}" for kind in _KINDS for base in BASES]


def problem(function: str, dimension: int, instance: int) -> Problem:
    """One instance: box, place, holes and directions follow from its number."""
    base, _, kind = function.partition("+")
    rng = seeded(function, dimension, instance)
    minimum = CLASSICS[base].minimum(dimension)
    ground, lower, upper = _ground(base, dimension, rng)
    spoilt = _KINDS[kind](ground, rng)
    return Problem(
        suite="wild",
        function=function,
        group=kind,
        instance=instance,
        lower=lower,
        upper=upper,
        surface=spoilt.surface,
        minimum=spoilt.minimum,
        unit=unit_of(minimum),
        disturb=spoilt.disturb,
    )


def minimiser(function: str, dimension: int, instance: int) -> Point:
    """Where an instance is lowest, shape `(dimension,)`."""
    rng = seeded(function, dimension, instance)
    return _ground(function.partition("+")[0], dimension, rng)[0].minimiser


def _ground(base: str, dimension: int, rng: np.random.Generator) -> tuple[_Ground, Point, Point]:
    """The classic function moved, and its box."""
    classic = CLASSICS[base]
    lower, upper = shrink(*classic.box(dimension), classic.minimiser(dimension), rng)
    sample = lower + rng.random((SAMPLE, dimension)) * (upper - lower)
    minimum = classic.minimum(dimension)
    spread = float(np.median(classic.formula(sample))) - minimum
    shift = MOVED * (upper - lower) * rng.uniform(-1.0, 1.0, dimension)
    at = classic.minimiser(dimension) + shift
    ground = _Ground(lambda x: classic.formula(x - shift), minimum, at, upper - lower, spread)
    return ground, lower + shift, upper + shift


def _noise(ground: _Ground, rng: np.random.Generator) -> _Spoilt:  # noqa: ARG001 - one signature for all kinds
    """A true value within one standard deviation of the lowest counts as the minimum: nobody could tell them apart."""
    sigma = NOISE * ground.spread

    def disturb(true: Values, dice: np.random.Generator) -> Values:
        return true + sigma * dice.standard_normal(true.shape)

    return _Spoilt(ground.surface, ground.minimum + sigma, disturb)


def _proportional(ground: _Ground, rng: np.random.Generator) -> _Spoilt:  # noqa: ARG001
    def disturb(true: Values, dice: np.random.Generator) -> Values:
        return true + PROPORTION * (true - ground.minimum) * dice.standard_normal(true.shape)

    return _Spoilt(ground.surface, ground.minimum, disturb)


def _holes(ground: _Ground, rng: np.random.Generator) -> _Spoilt:
    """Stripes across the box without values, none of them at the minimiser."""
    waves = rng.standard_normal(ground.width.size)
    waves *= 6 * np.pi / np.linalg.norm(waves)
    level = np.cos(np.pi * HOLES)

    def surface(points: Points) -> Values:
        away = (points - ground.minimiser) / ground.width
        hole = (-np.cos(away @ waves) > level) & (np.linalg.norm(away, axis=-1) > CLEAR)
        return np.where(hole, np.nan, ground.surface(points))

    return _Spoilt(surface, ground.minimum)


def _kinks(ground: _Ground, rng: np.random.Generator) -> _Spoilt:
    """Ridges through the minimiser, in random directions."""
    d = ground.width.size
    turned, _ = np.linalg.qr(rng.standard_normal((d, d)))

    def surface(points: Points) -> Values:
        away = (points - ground.minimiser) / ground.width
        return ground.surface(points) + KINK * ground.spread * np.abs(away @ turned).sum(-1)

    return _Spoilt(surface, ground.minimum)


def _stairs(ground: _Ground, rng: np.random.Generator) -> _Spoilt:  # noqa: ARG001
    """Flat everywhere, and lower by half at every stair."""

    def surface(points: Points) -> Values:
        height = ground.height(points)
        with np.errstate(divide="ignore"):
            stair = STAIRS ** np.floor(np.log(height) / np.log(STAIRS))
        return ground.minimum + np.where(height > 0, stair, 0.0)

    return _Spoilt(surface, ground.minimum)


_KINDS: dict[str, Callable[[_Ground, np.random.Generator], _Spoilt]] = {
    "noise": _noise,
    "proportional": _proportional,
    "holes": _holes,
    "kinks": _kinks,
    "stairs": _stairs,
}
