"""Functions of two inputs with many minima. Docstrings name the source."""

import numpy as np

from benchmarks.suites.formulas.classic_function import Classic, fixed
from blackbox.core.asking import Values


def bird(x: Values, y: Values) -> Values:
    """Mishra 2006; Jamil & Yang 2013."""
    waves = np.sin(x) * np.exp((1 - np.cos(y)) ** 2) + np.cos(y) * np.exp((1 - np.sin(x)) ** 2)
    return waves + (x - y) ** 2


def bohachevsky_1(x: Values, y: Values) -> Values:
    """Bohachevsky, Johnson & Stein 1986; Surjanovic & Bingham 2013."""
    return x**2 + 2 * y**2 - 0.3 * np.cos(3 * np.pi * x) - 0.4 * np.cos(4 * np.pi * y) + 0.7


def bohachevsky_2(x: Values, y: Values) -> Values:
    """Bohachevsky, Johnson & Stein 1986; Surjanovic & Bingham 2013."""
    return x**2 + 2 * y**2 - 0.3 * np.cos(3 * np.pi * x) * np.cos(4 * np.pi * y) + 0.3


def bohachevsky_3(x: Values, y: Values) -> Values:
    """Bohachevsky, Johnson & Stein 1986; Surjanovic & Bingham 2013."""
    return x**2 + 2 * y**2 - 0.3 * np.cos(3 * np.pi * x + 4 * np.pi * y) + 0.3


def carrom_table(x: Values, y: Values) -> Values:
    """Mishra 2006; Jamil & Yang 2013."""
    return -((np.cos(x) * np.cos(y) * np.exp(np.abs(1 - np.sqrt(x**2 + y**2) / np.pi))) ** 2) / 30


def chichinadze(x: Values, y: Values) -> Values:
    """Chichinadze 1969; Jamil & Yang 2013."""
    waves = 10 * np.cos(np.pi * x / 2) + 8 * np.sin(5 * np.pi * x / 2)
    return x**2 - 12 * x + 11 + waves - np.sqrt(0.2) * np.exp(-0.5 * (y - 0.5) ** 2)


def cross_in_tray(x: Values, y: Values) -> Values:
    """Mishra 2006; Surjanovic & Bingham 2013."""
    height = np.exp(np.abs(100 - np.sqrt(x**2 + y**2) / np.pi))
    return -1e-4 * (np.abs(np.sin(x) * np.sin(y) * height) + 1) ** 0.1


def cross_leg_table(x: Values, y: Values) -> Values:
    """Mishra 2006."""
    height = np.exp(np.abs(100 - np.sqrt(x**2 + y**2) / np.pi))
    return -((np.abs(np.sin(x) * np.sin(y) * height) + 1) ** -0.1)


def damavandi(x: Values, y: Values) -> Values:
    """Damavandi & Safavi-Naeini 2005; Jamil & Yang 2013."""
    ridge = np.abs(np.sinc(x - 2) * np.sinc(y - 2)) ** 5
    return (1 - ridge) * (2 + (x - 7) ** 2 + 2 * (y - 7) ** 2)


def de_jong_5(x: Values, y: Values) -> Values:
    """De Jong 1975, F5, Shekel's foxholes; Surjanovic & Bingham 2013."""
    grid = np.array([-32.0, -16.0, 0.0, 16.0, 32.0])
    total = np.full(np.shape(x), 0.002)
    for number in range(25):
        total = total + 1 / (number + 1 + (x - grid[number % 5]) ** 6 + (y - grid[number // 5]) ** 6)
    return 1 / total


def drop_wave(x: Values, y: Values) -> Values:
    """Surjanovic & Bingham 2013."""
    squares = x**2 + y**2
    return -(1 + np.cos(12 * np.sqrt(squares))) / (0.5 * squares + 2)


def egg_crate(x: Values, y: Values) -> Values:
    """Jamil & Yang 2013."""
    return x**2 + y**2 + 25 * (np.sin(x) ** 2 + np.sin(y) ** 2)


def egg_holder(x: Values, y: Values) -> Values:
    """Whitley et al. 1996; Surjanovic & Bingham 2013."""
    left = -(y + 47) * np.sin(np.sqrt(np.abs(y + x / 2 + 47)))
    return left - x * np.sin(np.sqrt(np.abs(x - (y + 47))))


def hansen(x: Values, y: Values) -> Values:
    """Fraley 1989; Jamil & Yang 2013."""
    first = sum((i + 1) * np.cos(i * x + i + 1) for i in range(5))
    return first * sum((j + 1) * np.cos((j + 2) * y + j + 1) for j in range(5))


def holder_table(x: Values, y: Values) -> Values:
    """Mishra 2006; Surjanovic & Bingham 2013."""
    return -np.abs(np.sin(x) * np.cos(y) * np.exp(np.abs(1 - np.sqrt(x**2 + y**2) / np.pi)))


def keane(x: Values, y: Values) -> Values:
    """Keane 1994; Jamil & Yang 2013."""
    radius = np.sqrt(x**2 + y**2)
    safe = np.where(radius == 0, 1.0, radius)
    return -np.where(radius == 0, 0.0, np.sin(x - y) ** 2 * np.sin(x + y) ** 2 / safe)


def levy_13(x: Values, y: Values) -> Values:
    """Mishra 2006, Levy 13; Surjanovic & Bingham 2013."""
    first = (x - 1) ** 2 * (1 + np.sin(3 * np.pi * y) ** 2)
    return np.sin(3 * np.pi * x) ** 2 + first + (y - 1) ** 2 * (1 + np.sin(2 * np.pi * y) ** 2)


def mishra_5(x: Values, y: Values) -> Values:
    """Mishra 2006; Jamil & Yang 2013."""
    waves = np.sin((np.cos(x) + np.cos(y)) ** 2) ** 2 + np.cos((np.sin(x) + np.sin(y)) ** 2) ** 2
    return (waves + x) ** 2 + 0.01 * x + 0.1 * y


def mishra_6(x: Values, y: Values) -> Values:
    """Mishra 2006; Jamil & Yang 2013."""
    waves = np.sin((np.cos(x) + np.cos(y)) ** 2) ** 2 - np.cos((np.sin(x) + np.sin(y)) ** 2) ** 2
    return -np.log((waves + x) ** 2) + 0.1 * ((x - 1) ** 2 + (y - 1) ** 2)


def parsopoulos(x: Values, y: Values) -> Values:
    """Parsopoulos & Vrahatis 2002; Jamil & Yang 2013."""
    return np.cos(x) ** 2 + np.sin(y) ** 2


def pen_holder(x: Values, y: Values) -> Values:
    """Mishra 2006; Jamil & Yang 2013."""
    height = np.exp(np.abs(1 - np.sqrt(x**2 + y**2) / np.pi))
    return -np.exp(-1 / np.abs(np.cos(x) * np.cos(y) * height))


def periodic(x: Values, y: Values) -> Values:
    """Price 1977; Ali, Khompatraporn & Zabinsky 2005."""
    return 1 + np.sin(x) ** 2 + np.sin(y) ** 2 - 0.1 * np.exp(-(x**2) - y**2)


def ripple_1(x: Values, y: Values) -> Values:
    """Jamil & Yang 2013."""
    return sum(-_ripple(t) * (np.sin(5 * np.pi * t) ** 6 + 0.1 * np.cos(500 * np.pi * t) ** 2) for t in (x, y))


def ripple_25(x: Values, y: Values) -> Values:
    """Jamil & Yang 2013."""
    return sum(-_ripple(t) * np.sin(5 * np.pi * t) ** 6 for t in (x, y))


def _ripple(t: Values) -> Values:
    return np.exp(-2 * np.log(2) * ((t - 0.1) / 0.8) ** 2)


def sawtooth(x: Values, y: Values) -> Values:
    """Price, Storn & Lampinen 2005, sawtooth in polar coordinates."""
    r, t = np.sqrt(x**2 + y**2), np.arctan2(y, x)
    teeth = np.sin(r) - np.sin(2 * r) / 2 + np.sin(3 * r) / 3 - np.sin(4 * r) / 4 + 4
    return teeth * r**2 / (r + 1) * (0.5 * np.cos(2 * t - 0.5) + np.cos(t) + 2)


def schaffer_1(x: Values, y: Values) -> Values:
    """Mishra 2007; Jamil & Yang 2013."""
    squares = x**2 + y**2
    return 0.5 + (np.sin(squares**2) ** 2 - 0.5) / (1 + 0.001 * squares) ** 2


def schaffer_2(x: Values, y: Values) -> Values:
    """Mishra 2007; Surjanovic & Bingham 2013."""
    return 0.5 + (np.sin(x**2 - y**2) ** 2 - 0.5) / (1 + 0.001 * (x**2 + y**2)) ** 2


def schaffer_3(x: Values, y: Values) -> Values:
    """Mishra 2007; Jamil & Yang 2013."""
    return 0.5 + (np.sin(np.cos(np.abs(x**2 - y**2))) ** 2 - 0.5) / (1 + 0.001 * (x**2 + y**2)) ** 2


def schaffer_4(x: Values, y: Values) -> Values:
    """Mishra 2007; Surjanovic & Bingham 2013."""
    return 0.5 + (np.cos(np.sin(x**2 - y**2)) ** 2 - 0.5) / (1 + 0.001 * (x**2 + y**2)) ** 2


def shubert(x: Values, y: Values) -> Values:
    """Shubert 1972; Surjanovic & Bingham 2013."""
    first = sum(i * np.cos((i + 1) * x + i) for i in range(1, 6))
    return first * sum(i * np.cos((i + 1) * y + i) for i in range(1, 6))


def test_tube_holder(x: Values, y: Values) -> Values:
    """Mishra 2006; Jamil & Yang 2013."""
    return -4 * np.abs(np.sin(x) * np.cos(y) * np.exp(np.abs(np.cos((x**2 + y**2) / 200))))


def trefethen(x: Values, y: Values) -> Values:
    """Trefethen 2002, problem 4 of the SIAM 100-digit challenge."""
    waves = np.exp(np.sin(50 * x)) + np.sin(60 * np.exp(y)) + np.sin(70 * np.sin(x)) + np.sin(np.sin(80 * y))
    return waves - np.sin(10 * (x + y)) + (x**2 + y**2) / 4


def ursem_1(x: Values, y: Values) -> Values:
    """Rönkkönen 2009; Jamil & Yang 2013."""
    return -np.sin(2 * x - 0.5 * np.pi) - 3 * np.cos(y) - 0.5 * x


def ursem_3(x: Values, y: Values) -> Values:
    """Rönkkönen 2009; Jamil & Yang 2013."""
    fade = (2 - np.abs(y)) / 2 * (3 - np.abs(x)) / 2
    return -(np.sin(2.2 * np.pi * x + 0.5 * np.pi) + np.sin(0.5 * np.pi * y**2 + 0.5 * np.pi)) * fade


def ursem_4(x: Values, y: Values) -> Values:
    """Rönkkönen 2009; Jamil & Yang 2013."""
    return -3 * np.sin(0.5 * np.pi * x + 0.5 * np.pi) * (2 - np.sqrt(x**2 + y**2)) / 4


def venter_sobieski(x: Values, y: Values) -> Values:
    """Venter & Sobieszczanski-Sobieski 2004; Jamil & Yang 2013."""
    return sum(t**2 - 100 * np.cos(t) ** 2 - 100 * np.cos(t**2 / 30) for t in (x, y))


FUNCTIONS: tuple[Classic, ...] = (
    fixed(bird, [(-2 * np.pi, 2 * np.pi)], (4.701043130007783, 3.152938501541896), -106.76453674926476),
    fixed(bohachevsky_1, [(-100, 100)], (0, 0), free=True),
    fixed(bohachevsky_2, [(-100, 100)], (0, 0), free=True),
    fixed(bohachevsky_3, [(-100, 100)], (0, 0), free=True),
    fixed(carrom_table, [(-10, 10)], (9.646167674905803, 9.646167669069886), -24.156815547391247),
    fixed(chichinadze, [(-30, 30), (-10, 10)], (6.189866586965680, 0.5), -42.94438701899098, free=True),
    fixed(cross_in_tray, [(-10, 10)], (1.349406685353340, 1.349406608602084), -2.062611870822739),
    fixed(cross_leg_table, [(-10, 10)], (0, 0), -1, free=True),
    fixed(damavandi, [(0, 14)], (2, 2), free=True),
    fixed(de_jong_5, [(-65.536, 65.536)], (-31.978335975246853, -31.978332315234383), 0.9980038377944498, free=True),
    fixed(drop_wave, [(-5.12, 5.12)], (0, 0), -1, free=True),
    fixed(egg_crate, [(-5, 5)], (0, 0), free=True),
    fixed(egg_holder, [(-512, 512)], (512, 404.2318058008512), -959.6406627208506),
    fixed(hansen, [(-10, 10)], (-7.589893010024996, -7.708313736020541), -176.54179313674572, free=True),
    fixed(holder_table, [(-10, 10)], (8.055023472141116, 9.664590028909654), -19.20850256788675),
    fixed(keane, [(0, 10)], (1.393249070031784, 0), -0.673667521146855),
    fixed(levy_13, [(-10, 10)], (1, 1), free=True),
    fixed(mishra_5, [(-10, 10)], (-1.986820662153768, -10), -1.019829519930646),
    fixed(mishra_6, [(-10, 10)], (2.886307215440481, 1.823260331422321), -2.28394983847),
    fixed(parsopoulos, [(-5, 5)], (np.pi / 2, 0), free=True),
    fixed(pen_holder, [(-11, 11)], (9.646167671043401, 9.646167671043401), -0.9635348327265058),
    fixed(periodic, [(-10, 10)], (0, 0), 0.9, free=True),
    fixed(ripple_1, [(0, 1)], (0.1, 0.1), -2.2, free=True),
    fixed(ripple_25, [(0, 1)], (0.1, 0.1), -2, free=True),
    fixed(sawtooth, [(-20, 20)], (0, 0), free=True),
    fixed(schaffer_1, [(-100, 100)], (0, 0), free=True),
    fixed(schaffer_2, [(-100, 100)], (0, 0), free=True),
    fixed(schaffer_3, [(-100, 100)], (0, 1.2531149640412251), 0.0015668545260040245, free=True),
    fixed(schaffer_4, [(-100, 100)], (0, 1.2531318305925918), 0.29257863203598045, free=True),
    fixed(shubert, [(-10, 10)], (-7.0835064, 4.8580569), -186.730908831024, free=True),
    fixed(test_tube_holder, [(-10, 10)], (1.570602617035542, 0), -10.872300105622745),
    fixed(trefethen, [(-10, 10)], (-0.024403079743737212, 0.21061242715535849), -3.3068686474752402, free=True),
    fixed(ursem_1, [(-2.5, 3), (-2, 2)], (1.697136443570341, 0), -4.816814063734823),
    fixed(ursem_3, [(-2, 2), (-1.5, 1.5)], (0, 0), -3),
    fixed(ursem_4, [(-2, 2)], (0, 0), -1.5),
    fixed(venter_sobieski, [(-50, 50)], (0, 0), -400, free=True),
)
