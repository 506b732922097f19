"""The step of a difference balances truncation and rounding, at any scale."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from blackbox.gradients.steps import MACHINE, central_step, forward_step, rounding_of

powers = st.integers(-40, 40).map(lambda k: 2.0**k)
seeds = st.integers(0, 2**32 - 1)


@given(seed=seeds, unit=powers)
def test_steps_follow_the_unit_of_x(seed: int, unit: float) -> None:
    rng = np.random.default_rng(seed)
    x, scale, curvature = rng.standard_normal(3), 10 ** rng.uniform(-2, 2, 3), 10 ** rng.uniform(-2, 2, 3)
    one = forward_step(x, scale, curvature, 1e-15)
    other = forward_step(x * unit, scale * unit, curvature / unit**2, 1e-15)
    assert np.allclose(other, one * unit, rtol=1e-12)
    assert np.allclose(
        central_step(x * unit, scale * unit, 1e-15, 1.0), unit * central_step(x, scale, 1e-15, 1.0), rtol=1e-12
    )


@given(seed=seeds, unit=powers)
def test_steps_do_not_depend_on_the_unit_of_f(seed: int, unit: float) -> None:
    rng = np.random.default_rng(seed)
    x, scale, curvature = rng.standard_normal(3), 10 ** rng.uniform(-2, 2, 3), 10 ** rng.uniform(-2, 2, 3)
    value = float(rng.uniform(1, 2))
    one = forward_step(x, scale, curvature, rounding_of(value))
    other = forward_step(x, scale, curvature * unit, rounding_of(value * unit))
    assert np.allclose(other, one, rtol=1e-12)


@given(seed=seeds)
def test_a_step_is_never_lost_in_the_rounding_of_x_nor_longer_than_the_scale(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, scale = rng.standard_normal(4) * 10 ** rng.uniform(-6, 6, 4), 10 ** rng.uniform(-3, 3, 4)
    scale = np.maximum(scale, 1e-6 * np.abs(x))
    noise = float(10 ** rng.uniform(-20, 2))
    for step in (
        forward_step(x, scale, 10 ** rng.uniform(-9, 9, 4), noise),
        central_step(x, scale, noise, 1.0),
    ):
        assert np.all(step > 0)
        assert np.all(step < scale)
        assert np.all(np.abs((x + step) - x - step) <= 1e-3 * step)


def test_noise_asks_for_longer_steps() -> None:
    x, scale, curvature = np.ones(2), np.ones(2), np.ones(2)
    quiet, loud = (forward_step(x, scale, curvature, noise) for noise in (1e-15, 1e-9))
    assert np.all(loud > 100 * quiet)
    assert np.all(central_step(x, scale, 1e-9, 1.0) > 10 * central_step(x, scale, 1e-15, 1.0))


def test_an_unknown_curvature_still_gives_a_step() -> None:
    for curvature in (0.0, -1.0):
        step = forward_step(np.ones(1), np.ones(1), np.array([curvature]), 1e-15)
        assert np.isfinite(step).all()
        assert np.all(step > 0)


def test_the_rounding_level_grows_with_the_value_and_is_positive_at_zero() -> None:
    assert rounding_of(0.0) > 0
    assert rounding_of(-8.0) == 8 * rounding_of(1.0)
    assert MACHINE <= rounding_of(1.0) <= 16 * MACHINE


@given(seed=seeds, exponent=st.integers(-1000, -500), noise=st.sampled_from([0.0, 1e-300, 1e-15]))
def test_a_scale_too_small_for_squares_has_steps_of_its_own_size(seed: int, exponent: int, noise: float) -> None:
    scale = 2.0**exponent * 2 ** np.random.default_rng(seed).uniform(-1, 1, 3)
    steps = forward_step(np.zeros(3), scale, np.full(3, np.nan), noise)
    assert np.all((steps > 0) & (steps <= scale))
