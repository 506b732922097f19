"""Standard designs of engineering: cost, plus a multiple of the amount by which each limit is exceeded.

The multiple is above every multiplier of the limits, so that the minimum is that of the design within the limits
(Han & Mangasarian 1979).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.suites.applied.made import Applied, Made, made
from benchmarks.suites.applied.polishing import Formula, Numbers, held_by_limits
from blackbox.core.asking import Points, Values

LOAD, LENGTH, ELASTICITY, SHEAR_MODULUS = 6000.0, 14.0, 30e6, 12e6
"""Of the welded beam: pounds, inches, pounds a square inch."""

SHEAR_STRESS, BENDING_STRESS, DEFLECTION = 13600.0, 30000.0, 0.25
"""The most that the welded beam may have of each."""

VOLUME = 1_296_000.0
"""Of the pressure vessel, in cubic inches."""


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Cost and limits; a limit is exceeded where it is above 0."""

    cost: Formula
    limits: tuple[Formula, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    weight: float
    """Of what exceeds the limits."""

    def surface(self, points: Points) -> Values:
        """Cost and penalty."""
        over = [np.maximum(limit(points), 0.0) for limit in self.limits]
        return self.cost(points) + self.weight * np.sum(over, axis=0)


def truss(rng: np.random.Generator) -> Design:
    """Weight of three bars by their two cross-sections, under a random load; Nowacki 1974."""
    load = rng.uniform(1.5, 2.5)
    root = np.sqrt(2)

    def cost(points: Numbers) -> Numbers:
        outer, middle = points.T
        return 100 * (2 * root * outer + middle)

    def first(points: Numbers) -> Numbers:
        outer, middle = points.T
        return load * (root * outer + middle) / (root * outer**2 + 2 * outer * middle) - 2

    def second(points: Numbers) -> Numbers:
        outer, middle = points.T
        return load * middle / (root * outer**2 + 2 * outer * middle) - 2

    def third(points: Numbers) -> Numbers:
        outer, middle = points.T
        return load / (outer + root * middle) - 2

    return Design(cost, (first, second, third), (0.01, 0.01), (1.5, 1.5), 1e4)


def spring(rng: np.random.Generator) -> Design:
    """Weight of a coil spring by wire, coil and turns, with a random limit of shear stress; Belegundu 1982."""
    most = rng.uniform(0.9, 1.1)

    def cost(points: Numbers) -> Numbers:
        wire, coil, turns = points.T
        return 100 * (turns + 2) * coil * wire**2

    def deflection(points: Numbers) -> Numbers:
        wire, coil, turns = points.T
        return 1 - coil**3 * turns / (71785 * wire**4)

    def shear(points: Numbers) -> Numbers:
        wire, coil, _ = points.T
        bent = (4 * coil**2 - wire * coil) / (12566 * (coil * wire**3 - wire**4))
        return bent + 1 / (5108 * wire**2) - most

    def surge(points: Numbers) -> Numbers:
        wire, coil, turns = points.T
        return 1 - 140.45 * wire / (coil**2 * turns)

    def size(points: Numbers) -> Numbers:
        wire, coil, _ = points.T
        return (wire + coil) / 1.5 - 1

    return Design(cost, (deflection, shear, surge, size), (0.05, 0.25, 2), (0.3, 1.3, 15), 100)


def vessel(rng: np.random.Generator) -> Design:
    """Thousands of dollars for a pressure vessel of a random volume, all sizes continuous; Sandgren 1990."""
    volume = VOLUME * rng.uniform(0.8, 1.2)

    def cost(points: Numbers) -> Numbers:
        shell, head, radius, length = points.T
        plates = 0.6224 * shell * radius * length + 1.7781 * head * radius**2
        return (plates + 3.1661 * shell**2 * length + 19.84 * shell**2 * radius) / 1000

    def thin_shell(points: Numbers) -> Numbers:
        shell, _, radius, _ = points.T
        return 0.0193 * radius - shell

    def thin_head(points: Numbers) -> Numbers:
        _, head, radius, _ = points.T
        return 0.00954 * radius - head

    def small(points: Numbers) -> Numbers:
        _, _, radius, length = points.T
        return 1 - np.pi * radius**2 * (length + 4 / 3 * radius) / volume

    return Design(cost, (thin_shell, thin_head, small), (0.1, 0.1, 10, 10), (5, 5, 100, 220), 100)


def welded_beam(rng: np.random.Generator) -> Design:
    """Cost of a beam and its welds by their sizes, under a random load; Rao 1996, Coello 2000."""
    load = LOAD * rng.uniform(0.8, 1.2)

    def cost(points: Numbers) -> Numbers:
        weld, overlap, height, width = points.T
        return 1.10471 * weld**2 * overlap + 0.04811 * height * width * (LENGTH + overlap)

    def shear(points: Numbers) -> Numbers:
        weld, overlap, height, _ = points.T
        root = np.sqrt(2) * weld * overlap
        arm = overlap**2 / 4 + ((weld + height) / 2) ** 2
        straight = load / root
        twist = load * (LENGTH + overlap / 2) * np.sqrt(arm) / (2 * root * (arm - overlap**2 / 6))
        turned = straight * twist * overlap / np.sqrt(arm)
        return np.sqrt(straight**2 + turned + twist**2) / SHEAR_STRESS - 1

    def bending(points: Numbers) -> Numbers:
        _, _, height, width = points.T
        return 6 * load * LENGTH / (width * height**2) / BENDING_STRESS - 1

    def wide_weld(points: Numbers) -> Numbers:
        weld, _, _, width = points.T
        return weld - width

    def deflection(points: Numbers) -> Numbers:
        _, _, height, width = points.T
        return 4 * load * LENGTH**3 / (ELASTICITY * height**3 * width) / DEFLECTION - 1

    def buckling(points: Numbers) -> Numbers:
        _, _, height, width = points.T
        slender = 1 - height / (2 * LENGTH) * np.sqrt(ELASTICITY / (4 * SHEAR_MODULUS))
        return load * LENGTH**2 / (4.013 * ELASTICITY * height * width**3 / 6 * slender) - 1

    limits = (shear, bending, wide_weld, deflection, buckling)
    return Design(cost, limits, (0.1, 0.1, 0.1, 0.1), (2, 10, 10, 2), 30)


def _penalised(design: Callable[[np.random.Generator], Design], dimension: int) -> Applied:
    def make(_: int, rng: np.random.Generator) -> Made:
        drawn = design(rng)
        best = held_by_limits(drawn.cost, drawn.limits, np.array(drawn.low), np.array(drawn.high))
        return made(drawn.low, drawn.high, drawn.surface, best.point, best.value)

    return Applied(design.__name__, (dimension,), make)


FUNCTIONS: tuple[Applied, ...] = (
    _penalised(truss, 2),
    _penalised(spring, 3),
    _penalised(vessel, 4),
    _penalised(welded_beam, 4),
)
