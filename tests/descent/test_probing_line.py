"""The line search of the probing-gradient walk on parabolas, whose bottoms are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.bounds import Bounds
from blackbox.descent.line_ahead import LineAhead, Ray
from blackbox.descent.probing import Iterate
from blackbox.descent.probing_line import FARTHER, line_search
from blackbox.descent.terrain import Terrain
from tests.fakes.drive import Driven, Surface, drive

LINE = Terrain(Bounds.unbounded(1), np.ones(1))


def searched(f: Surface, start: float, slope: float, step: float) -> Driven[Ray]:
    x = np.array([start])
    now = Iterate(x, float(f(x[np.newaxis, :])[0]), np.array([slope]), np.eye(1), 1.0, 0)
    return drive(line_search(LineAhead(now, np.array([step]), LINE)), f)


def bowl(x: np.ndarray) -> np.ndarray:
    return (x[..., 0] - 1.0) ** 2


@pytest.mark.parametrize("step", [1.7, 1.9, 2.5, 7.0])
def test_a_step_too_far_is_brought_back_to_the_bottom_of_the_parabola(step: float) -> None:
    driven = searched(bowl, 0.0, -2.0, step)
    assert driven.result is not None
    assert driven.result.value < 1e-20
    assert driven.evaluations == 2


@pytest.mark.parametrize("step", [0.01, 0.1, 0.3])
def test_a_step_that_was_cut_short_runs_on_until_the_bottom_is_not_much_farther(step: float) -> None:
    driven = searched(bowl, 0.0, -2.0, step)
    assert driven.result is not None
    assert 1 / FARTHER <= driven.result.point[0] <= 1.0
    assert driven.evaluations <= 5


def test_a_newton_step_that_was_right_costs_one_evaluation() -> None:
    driven = searched(bowl, 0.0, -2.0, 1.0)
    assert driven.result is not None
    assert (driven.result.value, driven.evaluations) == (0.0, 1)


@pytest.mark.parametrize(("step", "asked"), [(0.7, 1), (0.6, 2)])
def test_a_step_that_fell_short_by_half_runs_on_and_one_that_nearly_arrived_does_not(step: float, asked: int) -> None:
    assert searched(bowl, 0.0, -2.0, step).evaluations == asked


@given(step=st.floats(1e-6, 1e3), slope=st.floats(-10, -0.1), wave=st.floats(0, 30))
def test_it_never_ends_higher_and_tells_what_it_asked(step: float, slope: float, wave: float) -> None:
    def f(x: np.ndarray) -> np.ndarray:
        return x[..., 0] ** 2 + slope * x[..., 0] + np.sin(wave * x[..., 0]) * 0.1

    driven = searched(f, 0.0, slope, step)
    assert driven.result is not None
    assert driven.result.value <= 0.0
    assert driven.result.asked == driven.evaluations
