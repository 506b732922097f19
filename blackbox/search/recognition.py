"""Does a descent run to a minimum that is known, or to one that is no use? Told before it gets there, by its model.

A restart that comes to a known basin is worth the news that it came there, not the evaluations of its last digits; one
that comes to a new basin whose bottom lies above the best value is worth the news that there is one.
(Boender, Rinnooy Kan, Timmer & Stougie 1982, who cluster the starts; here the descent's own quadratic model is asked,
which knows the basin's shape.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Floats, Landing
from blackbox.descent.positive_definite import solve_positive
from blackbox.descent.quasi_newton import Iterate
from blackbox.descent.terrain import Terrain
from blackbox.gradients.steps import rounding_of

NEAR = 0.05
"""Newton steps longer than this part of the scale come from models that have seen little."""

AGREEMENT = 0.1
"""The model's minimum must lie within this part of the Newton step from the known one, and as much lower as that one
is, within this part of what the model promises: both together do not happen by chance."""

DIGITS = 1e-6
"""… and within this part of the scale, since the known minimum is no more exact than the last step to it."""


HOPES = 1e5
"""A walk is given up where even so many times what its model promises would leave it above the best value: in a bent
valley, such as Rosenbrock's, models promise a thousandth of what is to come."""

BLUR = 4.0
"""Its minimum is then known to so many times what is promised."""


class Known:
    """The minima at which walks have ended so far; looks at each landing once."""

    def __init__(self, landings: Sequence[Landing]) -> None:
        self._landings = landings
        self._seen = 0
        self._ids = set[int]()
        self.minima = list[Landing]()
        self._points, self._values = np.empty((0, 0)), np.empty(0)

    def update(self) -> None:
        """Take in what has landed since the last time; recognised landings share their point with the known one."""
        new = [one for one in self._landings[self._seen :] if one.settled and id(one.point) not in self._ids]
        self._seen = len(self._landings)
        if new:
            self._ids.update(id(one.point) for one in new)
            self.minima += new
            self._points = np.array([one.point for one in self.minima])
            self._values = np.array([one.value for one in self.minima])

    def at(self, point: Floats, value: float, apart: Floats, lower: float) -> Landing | None:
        """The known minimum within `apart` of the point, shape `(d,)`, and within `lower` of the value, if there is."""
        if not self.minima:
            return None
        # Few share the value, so few places need be compared.
        level = (np.abs(self._values - value) <= lower).nonzero()[0]
        if not level.size:
            return None
        same = level[(np.abs(self._points[level] - point) <= apart).all(axis=1)]
        return self.minima[int(same[0])] if same.size else None


@dataclass(slots=True)
class Recognition:
    """Watches a walk, and ends it where its end is known or above `best`. Costs no evaluation."""

    known: Known
    terrain: Terrain
    best: float = float("inf")
    """The lowest value known."""
    found: Landing | None = None
    """The known minimum to which the walk runs, or where it was given up."""

    def __call__(self, now: Iterate) -> bool:
        """Whether the walk should end here."""
        try:
            step = -solve_positive(now.hessian, now.gradient)
        except np.linalg.LinAlgError:
            return False
        longest = max(abs(along) for along in step.tolist())
        if not longest <= NEAR:
            return False
        promised = -float(now.gradient @ step) / 2
        apart = (AGREEMENT * longest + DIGITS) * self.terrain.scale
        lower = AGREEMENT * promised + 2 * max(now.noise, rounding_of(now.value))
        self.found = self.known.at(now.x + step * self.terrain.scale, now.value - promised, apart, lower)
        if self.found is None and now.value - HOPES * promised > self.best:
            unresolved = 2 * np.abs(step) * self.terrain.scale + apart
            self.found = Landing(now.x, now.value, BLUR * promised + lower, True, "restart", unresolved)
        return self.found is not None
