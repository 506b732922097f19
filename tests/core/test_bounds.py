"""A box holds what it says, and says which axis is wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.bounds import FARTHEST, Bounds
from blackbox.core.errors import OptionError, UsageError

coordinates = st.floats(-1e12, 1e12)
boxes = st.lists(st.tuples(coordinates, coordinates).map(sorted), min_size=1, max_size=5)


@given(pairs=boxes)
def test_pairs_that_go_in_come_out(pairs: list[list[float]]) -> None:
    bounds = Bounds.from_pairs(pairs, len(pairs))
    assert bounds.pairs() == pairs
    assert bounds.dimension == len(pairs)
    assert bounds.finite
    assert not bounds.absent


@pytest.mark.parametrize("dimension", [1, 2, 7])
def test_one_pair_stands_for_every_axis(dimension: int) -> None:
    assert Bounds.from_pairs([(-5, 5)], dimension).pairs() == [[-5.0, 5.0]] * dimension


def test_none_and_infinity_both_mean_no_bound() -> None:
    by_none = Bounds.from_pairs([(None, 1), (0, None), (None, None)], 3)
    by_infinity = Bounds.from_pairs([(-np.inf, 1), (0, np.inf), (-np.inf, np.inf)], 3)
    assert by_none.pairs() == by_infinity.pairs() == [[-np.inf, 1.0], [0.0, np.inf], [-np.inf, np.inf]]
    assert not by_none.finite
    assert not by_none.absent


def test_the_whole_space_has_no_bound_at_all() -> None:
    space = Bounds.unbounded(3)
    assert space.absent
    assert not space.finite
    assert space.contain(np.array([[-1e300, 0.0, 1e300]]))


@pytest.mark.parametrize(
    ("pairs", "named"),
    [
        ([(0, 1), (1, 0)], "bounds[1]=(1.0, 0.0)"),
        ([(float("nan"), 1), (0, 1)], "bounds[0]"),
        ([(0, 1), (0, float("nan"))], "bounds[1]"),
        ([(0, 1), (np.inf, np.inf)], "bounds[1]"),
        ([(-np.inf, -np.inf), (0, 1)], "bounds[0]"),
        ([(0, 1), 5], "bounds[1]=5"),
        ([("low", "high"), (0, 1)], "bounds[0]"),
        ([(0, 1), (0, 1, 2)], "bounds[1]"),
        ([(0, 1, 2), (0, 1)], "bounds[0]"),
    ],
)
def test_an_impossible_pair_is_named_with_its_axis(pairs: list[object], named: str) -> None:
    with pytest.raises(OptionError) as caught:
        Bounds.from_pairs(pairs, 2)
    assert str(caught.value).startswith(named)


@pytest.mark.parametrize("count", [0, 2, 4])
def test_a_wrong_number_of_pairs_tells_both_numbers(count: int) -> None:
    with pytest.raises(UsageError) as caught:
        Bounds.from_pairs([(0, 1)] * count, 3)
    assert str(count) in str(caught.value)
    assert "3" in str(caught.value)


def test_a_single_point_is_a_box() -> None:
    bounds = Bounds.from_pairs([(2, 2), (0, 1)], 2)
    assert bounds.contain(np.array([[2.0, 0.5]]))
    assert not bounds.contain(np.array([[2.0 + 1e-12, 0.5]]))


@given(pairs=boxes, seed=st.integers(0, 2**32 - 1))
def test_clipped_points_are_contained_and_contained_points_stay(pairs: list[list[float]], seed: int) -> None:
    bounds = Bounds.from_pairs(pairs, len(pairs))
    rng = np.random.default_rng(seed)
    points = rng.standard_normal((20, len(pairs))) * 10 ** rng.uniform(-3, 15, (20, 1))
    clipped = bounds.clip(points)
    assert bounds.contain(clipped)
    assert np.array_equal(bounds.clip(clipped), clipped)
    inside = np.all((points >= bounds.lower) & (points <= bounds.upper), axis=1)
    assert np.array_equal(clipped[inside], points[inside])


@given(coordinate=st.floats(allow_nan=False))
def test_without_bounds_clipping_keeps_coordinates_finite(coordinate: float) -> None:
    clipped = float(Bounds.unbounded(1).clip(np.array([[coordinate]]))[0, 0])
    assert abs(clipped) <= FARTHEST
    assert np.isfinite(clipped**2)
    assert clipped == coordinate or abs(coordinate) > FARTHEST


def test_one_point_outside_is_enough_not_to_be_contained() -> None:
    bounds = Bounds.from_pairs([(0, 1)], 2)
    assert bounds.contain(np.array([[0.0, 1.0], [0.5, 0.5]]))
    assert not bounds.contain(np.array([[0.0, 1.0], [0.5, 1.5]]))
    assert bounds.contain(np.array([0.0, 1.0]))


def test_only_far_apart_ends_on_one_side_of_zero_span_decades() -> None:
    bounds = Bounds.from_pairs([(1e-3, 1.0), (-5.0, -1e-9), (0.0, 1.0), (1.0, 900.0), (1e-3, None), (-1.0, 1e6)], 6)
    assert bounds.span_decades.tolist() == [True, True, False, False, False, False]
    lengths = bounds.lengths_at(np.array([0.2, -3.0, 0.5, 2.0, 7.0, 1.0]))
    assert lengths.tolist() == [0.2, 3.0, 1.0, 899.0, np.inf, 1e6 + 1]
