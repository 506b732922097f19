"""Regions without bounds grow in levels around the start; a box is one region."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.bounds import Bounds
from blackbox.search.ground import Ground, useful_reach
from blackbox.search.regions import LEVEL_GROWTH, LEVELS, MOST_LEVELS

reaches = st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=5).map(np.array)


@given(reach=reaches, k=st.integers(0, 12))
def test_each_level_is_four_times_the_last_around_the_start(reach: np.ndarray, k: int) -> None:
    ground = Ground(Bounds.unbounded(reach.size), np.full(reach.size, 3.0), reach)
    near, far = ground.region(k), ground.region(k + 1)
    assert np.allclose(far.width, LEVEL_GROWTH * near.width)
    assert np.allclose((near.lower + near.upper) / 2, ground.start, rtol=1e-6, atol=1e-9 * far.width.max())


@given(reach=reaches, k=st.integers(0, 12), part=st.floats(0.3, 0.99))
def test_the_level_of_a_point_holds_it_and_the_one_before_does_not(reach: np.ndarray, k: int, part: float) -> None:
    ground = Ground(Bounds.unbounded(reach.size), np.zeros(reach.size), reach)
    point = part * reach * LEVEL_GROWTH**k
    level = ground.level_of(point)
    assert level == k
    assert np.all(np.abs(point) <= reach * LEVEL_GROWTH**level)


def test_levels_grow_while_far_landings_pay_and_not_for_ever() -> None:
    ground = Ground(Bounds.unbounded(2), np.zeros(2), np.ones(2))
    counts = [ground.levels(np.full(2, 10.0**e)) for e in range(0, 40, 2)]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (LEVELS, MOST_LEVELS)


def test_a_box_is_one_region_at_every_level() -> None:
    box = Bounds.from_pairs([(-1, 2), (0, 5)], 2)
    ground = Ground(box, np.zeros(2), np.ones(2))
    for k in range(5):
        assert np.array_equal(ground.region(k).lower, box.lower)
        assert np.array_equal(ground.region(k).upper, box.upper)
    assert ground.level_of(np.array([2.0, 5.0])) == 0
    assert ground.levels(np.full(2, 1e9)) == 1


def test_a_half_open_box_is_never_left() -> None:
    bounds = Bounds.from_pairs([(0, None), (None, 3)], 2)
    ground = Ground(bounds, np.array([1.0, 1.0]), np.ones(2))
    rng = np.random.default_rng(0)
    for k in range(MOST_LEVELS):
        assert bounds.contain(ground.region(k).sample(50, rng))


def test_a_reach_is_never_nothing() -> None:
    assert np.all(useful_reach(np.array([0.0, 1e-300, 5.0])) > 0)
    assert useful_reach(np.array([5.0]))[0] == 5.0
