"""What a campaign proposes: inside, new, and the same for the same data in any order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError
from blackbox.search.surrogate.field import Field
from blackbox.search.surrogate.filling import farthest
from blackbox.search.surrogate.proposing import LOOKS_AROUND, MOST_MODELLED, Known, propose

FEW = settings(max_examples=12)
seeds = st.integers(0, 2**32 - 1)


def known(rng: np.random.Generator, place: Field, n: int, pending: int = 0) -> Known:
    drawn = place.to_world(rng.random((n + pending, place.dimension)))
    values = np.cos(5 * place.to_unit(drawn[:n])).sum(axis=1) + 0.01 * rng.standard_normal(n)
    return Known(drawn[:n], values, drawn[n:])


def box(rng: np.random.Generator, d: int) -> Bounds:
    lower = rng.normal(0, 10, d) * 10.0 ** rng.integers(-3, 4, d)
    return Bounds(lower, lower + 10.0 ** rng.uniform(-3, 4, d))


@given(seeds, st.integers(1, 5), st.integers(0, 15), st.integers(0, 3))
@FEW
def test_proposals_are_inside_on_the_grid_and_new(seed: int, d: int, n: int, pending: int) -> None:
    rng = np.random.default_rng(seed)
    place = Field.of(box(rng, d))
    data = known(rng, place, n, pending)
    points = propose(data, place, 3, seed)
    assert points.shape == (3, d)
    assert place.bounds.contain(points)
    assert np.array_equal(points, place.snapped(points))
    seen = np.vstack([data.points, data.pending])
    for point in points:
        assert not place.same(seen, point).any()
        seen = np.vstack([seen, point])


@given(seeds, st.integers(1, 4), st.integers(0, 14))
@FEW
def test_the_order_of_the_data_changes_no_bit(seed: int, d: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    place = Field.of(Bounds(np.zeros(d), np.ones(d)))
    data = known(rng, place, n, 1)
    order = rng.permutation(n)
    shuffled = Known(data.points[order], data.values[order], data.pending)
    assert propose(data, place, 2, 5).tobytes() == propose(shuffled, place, 2, 5).tobytes()


def test_several_at_once_are_the_same_as_one_after_the_other() -> None:
    rng = np.random.default_rng(1)
    place = Field.of(Bounds(np.zeros(2), np.ones(2)))
    data = known(rng, place, 12)
    together = propose(data, place, 3, 0)
    for count in range(3):
        one = propose(Known(data.points, data.values, together[:count]), place, 1, 0)
        assert np.array_equal(one[0], together[count])


def test_another_seed_proposes_other_points() -> None:
    place = Field.of(Bounds(np.zeros(2), np.ones(2)))
    nothing = Known(np.empty((0, 2)), np.empty(0), np.empty((0, 2)))
    assert not np.array_equal(propose(nothing, place, 3, 0), propose(nothing, place, 3, 1))


@pytest.mark.parametrize("values", [np.full(12, np.nan), np.full(12, 2.5), np.r_[np.full(11, np.nan), 1.0]])
def test_data_that_tell_nothing_are_answered_with_distance(values: np.ndarray) -> None:
    rng = np.random.default_rng(2)
    place = Field.of(Bounds(np.zeros(3), np.ones(3)))
    data = Known(place.to_world(rng.random((12, 3))), values, np.empty((0, 3)))
    (point,) = propose(data, place, 1, 0)
    nearest = np.linalg.norm(data.points - point, axis=1).min()
    others = rng.random((200, 3))
    usual = np.median(np.linalg.norm(others[:, np.newaxis] - data.points, axis=2).min(axis=1))
    assert nearest > usual


def test_values_near_the_largest_float_are_survived() -> None:
    rng = np.random.default_rng(3)
    place = Field.of(Bounds(np.zeros(2), np.ones(2)))
    points = place.to_world(rng.random((12, 2)))
    for values in (
        rng.standard_normal(12) * 1e307,
        rng.standard_normal(12) * 1e-307,
        1e9 + rng.random(12) * 1e-6,
        np.full(12, 1e9) + np.spacing(1e9) * (np.arange(12) == 3),
        np.full(12, 5e-324) * np.arange(12),
    ):
        (point,) = propose(Known(points, values, np.empty((0, 2))), place, 1, 0)
        assert place.bounds.contain(point)


def test_failures_keep_proposals_away_but_do_not_blind_them() -> None:
    rng = np.random.default_rng(4)
    place = Field.of(Bounds(np.zeros(2), np.ones(2)))
    points = place.to_world(rng.random((25, 2)))
    values = np.sum((points - [0.7, 0.6]) ** 2, axis=1)
    values[points[:, 0] < 0.4] = np.nan
    asked = propose(Known(points, values, np.empty((0, 2))), place, 3, 0)
    assert np.all(asked[:, 0] > 0.35)


def test_a_grid_that_is_used_up_gives_what_it_has_left() -> None:
    place = Field.of(Bounds(np.zeros(2), np.ones(2)), places=0)
    data = Known(np.array([[0.0, 0.0]]), np.array([1.0]), np.empty((0, 2)))
    points = propose(data, place, 9, 0)
    assert sorted(map(tuple, points.tolist())) == [(0.0, 1.0), (1.0, 0.0), (1.0, 1.0)]
    assert propose(Known(np.vstack([data.points, points]), np.arange(4.0), np.empty((0, 2))), place, 1, 0).size == 0


def test_an_integer_grid_is_searched_to_its_best_point() -> None:
    place = Field.of(Bounds(np.zeros(1), np.full(1, 30.0)), places=0)
    points, values = np.array([[0.0], [30.0], [15.0], [8.0]]), []
    for _ in range(7):
        values = (points[:, 0] - 21) ** 2
        points = np.vstack([points, propose(Known(points, values, np.empty((0, 1))), place, 1, 0)])
    assert [21.0] in points.tolist()


def test_an_axis_of_one_value_keeps_it() -> None:
    place = Field.of(Bounds(np.array([0.0, 0.1 + 0.2]), np.array([1.0, 0.1 + 0.2])))
    rng = np.random.default_rng(0)
    points = np.column_stack([rng.random(8), np.full(8, 0.1 + 0.2)])
    asked = propose(Known(points, np.sin(points[:, 0]), np.empty((0, 2))), place, 2, 0)
    assert np.all(asked[:, 1] == 0.1 + 0.2)


@pytest.mark.long
def test_beyond_what_is_modelled_it_works_around_the_best_and_looks_around_at_times() -> None:
    rng = np.random.default_rng(5)
    place = Field.of(Bounds(np.zeros(2), np.ones(2)))
    points = place.to_world(rng.random((MOST_MODELLED + 40, 2)))
    values = np.sum((points - [0.31, 0.62]) ** 2, axis=1)
    asked = propose(Known(points, values, np.empty((0, 2))), place, 2 * LOOKS_AROUND, 0)
    near = np.linalg.norm(asked - [0.31, 0.62], axis=1) < 0.3
    assert np.sum(near) >= LOOKS_AROUND
    assert np.linalg.norm(asked - [0.31, 0.62], axis=1).min() < 0.01


@given(seeds, st.integers(1, 4))
def test_the_grid_reaches_from_end_to_end_and_no_farther(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    bounds = box(rng, d)
    for half_open in (False, True):
        place = Field.of(bounds, half_open=half_open)
        ends = place.to_world(np.array([np.zeros(d), np.ones(d)]))
        assert bounds.contain(ends)
        assert np.all(np.abs(ends - [bounds.lower, bounds.upper]) <= 2.01 * place.units)
        assert not half_open or np.all(ends[1] < bounds.upper)
        assert np.allclose(place.to_world(place.to_unit(ends)), ends, rtol=1e-12)


def test_a_half_open_box_ends_a_hair_below_one() -> None:
    place = Field.of(Bounds(np.zeros(2), np.ones(2)), half_open=True)
    assert place.to_world(np.ones((1, 2))).tolist() == [[0.999999, 0.999999]]


def test_sides_without_an_end_are_refused() -> None:
    with pytest.raises(OptionError, match="two finite ends"):
        Field.of(Bounds(np.zeros(2), np.array([1.0, np.inf])))
    with pytest.raises(OptionError, match="no number of 0 decimals lies inside"):
        Field.of(Bounds(np.full(1, 0.2), np.full(1, 0.8)), places=0)


def test_the_first_of_all_points_is_the_middle() -> None:
    assert farthest(np.empty((0, 3)), 3, np.random.default_rng(0))[0].tolist() == [0.5, 0.5, 0.5]
