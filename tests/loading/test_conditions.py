import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.bounds import Bounds
from blackbox.loading.calling import Calling, CallStyle, discover
from blackbox.loading.conditions import Conditions
from tests.fakes.calls import Calls, describe

ENDS = st.floats(-1e9, 1e9)
PAIRS = st.tuples(ENDS, ENDS).map(sorted)
OPEN = st.one_of(PAIRS, ENDS.map(lambda low: [low, np.inf]), ENDS.map(lambda high: [-np.inf, high]))
POINTS = st.lists(st.floats(-100, 100), min_size=1, max_size=4)


@given(POINTS, OPEN)
def test_no_point_stays_outside_the_bounds(point, pair):
    moved = Conditions(Bounds.from_pairs([pair], 1)).inside(np.array(point))
    assert np.all((pair[0] <= moved) & (moved <= pair[1]))


@given(POINTS, OPEN)
def test_a_coordinate_inside_stays_where_it_is(point, pair):
    x = np.array(point)
    moved = Conditions(Bounds.from_pairs([pair], 1)).inside(x)
    kept = (pair[0] <= x) & (x <= pair[1])
    assert np.array_equal(moved[kept], x[kept])


@given(POINTS, st.integers(-1000, 1000), st.integers(0, 50))
def test_whole_numbers_stay_whole_inside_the_bounds(point, low, width):
    box = Bounds.from_pairs([(low - 0.5, low + width + 0.5)], 1)
    moved = Conditions(box).inside(np.rint(np.array(point)), whole=True)
    assert np.array_equal(moved, np.rint(moved))
    assert np.all((low <= moved) & (moved <= low + width))


def test_bounds_of_another_number_of_inputs_say_nothing():
    x = np.array([0.5, 0.6, 0.7])
    assert np.array_equal(Conditions(Bounds.from_pairs([(5, 6), (5, 6)], 2)).inside(x), x)


def strict(x):
    """Has values between 5 and 10 alone, and is no function of scalars."""
    if not all(5 <= v <= 10 for v in x):
        raise AssertionError(f"asked at {x}")
    return sum((v - 6) ** 2 for v in x)


THREE = Bounds.from_pairs([(5, 10)] * 3, 3)


@pytest.mark.parametrize(
    "conditions", [Conditions(THREE), Conditions(None, np.array([7.0, 8.0, 9.0])), Conditions(THREE, np.zeros(3))]
)
def test_bounds_or_a_start_tell_the_number_of_inputs_in_one_trial(conditions):
    calls = Calls(strict)
    found = discover(calls, describe(strict), None, None, conditions)
    assert isinstance(found, Calling)
    assert (found.style, found.dimension, found.trials, calls.count) == (CallStyle.ARRAY, 3, 1, 1)


def test_one_pair_of_bounds_leaves_the_number_open_and_is_never_left():
    found = discover(Calls(strict), describe(strict), None, None, Conditions(Bounds.from_pairs([(5, 10)], 1)))
    assert isinstance(found, Calling)
    assert found.dimension == 2


def test_a_number_that_bounds_tell_and_the_function_refuses_is_looked_for_all_the_same():
    def pair(x):
        a, b = x
        return a + b

    found = discover(Calls(pair), describe(pair), None, None, Conditions(THREE))
    assert isinstance(found, Calling)
    assert found.dimension == 2
