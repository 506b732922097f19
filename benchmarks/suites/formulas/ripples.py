"""Functions of any number of inputs with many minima. Docstrings name the source."""

import numpy as np

from benchmarks.suites.formulas.classic_function import Classic, axis_numbers, scalable
from blackbox.core.asking import Points, Values


def rastrigin(x: Points) -> Values:
    """Rastrigin 1974; Surjanovic & Bingham 2013."""
    return 10 * x.shape[-1] + (x**2 - 10 * np.cos(2 * np.pi * x)).sum(-1)


def ackley(x: Points) -> Values:
    """Ackley 1987; Surjanovic & Bingham 2013."""
    waves = np.exp(np.cos(2 * np.pi * x).mean(-1))
    return -20 * np.exp(-0.2 * np.sqrt((x**2).mean(-1))) - waves + 20 + np.e


def griewank(x: Points) -> Values:
    """Griewank 1981; Surjanovic & Bingham 2013."""
    return (x**2).sum(-1) / 4000 - np.cos(x / np.sqrt(axis_numbers(x))).prod(-1) + 1


def levy(x: Points) -> Values:
    """Surjanovic & Bingham 2013; Hedar."""
    w = 1 + (x - 1) / 4
    a, z = w[..., :-1], w[..., -1]
    middle = ((a - 1) ** 2 * (1 + 10 * np.sin(np.pi * a + 1) ** 2)).sum(-1)
    return np.sin(np.pi * w[..., 0]) ** 2 + middle + (z - 1) ** 2 * (1 + np.sin(2 * np.pi * z) ** 2)


def levy_montalvo_1(x: Points) -> Values:
    """Levy & Montalvo 1985; Ali, Khompatraporn & Zabinsky 2005."""
    y = 1 + (x + 1) / 4
    a, b = y[..., :-1], y[..., 1:]
    middle = ((a - 1) ** 2 * (1 + 10 * np.sin(np.pi * b) ** 2)).sum(-1)
    return np.pi / x.shape[-1] * (10 * np.sin(np.pi * y[..., 0]) ** 2 + middle + (y[..., -1] - 1) ** 2)


def levy_montalvo_2(x: Points) -> Values:
    """Levy & Montalvo 1985; Ali, Khompatraporn & Zabinsky 2005."""
    a, b, z = x[..., :-1], x[..., 1:], x[..., -1]
    middle = ((a - 1) ** 2 * (1 + np.sin(3 * np.pi * b) ** 2)).sum(-1)
    last = (z - 1) ** 2 * (1 + np.sin(2 * np.pi * z) ** 2)
    return 0.1 * (np.sin(3 * np.pi * x[..., 0]) ** 2 + middle + last)


def schwefel_2_26(x: Points) -> Values:
    """Schwefel 1981, problem 2.26; Jamil & Yang 2013, as a sum."""
    return -(x * np.sin(np.sqrt(np.abs(x)))).sum(-1)


def michalewicz(x: Points) -> Values:
    """Michalewicz 1992; Surjanovic & Bingham 2013, m = 10."""
    return -(np.sin(x) * np.sin(axis_numbers(x) * x**2 / np.pi) ** 20).sum(-1)


def styblinski_tang(x: Points) -> Values:
    """Styblinski & Tang 1990; Surjanovic & Bingham 2013."""
    return 0.5 * (x**4 - 16 * x**2 + 5 * x).sum(-1)


def alpine_1(x: Points) -> Values:
    """Rahnamayan et al. 2007; Jamil & Yang 2013."""
    return np.abs(x * np.sin(x) + 0.1 * x).sum(-1)


def alpine_2(x: Points) -> Values:
    """Clerc 1999; Jamil & Yang 2013, to be minimised."""
    return -(np.sqrt(np.abs(x)) * np.sin(x)).prod(-1)


def csendes(x: Points) -> Values:
    """Csendes & Ratz 1997; Jamil & Yang 2013."""
    away = np.where(x == 0, 1.0, x)
    return np.where(x == 0, 0.0, x**6 * (2 + np.sin(1 / away))).sum(-1)


def salomon(x: Points) -> Values:
    """Salomon 1996; Jamil & Yang 2013."""
    radius = np.sqrt((x**2).sum(-1))
    return 1 - np.cos(2 * np.pi * radius) + 0.1 * radius


def qing(x: Points) -> Values:
    """Qing 2006; Jamil & Yang 2013."""
    return ((x**2 - axis_numbers(x)) ** 2).sum(-1)


def quintic(x: Points) -> Values:
    """Mishra 2006; Jamil & Yang 2013."""
    return np.abs(x**5 - 3 * x**4 + 4 * x**3 + 2 * x**2 - 10 * x - 4).sum(-1)


def cosine_mixture(x: Points) -> Values:
    """Breiman & Cutler 1993; Ali, Khompatraporn & Zabinsky 2005, to be minimised."""
    return (x**2 - 0.1 * np.cos(5 * np.pi * x)).sum(-1)


def expanded_schaffer(x: Points) -> Values:
    """Suganthan et al. 2005 (CEC 2005), F6 of Schaffer over neighbouring axes in a ring."""
    squares = x**2 + np.roll(x, -1, -1) ** 2
    return (0.5 + (np.sin(np.sqrt(squares)) ** 2 - 0.5) / (1 + 0.001 * squares) ** 2).sum(-1)


def schaffer_f7(x: Points) -> Values:
    """Schaffer et al. 1989; Hansen et al. 2009 (BBOB), f17, unrotated."""
    s = np.sqrt(x[..., :-1] ** 2 + x[..., 1:] ** 2)
    return (np.sqrt(s) * (1 + np.sin(50 * s**0.2) ** 2)).mean(-1) ** 2


def stretched_v(x: Points) -> Values:
    """Schaffer et al. 1989, stretched V sine wave; Jamil & Yang 2013."""
    s = x[..., :-1] ** 2 + x[..., 1:] ** 2
    return (s**0.25 * (np.sin(50 * s**0.1) ** 2 + 0.1)).sum(-1)


def pathological(x: Points) -> Values:
    """Rahnamayan et al. 2007; Jamil & Yang 2013."""
    a, b = x[..., :-1], x[..., 1:]
    waves = np.sin(np.sqrt(100 * a**2 + b**2)) ** 2 - 0.5
    return (0.5 + waves / (1 + 0.001 * (a - b) ** 4)).sum(-1)


def deb_1(x: Points) -> Values:
    """Rönkkönen 2009; Jamil & Yang 2013."""
    return -(np.sin(5 * np.pi * x) ** 6).mean(-1)


def deb_3(x: Points) -> Values:
    """Rönkkönen 2009; Jamil & Yang 2013."""
    return -(np.sin(5 * np.pi * (np.abs(x) ** 0.75 - 0.05)) ** 6).mean(-1)


def hgbat(x: Points) -> Values:
    """Liang et al. 2014 (CEC 2014), F14."""
    d, squares, total = x.shape[-1], (x**2).sum(-1), x.sum(-1)
    return np.sqrt(np.abs(squares**2 - total**2)) + (0.5 * squares + total) / d + 0.5


def weierstrass(x: Points) -> Values:
    """Suganthan et al. 2005 (CEC 2005), a = 0.5, b = 3, k up to 20."""
    k = np.arange(21)
    waves = 0.5**k * np.cos(2 * np.pi * 3.0**k * (x[..., np.newaxis] + 0.5))
    return waves.sum(-1).sum(-1) - x.shape[-1] * (0.5**k * np.cos(np.pi * 3.0**k)).sum()


def katsuura(x: Points) -> Values:
    """Liang et al. 2013 (CEC 2013), F16, unscaled."""
    d, powers = x.shape[-1], 2.0 ** np.arange(1, 33)
    scaled = powers * x[..., np.newaxis]
    roughness = (np.abs(scaled - np.round(scaled)) / powers).sum(-1)
    return 10 / d**2 * ((1 + axis_numbers(x) * roughness) ** (10 / d**1.2)).prod(-1) - 10 / d**2


def whitley(x: Points) -> Values:
    """Whitley et al. 1996; Jamil & Yang 2013."""
    a, b = x[..., :, np.newaxis], x[..., np.newaxis, :]
    y = 100 * (a**2 - b) ** 2 + (1 - b) ** 2
    return (y**2 / 4000 - np.cos(y) + 1).sum((-2, -1))


def yang_2(x: Points) -> Values:
    """Yang 2010; Jamil & Yang 2013, Xin-She Yang 2."""
    return np.abs(x).sum(-1) * np.exp(-np.sin(x**2).sum(-1))


def yang_3(x: Points) -> Values:
    """Yang 2010; Jamil & Yang 2013, Xin-She Yang 3 with beta = 15, m = 5."""
    plateau = np.exp(-((x / 15) ** 10).sum(-1))
    return (plateau - 2 * np.exp(-(x**2).sum(-1))) * (np.cos(x) ** 2).prod(-1)


def yang_4(x: Points) -> Values:
    """Yang 2010; Jamil & Yang 2013, Xin-She Yang 4."""
    waves = np.exp(-(np.sin(np.sqrt(np.abs(x))) ** 2).sum(-1))
    return ((np.sin(x) ** 2).sum(-1) - np.exp(-(x**2).sum(-1))) * waves


def wavy(x: Points) -> Values:
    """Courrieu 1997; Jamil & Yang 2013, W / wavy function."""
    return (1 - np.cos(10 * x) * np.exp(-(x**2) / 2)).mean(-1)


def sinusoidal(x: Points) -> Values:
    """Zabinsky et al. 1992; Ali, Khompatraporn & Zabinsky 2005, A = 2.5, B = 5, z = 30, in degrees."""
    turned = np.radians(x - 30)
    return -(2.5 * np.sin(turned).prod(-1) + np.sin(5 * turned).prod(-1))


def inverted_cosine_wave(x: Points) -> Values:
    """Masters 1993; Salomon 1995."""
    a, b = x[..., :-1], x[..., 1:]
    s = a**2 + b**2 + 0.5 * a * b
    return -(np.exp(-s / 8) * np.cos(4 * np.sqrt(s))).sum(-1)


def vincent(x: Points) -> Values:
    """Shir & Bäck 2006; Li, Engelbrecht & Epitropakis 2013."""
    return -np.sin(10 * np.log(x)).mean(-1)


def lunacek(x: Points) -> Values:
    """Lunacek, Whitley & Sutton 2008, bi-Rastrigin; Hansen et al. 2009 (BBOB), f24, unrotated."""
    d = x.shape[-1]
    s = 1 - 1 / (2 * np.sqrt(d + 20) - 8.2)
    other = -np.sqrt((2.5**2 - 1) / s)
    bowls = np.minimum(((x - 2.5) ** 2).sum(-1), d + s * ((x - other) ** 2).sum(-1))
    return bowls + 10 * (1 - np.cos(2 * np.pi * (x - 2.5))).sum(-1)


def griewank_rosenbrock(x: Points) -> Values:
    """Whitley et al. 1996, F8F2; Hansen et al. 2009 (BBOB), f19, unrotated."""
    a, b = x[..., :-1], x[..., 1:]
    s = 100 * (a**2 - b) ** 2 + (a - 1) ** 2
    return 10 * (s / 4000 - np.cos(s)).mean(-1) + 10


def shubert_3(x: Points) -> Values:
    """Shubert 1972; Jamil & Yang 2013, Shubert 3."""
    j = np.arange(1.0, 6)
    return (j * np.sin((j + 1) * x[..., np.newaxis] + j)).sum((-2, -1))


def pinter(x: Points) -> Values:
    """Pintér 1996; Jamil & Yang 2013."""
    i, before, after = axis_numbers(x), np.roll(x, 1, -1), np.roll(x, -1, -1)
    a = before * np.sin(x) + np.sin(after)
    b = before**2 - 2 * x + 3 * after - np.cos(x) + 1
    return (i * x**2 + 20 * i * np.sin(a) ** 2 + i * np.log10(1 + i * b**2)).sum(-1)


_MICHALEWICZ = (
    2.202905520167066,
    np.pi / 2,
    1.2849915705405797,
    1.9230584698569706,
    1.7204697725614022,
    np.pi / 2,
    1.454413971350159,
    1.7560865209375915,
    1.655717416811008,
    np.pi / 2,
)
"""Each axis is minimised by itself: its minimiser does not depend on d."""


_MICHALEWICZ_VALUES = (
    -0.8013034100985527,
    -1.0,
    -0.9590912698960055,
    -0.9384624184720842,
    -0.9888010806215044,
    -1.0,
    -0.9932271353558816,
    -0.9828720362722113,
    -0.9963943649251027,
    -1.0,
)


FUNCTIONS: tuple[Classic, ...] = (
    scalable(rastrigin, (-5.12, 5.12), 0, free=True),
    scalable(ackley, (-32.768, 32.768), 0, free=True),
    scalable(griewank, (-600, 600), 0, free=True),
    scalable(levy, (-10, 10), 1, free=True),
    scalable(levy_montalvo_1, (-10, 10), -1, free=True),
    scalable(levy_montalvo_2, (-5, 5), 1, free=True),
    scalable(schwefel_2_26, (-500, 500), 420.96874635998, lambda d: -418.98288727243374 * d),
    scalable(
        michalewicz,
        (0, np.pi),
        lambda d: np.array(_MICHALEWICZ[:d]),
        lambda d: sum(_MICHALEWICZ_VALUES[:d]),
        largest=10,
    ),
    scalable(styblinski_tang, (-5, 5), -2.903534027771178, lambda d: -39.16616570377142 * d, free=True),
    scalable(alpine_1, (-10, 10), 0, free=True),
    scalable(alpine_2, (0, 10), 7.917052684666, lambda d: -(2.8081311800070053**d), largest=10),
    scalable(csendes, (-1, 1), 0, free=True),
    scalable(salomon, (-100, 100), 0, free=True),
    scalable(qing, (-500, 500), lambda d: np.sqrt(np.arange(1.0, d + 1)), free=True),
    scalable(quintic, (-10, 10), -1, free=True),
    scalable(cosine_mixture, (-1, 1), 0, lambda d: -0.1 * d, free=True),
    scalable(expanded_schaffer, (-100, 100), 0, free=True),
    scalable(schaffer_f7, (-100, 100), 0, free=True),
    scalable(stretched_v, (-10, 10), 0, free=True),
    scalable(pathological, (-100, 100), 0, free=True),
    scalable(deb_1, (-1, 1), 0.1, -1, free=True),
    scalable(deb_3, (0, 1), 0.15 ** (4 / 3), -1),
    scalable(hgbat, (-5, 5), -1, free=True),
    scalable(weierstrass, (-0.5, 0.5), 0, free=True),
    scalable(katsuura, (-5, 5), 0, free=True),
    scalable(whitley, (-10.24, 10.24), 1, free=True),
    scalable(yang_2, (-2 * np.pi, 2 * np.pi), 0, free=True),
    scalable(yang_3, (-20, 20), 0, -1, free=True),
    scalable(yang_4, (-10, 10), 0, -1, free=True),
    scalable(wavy, (-np.pi, np.pi), 0, free=True),
    scalable(sinusoidal, (0, 180), 120, -3.5, free=True),
    scalable(inverted_cosine_wave, (-5, 5), 0, lambda d: 1.0 - d, free=True),
    scalable(vincent, (0.25, 10), np.exp(np.pi / 20), -1),
    scalable(lunacek, (-5, 5), 2.5, free=True),
    scalable(griewank_rosenbrock, (-5, 5), 1, free=True),
    scalable(shubert_3, (-10, 10), -1.114099687606099, lambda d: -14.837950025710589 * d, free=True),
    scalable(pinter, (-10, 10), 0, free=True),
)
