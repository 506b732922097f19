"""The Gaussian process keeps the laws of one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.search.surrogate.fitting import FitOptions, fit
from blackbox.search.surrogate.likelihood import MEAN_VARIANCE, Evidence, Prior
from blackbox.search.surrogate.matern import distances, matern, squared_gaps
from blackbox.search.surrogate.posterior import Posterior
from blackbox.search.surrogate.warping import OFFSETS, scales

seeds = st.integers(0, 2**32 - 1)
dimensions = st.integers(1, 6)


def sample(seed: int, d: int, n: int = 12) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(seed)
    points = rng.random((n, d))
    values = np.sin(4 * points).sum(axis=1) + points[:, 0] ** 2
    return points, (values - values.mean()) / values.std(), rng


def thetas(rng: np.random.Generator, d: int, members: int = 3) -> np.ndarray:
    """Lengths about 0.4, signal about 1, noise about 1e-3."""
    return rng.normal(0, 0.3, (members, d + 2)) + np.array([-1.0] * d + [0.0, -7.0])


@given(seeds, dimensions)
def test_the_gradient_of_the_loss_is_the_slope_of_its_differences(seed: int, d: int) -> None:
    points, values, rng = sample(seed, d)
    evidence, theta = Evidence.of(points, values, Prior()), thetas(rng, d)
    _, slope = evidence.loss(theta)
    for axis in range(d + 2):
        step = 1e-5 * np.eye(d + 2)[axis]
        difference = (evidence.loss(theta + step)[0] - evidence.loss(theta - step)[0]) / 2e-5
        assert np.allclose(slope[:, axis], difference, rtol=1e-4, atol=1e-4)


@given(seeds, dimensions)
def test_the_loss_is_the_density_of_the_normal_distribution(seed: int, d: int) -> None:
    from scipy.stats import multivariate_normal, norm

    points, values, rng = sample(seed, d)
    theta, prior = thetas(rng, d), Prior()
    loss, _ = Evidence.of(points, values, prior).loss(theta)
    expected = []
    for row in theta:
        gaps = (points[:, np.newaxis, :] - points[np.newaxis, :, :]) / np.exp(row[:d])
        r = np.sqrt(5 * np.sum(gaps**2, axis=2))
        k = np.exp(row[d]) * (1 + r + r**2 / 3) * np.exp(-r) + MEAN_VARIANCE
        k += (np.exp(row[d + 1]) + 1e-8 * (1 + np.exp(row[d]))) * np.eye(len(points))
        told = multivariate_normal(np.zeros(len(points)), k).logpdf(values)
        expected.append(-told - norm(prior.centre(d), prior.spread(d)).logpdf(row).sum())
    assert np.allclose(np.diff(loss), np.diff(expected), rtol=1e-6, atol=1e-6)  # equal but for a constant


@given(seeds, dimensions)
def test_noiseless_data_are_interpolated_and_nothing_is_uncertain_there(seed: int, d: int) -> None:
    points, values, rng = sample(seed, d)
    theta = thetas(rng, d)
    theta[:, -1] = np.log(1e-12)
    mean, deviation = Posterior.of(theta, points, values).predict(points)
    assert np.allclose(mean, values, atol=1e-4)
    assert np.all(deviation < 1e-3)


@given(seeds, dimensions)
def test_far_from_all_data_only_the_prior_is_left(seed: int, d: int) -> None:
    points, values, rng = sample(seed, d)
    theta = thetas(rng, d)
    _, deviation = Posterior.of(theta, points, values).predict(np.full((1, d), 1e4))
    signal = np.sqrt(np.exp(theta[:, d]))
    assert np.all(deviation[:, 0] >= 0.99 * signal)
    assert np.all(deviation[:, 0] <= np.sqrt(signal**2 + MEAN_VARIANCE) * 1.01)


@given(seeds, dimensions)
def test_the_order_of_the_data_does_not_matter(seed: int, d: int) -> None:
    points, values, rng = sample(seed, d)
    theta, places, order = thetas(rng, d), rng.random((5, d)), rng.permutation(len(values))
    straight = Posterior.of(theta, points, values).predict(places)
    shuffled = Posterior.of(theta, points[order], values[order]).predict(places)
    assert np.allclose(straight, shuffled, rtol=1e-6, atol=1e-8)


@given(seeds, dimensions)
def test_slopes_of_the_prediction_are_those_of_its_differences(seed: int, d: int) -> None:
    points, values, rng = sample(seed, d)
    posterior, places = Posterior.of(thetas(rng, d), points, values), rng.random((4, d))
    mean, deviation, mean_slope, deviation_slope = posterior.predict_slopes(places)
    assert np.allclose([mean, deviation], posterior.predict(places))
    for axis in range(d):
        step = 1e-6 * np.eye(d)[axis]
        ahead, behind = posterior.predict(places + step), posterior.predict(places - step)
        assert np.allclose(mean_slope[:, :, axis], (ahead[0] - behind[0]) / 2e-6, rtol=1e-3, atol=1e-4)
        assert np.allclose(deviation_slope[:, :, axis], (ahead[1] - behind[1]) / 2e-6, rtol=1e-3, atol=1e-3)


@given(seeds, dimensions)
def test_believing_its_own_expectation_changes_no_mean_and_lessens_doubt(seed: int, d: int) -> None:
    points, values, rng = sample(seed, d)
    posterior = Posterior.of(thetas(rng, d), points, values)
    places, asked = rng.random((6, d)), rng.random((2, d))
    believing = posterior.believing(asked)
    assert np.allclose(believing.predict(places)[0], posterior.predict(places)[0], atol=1e-4)
    assert np.all(believing.predict(places)[1] <= posterior.predict(places)[1] + 1e-6)
    assert np.all(believing.predict(asked)[1] < 0.2)


@given(seeds, st.integers(1, 3), st.floats(1e-3, 1e3), st.floats(-1e3, 1e3))
def test_values_in_other_units_are_explained_alike(seed: int, d: int, factor: float, shift: float) -> None:
    points, values, _ = sample(seed, d)
    ours, scaled = fit(points, values, FitOptions(members=1), np.random.default_rng(0))
    theirs, rescaled = fit(points, factor * values + shift, FitOptions(members=1), np.random.default_rng(0))
    assert np.allclose(scaled, rescaled, rtol=1e-6, atol=1e-6)
    assert np.allclose(ours, theirs, rtol=1e-2, atol=1e-2)


def test_noise_is_told_from_a_smooth_function() -> None:
    rng = np.random.default_rng(3)
    points = rng.random((40, 2))
    smooth = np.sin(3 * points).sum(axis=1)
    noisy = smooth + 0.3 * smooth.std() * rng.standard_normal(40)
    levels = [
        float(np.exp(fit(points, values, FitOptions(members=1), rng)[0][0, -1] / 2)) for values in (smooth, noisy)
    ]
    assert levels[0] < 0.02
    assert 0.15 < levels[1] < 0.5


def test_an_input_that_does_not_matter_gets_a_long_length() -> None:
    points = np.random.default_rng(4).random((30, 2))
    theta, _ = fit(points, np.sin(6 * points[:, 0]), FitOptions(members=1), np.random.default_rng(0))
    assert theta[0, 1] > theta[0, 0] + np.log(3)


@pytest.mark.parametrize("dimension", [1, 3, 8])
def test_every_set_of_hyperparameters_is_within_its_box(dimension: int) -> None:
    points, values, rng = sample(5, dimension, 25)
    theta, _ = fit(points, values, FitOptions(), rng)
    lower, upper = Prior().box(dimension)
    assert theta.shape == (FitOptions().members, dimension + 2)
    assert np.all((theta >= lower) & (theta <= upper))


@given(seeds, dimensions)
def test_the_kernel_is_that_of_scikit_learn(seed: int, d: int) -> None:
    from sklearn.gaussian_process.kernels import Matern

    rng = np.random.default_rng(seed)
    a, b, lengths = rng.random((4, d)), rng.random((3, d)), 0.1 + rng.random(d)
    ours = matern(distances(squared_gaps(a, b), lengths[np.newaxis]))[0]
    assert np.allclose(ours, Matern(lengths, nu=2.5)(a, b))


@given(seeds)
def test_every_scale_keeps_the_order_and_tells_its_own_slope(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.sort(rng.standard_normal(9) ** 3)
    assert len(scales(values)) == 1 + 2 * len(OFFSETS)
    for scaled in scales(values):
        assert abs(scaled.values.mean()) < 1e-9
        assert scaled.values.std() == pytest.approx(1)
        assert np.all(np.diff(scaled.values) > 0)


def test_a_spike_is_even_on_a_logarithmic_scale() -> None:
    points = np.random.default_rng(6).random((12, 2))
    spike = -np.exp(-20 * np.sum((points - 0.4) ** 2, axis=1))
    _, scaled = fit(points, spike, FitOptions(members=1), np.random.default_rng(0))
    straight = scales(spike)[0].values
    assert np.std(np.diff(np.sort(scaled))) < np.std(np.diff(np.sort(straight)))
