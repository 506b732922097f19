"""Functions of two inputs with few minima. Docstrings name the source."""

import numpy as np

from benchmarks.suites.formulas.classic_function import Classic, fixed
from blackbox.core.asking import Values


def ackley_2(x: Values, y: Values) -> Values:
    """Ackley 1987; Jamil & Yang 2013."""
    return -200 * np.exp(-0.02 * np.sqrt(x**2 + y**2))


def ackley_3(x: Values, y: Values) -> Values:
    """Ackley 1987; Jamil & Yang 2013."""
    return -200 * np.exp(-0.02 * np.sqrt(x**2 + y**2)) + 5 * np.exp(np.cos(3 * x) + np.sin(3 * y))


def adjiman(x: Values, y: Values) -> Values:
    """Adjiman et al. 1998; Jamil & Yang 2013."""
    return np.cos(x) * np.sin(y) - x / (y**2 + 1)


def aluffi_pentini(x: Values, y: Values) -> Values:
    """Aluffi-Pentini, Parisi & Zirilli 1985."""
    return 0.25 * x**4 - 0.5 * x**2 + 0.1 * x + 0.5 * y**2


def bartels_conn(x: Values, y: Values) -> Values:
    """Jamil & Yang 2013."""
    return np.abs(x**2 + y**2 + x * y) + np.abs(np.sin(x)) + np.abs(np.cos(y))


def booth(x: Values, y: Values) -> Values:
    """Surjanovic & Bingham 2013; Hedar."""
    return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2


def branin(x: Values, y: Values) -> Values:
    """Branin 1972; Dixon & Szegő 1978."""
    bowl = (y - 5.1 / (4 * np.pi**2) * x**2 + 5 / np.pi * x - 6) ** 2
    return bowl + 10 * (1 - 1 / (8 * np.pi)) * np.cos(x) + 10


def brent(x: Values, y: Values) -> Values:
    """Brent 1960; Jamil & Yang 2013."""
    return (x + 10) ** 2 + (y + 10) ** 2 + np.exp(-(x**2) - y**2)


def bukin_4(x: Values, y: Values) -> Values:
    """Bukin 1997; Jamil & Yang 2013."""
    return 100 * y**2 + 0.01 * np.abs(x + 10)


def bukin_6(x: Values, y: Values) -> Values:
    """Bukin 1997; Surjanovic & Bingham 2013."""
    return 100 * np.sqrt(np.abs(y - 0.01 * x**2)) + 0.01 * np.abs(x + 10)


def camel_3(x: Values, y: Values) -> Values:
    """Dixon & Szegő 1975; Surjanovic & Bingham 2013."""
    return 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2


def camel_6(x: Values, y: Values) -> Values:
    """Dixon & Szegő 1978; Surjanovic & Bingham 2013."""
    return (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (4 * y**2 - 4) * y**2


def complex_root(x: Values, y: Values) -> Values:
    """Mishra 2006, the cube root of 1 in the complex plane."""
    return (x**3 - 3 * x * y**2 - 1) ** 2 + (3 * y * x**2 - y**3) ** 2


def cube(x: Values, y: Values) -> Values:
    """Lavi & Vogel 1966; Jamil & Yang 2013."""
    return 100 * (y - x**3) ** 2 + (1 - x) ** 2


def deckkers_aarts(x: Values, y: Values) -> Values:
    """Dekkers & Aarts 1991; Jamil & Yang 2013."""
    squares = x**2 + y**2
    return 1e5 * x**2 + y**2 - squares**2 + 1e-5 * squares**4


def easom(x: Values, y: Values) -> Values:
    """Easom 1990; Surjanovic & Bingham 2013."""
    return -np.cos(x) * np.cos(y) * np.exp(-((x - np.pi) ** 2) - (y - np.pi) ** 2)


def el_attar(x: Values, y: Values) -> Values:
    """El-Attar, Vidyasagar & Dutta 1979; Jamil & Yang 2013."""
    return (x**2 + y - 10) ** 2 + (x + y**2 - 7) ** 2 + (x**2 + y**3 - 1) ** 2


def exp_2(x: Values, y: Values) -> Values:
    """Jamil & Yang 2013, Exp 2."""
    t = np.arange(10)[:, np.newaxis]
    flat = [np.ravel(part) for part in np.broadcast_arrays(x, y)]
    known = np.exp(-t / 10) - 5 * np.exp(-t)
    residuals = np.exp(-t * flat[0] / 10) - 5 * np.exp(-t * flat[1] / 10) - known
    return (residuals**2).sum(0).reshape(np.shape(x))


def giunta(x: Values, y: Values) -> Values:
    """Mishra 2006; Jamil & Yang 2013."""
    total = 0.6
    for t in (16 / 15 * x - 1, 16 / 15 * y - 1):
        total = total + np.sin(t) + np.sin(t) ** 2 + np.sin(4 * t) / 50
    return total


def goldstein_price(x: Values, y: Values) -> Values:
    """Goldstein & Price 1971; Dixon & Szegő 1978."""
    a = 1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2)
    b = 30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2)
    return a * b


def gramacy_lee(x: Values, y: Values) -> Values:
    """Gramacy & Lee 2008; Surjanovic & Bingham 2013."""
    return x * np.exp(-(x**2) - y**2)


def himmelblau(x: Values, y: Values) -> Values:
    """Himmelblau 1972; Jamil & Yang 2013."""
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def hosaki(x: Values, y: Values) -> Values:
    """Bekey & Ung 1974; Jamil & Yang 2013."""
    return (1 - 8 * x + 7 * x**2 - 7 / 3 * x**3 + x**4 / 4) * y**2 * np.exp(-y)


def matyas(x: Values, y: Values) -> Values:
    """Hedar; Jamil & Yang 2013."""
    return 0.26 * (x**2 + y**2) - 0.48 * x * y


def mccormick(x: Values, y: Values) -> Values:
    """McCormick 1976; Surjanovic & Bingham 2013."""
    return np.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1


def mishra_8(x: Values, y: Values) -> Values:
    """Mishra 2006, Decanomial; Jamil & Yang 2013."""
    coefficients = (1, -20, 180, -960, 3360, -8064, 13340, -15360, 11520, -5120, 2624)
    return 0.001 * (np.abs(np.polyval(coefficients, x)) + np.abs((y + 3) ** 4)) ** 2


def peaks(x: Values, y: Values) -> Values:
    """MathWorks, the demonstration surface of MATLAB."""
    first = 3 * (1 - x) ** 2 * np.exp(-(x**2) - (y + 1) ** 2)
    second = 10 * (x / 5 - x**3 - y**5) * np.exp(-(x**2) - y**2)
    return first - second - np.exp(-((x + 1) ** 2) - y**2) / 3


def price_1(x: Values, y: Values) -> Values:
    """Price 1977; Jamil & Yang 2013."""
    return (np.abs(x) - 5) ** 2 + (np.abs(y) - 5) ** 2


def price_3(x: Values, y: Values) -> Values:
    """Price 1977; Jamil & Yang 2013."""
    return 100 * (y - x**2) ** 2 + (6.4 * (y - 0.5) ** 2 - x - 0.6) ** 2


def price_4(x: Values, y: Values) -> Values:
    """Price 1977; Jamil & Yang 2013."""
    return (2 * x**3 * y - y**3) ** 2 + (6 * x - y**2 + y) ** 2


def quadratic(x: Values, y: Values) -> Values:
    """Jamil & Yang 2013."""
    squares = 128.08 * x**2 + 203.64 * y**2 + 182.25 * x * y
    return -3803.84 - 138.08 * x - 232.92 * y + squares


def rosenbrock_modified(x: Values, y: Values) -> Values:
    """Jamil & Yang 2013."""
    hole = 400 * np.exp(-((x + 1) ** 2 + (y + 1) ** 2) / 0.1)
    return 74 + 100 * (y - x**2) ** 2 + (1 - x) ** 2 - hole


def rotated_ellipse(x: Values, y: Values) -> Values:
    """Jamil & Yang 2013."""
    return 7 * x**2 - 6 * np.sqrt(3) * x * y + 13 * y**2


def treccani(x: Values, y: Values) -> Values:
    """Dixon & Szegő 1978; Jamil & Yang 2013."""
    return x**4 + 4 * x**3 + 4 * x**2 + y**2


def tripod(x: Values, y: Values) -> Values:
    """Rahnamayan et al. 2007; Jamil & Yang 2013."""
    right, up = np.where(x >= 0, 1.0, 0.0), np.where(y >= 0, 1.0, 0.0)
    return up * (1 + right) + np.abs(x + 50 * up * (1 - 2 * right)) + np.abs(y + 50 * (1 - 2 * up))


def wayburn_seader_1(x: Values, y: Values) -> Values:
    """Wayburn & Seader 1987; Jamil & Yang 2013."""
    return (x**6 + y**4 - 17) ** 2 + (2 * x + y - 4) ** 2


def wayburn_seader_2(x: Values, y: Values) -> Values:
    """Wayburn & Seader 1987; Jamil & Yang 2013."""
    return (1.613 - 4 * (x - 0.3125) ** 2 - 4 * (y - 1.625) ** 2) ** 2 + (y - 1) ** 2


def wayburn_seader_3(x: Values, y: Values) -> Values:
    """Wayburn & Seader 1987; Jamil & Yang 2013."""
    return 2 * x**3 / 3 - 8 * x**2 + 33 * x - x * y + 5 + ((x - 4) ** 2 + (y - 5) ** 2 - 4) ** 2


def zettl(x: Values, y: Values) -> Values:
    """Schwefel 1995; Jamil & Yang 2013."""
    return (x**2 + y**2 - 2 * x) ** 2 + 0.25 * x


FUNCTIONS: tuple[Classic, ...] = (
    fixed(ackley_2, [(-32, 32)], (0, 0), -200, free=True),
    fixed(ackley_3, [(-32, 32)], (0.6825771824495339, -0.3607018766006268), -195.62902826227938, free=True),
    fixed(adjiman, [(-1, 2), (-1, 1)], (2, 0.10578346809545672), -2.0218067833597875),
    fixed(aluffi_pentini, [(-10, 10)], (-1.046680576, 0), -0.352386073800034, free=True),
    fixed(bartels_conn, [(-500, 500)], (0, 0), 1, free=True),
    fixed(booth, [(-10, 10)], (1, 3), free=True),
    fixed(branin, [(-5, 10), (0, 15)], (np.pi, 2.275), 10 / (8 * np.pi), free=True),
    fixed(brent, [(-20, 0)], (-10, -10), free=True),
    fixed(bukin_4, [(-15, -5), (-3, 3)], (-10, 0), free=True),
    fixed(bukin_6, [(-15, -5), (-3, 3)], (-10, 1), free=True),
    fixed(camel_3, [(-5, 5)], (0, 0), free=True),
    fixed(camel_6, [(-3, 3), (-2, 2)], (0.08984201, -0.7126564), -1.031628453489877, free=True),
    fixed(complex_root, [(-2, 2)], (1, 0), free=True),
    fixed(cube, [(-10, 10)], (1, 1), free=True),
    fixed(deckkers_aarts, [(-20, 20)], (0, 14.9451121), -24776.518342317, free=True),
    fixed(easom, [(-100, 100)], (np.pi, np.pi), -1, free=True),
    fixed(el_attar, [(-100, 100)], (3.4091868237134824, -2.1714330358860066), 1.7127803548621992, free=True),
    fixed(exp_2, [(0, 20)], (1, 10), free=True),
    fixed(giunta, [(-1, 1)], (0.4673200277395354, 0.4673200277395354), 0.06447042053690566, free=True),
    fixed(goldstein_price, [(-2, 2)], (0, -1), 3, free=True),
    fixed(gramacy_lee, [(-2, 6)], (-np.sqrt(0.5), 0), -np.sqrt(0.5) * np.exp(-0.5), free=True),
    fixed(himmelblau, [(-5, 5)], (3, 2), free=True),
    fixed(hosaki, [(0, 5), (0, 6)], (4, 2), -2.3458115761013247),
    fixed(matyas, [(-10, 10)], (0, 0), free=True),
    fixed(mccormick, [(-1.5, 4), (-3, 4)], (-0.5471975602214493, -1.547197559268372), -1.913222954981037),
    fixed(mishra_8, [(-10, 10)], (2, -3), free=True),
    fixed(peaks, [(-4, 4)], (0.22827892140168227, -1.625534951172753), -6.551133332835842, free=True),
    fixed(price_1, [(-500, 500)], (5, 5), free=True),
    fixed(price_3, [(-50, 50)], (1, 1), free=True),
    fixed(price_4, [(-50, 50)], (2, 4), free=True),
    fixed(quadratic, [(-10, 10)], (0.19388016, 0.48513388), -3873.7241821862713, free=True),
    fixed(rosenbrock_modified, [(-2, 2)], (-0.90955374, -0.95057172), 34.040243106640844, free=True),
    fixed(rotated_ellipse, [(-500, 500)], (0, 0), free=True),
    fixed(treccani, [(-5, 5)], (-2, 0), free=True),
    fixed(tripod, [(-100, 100)], (0, -50), free=True),
    fixed(wayburn_seader_1, [(-5, 5)], (1, 2), free=True),
    fixed(wayburn_seader_2, [(-500, 500)], (0.200138974728779, 1), free=True),
    fixed(wayburn_seader_3, [(-500, 500)], (5.146896745324582, 6.839589743000071), 19.105879794567979, free=True),
    fixed(zettl, [(-5, 10)], (-0.02989597760285287, 0), -0.003791237220468656, free=True),
)
