"""Derivatives of live callables, with SciPy and closed forms as judges."""

import sys

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.differentiate import derivative

import blackbox
from blackbox.core.errors import OptionError, UsageError
from blackbox.gradients.check import Fault
from blackbox.gradients.hessian import Critical
from tests.gradients.test_differences import Smooth

METHODS = ["forward", "backward", "central", "richardson", "complex-step"]
seeds = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("method", METHODS)
def test_each_method_agrees_with_the_closed_form_within_its_bar(method: str) -> None:
    for seed in range(8):
        f = Smooth(1 + seed % 4, 1.0, 1.0, seed)
        found = blackbox.gradient(f, f.x, method)
        assert np.all(np.abs(found.gradient - f.gradient(f.x)) <= 3 * found.error)
        assert np.abs(found.gradient - scipy.optimize.approx_fprime(f.x, f)).max() < 1e-5 * (1 + np.abs(f.x).max())


@given(x=st.floats(-3, 3), a=st.floats(0.2, 3))
@settings(max_examples=15)
def test_in_one_dimension_it_agrees_with_scipys_derivative(x: float, a: float) -> None:
    found = blackbox.gradient(lambda p: np.exp(np.sin(a * p[0])), [x], "richardson")
    theirs = derivative(lambda p: np.exp(np.sin(a * p)), x)
    assert abs(found.gradient[0] - theirs.df) <= 2 * found.error[0] + 10 * theirs.error + 1e-12


@given(seed=seeds)
@settings(max_examples=10)
def test_a_jacobian_has_a_gradient_in_each_row(seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix, x = rng.standard_normal((3, 2)), rng.uniform(-1, 1, 2)
    calls = []

    def fun(p):
        calls.append(1)
        return np.sin(matrix @ p) + p[0] * p[1]

    found = blackbox.jacobian(fun, x)
    truth = np.cos(matrix @ x)[:, np.newaxis] * matrix + np.array([x[1], x[0]])
    assert found.matrix.shape == (3, 2)
    assert np.all(np.abs(found.matrix - truth) <= 3 * found.error)
    assert found.evaluations == len(calls)


def test_hessian_direction_critical_point_and_check_from_python() -> None:
    def f(p):
        return p[0] ** 2 + 3 * p[0] * p[1] + p[1] ** 2

    assert blackbox.hessian(f, [1, 2]).matrix == pytest.approx(np.array([[2, 3], [3, 2]]), abs=1e-6)
    along = blackbox.directional_derivative(f, [1, 2], [3, 4])
    assert along.value == pytest.approx((8 * 3 + 7 * 4) / 5, abs=along.error + 1e-9)
    assert blackbox.critical_point(f, [0, 0]) is Critical.SADDLE
    assert blackbox.critical_point(f, [1, 2]) is Critical.NOT_CRITICAL
    assert blackbox.check_gradient(f, [1, 2], lambda _: np.array([8.0, 7.0])).holds
    assert blackbox.check_gradient(f, [1, 2], [8.4, 7]).fault is Fault.ONE_SIDED


def test_what_makes_no_sense_is_named() -> None:
    with pytest.raises(UsageError, match="no finite number"):
        blackbox.gradient(lambda _: float("nan"), [1.0])
    with pytest.raises(UsageError, match="no finite number"):
        blackbox.hessian(lambda _: float("nan"), [1.0])
    with pytest.raises(OptionError, match="direction="):
        blackbox.directional_derivative(sum, [1.0, 2.0], [0.0, 0.0])
    with pytest.raises(OptionError, match="method="):
        blackbox.gradient(sum, [1.0], "upward")
    with pytest.raises(OptionError, match="step="):
        blackbox.gradient(sum, [1.0], step=-1.0)
    with pytest.raises(OptionError, match="claimed="):
        blackbox.check_gradient(sum, [1.0, 2.0], [1.0])
    with pytest.raises(UsageError, match="complex arrays"):
        blackbox.gradient(lambda p: float(p[0]), [1.0], "complex-step")


def test_scipy_can_use_our_search_as_its_method() -> None:
    def rosen(x, a):
        return (a - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2

    found = scipy.optimize.minimize(
        rosen, [-1.0, 2.0], args=(1.0,), method=blackbox.scipy_method, options={"budget": 4000, "seed": 3}
    )
    assert found.x == pytest.approx([1, 1], abs=1e-5)
    assert found.nfev <= 4000
    boxed = scipy.optimize.minimize(
        rosen,
        [-1.0, 0.2],
        args=(1.0,),
        method=blackbox.scipy_method,
        bounds=[(-2, 0.5), (0, 2)],
        options={"maxfev": 3000},
    )
    assert boxed.x == pytest.approx([0.5, 0.25], abs=1e-5)
    assert "scipy" in sys.modules


def test_scipys_tolerance_is_no_option_of_ours_and_an_unknown_one_is_warned_of() -> None:
    quiet = {"method": blackbox.scipy_method, "options": {"budget": 50}}
    assert scipy.optimize.minimize(lambda x: x @ x, [1.0], tol=1e-3, **quiet).nfev <= 50
    quiet["options"] = {"budget": 50, "maxiter": 3}
    with pytest.warns(scipy.optimize.OptimizeWarning, match="Unknown solver options: maxiter"):
        scipy.optimize.minimize(lambda x: x @ x, [1.0], **quiet)
