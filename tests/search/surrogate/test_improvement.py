"""log EI is the logarithm of what improvement is to be expected."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from blackbox.search.surrogate.improvement import FAR, log_gain, log_improvement


@pytest.mark.parametrize("z", [-8.0, -3.0, -1.0, 0.0, 0.7, 4.0])
def test_it_is_the_integral_of_the_improvement(z: float) -> None:
    from scipy.integrate import quad
    from scipy.stats import norm

    expected, _ = quad(lambda t: (z - t) * norm.pdf(t), -np.inf, z, epsabs=0, epsrel=1e-10)
    assert float(log_gain(np.array([z]))[0][0]) == pytest.approx(np.log(expected), rel=1e-7)


@given(st.floats(-1e6, 30))
def test_it_is_finite_and_its_ratios_are_its_slope(z: float) -> None:
    step = 1e-6 * max(1.0, abs(z))
    assume(abs(z - FAR) > 2 * step)  # where two formulas meet they differ by their last digits
    logs, below, density = log_gain(np.array([z - step, z, z + step]))
    assert np.isfinite([logs, below, density]).all()
    assert below[1] == pytest.approx((logs[2] - logs[0]) / (2 * step), rel=1e-4, abs=1e-6)


@given(st.floats(-60, 5))
def test_it_rises(z: float) -> None:
    logs = log_gain(np.array([z, z + 0.01]))[0]
    assert logs[0] < logs[1]


def test_the_series_takes_over_without_a_step() -> None:
    logs, below, density = log_gain(np.array([FAR - 1e-9, FAR + 1e-9]))
    assert logs[0] == pytest.approx(logs[1], abs=1e-6)
    assert below[0] == pytest.approx(below[1], rel=1e-4)
    assert density[0] == pytest.approx(density[1], rel=1e-4)


@given(st.floats(-2, 2), st.floats(0.01, 3), st.floats(-2, 2))
def test_it_is_the_mean_of_many_draws(mean: float, deviation: float, best: float) -> None:
    draws = mean + deviation * np.random.default_rng(0).standard_normal(200_000)
    gains = np.maximum(best - draws, 0)
    found = float(np.exp(log_improvement(np.array([[best]]), np.array([[mean]]), np.array([[deviation]])))[0, 0])
    assert found == pytest.approx(gains.mean(), abs=5 * gains.std() / np.sqrt(len(gains)) + 1e-4 * deviation)
