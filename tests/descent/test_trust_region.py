"""The step within a radius against the conditions that define it and SciPy's minimiser."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.descent.trust_region import LONGER, restricted_step
from tests.fakes.functions import ill_conditioned

seeds = st.integers(0, 2**32 - 1)
dimensions = st.integers(1, 12)


@given(d=dimensions, condition=st.floats(0, 8), part=st.floats(0.001, 0.9), seed=seeds)
def test_no_step_of_its_length_promises_more(d: int, condition: float, part: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    hessian, gradient = ill_conditioned(d, 10.0**condition, rng), rng.standard_normal(d)
    radius = part * float(np.linalg.norm(np.linalg.solve(hessian, gradient)))
    step = restricted_step(hessian, gradient, radius)
    length = float(np.linalg.norm(step))
    assert radius * (1 - 1e-6) <= length <= LONGER * radius * (1 + 1e-6)
    others = rng.standard_normal((200, d))
    others *= length / np.linalg.norm(others, axis=1, keepdims=True)
    promised = others @ gradient + np.einsum("ij,jk,ik->i", others, hessian, others) / 2
    best = float(step @ gradient + step @ hessian @ step / 2)
    assert best <= promised.min() + 1e-9 * abs(best)


@given(d=dimensions, part=st.floats(0.01, 0.9), seed=seeds)
def test_it_solves_a_shifted_system(d: int, part: float, seed: int) -> None:
    """(H + m I) s = −g with one m > 0: the residual is along the step."""
    rng = np.random.default_rng(seed)
    hessian, gradient = ill_conditioned(d, 1e3, rng), rng.standard_normal(d)
    radius = part * float(np.linalg.norm(np.linalg.solve(hessian, gradient)))
    step = restricted_step(hessian, gradient, radius)
    missing = -(gradient + hessian @ step)
    multiplier = float(missing @ step) / float(step @ step)
    assert multiplier > 0
    assert np.allclose(missing, multiplier * step, rtol=0, atol=1e-9 * np.linalg.norm(gradient))


def test_what_is_known_is_walked_in_full() -> None:
    """One axis is steep and known, the other next to flat: the step takes the first to its minimum."""
    step = restricted_step(np.diag([1e4, 1e-4]), np.array([1e4, 1.0]), 2.0)
    assert abs(step[0] + 1) < 1e-2
    assert abs(step[1]) > 1.7


def test_a_matrix_that_rounding_made_singular_gives_a_step() -> None:
    along = np.array([1.0, 2.0, -1.0]) * 100
    step = restricted_step(np.outer(along, along), np.array([1.0, -3.0, 5.0]), 0.1)
    assert np.isfinite(step).all()
    assert 0.1 <= np.linalg.norm(step) <= 0.11


@pytest.mark.parametrize("curvature", [0.0, -1e-9, 1e-300, -1e-320])
@pytest.mark.parametrize("d", [1, 3])
def test_where_nothing_bends_the_step_is_as_long_as_it_may_be(curvature: float, d: int) -> None:
    gradient = np.linspace(1e6, 2e6, d)
    step = restricted_step(curvature * np.eye(d), gradient, 0.5)
    assert np.isfinite(step).all()
    assert 0.1 <= np.linalg.norm(step) <= 0.53
    assert gradient @ step < 0


@given(d=dimensions, exponent=st.floats(280, 308), radius=st.floats(-300, 10).map(lambda e: 10.0**e), seed=seeds)
def test_a_step_is_finite_whatever_the_unit_of_f(d: int, exponent: float, radius: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    unit = 10.0**exponent
    hessian = unit * (ill_conditioned(d, 10.0, rng) / 20)
    assert np.isfinite(restricted_step(hessian, unit * rng.uniform(-1, 1, d), radius)).all()
