"""The lowest point of the highest of several planes, against SciPy's linear and quadratic programmes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from blackbox.core.asking import Floats
from blackbox.descent.envelope import BEND, LEAST_BEND, lowest, standing_out

seeds = st.integers(0, 2**32 - 1)
dims = st.integers(1, 8)

Box = tuple[Floats, Floats]

BY_THE_BEND, IN_ANY_CASE = 0.07, 1e-8
"""Part of the depth that the curvature of the height itself may cost, and what rounding may."""


def planes(d: int, rng: np.random.Generator) -> tuple[Floats, Floats, Box]:
    """Heights and slopes of order 1, one of them at 0 as where a walk stands, and a box around 0."""
    m = int(rng.integers(1, 2 * d + 5))
    slopes, heights = rng.uniform(-1, 1, (m, d)), -rng.uniform(0, 1, m)
    heights[rng.integers(m)] = 0.0
    return heights, slopes / np.abs(slopes).max(), (-rng.uniform(0, 1, d), rng.uniform(0, 1, d))


def height(point: Floats, heights: Floats, slopes: Floats, curvature: Floats) -> float:
    return float((heights + slopes @ point).max() + point @ curvature @ point / 2)


def by_linprog(heights: Floats, slopes: Floats, box: Box) -> float:
    rows, limits = np.c_[slopes, -np.ones(len(heights))], [*zip(*box, strict=True), (None, None)]
    return float(linprog(np.append(np.zeros(slopes.shape[1]), 1.0), A_ub=rows, b_ub=-heights, bounds=limits).fun)


def by_slsqp(heights: Floats, slopes: Floats, curvature: Floats, box: Box) -> float:
    """In the form of an epigraph: the height is one more unknown."""
    above = {
        "type": "ineq",
        "fun": lambda z: z[-1] - heights - slopes @ z[:-1],
        "jac": lambda _: np.c_[-slopes, np.ones(len(heights))],
    }
    judge = minimize(
        lambda z: z[-1] + z[:-1] @ curvature @ z[:-1] / 2,
        np.zeros(slopes.shape[1] + 1),
        jac=lambda z: np.append(curvature @ z[:-1], 1.0),
        constraints=[above],
        bounds=[*zip(*box, strict=True), (None, None)],
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    return height(np.clip(judge.x[:-1], *box), heights, slopes, curvature)


@given(d=dims, seed=seeds)
def test_of_planes_in_a_box_the_lowest_point_is_that_of_scipys_linprog(d: int, seed: int) -> None:
    heights, slopes, box = planes(d, np.random.default_rng(seed))
    point, _ = lowest(heights, slopes, LEAST_BEND * np.eye(d), box)
    judge = by_linprog(heights, slopes, box)
    # The curvature that is added may turn the choice among points that are lower by no more than itself.
    assert height(point, heights, slopes, 0 * np.eye(d)) - judge <= LEAST_BEND * d / 2 + IN_ANY_CASE


@given(d=dims, seed=seeds, size=st.floats(-2, 1))
def test_on_a_bowl_no_lower_point_is_found_by_scipys_slsqp(d: int, seed: int, size: float) -> None:
    rng = np.random.default_rng(seed)
    heights, slopes, box = planes(d, rng)
    root = rng.standard_normal((d, d))
    curvature = 10**size * root @ root.T / d + LEAST_BEND * np.eye(d)
    point, _ = lowest(heights, slopes, curvature, box)
    judge = by_slsqp(heights, slopes, curvature, box)
    assert height(point, heights, slopes, curvature) - judge <= BY_THE_BEND * abs(judge) + IN_ANY_CASE


@given(d=dims, seed=seeds)
def test_the_point_lies_in_the_box_and_the_weights_are_shares_of_the_planes_that_are_highest(d: int, seed: int) -> None:
    heights, slopes, box = planes(d, np.random.default_rng(seed))
    point, weights = lowest(heights, slopes, LEAST_BEND * np.eye(d), box)
    assert np.all((box[0] <= point) & (point <= box[1]))
    assert np.all(weights >= 0)
    assert weights.sum() == pytest.approx(1.0, abs=1e-12)
    there = heights + slopes @ point
    assert np.all(weights[there < there.max() - 1e-3] == 0)


@given(d=dims, seed=seeds)
def test_inside_the_box_the_slopes_cancel_by_their_weights(d: int, seed: int) -> None:
    """Karush, Kuhn and Tucker: along an axis where no bound is met the weighted slopes and the bowl's add up to 0."""
    heights, slopes, box = planes(d, np.random.default_rng(seed))
    point, weights = lowest(heights, slopes, np.eye(d), box)
    # Of a height t the bend adds its part to the slope: the weights stand for 1 + BEND t together.
    steepness = (1 + BEND * float((heights + slopes @ point).max())) * weights @ slopes + point
    at_lower, at_upper = point <= box[0] + 1e-9, point >= box[1] - 1e-9
    assert np.all(np.abs(steepness[~at_lower & ~at_upper]) <= 1e-5)
    assert np.all(steepness[at_lower] >= -1e-5)
    assert np.all(steepness[at_upper] <= 1e-5)


@given(d=dims, seed=seeds)
def test_a_single_plane_falls_into_a_corner_of_the_box(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    slope = rng.choice([-1.0, 1.0], d) * rng.uniform(0.1, 1, d)
    box = -rng.uniform(0.1, 1, d), rng.uniform(0.1, 1, d)
    point, weights = lowest(np.zeros(1), slope[np.newaxis, :], LEAST_BEND * np.eye(d), box)
    assert point == pytest.approx(np.where(slope > 0, box[0], box[1]), abs=1e-8)
    assert weights == pytest.approx(np.ones(1))


@given(d=dims, seed=seeds, times=st.integers(2, 4))
def test_planes_that_are_given_several_times_do_no_harm(d: int, seed: int, times: int) -> None:
    heights, slopes, box = planes(d, np.random.default_rng(seed))
    flat = LEAST_BEND * np.eye(d)
    once, _ = lowest(heights, slopes, flat, box)
    often, weights = lowest(np.tile(heights, times), np.tile(slopes, (times, 1)), flat, box)
    assert height(often, heights, slopes, flat) == pytest.approx(height(once, heights, slopes, flat), abs=1e-6)
    assert weights.sum() == pytest.approx(1.0, abs=1e-12)


def test_in_a_box_without_room_nothing_moves() -> None:
    point, weights = lowest(np.zeros(2), np.array([[1.0, 0.5], [-1.0, 0.5]]), np.eye(2), (np.zeros(2), np.zeros(2)))
    assert np.array_equal(point, np.zeros(2))
    assert np.all(weights >= 0)


@given(d=dims, seed=seeds)
def test_a_plane_that_can_stand_out_is_stood_where_it_is_half_as_high_as_it_can_be(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    above = rng.standard_normal((int(rng.integers(1, d + 1)), d)) * 10 ** rng.uniform(-9, 9)
    box = -rng.uniform(0.1, 1, d), rng.uniform(0.1, 1, d)
    step = standing_out(above, box)
    unit = float(np.abs(above).max())
    most = -by_linprog(np.zeros(len(above)), -above / unit, box)
    assert np.all((box[0] <= step) & (step <= box[1]))
    assert float((above @ step).min()) / unit >= 0.45 * most - LEAST_BEND * d


@given(d=st.integers(2, 8), seed=seeds)
def test_where_a_plane_stands_out_two_others_are_rarely_as_high_as_each_other(d: int, seed: int) -> None:
    """The very best place is often on a kink of theirs, where a difference measures neither of them."""
    rng, ties = np.random.default_rng(seed), 0
    for _ in range(20):
        above = rng.uniform(0.1, 1, (2, d)) * rng.choice([-1, 1], d)
        first, second = above @ standing_out(above, (-np.ones(d), np.ones(d)))
        ties += abs(first - second) < 1e-6
    assert ties <= 1
