"""The checks hold at minima and fail at points that are none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.answer.checks import Place, Verified, cost_of_checks, verify
from blackbox.core.asking import Floats
from blackbox.core.bounds import Bounds
from tests.fakes.drive import Surface, drive, value_at
from tests.fakes.functions import SIAM_4, ill_conditioned, quadratic, rosenbrock, siam_4, two_basins

seeds = st.integers(0, 2**32 - 1)
dimensions = st.integers(1, 6)


def verified(f: Surface, x: Floats, bounds: Bounds | None = None, value: float | None = None) -> Verified:
    known = value_at(f, x) if value is None else value
    magnitude = max(abs(known), 1.0)
    driven = drive(verify(Place(x, known, magnitude), bounds or Bounds.unbounded(x.size)), f)
    assert driven.result is not None
    assert driven.evaluations <= cost_of_checks(x.size)
    assert (bounds or Bounds.unbounded(x.size)).contain(driven.points)
    return driven.result


def holds(checks: Verified, name: str) -> bool:
    (check,) = [check for check in checks.checks if check.name == name]
    assert check.detail
    return check.holds


@given(d=dimensions, condition=st.floats(0, 4).map(lambda e: 10.0**e), seed=seeds, level=st.floats(-100, 100))
def test_at_the_minimum_of_a_quadratic_every_check_holds(d: int, condition: float, seed: int, level: float) -> None:
    rng = np.random.default_rng(seed)
    center = rng.standard_normal(d)
    f = quadratic(ill_conditioned(d, condition, rng), center)
    found = verified(lambda x: f(x) + level, center)
    assert [check.name for check in found.checks if not check.holds] == []
    assert found.noise == 0


@given(d=dimensions, condition=st.floats(0, 3).map(lambda e: 10.0**e), seed=seeds)
def test_away_from_the_minimum_the_gradient_is_not_zero(d: int, condition: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    center = rng.standard_normal(d)
    f = quadratic(ill_conditioned(d, condition, rng), center)
    away = rng.standard_normal(d)
    found = verified(f, center + 0.1 * away / np.linalg.norm(away))
    assert not holds(found, "gradient-is-zero")
    assert holds(found, "value-repeats")


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (rosenbrock, [1.0, 1.0]),
        (rosenbrock, [1.0] * 10),
        (two_basins, [750.0, 500.0]),
        (lambda x: np.sum(x**4, axis=-1), [0.0, 0.0]),
        (lambda x: 0 * x[..., 0] + 3, [1.0, 2.0]),
    ],
)
def test_at_known_minima_the_gradient_is_zero(f: Surface, x: list[float]) -> None:
    assert holds(verified(f, np.array(x)), "gradient-is-zero")


def test_at_the_minimum_of_siam_4_the_gradient_is_zero() -> None:
    x = np.array([-0.02440307923, 0.21061242727])
    assert abs(value_at(siam_4, x) - SIAM_4) < 1e-12
    assert holds(verified(siam_4, x), "gradient-is-zero")


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (rosenbrock, [0.9, 0.81]),
        (two_basins, [700.0, 500.0]),
        (siam_4, [0.0, 0.21]),
        (lambda x: -np.sum(x**2, axis=-1), [0.0, 0.0]),
        (lambda x: x[..., 0] ** 2 - x[..., 1] ** 2, [0.0, 0.0]),
    ],
)
def test_on_slopes_tops_and_saddles_the_check_of_the_gradient_or_of_the_neighbours_fails(
    f: Surface, x: list[float]
) -> None:
    found = verified(f, np.array(x) + 1e-3)
    assert not all(check.holds for check in found.checks)


@given(d=dimensions, seed=seeds)
def test_at_a_bound_the_slope_may_push_outward_but_not_inward(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    slope = rng.choice([-1, 1], d) * rng.uniform(0.1, 10, d)
    box = Bounds(-rng.uniform(0.5, 2, d), rng.uniform(0.5, 2, d))
    corner = np.where(slope > 0, box.lower, box.upper)
    assert holds(verified(lambda x: x @ slope, corner, box), "gradient-is-zero")
    wrong = corner.copy()
    wrong[0] = box.upper[0] if slope[0] > 0 else box.lower[0]
    assert not holds(verified(lambda x: x @ slope, wrong, box), "gradient-is-zero")
    assert not holds(verified(lambda x: x @ slope, (box.lower + box.upper) / 2, box), "gradient-is-zero")


def test_a_slope_that_ends_at_a_hole_is_no_fault_but_one_that_leads_on_is() -> None:
    """f has no values for x < 1."""

    def edged(x: Floats) -> Floats:
        return np.where(x[..., 0] < 1, np.nan, x[..., 0] + x[..., 1] ** 2)

    assert holds(verified(edged, np.array([1.0, 0.0])), "gradient-is-zero")
    assert not holds(verified(edged, np.array([1.5, 0.0])), "gradient-is-zero")
    assert not holds(verified(lambda x: -edged(x), np.array([1.0, 0.0])), "gradient-is-zero")


@pytest.mark.parametrize("height", [1.0, 1e6])
def test_a_slope_that_ends_at_a_cliff_is_no_fault_and_is_told(height: float) -> None:
    """Lowest on the near side of a cliff: a penalty outside of what is allowed."""

    def f(x: Floats) -> Floats:
        return np.where(x[:, 0] > 1.0, height, 0.0) + (x[:, 0] - 2.0) ** 2 + x[:, 1] ** 2

    (check,) = [check for check in verified(f, np.array([1.0, 0.0])).checks if check.name == "gradient-is-zero"]
    assert check.holds
    assert "1 of 2 beside a jump" in check.detail
    assert float(check.detail.split()[2]) < 1e-3
    away = verified(f, np.array([0.9, 0.0]))
    assert not holds(away, "gradient-is-zero")


def test_what_cancelled_to_a_small_value_is_rounding_and_no_noise() -> None:
    """A sum of waves of size 1e6 that meets near 0: its roundings are those of 1e6."""
    x = np.array([0.3, 0.7])

    def cancelling(p: Floats) -> Floats:
        return (1e6 + np.sum((p - x) ** 2, axis=-1)) - 1e6

    driven = drive(verify(Place(x, value_at(cancelling, x), 1e6), Bounds.unbounded(2)), cancelling)
    assert driven.result is not None
    assert driven.result.noise == 0


def test_a_kink_is_no_noise() -> None:
    assert verified(lambda x: np.sum(np.abs(x - 1e-10), axis=-1), np.zeros(2)).noise == 0


def test_a_point_outside_the_bounds_is_told() -> None:
    box = Bounds.from_pairs([(0, 1)], 1)
    driven = drive(verify(Place(np.array([2.0]), 4.0, 4.0), box), lambda x: x[..., 0] ** 2)
    assert driven.result is not None
    assert not holds(driven.result, "inside-bounds")


def test_a_value_that_does_not_repeat_is_told_with_both_values() -> None:
    found = verified(lambda x: np.sum(x**2, axis=-1) + 1, np.zeros(2), value=0.5)
    assert not holds(found, "value-repeats")
    (check,) = [check for check in found.checks if check.name == "value-repeats"]
    assert "1" in check.detail
    assert "0.5" in check.detail
    failed = verified(lambda x: np.nan * x[..., 0], np.zeros(2), value=0.5)
    assert not holds(failed, "value-repeats")


@pytest.mark.parametrize("sigma", [1e-8, 1e-4, 1e-1])
def test_noise_is_measured_within_a_factor_5_in_most_of_40_trials(sigma: float) -> None:
    near = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        level = verified(lambda x: np.sum(x**2, axis=-1) + 1 + sigma * rng.standard_normal(len(x)), np.zeros(2)).noise
        near += sigma / 5 < level < 5 * sigma
    assert near >= 34


def test_a_skewed_minimum_of_height_0_in_a_box_over_decades_has_no_large_gradient() -> None:
    """0 has no roundings, and a box over decades is no length of f's: a step that trusts either is far too long."""
    at = np.array([5e-3, 12.5])
    box = Bounds(np.full(2, 1e-6), np.full(2, 1e4))
    checks = verified(lambda p: np.sum(np.log(p / at) ** 2, axis=-1), at, box, 0.0)
    (check,) = [check for check in checks.checks if check.name == "gradient-is-zero"]
    assert check.holds
    assert float(check.detail.split()[2]) < 1e-3
