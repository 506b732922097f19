"""The study of error bars: its judge tells the truth, and its promise holds on a small sample."""

import numpy as np
import pytest

from benchmarks.error_bars import CIRCUMSTANCES, ESTIMATORS, FORMULAS, draw, record
from benchmarks.jets import Jet, cos, exp, log, sin, sqrt, tanh


def test_jets_know_the_derivatives_of_a_formula_told_by_hand() -> None:
    x, y = Jet.inputs(np.array([0.5, 2.0]))
    found = exp(x) * y**3 / (x + 1.0) - y
    e, h = np.exp(0.5), 1 / 1.5
    assert float(found.value) == pytest.approx(8 * e * h - 2)
    assert found.gradient.astype(float) == pytest.approx([8 * e * (h - h**2), 12 * e * h - 1])
    assert found.hessian is not None
    bent = [[8 * e * (h - 2 * h**2 + 2 * h**3), 12 * e * (h - h**2)], [12 * e * (h - h**2), 12 * e * h]]
    assert found.hessian.astype(float) == pytest.approx(np.array(bent))


@pytest.mark.parametrize("function", [exp, sin, cos, log, sqrt, tanh])
def test_each_function_of_a_jet_has_its_first_and_second_derivative(function) -> None:
    (x,) = Jet.inputs(np.array([0.7]))
    found, h = function(x), 1e-4
    low, middle, high = (float(function(np.float64(0.7 + step))) for step in (-h, 0, h))
    assert float(found.value) == pytest.approx(middle)
    assert float(found.gradient[0]) == pytest.approx((high - low) / (2 * h), rel=1e-6)
    assert float(found.hessian[0, 0]) == pytest.approx((high - 2 * middle + low) / h**2, rel=1e-5)


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_has_the_same_value_in_jets_and_in_arrays(name: str) -> None:
    case = draw(name, "plain", 3, np.random.default_rng(1))
    assert float(case.truth(True).value) == pytest.approx(float(case(case.x[np.newaxis, :])[0]), rel=1e-9)


@pytest.mark.long
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_the_bars_hold_for_formulas_that_the_tests_of_the_estimators_do_not_know(estimator: str) -> None:
    circumstances = [c for c in CIRCUMSTANCES if estimator != "complex-step" or c not in ("bounds", "edge")]
    found = np.array([record(estimator, list(FORMULAS), circumstance, 5, 7) for circumstance in circumstances])
    assert found[:, 0].mean() >= 0.95
    assert np.median(found[:, 1]) <= 100
