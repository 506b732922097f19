"""Kinks at the minimum: absolute values, the worst of many, the nearest of all pairs."""

from collections.abc import Sequence

import numpy as np
from numpy.polynomial.chebyshev import cheb2poly

from benchmarks.suites.applied.made import Applied, Made, fixed, made, scalable
from blackbox.core.asking import Floats, Points, Values

SPOILT = 10.0
"""Standard deviation of the errors that `least_absolute` is to overlook."""

TIMES = 40
"""The polynomial's values are compared at so many points between two of its extremes."""

HALF_BOX = 5.0

TIGHTNESS = 100.0
"""Weight of the equation in `curved_kink`: far above its multiplier, which is at most half the slope."""

STEEPNESS = 8.0
"""Of the walls of `rosenbrock_kink`, along an input."""


def least_absolute(d: int, rng: np.random.Generator) -> Made:
    """A linear model by least absolute deviations, a quarter of the data spoilt; Boscovich 1757."""
    n = 8 * d
    rows = rng.standard_normal((n, d))
    data = rows @ rng.uniform(-3, 3, d)
    spoilt = rng.choice(n, 2 * d, replace=False)
    data[spoilt] += rng.normal(0, SPOILT, 2 * d)
    one = np.eye(n)
    program = np.block([[rows, -one], [-rows, -one]])
    cost = np.concatenate([np.zeros(d), np.ones(n)])
    best = _linear_program(cost, program, np.concatenate([data, -data]), [(None, None)] * (d + n))[:d]

    def surface(points: Points) -> Values:
        return np.abs(points @ rows.T - data).sum(1)

    return made(-10, 8, surface, best, surface(best[np.newaxis])[0])


def chebyshev(d: int, rng: np.random.Generator) -> Made:
    """The polynomial x^d + … that stays nearest to 0 on [−1, 1]: its largest value is 2^(1−d); Chebyshev 1854."""
    grid = np.cos(np.pi / (TIMES * d) * np.arange(TIMES * d + 1))
    powers = grid[:, np.newaxis] ** np.arange(d)
    scale, shift = rng.uniform(0.6, 3, d), rng.uniform(-1, 1, d)
    best = cheb2poly([0] * d + [1])[:-1] / 2.0 ** (d - 1)

    def surface(points: Points) -> Values:
        return np.abs(grid**d + (points * scale + shift) @ powers.T).max(1)

    return made(-4, 4, surface, (best - shift) / scale, 2.0 ** (1 - d))


def max_affine(d: int, rng: np.random.Generator) -> Made:
    """The highest of 4 d planes: a worst case."""
    n = 4 * d
    normals, depths = rng.standard_normal((n, d)), rng.uniform(0, 3, n)
    program = np.hstack([normals, -np.ones((n, 1))])
    cost = np.concatenate([np.zeros(d), np.ones(1)])
    best = _linear_program(cost, program, depths, [(-HALF_BOX, HALF_BOX)] * d + [(None, None)])[:d]

    def surface(points: Points) -> Values:
        return (points @ normals.T - depths).max(1)

    return made(-HALF_BOX, HALF_BOX, surface, best, surface(best[np.newaxis])[0])


def fermat(rng: np.random.Generator) -> Made:
    """The point with the least sum of distances to four corners: where their diagonals cross; Fagnano 1775."""
    corners = 2 * rng.uniform(-1, 1, (4, 2)) + np.array([[-5, -5], [5, -5], [5, 5], [-5, 5]])
    first, second, third, fourth = corners
    share = np.linalg.solve(np.column_stack([third - first, second - fourth]), second - first)[0]

    def surface(points: Points) -> Values:
        return np.linalg.norm(points[:, np.newaxis] - corners, axis=2).sum(1)

    least = np.linalg.norm(first - third) + np.linalg.norm(second - fourth)
    return made(-9, 10, surface, first + share * (third - first), float(least))


def packing(d: int, rng: np.random.Generator) -> Made:
    """Points as far apart as they can be in a unit square, which is moved by axis; Schaer 1965 and before."""
    n, shift = d // 2, rng.uniform(-1, 1, d)
    one, other = np.triu_indices(n, 1)

    def surface(points: Points) -> Values:
        places = (points - shift).reshape(len(points), n, 2)
        return -np.linalg.norm(places[:, one] - places[:, other], axis=2).min(1)

    best = _PACKED[n]
    nearest = min(float(np.linalg.norm(best[i] - best[j])) for i, j in zip(one, other, strict=True))
    return made(shift, 1 + shift, surface, best.ravel() + shift, -nearest)


def curved_kink(d: int, rng: np.random.Generator) -> Made:
    """A linear function on a sphere, the equation of the sphere as an exact penalty."""
    slope, radius, centre = rng.standard_normal(d), rng.uniform(1, 3), rng.uniform(-1, 1, d)
    best = centre - radius * slope / np.linalg.norm(slope)

    def surface(points: Points) -> Values:
        return TIGHTNESS * np.abs(((points - centre) ** 2).sum(1) - radius**2) + points @ slope

    least = centre @ slope - radius * np.linalg.norm(slope)
    return made(-HALF_BOX, HALF_BOX, surface, best, float(least))


def rosenbrock_kink(d: int, rng: np.random.Generator) -> Made:
    """Rosenbrock's valley with absolute values in place of squares, moved."""
    shift = rng.uniform(-1, 1, d)

    def surface(points: Points) -> Values:
        x = points - shift
        walls = np.abs(x[:, 1:] - x[:, :-1] ** 2)
        return (STEEPNESS * walls + np.abs(1 - x[:, :-1])).sum(1)

    return made(-3, 3.5, surface, 1 + shift)


def _linear_program(
    cost: Floats, rows: Floats, most: Floats, bounds: Sequence[tuple[float | None, float | None]]
) -> Floats:
    """The cheapest x within its bounds with rows · x ≤ most. Needs SciPy."""
    from scipy.optimize import linprog

    found = linprog(cost, rows, most, bounds=bounds, method="highs-ds")
    assert found.success, found.message
    return np.array(found.x, dtype=np.float64)


_SLANT = 2 - float(np.sqrt(3))

_PACKED: dict[int, Floats] = {
    3: np.array([[0, 0], [1, _SLANT], [_SLANT, 1]]),
    4: np.array([[0.0, 0], [1, 0], [0, 1], [1, 1]]),
    5: np.array([[0, 0], [1, 0], [0, 1], [1, 1], [0.5, 0.5]]),
}
"""Number of points → where they are farthest apart: the least distances are √6 − √2, 1 and √½."""

FUNCTIONS: tuple[Applied, ...] = (
    scalable(least_absolute, 3, 5),
    scalable(chebyshev, 2, 3, 5),
    scalable(max_affine, 2, 5, 10),
    fixed(fermat, 2),
    scalable(packing, 6, 8, 10),
    scalable(curved_kink, 2, 3, 5),
    scalable(rosenbrock_kink, 2, 5),
)
