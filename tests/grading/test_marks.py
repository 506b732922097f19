"""From errors to parts of the points: monotone, between 0 and 1, and fair at both ends."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.grading.marks import WHOLE, between, fall
from blackbox.judging.truth import Baseline

errors = st.floats(1e-300, 1e300)
numbers = st.floats(-1e6, 1e6)


@given(errors, errors)
def test_a_larger_error_never_earns_more(one: float, other: float) -> None:
    low, high = sorted([one, other])
    assert 0 <= fall(high, 1e-4, 0.5) <= fall(low, 1e-4, 0.5) <= 1


def test_each_digit_is_worth_the_same() -> None:
    steps = np.diff([fall(error, 1e-4, 1.0) for error in (1e-1, 1e-2, 1e-3, 1e-4)])
    assert steps == pytest.approx([0.25] * 3)
    assert fall(float("inf"), 1e-4, 0.5) == fall(float("nan"), 1e-4, 0.5) == 0


def baseline(random: float, search: float) -> Baseline:
    return Baseline(random, search, np.zeros(2), 10)


@given(numbers, numbers, numbers)
def test_random_search_earns_nothing_and_ours_all(value: float, random: float, search: float) -> None:
    part = between(value, baseline(random, search))
    assert 0 <= part <= 1
    if random > search:
        assert between(random, baseline(random, search)) == 0
        assert between(search, baseline(random, search)) >= WHOLE
        assert part >= between(value + 1, baseline(random, search))


def test_where_ours_is_no_better_than_random_being_as_good_is_enough() -> None:
    assert between(1.0, baseline(1.0, 1.0)) == 1
    assert between(1.1, baseline(1.0, 1.0)) == 0
    assert between(0.5, baseline(1.0, 2.0)) == 1
    assert between(float("nan"), baseline(2.0, 1.0)) == 0
