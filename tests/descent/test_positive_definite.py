"""Equations with a positive definite matrix."""

import numpy as np
import pytest

from blackbox.descent.positive_definite import FEW, solve_positive


@pytest.mark.parametrize("d", [1, 2, 5, FEW, FEW + 1, 20])
def test_the_solution_solves_the_equations(d: int) -> None:
    rng = np.random.default_rng(d)
    root = rng.standard_normal((d, d))
    matrix, vector = root @ root.T + np.eye(d), rng.standard_normal(d)
    kept, asked = matrix.copy(), vector.copy()
    assert np.allclose(matrix @ solve_positive(matrix, vector), vector, rtol=0, atol=1e-9)
    assert np.array_equal(matrix, kept)
    assert np.array_equal(vector, asked)


@pytest.mark.parametrize("d", [2, FEW, FEW + 1])
@pytest.mark.parametrize("last", [-1.0, 0.0])
def test_a_matrix_that_is_not_positive_definite_is_refused(d: int, last: float) -> None:
    with pytest.raises(np.linalg.LinAlgError):
        solve_positive(np.diag([*np.ones(d - 1), last]), np.ones(d))
