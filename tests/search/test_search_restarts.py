"""Restarts sample, descend and land; near and far get their turns."""

import numpy as np
import pytest
from scipy.optimize import linprog

from blackbox.core.asking import Floats, Step
from blackbox.core.bounds import Bounds
from blackbox.descent.terrain import Descent
from blackbox.search.ground import Ground
from blackbox.search.landing import MOST_FOR_PIECES, Pains, Start, land
from blackbox.search.regions import LEVELS
from blackbox.search.restarts import PLAIN_EVERY, SAMPLE_BASE, SAMPLE_PER_AXIS, restarts
from tests.fakes.drive import Driven, drive, value_at
from tests.fakes.functions import rastrigin, sphere, taxicab, with_holes

BOX = Bounds(np.full(2, -5.0), np.full(2, 5.0))
GROUND = Ground(BOX, np.zeros(2), np.full(2, 10.0))
WIDE = Ground(Bounds.unbounded(2), np.zeros(2), np.ones(2))


def test_two_of_three_restarts_choose_the_lowest_of_a_sample() -> None:
    sample = SAMPLE_BASE + SAMPLE_PER_AXIS * 2
    driven = drive(restarts(GROUND, [], seed=0), lambda x: np.floor(x[:, 0]), limit=3000)
    asked = [len(question) for question in driven.questions]
    assert len(driven.landings) > 2 * PLAIN_EVERY
    assert asked.count(sample) == pytest.approx(len(driven.landings) * (1 - 1 / PLAIN_EVERY), abs=1.5)


def test_every_restart_of_a_bowl_lands_at_its_bottom() -> None:
    driven = drive(restarts(GROUND, [], seed=0), sphere(np.ones(2)), limit=2000)
    assert len(driven.landings) > 20
    for landing in driven.landings:
        assert landing.settled
        assert np.allclose(landing.point, 1.0, atol=1e-8)


def test_without_bounds_all_levels_are_visited() -> None:
    """A function without slopes ends every walk at once: what is left are the samples."""
    driven = drive(restarts(WIDE, [], seed=0), lambda x: 0 * x[:, 0], limit=4000)
    far = np.abs(driven.points).max(axis=1)
    for level in range(LEVELS):
        assert np.any((far > 4.0**level / 4) & (far <= 4.0**level))


def test_regions_that_give_no_number_are_left_for_the_next() -> None:
    f = with_holes(sphere(np.full(2, 4.0)), lambda x: np.any(x < 3.0, axis=-1))
    driven = drive(restarts(GROUND, [], seed=0), f, limit=3000)
    assert driven.landings
    assert driven.best < 1e-10


def test_a_kink_above_the_best_is_left_unfinished() -> None:
    f = taxicab(np.array([1.0, -2.0]))
    terrain = GROUND.region(0).terrain(BOX)
    start = np.array([3.3, 2.2])
    begin = Start(start, value_at(f, start))
    finished = drive(land(begin, terrain, np.random.default_rng(0), Pains()), f)
    left = drive(land(begin, terrain, np.random.default_rng(0), Pains(worth=-1.0)), f)
    assert finished.best < 1e-10
    assert left.evaluations < finished.evaluations


def land_on_planes(d: int, seed: int) -> tuple[Driven[Descent], float]:
    """A descent on the highest of 2 d + 2 random planes, and its minimum in the box by SciPy."""
    rng = np.random.default_rng(seed)
    slopes, heights = rng.standard_normal((2 * d + 2, d)), rng.standard_normal(2 * d + 2)
    box, start = Bounds(np.full(d, -5.0), np.full(d, 5.0)), rng.uniform(-5, 5, d)
    ground = Ground(box, np.zeros(d), np.full(d, 10.0))
    rows, limits = np.c_[slopes, -np.ones(2 * d + 2)], [*([(-5, 5)] * d), (None, None)]
    judge = linprog(np.append(np.zeros(d), 1.0), A_ub=rows, b_ub=-heights, bounds=limits)

    def f(x: Floats) -> Floats:
        return np.max(x @ slopes.T + heights, axis=-1)

    begin, terrain = Start(start, value_at(f, start)), ground.region(0).terrain(box)
    return drive(land(begin, terrain, np.random.default_rng(0), Pains()), f), float(judge.fun)


@pytest.mark.parametrize("d", [2, 3, 5, 8])
def test_at_the_lowest_corner_of_planes_a_descent_ends_to_the_last_digits(d: int) -> None:
    reached = list[bool]()
    for seed in range(10):
        driven, lowest = land_on_planes(d, seed)
        assert driven.result is not None
        soon = driven.first_below(lowest + 1e-6) <= (20 + 6 * d) * (d + 1)
        reached.append(soon and driven.result.smooth and driven.result.settled)
    assert np.mean(reached) >= 0.8


def test_with_more_inputs_than_pieces_are_told_apart_for_it_does_not() -> None:
    driven, lowest = land_on_planes(MOST_FOR_PIECES + 1, 0)
    assert driven.result is not None
    assert driven.result.value > lowest + 1e-3


def test_a_walk_that_is_told_to_give_up_is_neither_settled_nor_finished() -> None:
    f = rastrigin(np.zeros(2))
    start = np.array([3.3, 2.2])
    pains = Pains(give_up=lambda now: now.asked > 10)
    driven = drive(
        land(Start(start, value_at(f, start)), GROUND.region(0).terrain(BOX), np.random.default_rng(0), pains), f
    )
    assert driven.result is not None
    assert not driven.result.settled
    assert driven.evaluations < 30
    assert any(isinstance(event, Step) for event in driven.events)


def test_the_same_seed_asks_the_same() -> None:
    one, other = (drive(restarts(WIDE, [], seed=7), rastrigin(np.ones(2)), limit=2000) for _ in range(2))
    assert np.array_equal(one.points, other.points)
