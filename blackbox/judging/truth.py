"""What the judge finds out by itself, in evaluations that nobody is charged with."""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Floats, Point
from blackbox.core.bounds import Bounds
from blackbox.core.errors import UsageError
from blackbox.gradients.check import GradientCheck
from blackbox.gradients.point_study import Wish
from blackbox.judging.secret import Secret
from blackbox.oracle.oracle import Limits, Oracle
from blackbox.solve.calculus import study_on
from blackbox.solve.plan import Plan
from blackbox.solve.run import run

RANDOM_RUNS = 5
"""Random search is luck: the mean of so many runs is the baseline."""
SPREAD = 10.0
"""Half the width of the box around the start from which random points are drawn where no bounds are given."""


@dataclass(frozen=True, slots=True, eq=False)
class Slope:
    """The true gradient at a point, shape `(d,)`, and what is wrong with the claimed one."""

    gradient: Floats
    check: GradientCheck | None = None

    @property
    def norm(self) -> float:
        """Its length."""
        return float(np.linalg.norm(self.gradient))


def slope_at(secret: Secret, point: Point, claimed: Floats | None = None) -> Slope:
    """About 10 d evaluations, 40 d² more where a claim is explained. NaN where f has no value there."""
    usable = claimed is not None and claimed.shape == point.shape and bool(np.isfinite(claimed).all())
    try:
        study, _ = study_on(secret.quiet(), point, None, Wish(claimed=claimed if usable else None))
    except UsageError:
        return Slope(np.full(point.size, np.nan))
    return Slope(study.estimate.gradient, study.check)


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """What two known strategies come to on an instance within its budget; values without noise."""

    random: float
    """Random search: no points."""
    search: float
    """Our default search: full points."""
    at: Point
    """Where our search ended."""
    evaluations: int
    """That our search took to come within a thousandth of its value."""


def measure(secret: Secret, bounds: Bounds, start: Point | None, budget: int, seed: int) -> Baseline:
    """Both baselines: 6 budgets of evaluations."""
    quiet = secret.quiet()
    middle = start if start is not None else np.zeros(bounds.dimension)
    low = np.where(np.isfinite(bounds.lower), bounds.lower, middle - SPREAD)
    high = np.where(np.isfinite(bounds.upper), bounds.upper, middle + SPREAD)
    found: list[float] = []
    for number in range(RANDOM_RUNS):
        rng = np.random.default_rng([seed, number])
        points = low + rng.random((budget, bounds.dimension)) * (high - low)
        values = secret.evaluate(points).values
        chosen = points[int(np.nanargmin(values))] if np.isfinite(values).any() else middle
        found.append(quiet.value(chosen))
    answer = run(Plan(bounds, start, seed, False, Limits(budget)), Oracle(secret, Limits(budget)))
    at = middle if answer.x is None else answer.x
    search = quiet.value(at)
    random = float(np.nanmean(found)) if np.isfinite(found).any() else float("nan")
    close = answer.history.values <= search + 1e-3 * abs(random - search)
    spent = int(answer.history.evaluations[int(np.argmax(close))]) if close.any() else answer.evaluations
    return Baseline(random, search, at, spent)
