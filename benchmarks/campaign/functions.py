"""Functions to be maximised on [0, 1)^d, known by a few random points: what expensive campaigns look like.

Each is of our own making, after the descriptions in the well-known challenge of eight functions, or a classic one,
moved. Every formula has its maximum at a point that stands in it, so that regrets are exact. `TUNING` was looked at
while the surrogate was built; `REPORTED` and `CLASSICS` were not: other formulas, other peaks.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CampaignFunction:
    """One unknown function and what is known of it at first."""

    name: str
    dimension: int
    initial: int
    """Random points that are known before the first question."""
    value: Callable[[Floats], float]
    """Without noise, at a point of shape `(d,)`."""
    best: float
    noise: float = 0.0
    """Standard deviation of what is added to each answer."""


def _spike(x: Floats) -> float:
    """A radiation field: two narrow sources, next to nothing elsewhere."""
    here = np.exp(-0.5 * np.sum(((x - [0.68, 0.27]) / [0.05, 0.06]) ** 2))
    there = 0.55 * np.exp(-0.5 * np.sum(((x - [0.22, 0.71]) / 0.05) ** 2))
    return float(max(here, there))


def _likelihood(x: Floats) -> float:
    """A log-likelihood with many local optima, answered with noise."""
    u = x - np.array([0.71, 0.86])
    return float(np.exp(-2.5 * u @ u) * (0.65 + 0.35 * np.mean(np.cos([17 * u[0], 13 * u[1]]))))


def _medicine(x: Floats) -> float:
    """Side effects of three compounds, to be as small as can be: kinks and an interaction."""
    u = np.abs(x - np.array([0.33, 0.81, 0.58]))
    return float(-(0.25 * u[0] ** 1.3 + 0.4 * u[1] ** 1.5 + 0.15 * u[2] + 0.9 * (u[0] * u[1]) ** 2))


def _warehouse(x: Floats) -> float:
    """Four knobs of a warehouse's model, with many local optima on the way."""
    u = x - np.array([0.41, 0.37, 0.55, 0.29])
    slope = 25 * (u @ u) + 12 * (u[0] + u[1] - u[2]) ** 2
    return float(-(slope + 0.8 * np.sum(1 - np.cos(15 * u))))


def _yield(x: Floats) -> float:
    """A chemical yield: one peak, far from the middle, thousands high and skewed."""
    rise, fall = np.array([3.2, 1.1, 5.5, 2.4]), np.array([0.9, 2.3, 0.8, 1.9])
    peak = rise / (rise + fall)
    inside = np.clip(x, 1e-9, 1 - 1e-9)
    return float(1600 * np.exp(np.sum(rise * np.log(inside / peak) + fall * np.log((1 - inside) / (1 - peak)))))


def _cake(x: Floats) -> float:
    """A recipe's flaws: all negative, five ingredients that must fit together."""
    u = x - np.array([0.44, 0.28, 0.57, 0.79, 0.12])
    return float(-(0.6 * np.abs(np.sum(u)) + np.array([1.2, 0.7, 2.5, 1.0, 0.4]) @ u**2 + 1.5 * abs(u[0] * u[3])))


def _six_knobs(x: Floats) -> float:
    """Six hyperparameters of a learner, of very unequal weight."""
    u = x - np.array([0.66, 0.18, 0.47, 0.27, 0.39, 0.74])
    weights = np.array([6.0, 2.5, 9.0, 0.5, 0.1, 3.0])
    return float(2.5 * np.exp(-(weights @ u**2) - 4 * (u[0] - u[2]) ** 2))


def _eight_knobs(x: Floats) -> float:
    """Eight hyperparameters: a broad hill with ripples on half of them."""
    u = x - np.array([0.12, 0.31, 0.09, 0.22, 0.63, 0.48, 0.27, 0.81])
    weights = np.array([3.0, 1.0, 4.0, 0.5, 2.0, 0.3, 1.5, 0.1])
    return float(10 - weights @ u**2 - 2 * (u[0] + u[2] - u[4]) ** 2 - 0.15 * np.sum(1 - np.cos(11 * u[:4])))


def _goldstein_price(x: Floats) -> float:
    a, b = 4 * (x - np.array([0.53, 0.31])) + np.array([0.0, -1.0])
    first = 1 + (a + b + 1) ** 2 * (19 - 14 * a + 3 * a**2 - 14 * b + 6 * a * b + 3 * b**2)
    second = 30 + (2 * a - 3 * b) ** 2 * (18 - 32 * a + 12 * a**2 + 48 * b - 36 * a * b + 27 * b**2)
    return float(-first * second)


def _levy(x: Floats) -> float:
    w = 1 + (14 * (x - np.array([0.61, 0.42, 0.27]))) / 4
    middle = np.sum((w[:-1] - 1) ** 2 * (1 + 10 * np.sin(np.pi * w[:-1] + 1) ** 2))
    return float(-(np.sin(np.pi * w[0]) ** 2 + middle + (w[-1] - 1) ** 2 * (1 + np.sin(2 * np.pi * w[-1]) ** 2)))


def _styblinski_tang(x: Floats) -> float:
    peak = -2.903534027771178
    z = 8 * (x - np.array([0.34, 0.28, 0.41, 0.22])) + peak
    return float(-0.5 * np.sum(z**4 - 16 * z**2 + 5 * z))


_HARTMANN_6 = (
    np.array([[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14],
              [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]),
    np.array([[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
              [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]]) * 1e-4,
)  # fmt: skip
_HARTMANN_3 = (
    np.array([[3, 10, 30], [0.1, 10, 35], [3, 10, 30], [0.1, 10, 35]]),
    np.array([[3689, 1170, 2673], [4699, 4387, 7470], [1091, 8732, 5547], [381, 5743, 8828]]) * 1e-4,
)


def _hartmann(x: Floats, tables: tuple[Floats, Floats]) -> float:
    return float(np.array([1.0, 1.2, 3.0, 3.2]) @ np.exp(-np.sum(tables[0] * (x - tables[1]) ** 2, axis=1)))


def _hartmann_6(x: Floats) -> float:
    return _hartmann(x + np.array([-0.12, -0.2, 0.05, 0.1, -0.15, 0.08]), _HARTMANN_6)


REPORTED = (
    CampaignFunction("radiation", 2, 10, _spike, 1.0),
    CampaignFunction("likelihood", 2, 10, _likelihood, 1.0, noise=0.03),
    CampaignFunction("medicine", 3, 15, _medicine, 0.0),
    CampaignFunction("warehouse", 4, 30, _warehouse, 0.0),
    CampaignFunction("yield", 4, 20, _yield, 1600.0),
    CampaignFunction("cake", 5, 20, _cake, 0.0),
    CampaignFunction("six-knobs", 6, 30, _six_knobs, 2.5),
    CampaignFunction("eight-knobs", 8, 40, _eight_knobs, 10.0),
)
CLASSICS = (
    CampaignFunction("goldstein-price", 2, 10, _goldstein_price, -3.0),
    CampaignFunction("levy", 3, 15, _levy, 0.0),
    CampaignFunction("styblinski-tang", 4, 20, _styblinski_tang, 4 * 39.16616570377142),
    CampaignFunction("hartmann-6", 6, 30, _hartmann_6, 3.322368011415515),
)


def _leak(x: Floats) -> float:
    """One narrow source, and a background a thousand times weaker."""
    u = (x - np.array([0.37, 0.58])) / np.array([0.1, 0.06])
    return float(np.exp(-0.5 * (u @ u + u[0] * u[1])) - 0.001 * np.sum((x - np.array([0.37, 0.58])) ** 2))


def _waves(x: Floats) -> float:
    u = x - np.array([0.24, 0.63])
    return float(-2 * np.abs(u).sum() - 0.4 * np.sum(1 - np.cos([19 * u[0], 15 * u[1]])))


def _dose(x: Floats) -> float:
    u = x - np.array([0.62, 0.19, 0.44])
    return float(-np.sqrt(0.001 + 0.5 * (u[0] + 0.5 * u[1]) ** 2 + u[1] ** 2 + 0.2 * u[2] ** 2) + np.sqrt(0.001))


def _growth(x: Floats) -> float:
    """Exponential growth up to a corner."""
    return float(np.exp(2.0 * (x[0] + 0.8 * x[1] + 0.5 * x[2] + 1.2 * x[3] - 3.5)))


def _batter(x: Floats) -> float:
    u = x - np.array([0.71, 0.52, 0.33, 0.86, 0.24])
    return float(-(0.4 * np.abs(u).max() + np.array([0.3, 1.9, 0.8, 1.3, 2.2]) @ u**2 + (u[1] - u[4]) ** 2))


def _learner(x: Floats) -> float:
    u = x - np.array([0.35, 0.64, 0.22, 0.81, 0.55, 0.42])
    return float(1 / (1 + 8 * u[0] ** 2 + 15 * (u[1] + u[2]) ** 2 + 3 * u[2] ** 2 + u[3] ** 2 + 0.2 * u[4] ** 2))


def _engine(x: Floats) -> float:
    u = x - np.array([0.44, 0.72, 0.15, 0.58, 0.33, 0.91, 0.26, 0.67])
    return float(-np.log1p(20 * np.array([1, 0.1, 2, 0.5, 3, 0.05, 1, 0.3]) @ u**2 + 10 * (u[0] - u[4]) ** 2))


def _branin(x: Floats) -> float:
    a, b = 15 * x[0] - 5, 15 * x[1]
    valley = (b - 5.1 * a**2 / (4 * np.pi**2) + 5 * a / np.pi - 6) ** 2
    return float(-(valley + 10 * (1 - 1 / (8 * np.pi)) * np.cos(a) + 10))


def _hartmann_3(x: Floats) -> float:
    return _hartmann(x + np.array([-0.1, 0.0, 0.1]), _HARTMANN_3)


def _rosenbrock(x: Floats) -> float:
    z = 3 * (x - np.array([0.61, 0.47, 0.7, 0.55])) + 1
    return float(-np.sum(100 * (z[1:] - z[:-1] ** 2) ** 2 + (1 - z[:-1]) ** 2))


def _ackley(x: Floats) -> float:
    z = 8 * (x - np.array([0.38, 0.57, 0.66, 0.29, 0.45]))
    return float(20 * np.exp(-0.2 * np.sqrt(np.mean(z**2))) + np.exp(np.mean(np.cos(2 * np.pi * z))) - 20 - np.e)


TUNING = (
    CampaignFunction("leak", 2, 10, _leak, 1.0),
    CampaignFunction("waves", 2, 10, _waves, 0.0, noise=0.05),
    CampaignFunction("dose", 3, 15, _dose, 0.0),
    CampaignFunction("growth", 4, 20, _growth, 1.0),
    CampaignFunction("batter", 5, 20, _batter, 0.0),
    CampaignFunction("learner", 6, 30, _learner, 1.0),
    CampaignFunction("engine", 8, 40, _engine, 0.0),
    CampaignFunction("branin", 2, 10, _branin, -0.39788735772973816),
    CampaignFunction("hartmann-3", 3, 15, _hartmann_3, 3.8627797869493365),
    CampaignFunction("rosenbrock", 4, 30, _rosenbrock, 0.0),
    CampaignFunction("ackley", 5, 20, _ackley, 0.0),
)

SETS = {"tuning": TUNING, "reported": REPORTED, "classics": CLASSICS}
