"""Does a descent run to a minimum that is known? Told before it gets there, from where its model says it will end.

A restart that comes to a known basin is worth the news that it came there, not the evaluations of its last digits.
(Boender, Rinnooy Kan, Timmer & Stougie 1982, who cluster the starts; here the descent's own quadratic model is asked,
which knows the basin's shape.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Floats, Landing
from blackbox.descent.positive_definite import solve_positive
from blackbox.descent.probing import Iterate
from blackbox.descent.terrain import Terrain
from blackbox.gradients.steps import rounding_of

NEAR = 0.05
"""Newton steps longer than this part of the scale come from models that have seen little."""

SURELY = 1.01
"""Part of that beyond which no rounding makes a step look shorter."""

AGREEMENT = 0.1
"""The model's minimum must lie within this part of the Newton step from the known one, and as much lower as that one
is, within this part of what the model promises: both together do not happen by chance."""

DIGITS = 1e-6
"""… and within this part of the scale, since the known minimum is no more exact than the last step to it."""


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
    """Watches a walk, and ends it where it is about to arrive at a known minimum. Costs no evaluation."""

    known: Known
    terrain: Terrain
    found: Landing | None = None

    def __call__(self, now: Iterate) -> bool:
        """Whether the walk should end here."""
        if not self.known.minima or _is_surely_long(now.hessian, now.gradient):
            return False
        try:
            step = -solve_positive(now.hessian, now.gradient)
        except np.linalg.LinAlgError:
            return False
        longest = max(abs(along) for along in step.tolist())
        if not longest <= NEAR:
            return False
        promised = -float(now.gradient.dot(step)) / 2
        apart = (AGREEMENT * longest + DIGITS) * self.terrain.scale
        lower = AGREEMENT * promised + 2 * max(now.noise, rounding_of(now.value))
        self.found = self.known.at(now.x + step * self.terrain.scale, now.value - promised, apart, lower)
        return self.found is not None


def _is_surely_long(hessian: Floats, gradient: Floats) -> bool:
    """Whether the Newton step must be longer than `NEAR` along some axis, by sizes alone: no equations are solved.

    From g = H s follows |g| ≤ |H| |s| with Frobenius' norm of H, and |s| is at most √d times its longest component.
    """
    entries = hessian.ravel()
    longest = SURELY * NEAR
    return float(gradient.dot(gradient)) > longest * longest * gradient.size * float(entries.dot(entries))
