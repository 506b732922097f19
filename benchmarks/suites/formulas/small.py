"""Functions of three, four, six and nine inputs. Docstrings name the source."""

import numpy as np

from benchmarks.suites.formulas.classic_function import Classic, fixed, scalable
from blackbox.core.asking import Point, Points, Values

_HARTMANN_WEIGHTS = np.array([1.0, 1.2, 3.0, 3.2])
_HARTMANN_3_A = np.array([[3, 10, 30], [0.1, 10, 35], [3, 10, 30], [0.1, 10, 35]])
_HARTMANN_3_P = 1e-4 * np.array([[3689, 1170, 2673], [4699, 4387, 7470], [1091, 8732, 5547], [381.5, 5743, 8828]])
_HARTMANN_6_A = np.array(
    [
        [10, 3, 17, 3.5, 1.7, 8],
        [0.05, 10, 17, 0.1, 8, 14],
        [3, 3.5, 1.7, 10, 17, 8],
        [17, 8, 0.05, 10, 0.1, 14],
    ]
)
_HARTMANN_6_P = 1e-4 * np.array(
    [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
)
_SHEKEL_CENTRES = np.array(
    [
        [4, 4, 4, 4],
        [1, 1, 1, 1],
        [8, 8, 8, 8],
        [6, 6, 6, 6],
        [3, 7, 3, 7],
        [2, 9, 2, 9],
        [5, 5, 3, 3],
        [8, 1, 8, 1],
        [6, 2, 6, 2],
        [7, 3.6, 7, 3.6],
    ]
)
_SHEKEL_WIDTHS = np.array([0.1, 0.2, 0.2, 0.4, 0.4, 0.6, 0.3, 0.7, 0.5, 0.5])


def _hartmann(x: Points, a: Points, p: Points) -> Values:
    inner = (a * (x[..., np.newaxis, :] - p) ** 2).sum(-1)
    return -(_HARTMANN_WEIGHTS * np.exp(-inner)).sum(-1)


def hartmann_3(x: Points) -> Values:
    """Hartman 1973; Dixon & Szegő 1978."""
    return _hartmann(x, _HARTMANN_3_A, _HARTMANN_3_P)


def hartmann_6(x: Points) -> Values:
    """Hartman 1973; Dixon & Szegő 1978."""
    return _hartmann(x, _HARTMANN_6_A, _HARTMANN_6_P)


def _shekel(x: Points, holes: int) -> Values:
    squares = ((x[..., np.newaxis, :] - _SHEKEL_CENTRES[:holes]) ** 2).sum(-1)
    return -(1 / (squares + _SHEKEL_WIDTHS[:holes])).sum(-1)


def shekel_5(x: Points) -> Values:
    """Shekel 1971; Dixon & Szegő 1978."""
    return _shekel(x, 5)


def shekel_7(x: Points) -> Values:
    """Shekel 1971; Dixon & Szegő 1978."""
    return _shekel(x, 7)


def shekel_10(x: Points) -> Values:
    """Shekel 1971; Dixon & Szegő 1978."""
    return _shekel(x, 10)


def colville(a: Values, b: Values, c: Values, d: Values) -> Values:
    """Colville 1968, also Wood's function; Moré, Garbow & Hillstrom 1981, 14."""
    first = 100 * (a**2 - b) ** 2 + (a - 1) ** 2 + (c - 1) ** 2 + 90 * (c**2 - d) ** 2
    return first + 10.1 * ((b - 1) ** 2 + (d - 1) ** 2) + 19.8 * (b - 1) * (d - 1)


def corana(x: Points) -> Values:
    """Corana et al. 1987; Jamil & Yang 2013."""
    weights = np.array([1.0, 1000.0, 10.0, 100.0])
    z = 0.2 * np.floor(np.abs(x / 0.2) + 0.49999) * np.sign(x)
    hole = 0.15 * (z - 0.05 * np.sign(z)) ** 2 * weights
    return np.where(np.abs(x - z) < 0.05, hole, weights * x**2).sum(-1)


def miele_cantrell(a: Values, b: Values, c: Values, d: Values) -> Values:
    """Cragg & Levy 1969; Jamil & Yang 2013."""
    return (np.exp(-a) - b) ** 4 + 100 * (b - c) ** 6 + np.tan(c - d) ** 4 + a**8


def power_sum(x: Points) -> Values:
    """Neumaier; Surjanovic & Bingham 2013."""
    k = np.arange(1, 5)
    sums = (x[..., np.newaxis] ** k).sum(-2)
    return ((sums - np.array([8.0, 18.0, 44.0, 114.0])) ** 2).sum(-1)


def wolfe(x: Values, y: Values, z: Values) -> Values:
    """Schwefel 1995; Jamil & Yang 2013."""
    return 4 / 3 * (x**2 + y**2 - x * y) ** 0.75 + z


def devilliers_glasser_1(a: Values, b: Values, c: Values, d: Values) -> Values:
    """deVilliers & Glasser 1981; Jamil & Yang 2013."""
    total = 0.0
    for t in 0.1 * np.arange(24):
        known = 60.137 * 1.371**t * np.sin(3.112 * t + 1.761)
        total = total + (a * b**t * np.sin(c * t + d) - known) ** 2
    return total


def paviani(x: Points) -> Values:
    """Himmelblau 1972; Ali, Khompatraporn & Zabinsky 2005."""
    return (np.log(x - 2) ** 2 + np.log(10 - x) ** 2).sum(-1) - x.prod(-1) ** 0.2


def lennard_jones(x: Points) -> Values:
    """Lennard-Jones 1924; Hoare & Pal 1971; potential r^−12 − 2 r^−6, three coordinates for each atom."""
    atoms = x.reshape(*x.shape[:-1], -1, 3)
    first, second = np.triu_indices(atoms.shape[-2], 1)
    squares = ((atoms[..., first, :] - atoms[..., second, :]) ** 2).sum(-1)
    inverse = 1 / np.maximum(squares, 1e-12) ** 3
    return (inverse**2 - 2 * inverse).sum(-1)


def _tight_atoms(d: int) -> Point:
    """A triangle, or a tetrahedron, of side 1."""
    corners = np.array(
        [
            [0, 0, 0],
            [1, 0, 0],
            [0.5, np.sqrt(3) / 2, 0],
            [0.5, np.sqrt(3) / 6, np.sqrt(2 / 3)],
        ]
    )
    return corners[: d // 3].ravel() + 0.3


def _lowest_energy(d: int) -> float:
    return {9: -3.0, 12: -6.0}[d]


FUNCTIONS: tuple[Classic, ...] = (
    scalable(
        hartmann_3,
        (0, 1),
        lambda _: np.array([0.11461433578289809, 0.5556488498554099, 0.8525469540758713]),
        -3.86278214782076,
        free=True,
        dimensions=(3,),
    ),
    scalable(
        hartmann_6,
        (0, 1),
        lambda _: np.array(
            [
                0.2016895131876515,
                0.15001069114508458,
                0.47687397654046676,
                0.275332430079514,
                0.3116516161182086,
                0.657300533540144,
            ]
        ),
        -3.32236801141551,
        free=True,
        dimensions=(6,),
    ),
    scalable(
        shekel_5,
        (0, 10),
        lambda _: np.array([4.000037154677626, 4.000133273443697, 4.000037153085653, 4.000133277680385]),
        -10.1531996790582,
        free=True,
        dimensions=(4,),
    ),
    scalable(
        shekel_7,
        (0, 10),
        lambda _: np.array([4.000572917816308, 4.000689365977606, 3.9994897108887986, 3.9996061575357116]),
        -10.4029405668187,
        free=True,
        dimensions=(4,),
    ),
    scalable(
        shekel_10,
        (0, 10),
        lambda _: np.array([4.0007465308555386, 4.000592932021531, 3.9996633986487096, 3.9995098019591895]),
        -10.5364098166920,
        free=True,
        dimensions=(4,),
    ),
    fixed(colville, [(-10, 10)], (1, 1, 1, 1), free=True),
    scalable(corana, (-500, 500), 0, free=True, dimensions=(4,)),
    fixed(miele_cantrell, [(-1, 1)], (0, 1, 1, 1), free=True),
    scalable(power_sum, (0, 4), lambda _: np.array([1.0, 2.0, 2.0, 3.0]), free=True, dimensions=(4,)),
    fixed(wolfe, [(0, 2)], (0, 0, 0)),
    fixed(devilliers_glasser_1, [(1, 100)], (60.137, 1.371, 3.112, 1.761)),
    scalable(paviani, (2.001, 9.999), 9.35026583, -45.778469707446305, dimensions=(10,)),
    scalable(lennard_jones, (-4, 4), _tight_atoms, _lowest_energy, free=True, dimensions=(9, 12)),
)
