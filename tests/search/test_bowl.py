"""A population that lies in a bowl is told from one that lies on waves, and the bowl's shape is read off it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from blackbox.search.bowl import MOST_AXES, Recent, bowl_through, is_bottom
from tests.fakes.functions import ill_conditioned, quadratic, rastrigin

seeds = st.integers(0, 2**32 - 1)
dimensions = st.integers(1, 6)


def cloud(d: int, rng: np.random.Generator) -> np.ndarray:
    return rng.uniform(-1, 1, d) + 0.1 * rng.standard_normal((3 * (d + 1) * (d + 2), d))


@given(dimensions, seeds)
@settings(max_examples=60, deadline=None)
def test_the_hessian_of_a_quadratic_is_found(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = ill_conditioned(d, 1e4, rng) if d > 1 else np.array([[3.0]])
    f = quadratic(matrix, rng.uniform(-1, 1, d))
    points = cloud(d, rng)
    hessian = bowl_through(points, f(points))
    origin, unit = f(np.zeros((1, d)))[0], np.eye(d)
    assert hessian is not None
    for axis in range(d):
        along = f(unit[axis : axis + 1])[0] + f(-unit[axis : axis + 1])[0] - 2 * origin
        assert np.isclose(hessian[axis, axis], along, rtol=1e-4, atol=1e-5 * np.abs(hessian).max())


@given(dimensions, seeds)
@settings(max_examples=60, deadline=None)
def test_a_hill_a_plain_and_noise_are_no_bowls(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = cloud(d, rng)
    assert bowl_through(points, -(points**2).sum(axis=1)) is None
    assert bowl_through(points, np.ones(len(points))) is None
    assert bowl_through(points, rng.standard_normal(len(points))) is None


def test_waves_are_no_bowl_and_each_of_them_is_one() -> None:
    f = rastrigin(np.zeros(3))
    rng = np.random.default_rng(0)
    wide, narrow = 1.5 * rng.standard_normal((60, 3)), 0.05 * rng.standard_normal((60, 3))
    assert bowl_through(wide, f(wide)) is None
    assert bowl_through(narrow, f(narrow)) is not None


def test_points_in_a_plane_show_no_bowl() -> None:
    points = np.random.default_rng(0).standard_normal((60, 3)) * np.array([1.0, 1.0, 0.0])
    assert bowl_through(points, (points**2).sum(axis=1)) is None


def test_the_bottom_of_a_ripple_does_not_explain_a_wide_cloud() -> None:
    f = rastrigin(np.zeros(2))
    rng = np.random.default_rng(1)
    hessian = (2 + 40 * np.pi**2) * np.eye(2)
    wide, narrow = 2 * rng.standard_normal((30, 2)), 0.02 * rng.standard_normal((30, 2))
    assert not is_bottom(np.zeros(2), 0.0, hessian, wide, f(wide))
    assert is_bottom(np.zeros(2), 0.0, hessian, narrow, f(narrow))


def test_recent_points_are_looked_at_when_enough_of_them_are_new() -> None:
    rng = np.random.default_rng(2)
    recent, told = Recent(2), []
    for _ in range(12):
        points = rng.standard_normal((6, 2))
        recent.add(points, (points**2).sum(axis=1))
        told.append(recent.bowl() is not None)
    assert not any(told[:2])
    assert all(told[3:])
    assert recent.bowl() is None


def test_failed_evaluations_are_left_out() -> None:
    points = np.random.default_rng(3).standard_normal((18, 2))
    values = (points**2).sum(axis=1)
    values[::3] = np.nan
    recent = Recent(2)
    recent.add(points, values)
    hessian = recent.bowl()
    assert hessian is not None
    assert np.allclose(hessian, 2 * np.eye(2), atol=1e-6)


def test_beyond_a_dozen_axes_nothing_is_fitted() -> None:
    recent = Recent(MOST_AXES + 1)
    points = np.random.default_rng(4).standard_normal((1000, MOST_AXES + 1))
    recent.add(points, (points**2).sum(axis=1))
    assert recent.bowl() is None
