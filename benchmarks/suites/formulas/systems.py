"""Systems of equations as sums of squares: Moré, Garbow & Hillstrom 1981 (MGH) by number."""

from collections.abc import Callable

import numpy as np

from benchmarks.suites.formulas.classic_function import Classic, axis_numbers, scalable
from blackbox.core.asking import Point, Points, Values

Residuals = Callable[[Points], Points]


def _shifted(x: Points, by: int) -> Points:
    """The neighbour's coordinate, 0 beyond the ends."""
    moved = np.zeros_like(x)
    if by > 0:
        moved[..., by:] = x[..., :-by]
    else:
        moved[..., :by] = x[..., -by:]
    return moved


def penalty_1(x: Points) -> Values:
    """MGH 23; Gill, Murray & Pitfield 1972."""
    return 1e-5 * ((x - 1) ** 2).sum(-1) + ((x**2).sum(-1) - 0.25) ** 2


def variably_dimensioned(x: Points) -> Values:
    """MGH 25."""
    inner = (axis_numbers(x) * (x - 1)).sum(-1)
    return ((x - 1) ** 2).sum(-1) + inner**2 + inner**4


def trigonometric(x: Points) -> Values:
    """MGH 26; Spedicato 1975."""
    total = x.shape[-1] - np.cos(x).sum(-1, keepdims=True)
    return ((total + axis_numbers(x) * (1 - np.cos(x)) - np.sin(x)) ** 2).sum(-1)


def brown_almost_linear(x: Points) -> Values:
    """MGH 27; Brown 1969."""
    d = x.shape[-1]
    linear = x[..., :-1] + x.sum(-1, keepdims=True) - (d + 1)
    return (linear**2).sum(-1) + (x.prod(-1) - 1) ** 2


def _discrete_boundary(x: Points) -> Points:
    h = 1 / (x.shape[-1] + 1)
    return 2 * x - _shifted(x, 1) - _shifted(x, -1) + h**2 * (x + h * axis_numbers(x) + 1) ** 3 / 2


def discrete_boundary(x: Points) -> Values:
    """MGH 28; Moré & Cosnard 1979."""
    return (_discrete_boundary(x) ** 2).sum(-1)


def _discrete_integral(x: Points) -> Points:
    h = 1 / (x.shape[-1] + 1)
    t = h * axis_numbers(x)
    cubes = (x + t + 1) ** 3
    below = np.cumsum(t * cubes, -1)
    above = ((1 - t) * cubes).sum(-1, keepdims=True) - np.cumsum((1 - t) * cubes, -1)
    return x + h / 2 * ((1 - t) * below + t * above)


def discrete_integral(x: Points) -> Values:
    """MGH 29; Moré & Cosnard 1979."""
    return (_discrete_integral(x) ** 2).sum(-1)


def _broyden_tridiagonal(x: Points) -> Points:
    return (3 - 2 * x) * x - _shifted(x, 1) - 2 * _shifted(x, -1) + 1


def broyden_tridiagonal(x: Points) -> Values:
    """MGH 30; Broyden 1965."""
    return (_broyden_tridiagonal(x) ** 2).sum(-1)


def _broyden_banded(x: Points) -> Points:
    own = x * (1 + x)
    band = sum(_shifted(own, by) for by in range(1, min(6, x.shape[-1])))
    ahead = _shifted(own, -1)
    return x * (2 + 5 * x**2) + 1 - band - ahead


def broyden_banded(x: Points) -> Values:
    """MGH 31; Broyden 1971."""
    return (_broyden_banded(x) ** 2).sum(-1)


def linear_full_rank(x: Points) -> Values:
    """MGH 32, with twice as many equations as inputs."""
    d = x.shape[-1]
    shift = x.sum(-1) / d + 1
    squares = ((x - shift[..., np.newaxis]) ** 2).sum(-1)
    return squares + d * shift**2


def linear_rank_1(x: Points) -> Values:
    """MGH 33, with as many equations as inputs."""
    i = axis_numbers(x)
    return ((i * (i * x).sum(-1, keepdims=True) - 1) ** 2).sum(-1)


def chebyquad(x: Points) -> Values:
    """MGH 35; Fletcher 1965."""
    d = x.shape[-1]
    z = 2 * x - 1
    before, now = np.ones_like(z), z
    total = now.mean(-1) ** 2
    for degree in range(2, d + 1):
        before, now = now, 2 * z * now - before
        integral = -1 / (degree**2 - 1) if degree % 2 == 0 else 0.0
        total = total + (now.mean(-1) - integral) ** 2
    return total


def _root(residuals: Residuals, start: Callable[[int], Point]) -> Callable[[int], Point]:
    """Dimension → where the residuals vanish, by Newton's method from the start of the literature."""

    def solve(d: int) -> Point:
        x, h = start(d), 1e-6
        for _ in range(50):
            sides = h * np.eye(d)
            slopes = (residuals(x + sides) - residuals(x - sides)).T / (2 * h)
            x = x - np.linalg.solve(slopes, residuals(x))
        return x

    return solve


def _grid(d: int) -> Point:
    t = np.arange(1.0, d + 1) / (d + 1)
    return t * (t - 1)


def _penalty_minimiser(d: int) -> Point:
    """All coordinates alike: 4 d t³ + (2e−5 − 1) t − 2e−5 = 0 up to the factor d."""
    roots = np.roots([4 * d, 0.0, 2e-5 - 1, -2e-5])
    return np.full(d, float(np.max(roots.real)))


def _penalty_minimum(d: int) -> float:
    return float(penalty_1(_penalty_minimiser(d)))


def _rank_1_minimiser(d: int) -> Point:
    return np.full(d, 3 / (2 * d + 1) / (d * (d + 1) / 2))


_CHEBYSHEV_NODES = {
    2: (0.2113248654051871, 0.7886751345948129),
    3: (0.1464466094067262, 0.5, 0.8535533905932737),
    5: (0.0837512564995091, 0.3127292952232932, 0.5, 0.6872707047767068, 0.9162487435004909),
}


FUNCTIONS: tuple[Classic, ...] = (
    scalable(penalty_1, (-5, 5), _penalty_minimiser, _penalty_minimum, free=True),
    scalable(variably_dimensioned, (-5, 5), 1, free=True),
    scalable(trigonometric, (-1, 1), 0, free=True),
    scalable(brown_almost_linear, (-2, 2), 1, free=True),
    scalable(discrete_boundary, (-2, 2), _root(_discrete_boundary, _grid), free=True),
    scalable(discrete_integral, (-2, 2), _root(_discrete_integral, _grid), free=True),
    scalable(broyden_tridiagonal, (-2, 2), _root(_broyden_tridiagonal, lambda d: -np.ones(d)), free=True),
    scalable(broyden_banded, (-2, 2), _root(_broyden_banded, lambda d: -np.ones(d)), free=True),
    scalable(linear_full_rank, (-10, 10), -1, lambda d: float(d), free=True),
    scalable(linear_rank_1, (-10, 10), _rank_1_minimiser, lambda d: d * (d - 1) / (2 * (2 * d + 1)), free=True),
    scalable(chebyquad, (0, 1), lambda d: np.array(_CHEBYSHEV_NODES[d]), free=True, dimensions=(2, 3, 5)),
)
