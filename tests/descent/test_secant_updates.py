"""Updates of the Hessian: symmetric, positive definite, true along the step; and one that forgets faster."""

from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Floats
from blackbox.descent.secant_updates import LOWEST, bfgs_update, preconvex_update, self_scaled
from tests.fakes.functions import ill_conditioned

seeds = st.integers(0, 2**32 - 1)
dimensions = st.integers(1, 10)
conditions = st.floats(0, 6).map(lambda exponent: 10.0**exponent)
UPDATES = (bfgs_update, preconvex_update)


@given(d=dimensions, condition=conditions, seed=seeds)
def test_an_update_is_symmetric_positive_definite_and_meets_the_secant_equation(
    d: int, condition: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    before, truth = ill_conditioned(d, condition, rng), ill_conditioned(d, 100.0, rng)
    moved = rng.standard_normal(d)
    change = truth @ moved
    for update in UPDATES:
        after = update(before, moved, change)
        size = float(np.linalg.norm(before, 2) + np.linalg.norm(after, 2))
        assert np.array_equal(after, after.T)
        assert np.linalg.norm(after @ moved - change) <= 1e-12 * size * np.linalg.norm(moved)
        assert np.linalg.eigvalsh(after).min() > -1e-13 * size


@given(d=dimensions, seed=seeds)
def test_an_update_is_refused_where_the_slope_does_not_rise_along_the_step(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    before, moved = ill_conditioned(d, 10.0, rng), rng.standard_normal(d)
    for change in (-moved, np.zeros(d)):
        assert all(np.array_equal(update(before, moved, change), before) for update in UPDATES)


@given(d=dimensions, seed=seeds)
def test_an_update_along_what_the_matrix_already_knows_changes_nothing(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix, moved = ill_conditioned(d, 100.0, rng), rng.standard_normal(d)
    for update in UPDATES:
        assert np.allclose(update(matrix, moved, matrix @ moved), matrix, rtol=0, atol=1e-10)


@given(d=st.integers(2, 10), seed=seeds)
def test_where_a_step_shows_more_curvature_than_believed_both_are_one(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    before, moved = ill_conditioned(d, 100.0, rng), rng.standard_normal(d)
    change = 3.0 * before @ moved
    assert np.array_equal(preconvex_update(before, moved, change), bfgs_update(before, moved, change))


@given(d=st.integers(2, 10), seed=seeds)
def test_what_is_believed_too_steep_is_lowered_sooner_than_by_bfgs(d: int, seed: int) -> None:
    """Both meet the same steps of a quadratic that bends a hundred times less than was believed."""
    rng = np.random.default_rng(seed)
    truth = ill_conditioned(d, 10.0, rng)
    steps = rng.standard_normal((2 * d, d))
    left = [_too_steep(update, truth, steps) for update in (preconvex_update, bfgs_update)]
    assert left[0] <= left[1] * (1 + 1e-9)


def _too_steep(update: Callable[[Floats, Floats, Floats], Floats], truth: Floats, steps: Floats) -> float:
    """The trace that is left of a belief a hundred times too steep."""
    belief = 100.0 * truth
    for moved in steps:
        belief = update(belief, moved, truth @ moved)
    return float(np.trace(belief))


@given(d=st.integers(2, 6), exponent=st.integers(-980, 900), seed=seeds)
def test_an_update_is_the_same_whatever_the_unit_of_f(d: int, exponent: int, seed: int) -> None:
    """Powers of two change no digit; near a minimum of height 0 numbers have squares too small for a float."""
    rng = np.random.default_rng(seed)
    before, moved = ill_conditioned(d, 10.0, rng), rng.standard_normal(d)
    change = before @ moved / 3
    unit = 2.0**exponent
    after = preconvex_update(unit * before, moved, unit * change) / unit
    assert np.allclose(after, preconvex_update(before, moved, change), rtol=0, atol=1e-9)


@given(d=st.integers(1, 10), part=st.floats(LOWEST, 0.99), longer=st.floats(1, 5), seed=seeds)
def test_after_a_whole_step_through_what_bends_less_the_hessian_is_lowered_everywhere(
    d: int, part: float, longer: float, seed: int
) -> None:
    """Where all curvatures are the same part of what was believed, the truth is all that is left."""
    rng = np.random.default_rng(seed)
    before, gradient = ill_conditioned(d, 100.0, rng), rng.standard_normal(d)
    moved = -longer * np.linalg.solve(before, gradient)
    assert np.allclose(self_scaled(before, gradient, moved, part * before @ moved), part * before, rtol=1e-9)


@given(d=st.integers(1, 10), seed=seeds)
def test_the_hessian_stays_where_the_step_was_cut_short_or_shows_no_less_curvature(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    before, gradient = ill_conditioned(d, 100.0, rng), rng.standard_normal(d)
    newton = -np.linalg.solve(before, gradient)
    for moved, change in (
        (0.9 * newton, 0.1 * before @ newton),
        (newton, 2 * before @ newton),
        (newton, -before @ newton),
        (newton, np.full(d, np.nan)),
        (1e-200 * newton, 0.1e-200 * before @ newton),
    ):
        assert self_scaled(before, gradient, moved, change) is before


def test_a_step_onto_a_plateau_does_not_lower_the_hessian_to_nothing() -> None:
    gradient = np.array([1.0, 0.0])
    assert np.allclose(self_scaled(np.eye(2), gradient, -gradient, np.array([-1e-300, 0.0])), LOWEST * np.eye(2))
