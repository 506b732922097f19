"""Functions of any number of inputs with one valley, or none to speak of. Docstrings name the source."""

import numpy as np

from benchmarks.suites.formulas.classic_function import Classic, axis_numbers, scalable
from blackbox.core.asking import Point, Points, Values


def _share(x: Points) -> Point:
    """0 … 1, evenly over the axes."""
    return np.linspace(0.0, 1.0, x.shape[-1])


def sphere(x: Points) -> Values:
    """De Jong 1975, F1."""
    return (x**2).sum(-1)


def elliptic(x: Points) -> Values:
    """Suganthan et al. 2005 (CEC 2005), high conditioned elliptic function."""
    return (10 ** (6 * _share(x)) * x**2).sum(-1)


def bent_cigar(x: Points) -> Values:
    """Liang et al. 2013 (CEC 2013), F3."""
    return x[..., 0] ** 2 + 1e6 * (x[..., 1:] ** 2).sum(-1)


def discus(x: Points) -> Values:
    """Liang et al. 2013 (CEC 2013), F4."""
    return 1e6 * x[..., 0] ** 2 + (x[..., 1:] ** 2).sum(-1)


def cigar_tablet(x: Points) -> Values:
    """Hansen & Ostermeier 2001, f_cigtab."""
    return x[..., 0] ** 2 + 1e8 * x[..., -1] ** 2 + 1e4 * (x[..., 1:-1] ** 2).sum(-1)


def sharp_ridge(x: Points) -> Values:
    """Hansen et al. 2009 (BBOB), f13, unrotated."""
    return x[..., 0] ** 2 + 100 * np.sqrt((x[..., 1:] ** 2).sum(-1))


def sum_squares(x: Points) -> Values:
    """Surjanovic & Bingham 2013."""
    return (axis_numbers(x) * x**2).sum(-1)


def different_powers(x: Points) -> Values:
    """Surjanovic & Bingham 2013, sum of different powers."""
    return (np.abs(x) ** (axis_numbers(x) + 1)).sum(-1)


def schwefel_1_2(x: Points) -> Values:
    """Schwefel 1981, problem 1.2 (double sum)."""
    return (np.cumsum(x, -1) ** 2).sum(-1)


def schwefel_2_4(x: Points) -> Values:
    """Schwefel 1981, problem 2.4; Jamil & Yang 2013."""
    return ((x - 1) ** 2 + (x[..., :1] - x**2) ** 2).sum(-1)


def schwefel_2_20(x: Points) -> Values:
    """Schwefel 1981, problem 2.20; Jamil & Yang 2013."""
    return np.abs(x).sum(-1)


def schwefel_2_21(x: Points) -> Values:
    """Schwefel 1981, problem 2.21; Jamil & Yang 2013."""
    return np.abs(x).max(-1)


def schwefel_2_22(x: Points) -> Values:
    """Schwefel 1981, problem 2.22; Jamil & Yang 2013."""
    return np.abs(x).sum(-1) + np.abs(x).prod(-1)


def schwefel_2_23(x: Points) -> Values:
    """Schwefel 1981, problem 2.23; Jamil & Yang 2013."""
    return (x**10).sum(-1)


def schumer_steiglitz(x: Points) -> Values:
    """Schumer & Steiglitz 1968; Jamil & Yang 2013."""
    return (x**4).sum(-1)


def chung_reynolds(x: Points) -> Values:
    """Chung & Reynolds 1998; Jamil & Yang 2013."""
    return (x**2).sum(-1) ** 2


def sargan(x: Points) -> Values:
    """Dixon & Szegő 1978; Jamil & Yang 2013."""
    squares = (x**2).sum(-1)
    return x.shape[-1] * (squares + 0.4 * (x.sum(-1) ** 2 - squares))


def exponential(x: Points) -> Values:
    """Rahnamayan et al. 2007; Jamil & Yang 2013."""
    return -np.exp(-0.5 * (x**2).sum(-1))


def rosenbrock(x: Points) -> Values:
    """Rosenbrock 1960; Surjanovic & Bingham 2013."""
    a, b = x[..., :-1], x[..., 1:]
    return (100 * (b - a**2) ** 2 + (1 - a) ** 2).sum(-1)


def dixon_price(x: Points) -> Values:
    """Dixon & Price 1989; Surjanovic & Bingham 2013."""
    tail = (axis_numbers(x)[1:] * (2 * x[..., 1:] ** 2 - x[..., :-1]) ** 2).sum(-1)
    return (x[..., 0] - 1) ** 2 + tail


def trid(x: Points) -> Values:
    """Neumaier 3; Surjanovic & Bingham 2013. The box is ±100 in every dimension."""
    return ((x - 1) ** 2).sum(-1) - (x[..., 1:] * x[..., :-1]).sum(-1)


def zakharov(x: Points) -> Values:
    """Surjanovic & Bingham 2013; Hedar."""
    inner = (0.5 * axis_numbers(x) * x).sum(-1)
    return (x**2).sum(-1) + inner**2 + inner**4


def brown(x: Points) -> Values:
    """Begambre & Laier 2009; Jamil & Yang 2013."""
    a, b = x[..., :-1] ** 2, x[..., 1:] ** 2
    return (a ** (b + 1) + b ** (a + 1)).sum(-1)


def step_2(x: Points) -> Values:
    """Baeck & Schwefel 1993; Jamil & Yang 2013."""
    return (np.floor(x + 0.5) ** 2).sum(-1)


def mishra_1(x: Points) -> Values:
    """Mishra 2006; Jamil & Yang 2013."""
    rest = x.shape[-1] - x[..., :-1].sum(-1)
    return (1 + rest) ** rest


def mishra_7(x: Points) -> Values:
    """Mishra 2006; Jamil & Yang 2013."""
    return (x.prod(-1) - axis_numbers(x).prod()) ** 2


def mishra_11(x: Points) -> Values:
    """Mishra 2006, arithmetic and geometric mean; Jamil & Yang 2013."""
    size = np.abs(x)
    return (size.mean(-1) - size.prod(-1) ** (1 / x.shape[-1])) ** 2


def perm(x: Points) -> Values:
    """Neumaier; Surjanovic & Bingham 2013, perm d, beta with beta = 0.5."""
    i = axis_numbers(x)
    k = i[:, np.newaxis]
    return (((i**k + 0.5) * ((x[..., np.newaxis, :] / i) ** k - 1)).sum(-1) ** 2).sum(-1)


def perm_0(x: Points) -> Values:
    """Neumaier; Surjanovic & Bingham 2013, perm 0, d, beta with beta = 10."""
    i = axis_numbers(x)
    k = i[:, np.newaxis]
    return (((i + 10) * (x[..., np.newaxis, :] ** k - (1 / i) ** k)).sum(-1) ** 2).sum(-1)


def _trid_minimiser(d: int) -> Point:
    i = np.arange(1.0, d + 1)
    return i * (d + 1 - i)


def _dixon_price_minimiser(d: int) -> Point:
    halves = 2.0 ** np.arange(1, d + 1)
    return 2.0 ** (-(halves - 2) / halves)


def _factorial_root(d: int) -> Point:
    return np.full(d, np.arange(1.0, d + 1).prod() ** (1 / d))


FUNCTIONS: tuple[Classic, ...] = (
    scalable(sphere, (-5.12, 5.12), 0, free=True),
    scalable(elliptic, (-100, 100), 0, free=True),
    scalable(bent_cigar, (-100, 100), 0, free=True),
    scalable(discus, (-100, 100), 0, free=True),
    scalable(cigar_tablet, (-5, 5), 0, free=True),
    scalable(sharp_ridge, (-5, 5), 0, free=True),
    scalable(sum_squares, (-10, 10), 0, free=True),
    scalable(different_powers, (-1, 1), 0, free=True),
    scalable(schwefel_1_2, (-100, 100), 0, free=True),
    scalable(schwefel_2_4, (0, 10), 1, free=True),
    scalable(schwefel_2_20, (-100, 100), 0, free=True),
    scalable(schwefel_2_21, (-100, 100), 0, free=True),
    scalable(schwefel_2_22, (-100, 100), 0, free=True),
    scalable(schwefel_2_23, (-10, 10), 0, free=True),
    scalable(schumer_steiglitz, (-100, 100), 0, free=True),
    scalable(chung_reynolds, (-100, 100), 0, free=True),
    scalable(sargan, (-100, 100), 0, free=True),
    scalable(exponential, (-1, 1), 0, -1, free=True),
    scalable(rosenbrock, (-5, 10), 1, free=True),
    scalable(dixon_price, (-10, 10), _dixon_price_minimiser, free=True),
    scalable(trid, (-100, 100), _trid_minimiser, lambda d: -d * (d + 4) * (d - 1) / 6, free=True, largest=10),
    scalable(zakharov, (-5, 10), 0, free=True),
    scalable(brown, (-1, 4), 0, free=True),
    scalable(step_2, (-100, 100), 0, free=True),
    scalable(mishra_1, (0, 1), 1, 2, largest=40),
    scalable(mishra_7, (-10, 10), _factorial_root, free=True, largest=10),
    scalable(mishra_11, (0, 10), 1, free=True),
    scalable(perm, (-10, 10), lambda d: np.arange(1.0, d + 1), free=True, largest=10),
    scalable(perm_0, (-10, 10), lambda d: 1 / np.arange(1.0, d + 1), free=True, largest=10),
)
