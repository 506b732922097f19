"""Linear equations with a positive definite matrix: Cholesky's factor, then two triangular systems.

(Golub & Van Loan 2013, algorithm 4.2.1.)
"""

from math import sqrt

import numpy as np

from blackbox.core.asking import Floats

FEW = 8
"""Up to so many unknowns plain floats are faster than calls of LAPACK, which cost more than they compute."""


def solve_positive(matrix: Floats, vector: Floats) -> Floats:
    """`matrix`⁻¹ `vector`, shape `(d,)`. Raises `LinAlgError` where the matrix is not positive definite."""
    if vector.size == 2:
        return np.array(_solve_two(matrix.tolist(), vector.tolist()))
    if vector.size <= FEW:
        return np.array(_solve_few(matrix.tolist(), vector.tolist()))
    factor = np.linalg.cholesky(matrix)
    return np.asarray(np.linalg.solve(factor.T, np.linalg.solve(factor, vector)), dtype=np.float64)


def _solve_two(rows: list[list[float]], right: list[float]) -> tuple[float, float]:
    """What `_solve_few` does for two unknowns, without its loops, which take three quarters of its time there."""
    (first, _), (beside, second) = rows
    if first <= 0:
        raise np.linalg.LinAlgError("Matrix is not positive definite")
    first = sqrt(first)
    beside, x = beside / first, right[0] / first
    second -= beside * beside
    if second <= 0:
        raise np.linalg.LinAlgError("Matrix is not positive definite")
    second = sqrt(second)
    y = (right[1] - beside * x) / second / second
    return (x - beside * y) / first, y


def _solve_few(rows: list[list[float]], right: list[float]) -> list[float]:
    """The same in plain floats; the lower triangle of `rows` becomes the factor, `right` the solution."""
    for i, row in enumerate(rows):
        square, known = row[i], right[i]
        for j in range(i):
            above, entry = rows[j], row[j]
            for k in range(j):
                entry -= row[k] * above[k]
            row[j] = entry = entry / above[j]
            square -= entry * entry
            known -= entry * right[j]
        if square <= 0:
            raise np.linalg.LinAlgError("Matrix is not positive definite")
        row[i] = sqrt(square)
        right[i] = known / row[i]
    for i in range(len(rows) - 1, -1, -1):
        row = rows[i]
        right[i] = solved = right[i] / row[i]
        for k in range(i):
            right[k] -= row[k] * solved
    return right
