"""A quasi-Newton walk is told that it comes down to a kink where it does, and nowhere else."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackbox.core.bounds import Bounds
from blackbox.descent.kinks import REMEMBERED, TRIES, Kinks
from blackbox.descent.quasi_newton import QuasiNewton
from blackbox.descent.terrain import Descent, Terrain
from tests.fakes.drive import Driven, Surface, value_at
from tests.fakes.functions import ill_conditioned, quadratic, rosenbrock, rotation
from tests.fakes.walks import terrain, walk

seeds = st.integers(0, 2**32 - 1)
dims = st.integers(1, 8)

Make = Callable[[int, np.random.Generator], Surface]

SOON = 20
"""Times d + 1 evaluations within which a walk in the middle is told: 8 to 14 were measured."""


def room(d: int) -> Terrain:
    return terrain(d, Bounds(np.full(d, -5.0), np.full(d, 5.0)), 10.0)


def suspect(f: Surface, start: np.ndarray) -> tuple[Kinks, Driven[Descent]]:
    kinks = Kinks(room(start.size))
    options = QuasiNewton(evaluations=300 * (start.size + 1), suspicion=kinks)
    return kinks, walk(f, start, room(start.size), options)


def planes(d: int, rng: np.random.Generator) -> Surface:
    slopes, heights = rng.standard_normal((2 * d + 2, d)), rng.standard_normal(2 * d + 2)
    return lambda x: np.max(x @ slopes.T + heights, axis=-1)


def turned_taxicab(d: int, rng: np.random.Generator) -> Surface:
    turned, center = rotation(d, rng) * np.exp(rng.uniform(-1, 1, d))[:, np.newaxis], rng.uniform(-2, 2, d)
    return lambda x: np.sum(np.abs((x - center) @ turned.T), axis=-1)


def penalty(d: int, rng: np.random.Generator) -> Surface:
    """A wall around a ball, two to twenty times as steep as it must be."""
    slope, radius = rng.standard_normal(d), rng.uniform(0.5, 2)
    weight = float(np.linalg.norm(slope)) / (2 * radius) * rng.uniform(2, 20)
    return lambda x: x @ slope + weight * np.maximum(np.sum(x * x, axis=-1) - radius**2, 0)


def ravine(d: int, rng: np.random.Generator) -> Surface:
    return quadratic(ill_conditioned(d, 10 ** rng.uniform(0, 6), rng), rng.uniform(-3, 3, d))


def valley(d: int, rng: np.random.Generator) -> Surface:
    return rosenbrock


def tang(d: int, rng: np.random.Generator) -> Surface:
    """Styblinski and Tang's polynomial of fourth degree."""
    return lambda x: np.sum(x**4 - 16 * x**2 + 5 * x, axis=-1) / 2


def steep_walls(d: int, rng: np.random.Generator) -> Surface:
    """Sums of exponential functions both ways."""
    matrix = rng.standard_normal((d, d)) / np.sqrt(d)
    return lambda x: np.sum(2 * np.cosh(x @ matrix), axis=-1)


def cone(d: int, rng: np.random.Generator) -> Surface:
    tip = rng.uniform(-3, 3, d)
    return lambda x: np.linalg.norm(x - tip, axis=-1)


def noisy_bowl(d: int, rng: np.random.Generator) -> Surface:
    """The noise is a fixed function of the place, and jumps from one float to the next."""
    center = rng.uniform(-3, 3, d)
    return lambda x: np.sum((x - center) ** 2, axis=-1) + 1e-3 * np.modf(np.sin(x @ np.arange(1, d + 1) * 1e6) * 1e4)[0]


def told_in(make: Make, d: int, times: int = 20) -> tuple[float, float]:
    """The part of walks that were told, and the evaluations that those in the middle took, over d + 1."""
    costs = list[float]()
    for seed in range(times):
        rng = np.random.default_rng(seed)
        f, start = make(d, rng), rng.uniform(-5, 5, d)
        if make is penalty:
            start *= 0.3 / np.linalg.norm(start)
        kinks, driven = suspect(f, start)
        if kinks.told:
            assert driven.result is not None
            assert not driven.result.settled
            costs.append(driven.evaluations / (d + 1))
    return len(costs) / times, float(np.median(costs)) if costs else 0.0


@pytest.mark.parametrize("d", [2, 3, 5, 8])
@pytest.mark.parametrize(("make", "part"), [(planes, 0.9), (turned_taxicab, 0.6), (penalty, 0.5)])
def test_where_smooth_pieces_meet_a_walk_is_told_soon(make: Make, part: float, d: int) -> None:
    told, cost = told_in(make, d)
    assert told >= part
    assert cost <= SOON


@pytest.mark.parametrize("make", [ravine, valley, tang, steep_walls])
@given(d=dims, seed=seeds)
def test_on_a_smooth_function_none_is_told(make: Make, d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    kinks, _ = suspect(make(d, rng), rng.uniform(-5, 5, d))
    assert not kinks.told


@pytest.mark.parametrize(("make", "but"), [(cone, 0.1), (noisy_bowl, 0.1)])
@pytest.mark.parametrize("d", [2, 3, 5, 8])
def test_neither_at_the_tip_of_a_cone_nor_on_noise_but_by_chance(make: Make, but: float, d: int) -> None:
    assert told_in(make, d)[0] <= but


@pytest.mark.parametrize("make", [ravine, steep_walls, cone, noisy_bowl])
@settings(max_examples=20)
@given(d=st.integers(1, 6), seed=seeds)
def test_a_walk_that_is_not_told_asks_the_same_but_for_a_few_points(make: Make, d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    f, start = make(d, rng), rng.uniform(-5, 5, d)
    kinks, watched = suspect(f, start)
    if kinks.told:
        return
    alone = walk(f, start, room(d), QuasiNewton(evaluations=300 * (d + 1)))
    assert 0 <= watched.evaluations - alone.evaluations <= TRIES or alone.evaluations >= 300 * (d + 1)
    assert watched.result is not None
    assert alone.result is not None
    assert watched.result.evaluations == watched.evaluations
    if alone.evaluations < 300 * (d + 1):
        assert np.array_equal(watched.result.point, alone.result.point)


@given(d=dims, seed=seeds)
def test_the_gradients_met_are_kept_and_the_last_is_where_the_walk_stands(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    f = planes(d, rng)
    kinks, driven = suspect(f, rng.uniform(-5, 5, d))
    assert driven.result is not None
    assert 0 < len(kinks.samples) <= REMEMBERED * (d + 1)
    assert all(sample.value == value_at(f, sample.point) for sample in kinks.samples)
    if kinks.told:
        assert np.array_equal(kinks.samples[-1].point, driven.result.point)
        assert kinks.samples[-1].value == driven.result.value
