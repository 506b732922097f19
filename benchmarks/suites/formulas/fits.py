"""Curves fitted to data, of so many parameters: Moré, Garbow & Hillstrom 1981 (MGH) by number."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.suites.formulas import tables
from benchmarks.suites.formulas.classic_function import Classic, scalable
from blackbox.core.asking import Point, Points, Values


def _squares(residuals: Points) -> Values:
    return (residuals**2).sum(-1)


def _columns(x: Points) -> Points:
    """Shape `(d, …, 1)`: each parameter against a row of data."""
    return np.moveaxis(x[..., np.newaxis], -2, 0)


def freudenstein_roth(x: Points) -> Values:
    """MGH 2; Freudenstein & Roth 1963."""
    a, b = x[..., 0], x[..., 1]
    return (-13 + a + ((5 - b) * b - 2) * b) ** 2 + (-29 + a + ((b + 1) * b - 14) * b) ** 2


def powell_badly_scaled(x: Points) -> Values:
    """MGH 3; Powell 1970."""
    a, b = x[..., 0], x[..., 1]
    return (1e4 * a * b - 1) ** 2 + (np.exp(-a) + np.exp(-b) - 1.0001) ** 2


def brown_badly_scaled(x: Points) -> Values:
    """MGH 4; Brown."""
    a, b = x[..., 0], x[..., 1]
    return (a - 1e6) ** 2 + (b - 2e-6) ** 2 + (a * b - 2) ** 2


def beale(x: Points) -> Values:
    """MGH 5; Beale 1958."""
    a, b = x[..., 0], x[..., 1]
    return (1.5 - a * (1 - b)) ** 2 + (2.25 - a * (1 - b**2)) ** 2 + (2.625 - a * (1 - b**3)) ** 2


def jennrich_sampson(x: Points) -> Values:
    """MGH 6; Jennrich & Sampson 1968."""
    i = np.arange(1.0, 11)
    a, b = _columns(x)
    return _squares(2 + 2 * i - np.exp(i * a) - np.exp(i * b))


def helical_valley(x: Points) -> Values:
    """MGH 7; Fletcher & Powell 1963."""
    a, b, c = np.moveaxis(x, -1, 0)
    turn = np.arctan2(b, a) / (2 * np.pi)
    turn = np.where(turn < -0.25, turn + 1, turn)
    return 100 * ((c - 10 * turn) ** 2 + (np.sqrt(a**2 + b**2) - 1) ** 2) + c**2


def bard(x: Points) -> Values:
    """MGH 8; Bard 1970."""
    u = np.arange(1.0, 16)
    a, b, c = _columns(x)
    return _squares(tables.BARD - a - u / ((16 - u) * b + np.minimum(u, 16 - u) * c))


def gaussian(x: Points) -> Values:
    """MGH 9."""
    t = (8 - np.arange(1.0, 16)) / 2
    a, b, c = _columns(x)
    return _squares(a * np.exp(-b * (t - c) ** 2 / 2) - tables.GAUSSIAN)


def meyer(x: Points) -> Values:
    """MGH 10; Meyer 1970."""
    t = 45 + 5 * np.arange(1.0, 17)
    a, b, c = _columns(x)
    return _squares(a * np.exp(b / (t + c)) - tables.MEYER)


def gulf(x: Points) -> Values:
    """MGH 11; Cox 1969; as in Jamil & Yang 2013."""
    t = np.arange(1.0, 100) / 100
    u = 25 + (-50 * np.log(t)) ** (2 / 3)
    a, b, c = _columns(x)
    return _squares(np.exp(-(np.abs(u - b) ** c) / a) - t)


def box_3(x: Points) -> Values:
    """MGH 12; Box 1966."""
    t = 0.1 * np.arange(1.0, 11)
    a, b, c = _columns(x)
    return _squares(np.exp(-t * a) - np.exp(-t * b) - c * (np.exp(-t) - np.exp(-10 * t)))


def powell_singular(x: Points) -> Values:
    """MGH 13 and 22; Powell 1962."""
    a, b, c, d = (x[..., first::4] for first in range(4))
    return ((a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4).sum(-1)


def kowalik_osborne(x: Points) -> Values:
    """MGH 15; Kowalik & Osborne 1968."""
    u = tables.KOWALIK_U
    a, b, c, d = _columns(x)
    return _squares(tables.KOWALIK_Y - a * (u**2 + u * b) / (u**2 + u * c + d))


def brown_dennis(x: Points) -> Values:
    """MGH 16; Brown & Dennis 1971."""
    t = np.arange(1.0, 21) / 5
    a, b, c, d = _columns(x)
    return _squares((a + t * b - np.exp(t)) ** 2 + (c + d * np.sin(t) - np.cos(t)) ** 2)


def osborne_1(x: Points) -> Values:
    """MGH 17; Osborne 1972."""
    t = 10.0 * np.arange(33)
    a, b, c, d, e = _columns(x)
    return _squares(tables.OSBORNE_1 - a - b * np.exp(-t * d) - c * np.exp(-t * e))


def biggs_exp_6(x: Points) -> Values:
    """MGH 18; Biggs 1971."""
    t = 0.1 * np.arange(1.0, 14)
    a, b, c, d, e, f = _columns(x)
    known = np.exp(-t) - 5 * np.exp(-10 * t) + 3 * np.exp(-4 * t)
    return _squares(c * np.exp(-t * a) - d * np.exp(-t * b) + f * np.exp(-t * e) - known)


def osborne_2(x: Points) -> Values:
    """MGH 19; Osborne 1972."""
    t = 0.1 * np.arange(65)
    p = _columns(x)
    model = p[0] * np.exp(-t * p[4])
    for height, width, place in ((1, 5, 8), (2, 6, 9), (3, 7, 10)):
        model = model + p[height] * np.exp(-((t - p[place]) ** 2) * p[width])
    return _squares(tables.OSBORNE_2 - model)


def watson(x: Points) -> Values:
    """MGH 20; Kowalik & Osborne 1968."""
    t = (np.arange(1.0, 30) / 29)[:, np.newaxis]
    j = np.arange(x.shape[-1])
    each = x[..., np.newaxis, :]
    slope = (j[1:] * each[..., 1:] * t ** (j[1:] - 1)).sum(-1)
    ends = x[..., 0] ** 2 + (x[..., 1] - x[..., 0] ** 2 - 1) ** 2
    return _squares(slope - (each * t**j).sum(-1) ** 2 - 1) + ends


def _point(*coordinates: float) -> Point:
    return np.array(coordinates, dtype=np.float64)


def _fit(
    formula: Callable[[Points], Values],
    ends: tuple[tuple[float, float], ...],
    minimiser: tuple[float, ...],
    minimum: float = 0.0,
) -> Classic:
    """A sum of squares: nothing outside the box is lower than its global minimum."""
    made = scalable(formula, (0, 0), lambda _: _point(*minimiser), minimum, free=True, dimensions=(len(minimiser),))
    rows = np.array([*ends] if len(ends) > 1 else [*ends] * len(minimiser), dtype=np.float64)
    return replace(made, box=lambda _: (rows[:, 0].copy(), rows[:, 1].copy()))


FUNCTIONS: tuple[Classic, ...] = (
    _fit(freudenstein_roth, ((-10, 10),), (5, 4)),
    _fit(powell_badly_scaled, ((-10, 10),), (1.098159e-5, 9.106146)),
    _fit(brown_badly_scaled, ((-1e6, 3e6), (-1, 1)), (1e6, 2e-6)),
    _fit(beale, ((-4.5, 4.5),), (3, 0.5)),
    _fit(jennrich_sampson, ((-1, 1),), (0.25782521, 0.25782521), 124.362182355615),
    _fit(helical_valley, ((-10, 10),), (1, 0, 0)),
    _fit(bard, ((-0.25, 0.25), (0.01, 2.5), (0.01, 2.5)), (0.08241056, 1.13303609, 2.34369518), 8.21487730657e-3),
    _fit(gaussian, ((0, 2), (0, 5), (-2, 2)), (0.3989561378, 1.0000190845, 0), 1.12793276961e-8),
    _fit(
        meyer,
        ((0, 1), (1e3, 1e4), (100, 1000)),
        (0.005609636871542388, 6181.346285953151, 345.22363256702977),
        87.94585517031439,
    ),
    _fit(gulf, ((0.1, 100), (0, 25.6), (0, 5)), (50, 25, 1.5)),
    _fit(box_3, ((0, 20), (0, 20), (-10, 10)), (1, 10, 1)),
    scalable(powell_singular, (-4, 5), 0, free=True, dimensions=(4, 8)),
    _fit(kowalik_osborne, ((-5, 5),), (0.192806934, 0.191282328, 0.123056505, 0.136062329), 3.07505603849e-4),
    _fit(brown_dennis, ((-25, 25),), (-11.5944399, 13.2036300, -0.4034395, 0.2367787), 85822.2016263563),
    _fit(
        osborne_1,
        ((0, 1), (0, 5), (-5, 0), (0, 0.1), (0, 0.1)),
        (0.37541005, 1.93584691, -1.46468714, 0.01286753, 0.02212270),
        5.46489469748e-5,
    ),
    _fit(biggs_exp_6, ((0, 20),), (1, 10, 1, 5, 4, 3)),
    _fit(
        osborne_2,
        ((0, 10),),
        (
            1.3099772,
            0.4315538,
            0.6336617,
            0.5994305,
            0.7541832,
            0.9042886,
            1.3658118,
            4.8236988,
            2.3986849,
            4.5688746,
            5.6753415,
        ),
        4.01377362935e-2,
    ),
    _fit(
        watson,
        ((-2, 2),),
        (-0.0157250864, 1.0124348693, -0.2329916259, 1.2604300870, -1.5137289227, 0.9929964324),
        2.28767005355e-3,
    ),
)
