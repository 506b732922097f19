"""The certificate of one point, against closed forms; no process, no oracle."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackbox.answer.certificate import Certificate, Kind
from blackbox.answer.certify import Surroundings, certify, cost_of_certificate, least_cost
from blackbox.core.bounds import Bounds
from tests.fakes.drive import drive, value_at
from tests.fakes.functions import ill_conditioned, quadratic, rastrigin, rosenbrock, sphere, taxicab

PLENTY = 5000


def certified(
    surface: Callable,
    x: np.ndarray,
    bounds: Bounds | None = None,
    allowance: int = PLENTY,
    noise: float = 0.0,
    extent: np.ndarray | None = None,
) -> Certificate:
    box = Bounds.unbounded(x.size) if bounds is None else bounds
    width = box.upper - box.lower
    usual = np.where(np.isfinite(width), width, np.maximum(np.abs(x), 1.0))
    around = Surroundings(box, usual if extent is None else extent, noise)
    driven = drive(certify(x, value_at(surface, x), around, allowance), surface)
    assert driven.result is not None
    assert driven.evaluations == driven.result.evaluations <= allowance
    return driven.result


@given(seed=st.integers(0, 10_000), d=st.integers(1, 4))
@settings(max_examples=30, deadline=None)
def test_eigenvalues_of_a_quadratic_lie_within_the_error_told(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    center, matrix = rng.uniform(-5, 5, d), ill_conditioned(d, 1e3, rng)
    found = certified(quadratic(matrix, center), center)
    assert found.kind is Kind.INTERIOR
    assert found.eigenvalues is not None
    wrong = np.abs(found.eigenvalues - np.linalg.eigvalsh(matrix)).max()
    assert wrong <= found.eigenvalue_error
    assert found.eigenvalue_error < 1e-3 * np.linalg.norm(matrix)


@pytest.mark.parametrize(
    ("surface", "x", "kind"),
    [
        (rosenbrock, [1.0, 1.0], Kind.INTERIOR),
        (rastrigin(np.array([2.0, 3.0])), [2.0, 3.0], Kind.INTERIOR),
        (taxicab(np.array([2.0, 3.0])), [2.0, 3.0], Kind.KINK),
        (sphere(np.zeros(2)), [1.0, 1.0], Kind.SLOPE),
        (taxicab(np.zeros(2)), [1.0, 1.0], Kind.SLOPE),
        (lambda p: p[..., 0] ** 2 - p[..., 1] ** 2, [0.0, 0.0], Kind.SADDLE),
        (lambda p: np.floor(np.abs(p)).sum(-1), [0.3, 0.4], Kind.STAIRS),
        (lambda p: np.full(p.shape[:-1], 4.0), [0.3, 0.4], Kind.PLATEAU),
        (lambda p: 1e10 + np.sum((p - 2) ** 2, -1), [2.0, 2.0], Kind.INTERIOR),
        (lambda p: np.where(p[..., 0] < 1, np.nan, np.sum(p**2, -1)), [1.0, 0.0], Kind.EDGE),
        (lambda p: np.where(p.sum(-1) < 1, np.nan, np.sum(p**2, -1)), [0.5, 0.5], Kind.EDGE),
    ],
)
def test_kinds(surface: Callable, x: list[float], kind: Kind) -> None:
    assert certified(surface, np.array(x)).kind is kind


@pytest.mark.parametrize(("corner", "slopes", "free"), [([0.0, 0.0], (1.0, 2.0), 0), ([0.0, 1.0], (1.0, 0.0), 1)])
def test_at_a_bound_the_curvatures_are_those_of_the_free_axes(corner: list[float], slopes: tuple, free: int) -> None:
    box = Bounds(np.zeros(2), np.full(2, 3.0))
    bowl = free * 3.0

    def surface(p: np.ndarray) -> np.ndarray:
        return slopes[0] * p[..., 0] + slopes[1] * p[..., 1] + bowl * (p[..., 1] - 1) ** 2

    found = certified(surface, np.array(corner), box)
    assert found.kind is Kind.BOUND
    assert found.gradient == pytest.approx(slopes, abs=1e-6)
    if free:
        assert found.eigenvalues == pytest.approx([6.0], rel=1e-6)
    else:
        assert found.eigenvalues is None


def test_at_a_bound_from_which_f_falls_inward_there_is_no_minimum() -> None:
    box = Bounds(np.zeros(2), np.full(2, 3.0))
    assert certified(sphere(np.ones(2)), np.zeros(2), box).kind is Kind.SLOPE


def test_axes_with_one_value_have_no_slope() -> None:
    box = Bounds(np.array([1.0, -5.0]), np.array([1.0, 5.0]))
    found = certified(sphere(np.array([0.0, 2.0])), np.array([1.0, 2.0]), box)
    assert found.kind is Kind.INTERIOR
    assert found.gradient is not None
    assert np.isnan(found.gradient[0])
    assert found.eigenvalues == pytest.approx([2.0], rel=1e-6)


@given(allowance=st.integers(0, 400), d=st.integers(1, 4))
@settings(deadline=None)
def test_the_allowance_is_never_exceeded_and_what_it_lacks_is_told(allowance: int, d: int) -> None:
    found = certified(sphere(np.full(d, 0.3)), np.full(d, 0.3), allowance=allowance)
    if allowance < least_cost(d):
        assert (found.kind, found.evaluations) == (Kind.UNKNOWN, 0)
    if found.kind is Kind.UNKNOWN or found.eigenvalues is None:
        assert "too few evaluations" in found.note
    if allowance >= cost_of_certificate(d) + 40:
        assert found.kind is Kind.INTERIOR
        assert found.eigenvalues is not None


@pytest.mark.parametrize("seed", range(3))
def test_with_noise_the_bars_are_wide_enough(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sigma = 1e-4
    found = certified(
        lambda p: np.sum((p - 1) ** 2, -1) + sigma * rng.standard_normal(p.shape[:-1]),
        np.array([1.0, 1.0]),
        Bounds(np.full(2, -3.0), np.full(2, 4.0)),
        noise=sigma,
    )
    assert found.kind is Kind.INTERIOR
    assert found.gradient is not None
    assert found.gradient_error is not None
    assert np.all(np.abs(found.gradient) <= found.gradient_error)


def test_the_other_sign_turns_slopes_and_curvatures() -> None:
    found = certified(quadratic(np.diag([1.0, 4.0]), np.ones(2)), np.ones(2)).in_sign(-1.0)
    assert found.eigenvalues == pytest.approx([-4.0, -1.0], rel=1e-6)
    assert found.in_sign(1.0) is found


ASIDE = 1e-13
"""So far, in parts of x, the minimum lies from the point: some hundred roundings."""


def bowl_in_decades(p: np.ndarray) -> np.ndarray:
    return np.sum((p / DECADES - 1 + ASIDE) ** 2, axis=-1)


DECADES = 10.0 ** np.array([-2.3, 1.1, -3.7])


def test_a_slope_of_some_roundings_is_none_even_where_no_curvatures_can_be_paid() -> None:
    found = certified(bowl_in_decades, DECADES, extent=DECADES, allowance=200)
    assert found.eigenvalues is None
    assert found.gradient is not None
    assert np.all(found.gradient > found.gradient_error)
    assert found.kind is Kind.INTERIOR
    off = DECADES * np.array([1.01, 1.0, 1.0])
    assert certified(bowl_in_decades, off, extent=off, allowance=200).kind is Kind.SLOPE


def test_the_place_of_a_kink_on_a_slope_is_no_minimum_where_no_curvatures_can_be_paid() -> None:
    off = np.array([1.0, 1.0])
    assert certified(taxicab(np.zeros(2)), off, allowance=least_cost(2) + 30).kind in (Kind.SLOPE, Kind.UNKNOWN)
