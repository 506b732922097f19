"""The centre of rings is told by a few gradients, whatever the rings are like."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Floats
from blackbox.core.bounds import Bounds
from blackbox.search.additivity import Draws, draw
from blackbox.search.ground import Ground
from blackbox.search.landing import Start
from blackbox.search.rings import GRADIENTS, ring_search
from tests.fakes.directions import box
from tests.fakes.drive import Driven, Surface, drive
from tests.fakes.functions import rosenbrock

seeds = st.integers(0, 2**32 - 1)
dims = st.integers(2, 8)

Profile = Callable[[Floats], Floats]


def salomon(r: Floats) -> Floats:
    """A cone with ripples; its tip is the minimum. (Salomon 1996.)"""
    return 1 - np.cos(2 * np.pi * r) + r / 10


def drop(r: Floats) -> Floats:
    """A drop wave."""
    return -(1 + np.cos(12 * r)) / (r**2 / 2 + 2)


def hat(r: Floats) -> Floats:
    """A Mexican hat: the minimum is a ring of radius 2."""
    return (r**2 - 4) ** 2


def around(profile: Profile, center: Floats, scales: Floats) -> Surface:
    return lambda x: profile(np.sqrt(np.sum(((x - center) * scales) ** 2, axis=-1)))


def ground_of(d: int, away: float = 0.0) -> Ground:
    return Ground(Bounds(box(d).lower + away, box(d).upper + away), np.full(d, away), np.ones(d))


def search(f: Surface, d: int, seed: int) -> tuple[Driven[Start | None], Draws]:
    rng = np.random.default_rng(seed)
    draws = drive(draw(box(d), rng, 1), f).result
    assert draws is not None
    lowest = int(np.argmin(draws.values))
    best = Start(draws.points[lowest], float(draws.values[lowest]))
    return drive(ring_search(best, draws, ground_of(d), rng), f), draws


@given(seed=seeds, d=dims, profile=st.sampled_from([salomon, drop]))
def test_the_centre_is_found_to_its_last_digits(seed: int, d: int, profile: Profile) -> None:
    rng = np.random.default_rng(seed)
    center, scales = rng.uniform(-4, 4, d), rng.uniform(0.3, 1, d)
    driven, _ = search(around(profile, center, scales), d, seed)
    assert driven.result is not None
    assert driven.result.value == driven.best
    assert driven.result.value <= float(profile(np.array(0.0))) + 1e-6
    assert driven.result.point == pytest.approx(center, abs=1e-4)
    assert np.all(np.abs(driven.points) <= 5)


@given(seed=seeds, d=dims)
def test_a_ring_is_found_whose_centre_is_no_minimum(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    driven, _ = search(around(hat, rng.uniform(-2, 2, d), np.ones(d)), d, seed)
    assert driven.result is not None
    assert driven.result.value == driven.best < 1e-3


def test_where_there_are_none_a_few_gradients_mostly_say_so() -> None:
    costs = list[int]()
    for seed in range(60):
        d = 2 + seed % 6
        driven, _ = search(rosenbrock, d, seed)
        assert driven.result is None
        costs.append(driven.evaluations - (GRADIENTS * d if d > 2 else 9))
    assert np.mean(np.array(costs) == 0) >= 0.9
    assert max(costs) <= 30


@pytest.mark.parametrize("unit", [1e-200, 1e200])
def test_numbers_near_the_ends_of_floats_do_no_harm(unit: float) -> None:
    f = around(salomon, np.array([1.0, -2.0]), np.ones(2))
    driven, _ = search(lambda x: unit * f(x), 2, 1)
    assert driven.result is not None
    assert driven.result.value <= 1e-6 * unit


@pytest.mark.parametrize("away", [1e3, 1e7])
def test_in_a_box_far_from_0_the_centre_is_found_as_well(away: float) -> None:
    f = around(drop, np.array([1.0, -2.0, 0.5]) + away, np.ones(3))
    ground = ground_of(3, away)
    draws = drive(draw(ground.region(0), np.random.default_rng(1), 1), f).result
    assert draws is not None
    best = Start(draws.points[0], float(draws.values[0]))
    driven = drive(ring_search(best, draws, ground, np.random.default_rng(1)), f)
    assert driven.result is not None
    assert driven.result.value <= -1 + 1e-3


def test_a_plateau_has_no_centre() -> None:
    driven, _ = search(lambda x: np.zeros(x.shape[:-1]), 3, 1)
    assert driven.result is None


def test_without_draws_nothing_is_asked() -> None:
    start = Start(np.full(3, -1.0), 1.0)
    few = Draws(np.empty((0, 3)), np.empty(0), additive=False)
    driven = drive(ring_search(start, few, ground_of(3), np.random.default_rng(1)), rosenbrock)
    assert driven.result is None
    assert driven.evaluations == 0
