"""Simplexes: they find minima among small waves, give up what lies above the best, and never ask outside."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackbox.core.asking import Floats, Landing, Prospect
from blackbox.core.bounds import Bounds
from blackbox.descent.terrain import Descent
from blackbox.search.ground import Ground
from blackbox.search.regions import whole
from blackbox.search.simplexes import LAST, MOST, explore, simplexes
from tests.fakes.drive import Driven, Surface, drive
from tests.fakes.functions import sphere, with_holes

seeds = st.integers(0, 2**32 - 1)
BOX = Bounds(np.array([-5.0, -50.0]), np.array([5.0, 70.0]))
GROUND = Ground(BOX, np.zeros(2), BOX.upper - BOX.lower)
NOBODY = float("inf")


def rippled(center: Floats) -> Surface:
    """A cone under waves a thousandth of the box long, which no slope sees through."""

    def f(x: Floats) -> Floats:
        away = (x - center) / (BOX.upper - BOX.lower)
        return np.linalg.norm(away, axis=-1) + 1e-4 * np.sum(np.abs(np.sin(3000.0 * away)), axis=-1)

    return f


def one(f: Surface, seed: int, best: float, turn: int = 1) -> Driven[Descent | None]:
    return drive(explore(whole(BOX), BOX, np.random.default_rng(seed), turn, best), f)


@settings(max_examples=20)
@given(seed=seeds)
def test_on_a_smooth_bowl_one_ends_at_its_bottom(seed: int) -> None:
    center = BOX.lower + np.random.default_rng(seed).random(2) * (BOX.upper - BOX.lower)
    driven = drive(explore(whole(BOX), BOX, np.random.default_rng(seed), 1, NOBODY), sphere(center))
    walk = driven.result
    assert walk is not None
    assert np.all(np.abs(walk.point - center) <= 1e-6 * (BOX.upper - BOX.lower))
    assert walk.value == driven.best
    assert walk.settled
    assert np.all(walk.resolution <= LAST * (BOX.upper - BOX.lower))


@settings(max_examples=20)
@given(seed=seeds)
def test_small_waves_are_looked_over(seed: int) -> None:
    """All end within a wave or two of the middle: a hundredth of the box is ten waves."""
    center = np.array([1.3, -11.0])
    walk = one(rippled(center), seed, NOBODY).result
    assert walk is None or np.abs((walk.point - center) / (BOX.upper - BOX.lower)).max() < 0.01


@given(seed=seeds)
def test_what_cannot_end_below_the_best_is_given_up(seed: int) -> None:
    f = sphere(np.array([1.0, 2.0]))
    whole_walk, hopeless = one(f, seed, NOBODY), one(f, seed, -1e6)
    assert hopeless.result is None
    assert hopeless.evaluations < 0.7 * whole_walk.evaluations


@settings(max_examples=20)
@given(seed=seeds)
def test_questions_stay_inside_and_holes_are_walked_around(seed: int) -> None:
    f = with_holes(sphere(np.array([4.9, 69.0])), lambda x: np.where(np.sin(7 * x[..., 0]) > 0.6, 1.0, 0.0))
    driven = one(f, seed, NOBODY)
    assert np.all((driven.points >= BOX.lower) & (driven.points <= BOX.upper))
    assert driven.evaluations <= MOST * 2 + 2 * 9


def test_where_everything_fails_it_ends_at_once() -> None:
    driven = drive(explore(whole(BOX), BOX, np.random.default_rng(0), 1, NOBODY), lambda x: np.full(len(x), np.nan))
    assert driven.result is None
    assert driven.evaluations == 9


@pytest.mark.parametrize("seed", range(3))
def test_each_turn_is_foretold_by_the_prospect_before_it(seed: int) -> None:
    """What another worker asks ahead for a later turn is what that turn asks, as long as the best stays."""
    f = rippled(np.array([1.3, -11.0]))
    best = Landing(np.zeros(2), -1.0, 0.0, True, "start")
    driven = drive(simplexes(GROUND, [best], seed), f, limit=2000)
    prospects = [event for event in driven.events if isinstance(event, Prospect)]
    assert len(prospects) >= 5
    first = prospects[0].first
    told = [drive(prospects[0].walk(number), f).points for number in range(first, first + 3)]
    asked = {point.tobytes() for point in driven.points}
    assert all(point.tobytes() in asked for points in told for point in points)


def test_landings_bear_their_name() -> None:
    far = Landing(np.array([5.0, 70.0]), 1e9, 0.0, True, "start")
    driven = drive(simplexes(GROUND, [far], 0), sphere(np.ones(2)), limit=3000)
    assert driven.landings
    assert all(landing.origin == "simplex" for landing in driven.landings)


@pytest.mark.parametrize("far", [1e5, 1e6, 1e9])
def test_far_from_0_one_ends_where_coordinates_have_no_more_digits(far: float) -> None:
    bounds = Bounds(np.full(2, far), np.full(2, far + 1))
    bottom = far + np.array([0.3, 0.6])
    landed = drive(
        explore(whole(bounds), bounds, np.random.default_rng(0), 0, float("inf")),
        lambda x: np.sum((x - bottom) ** 2, axis=-1),
    )
    assert landed.result is not None
    assert landed.result.settled
    assert landed.evaluations < 400
