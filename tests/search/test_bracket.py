"""One valley of one input: for every number of questions within one of Fibonacci's optimum."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.search.bracket import narrow
from tests.fakes.drive import Driven, drive

FIBONACCI = [0, 1]
while len(FIBONACCI) < 80:
    FIBONACCI.append(FIBONACCI[-1] + FIBONACCI[-2])

VALLEYS = {
    "kink": lambda x, c: abs(x - c),
    "steep and shallow": lambda x, c: 5 * (x - c) if x > c else 0.01 * (c - x),
    "quartic": lambda x, c: (x - c) ** 4,
    "cusp": lambda x, c: abs(x - c) ** 0.3,
    "jump": lambda x, c: (x - c) ** 2 if x < c else 3 + x,
    "parabola": lambda x, c: (x - c) ** 2,
}


def narrowed(f, low: float = 0.0, high: float = 1.0) -> Driven:
    return drive(narrow(low, high, lambda x: np.array([x])), lambda p: np.array([f(v) for v in p[:, 0]]))


@given(shape=st.sampled_from(sorted(VALLEYS)), c=st.floats(0, 1))
def test_every_number_of_questions_is_worth_those_of_fibonacci_less_one(shape: str, c: float) -> None:
    driven = narrowed(lambda x: VALLEYS[shape](x, c))
    xs, values = driven.points[:, 0], driven.values
    for k in range(2, min(len(xs), 55) + 1):
        best = xs[:k][np.argmin(values[:k])]
        left = max([0.0, *xs[:k][xs[:k] < best]])
        right = min([1.0, *xs[:k][xs[:k] > best]])
        assert right - left <= 1 / FIBONACCI[k] + 1e-12
        assert abs(best - c) <= 1 / FIBONACCI[k + 1] + 1e-12


@pytest.mark.parametrize("c", [0.1, 0.37, 0.5, 0.77])
def test_fourteen_questions_of_a_smooth_valley_are_worth_more_than_fibonaccis(c: float) -> None:
    driven = narrowed(lambda x: math.cosh(x - c))
    best = driven.points[:14][np.argmin(driven.values[:14]), 0]
    assert abs(best - c) < 1 / FIBONACCI[15] / 3
    assert abs(driven.points[np.argmin(driven.values), 0] - c) < 1e-6


def test_a_second_valley_or_a_failure_ends_it_at_once() -> None:
    two = narrowed(lambda x: 5 if x < 0.3 else 1 if x < 0.4 else 10 if x < 0.6 else 2)
    assert two.result is not None
    assert not two.result.unimodal
    assert two.evaluations < 20
    assert narrowed(lambda x: math.nan if x > 0.6 else x).evaluations < 5
    assert narrowed(lambda _: math.nan).evaluations == 1


@given(exponent=st.integers(-1000, -100), c=st.floats(0.1, 0.9))
def test_a_valley_whose_numbers_are_too_small_for_products_is_narrowed_all_the_same(exponent: int, c: float) -> None:
    unit = 2.0**exponent
    driven = narrowed(lambda x: unit * (x / unit - c) ** 2, 0.0, unit)
    assert np.abs(driven.points[:, 0] / unit - c).min() < 1e-3
