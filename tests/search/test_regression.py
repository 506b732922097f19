"""Fits to noisy values: judged by NumPy's and SciPy's least squares, by closed forms, and by what was promised."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import lsq_linear

from blackbox.core.bounds import Bounds
from blackbox.search.regression import DEAF, LOSS, MOST_FULL, ROUNDS, Refined, refine
from tests.fakes.drive import Driven, Surface, drive
from tests.fakes.functions import ill_conditioned, quadratic, sphere

dimensions, seeds = st.integers(1, 5), st.integers(0, 2**32 - 1)


def terms(d: int) -> int:
    """Coefficients of a quadratic; beyond eight inputs of one without mixed terms."""
    return (d + 1) * (d + 2) // 2 if d <= MOST_FULL else 2 * d + 1


def with_noise(f: Surface, level: float, rng: np.random.Generator) -> Surface:
    return lambda p: f(p) + level * rng.standard_normal(len(p))


def refined(f: Surface, start: Refined, noise: float, seed: int, bounds: Bounds | None = None) -> Driven[Refined]:
    rng = np.random.default_rng(seed)
    driven = drive(refine(start, noise, bounds or Bounds.unbounded(start.point.size), rng), f)
    assert driven.result is not None
    return driven


def around(point: np.ndarray, half: float) -> Refined:
    return Refined(point, np.full(point.size, half))


def fitted_minimum(points: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Where the least-squares quadratic has its minimum, by NumPy alone."""
    d = points.shape[1]
    squares = [points[:, i] * points[:, j] for i in range(d) for j in range(i, d)]
    coefficients = np.linalg.lstsq(np.column_stack([np.ones(len(points)), points, *squares]), values)[0]
    hessian, rest = np.zeros((d, d)), iter(coefficients[d + 1 :])
    for i in range(d):
        for j in range(i, d):
            hessian[i, j] += next(rest)
    return np.linalg.solve(hessian + hessian.T, -coefficients[1 : d + 1])


@given(dimensions, seeds)
def test_a_quadratic_is_solved_by_its_first_fit(d: int, seed: int) -> None:
    """No noise to speak of: three values for each coefficient."""
    rng = np.random.default_rng(seed)
    center = rng.uniform(-0.7, 0.7, d)
    driven = refined(quadratic(ill_conditioned(d, 10.0, rng), center), around(np.zeros(d), 1.0), 1e-6, seed)
    assert driven.result.point == pytest.approx(center, abs=1e-5)
    assert driven.evaluations == 3 * terms(d)


@given(dimensions, seeds)
def test_the_first_fit_is_the_least_squares_fit_of_numpy(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    f = quadratic(ill_conditioned(d, 5.0, rng), rng.uniform(-0.4, 0.4, d))
    driven = refined(with_noise(f, 0.02, rng), around(np.zeros(d), 1.0), 0.02, seed)
    if len(driven.questions) == 1:
        assert driven.result.point == pytest.approx(fitted_minimum(driven.points, driven.values), abs=1e-5)


def test_most_fits_of_a_clear_bowl_are_the_first() -> None:
    """So that the test above judges something."""
    once = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        f = with_noise(sphere(rng.uniform(-0.4, 0.4, 3)), 0.02, rng)
        once += len(refined(f, around(np.zeros(3), 1.0), 0.02, seed).questions) == 1
    assert once >= 15


@given(dimensions, seeds)
def test_within_bounds_the_minimum_is_that_of_the_bounded_problem(d: int, seed: int) -> None:
    """(x − c)ᵀ A (x − c) / 2 = ‖L ᵀ(x − c)‖² / 2 with A = L Lᵀ: SciPy solves it with bounds."""
    rng = np.random.default_rng(seed)
    matrix, center = ill_conditioned(d, 10.0, rng), rng.uniform(-1.5, 1.5, d)
    low = rng.uniform(-1.0, -0.2, d)
    bounds = Bounds(low, low + rng.uniform(0.3, 1.2, d))
    root = np.linalg.cholesky(matrix).T
    truth = lsq_linear(root, root @ center, (bounds.lower, bounds.upper), method="bvls").x
    start = around(bounds.clip(np.zeros(d)), 1.0)
    driven = refined(quadratic(matrix, center), start, 1e-6, seed, bounds)
    assert driven.result.point == pytest.approx(truth, abs=1e-4)
    assert bounds.contain(driven.points)
    assert bounds.contain(driven.result.point)


@given(st.integers(1, 3), seeds, st.floats(3.0, 15.0))
def test_a_minimum_outside_the_region_is_walked_to(d: int, seed: int, far: float) -> None:
    rng = np.random.default_rng(seed)
    center = far * rng.choice([-1.0, 1.0], d)
    driven = refined(quadratic(ill_conditioned(d, 5.0, rng), center), around(np.zeros(d), 1.0), 1e-6, seed)
    assert driven.result.point == pytest.approx(center, abs=1e-5)
    # A step leads to the edge of the region at most, and the next region is at most twice as wide.
    assert 2.0 ** len(driven.questions) - 1 >= far
    assert len(driven.questions) <= np.log2(far) + 3


@pytest.mark.parametrize("d", [2, 3])
def test_the_mean_loss_is_the_part_of_the_noise_that_was_promised(d: int) -> None:
    """Noise of a few tenths of the rise: one fit is not enough, and the walk has to tell by itself how many are."""
    losses, noise = [], 0.3
    for seed in range(250):
        rng = np.random.default_rng((d, seed))
        f = quadratic(ill_conditioned(d, 3.0, rng), rng.uniform(-0.3, 0.3, d))
        driven = refined(with_noise(f, noise, rng), around(np.zeros(d), 1.0), noise, seed)
        losses.append(float(f(driven.result.point)) / noise)
    assert np.mean(losses) <= 1.25 * LOSS
    assert np.mean(losses) >= LOSS / 4  # no more care than was asked for


@given(st.integers(1, 3), seeds, st.sampled_from([1e-3, 1e-2, 1e-1]))
def test_a_region_too_small_to_hear_anything_grows_until_it_does(d: int, seed: int, small: float) -> None:
    """Over a region of half width r, Σ x² rises by d r² at most: the noise hides it while that is below 4 of it."""
    rng = np.random.default_rng(seed)
    noise = 0.25
    driven = refined(with_noise(sphere(np.zeros(d)), noise, rng), around(np.zeros(d), small), noise, seed)
    radius = driven.result.radius
    assert radius.min() == radius.max()
    assert np.log2(radius[0] / small) == pytest.approx(np.rint(np.log2(radius[0] / small)))
    assert radius[0] >= np.sqrt(DEAF * noise / d) / 4
    assert np.abs(driven.result.point).max() <= 2.0


def test_a_rise_that_is_no_more_than_noise_leads_nowhere() -> None:
    """Three values for each coefficient of a fit to noise alone: it rises by four standard deviations now and then."""
    stayed = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        driven = refined(with_noise(lambda p: np.zeros(len(p)), 1.0, rng), around(np.ones(2), 0.01), 1.0, seed)
        stayed += all(np.abs(asked - 1).max() <= 0.01 * 2**turn for turn, asked in enumerate(driven.questions[:8]))
    assert stayed >= 20


@given(st.integers(1, 2), seeds)
def test_where_no_quadratic_fits_the_region_shrinks(d: int, seed: int) -> None:
    """cosh is none over ±8, and one near its minimum."""
    center = np.random.default_rng(seed).uniform(-2.0, 2.0, d)
    noise = 1e-3
    rng = np.random.default_rng(seed)

    def f(p: np.ndarray) -> np.ndarray:
        return np.cosh(p - center).sum(axis=-1) - d

    driven = refined(with_noise(f, noise, rng), around(np.zeros(d), 8.0), noise, seed)
    assert driven.result.radius.max() <= 2.0
    assert f(driven.result.point) <= 3 * noise


@given(st.integers(1, 3), seeds)
def test_growth_ends_at_the_width_of_the_box(d: int, seed: int) -> None:
    bounds = Bounds(np.zeros(d), np.full(d, 3.0))
    rng = np.random.default_rng(seed)
    driven = refined(with_noise(lambda p: np.zeros(len(p)), 1.0, rng), around(np.ones(d), 0.01), 1.0, seed, bounds)
    assert driven.result.radius.max() <= 3.0
    assert bounds.contain(driven.points)


@given(seeds)
def test_beyond_eight_inputs_a_sum_is_still_solved_with_two_terms_an_input(seed: int) -> None:
    d = MOST_FULL + 2
    rng = np.random.default_rng(seed)
    center = rng.uniform(-0.7, 0.7, d)
    bends = rng.uniform(1.0, 10.0, d)
    driven = refined(quadratic(np.diag(bends), center), around(np.zeros(d), 1.0), 1e-6, seed)
    assert driven.result.point == pytest.approx(center, abs=1e-6)
    assert driven.evaluations == 3 * terms(d)


@given(st.integers(1, 3), seeds)
def test_failed_values_are_left_out(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    center = rng.uniform(-0.5, 0.5, d)
    f = quadratic(ill_conditioned(d, 5.0, rng), center)
    driven = refined(lambda p: np.where(rng.random(len(p)) < 0.4, np.nan, f(p)), around(np.zeros(d), 1.0), 1e-6, seed)
    assert driven.result.point == pytest.approx(center, abs=1e-5)


def test_where_everything_fails_it_ends_where_it_began() -> None:
    driven = refined(lambda p: np.full(len(p), np.nan), around(np.ones(2), 1.0), 0.1, 0)
    assert driven.result.point.tolist() == [1.0, 1.0]
    assert len(driven.questions) == ROUNDS


@given(st.integers(1, 4), seeds, st.sampled_from(["bowl", "plane", "flat", "kink"]), st.floats(1e-3, 10.0))
def test_the_fits_end_of_themselves(d: int, seed: int, shape: str, noise: float) -> None:
    f: Surface = {
        "bowl": lambda p: (p**2).sum(axis=-1),
        "plane": lambda p: p.sum(axis=-1),
        "flat": lambda p: np.zeros(len(p)),
        "kink": lambda p: np.abs(p).sum(axis=-1),
    }[shape]
    rng = np.random.default_rng(seed)
    driven = refined(with_noise(f, noise, rng), around(np.full(d, 0.3), 1.0), noise, seed)
    assert len(driven.questions) <= ROUNDS
    # 3, 6, 12, 24, 48 values for each coefficient.
    assert max(len(question) for question in driven.questions) <= 48 * terms(d)
    assert np.isfinite(driven.result.point).all()
    assert (driven.result.radius > 0).all()
