"""Linear regression on the same walks as everything else, with numpy's least squares as the judge."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import blackbox
from blackbox.core.errors import OptionError
from blackbox.learn.fitting import Epochs, fit_batch, fit_by_samples
from blackbox.learn.lesson import heights_and_weights, lesson
from blackbox.learn.linear import Normalisation, Samples, cost, costs, normal_equations, predict, slopes

seeds = st.integers(0, 2**32 - 1)


def made(seed: int, n: int = 40, k: int = 1, scatter: float = 0.1) -> Samples:
    rng = np.random.default_rng(seed)
    features = rng.standard_normal((n, k))
    targets = features @ rng.uniform(-2, 2, k) + rng.uniform(-1, 1) + scatter * rng.standard_normal(n)
    return Samples(features, targets)


@given(seed=seeds, k=st.integers(1, 5))
def test_both_partial_derivatives_are_those_of_the_cost(seed: int, k: int) -> None:
    samples, theta = made(seed, k=k), np.random.default_rng(seed).uniform(-2, 2, k + 1)
    found = blackbox.gradient(lambda at: cost(at, samples), theta)
    assert np.all(np.abs(found.gradient - slopes(theta, samples)) <= 3 * found.error + 1e-12)
    assert costs(theta[np.newaxis, :], samples)[0] == pytest.approx(cost(theta, samples))


@given(seed=seeds, k=st.integers(1, 6))
def test_the_normal_equations_are_numpys_least_squares_and_nothing_is_lower(seed: int, k: int) -> None:
    samples, rng = made(seed, k=k), np.random.default_rng(seed)
    theta = normal_equations(samples)
    closed = np.linalg.solve(samples.design.T @ samples.design, samples.design.T @ samples.targets)
    assert theta == pytest.approx(closed, abs=1e-8)
    for _ in range(5):
        assert cost(theta + 0.1 * rng.standard_normal(k + 1), samples) >= cost(theta, samples)


@given(seed=seeds, k=st.integers(1, 3))
@settings(max_examples=10)
def test_batch_descent_reaches_the_least_squares_line(seed: int, k: int) -> None:
    samples = made(seed, k=k)
    fit = fit_batch(samples, learning_rate=0.2, steps=400, slope=1e-8)
    assert fit.theta == pytest.approx(normal_equations(samples), abs=1e-5)
    assert fit_batch(samples, "bfgs", slope=1e-7).theta == pytest.approx(normal_equations(samples), abs=1e-5)


@pytest.mark.parametrize("batch", [1, 8, 40])
def test_stochastic_and_mini_batch_descent_reach_it_within_their_noise(batch: int) -> None:
    samples = made(3)
    options = Epochs(learning_rate=0.05 if batch == 1 else 0.2, epochs=40, batch=batch, decay=0.01)
    fit = fit_by_samples(samples, options)
    best = cost(normal_equations(samples), samples)
    assert fit.costs[-1] <= 1.1 * best
    assert fit.theta == pytest.approx(normal_equations(samples), abs=0.05)
    assert fit_by_samples(samples, options).theta.tolist() == fit.theta.tolist()


def test_normalisation_gives_the_same_line_in_far_fewer_steps() -> None:
    samples = made(5, n=60, k=2)
    stretched = Samples(samples.features * np.array([1.0, 1e4]) + np.array([3.0, 5e4]), samples.targets)
    scale = Normalisation.of(stretched.features)
    normal = Samples(scale.apply(stretched.features), stretched.targets)
    quick = fit_batch(normal, learning_rate=0.3, steps=60)
    largest = 2 * np.linalg.eigvalsh(stretched.design.T @ stretched.design / len(stretched.targets))[-1]
    slow = fit_batch(stretched, learning_rate=1.0 / largest, steps=600)
    best = cost(normal_equations(stretched), stretched)
    assert cost(scale.undo(quick.theta), stretched) <= best * (1 + 1e-6)
    assert slow.costs[-1] > 1.5 * best
    features = stretched.features[:5]
    assert predict(scale.undo(quick.theta), features) == pytest.approx(predict(quick.theta, scale.apply(features)))


def test_the_lesson_tells_the_line_and_what_it_predicts() -> None:
    told = "\n".join(lesson())
    theta = normal_equations(heights_and_weights())
    assert f"{theta[0]:.4f}" in told
    assert "a person of 180 cm" in told
    assert theta[0] == pytest.approx(0.9, abs=0.2)


def test_samples_and_options_that_make_no_sense_are_named() -> None:
    with pytest.raises(OptionError, match="samples="):
        Samples.of([[1.0], [2.0]], [1.0])
    for field in ("learning_rate", "epochs", "batch"):
        with pytest.raises(OptionError, match=f"{field}="):
            Epochs(**{field: 0})
