"""Hidden axes: directions along which f is a sum of functions of one variable each, though it is none along its own.

Where f(x) = Σ g_i(a_iᵀ x), every Hessian is AᵀDA, and only the diagonal D depends on the place: the columns of A⁻¹
solve the generalized eigenproblem of any two Hessians. Where such a sum lies on a bowl, f(x) = q(x) + Σ g_i(a_iᵀ x)
with a quadratic q, the differences of three Hessians do the same. (Golub & Van Loan 2013, section 8.7; to find the axes
of independent sources: Yeredor 2000.) sin(x + y) + (x − y)² and a rotated Rastrigin function are such sums.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from blackbox.core.asking import Asking, Floats, Point
from blackbox.descent.terrain import Descent
from blackbox.gradients.steps import rounding_of, shortest_step
from blackbox.search.regions import Region

NEAR = 0.03
"""Half width of the box that the Hessians come from, in parts of the region for two inputs, and less for more of them:
wide enough that they differ, narrow enough that f is the same sum in all of it."""

DIGITS = 1e8
"""A step of the differences is so long that f rises by so many roundings along it at the curvature of the landing:
with fewer digits rounding spoils the directions, with more the waves that f is made of are too short for the step."""

LONGEST_STEP = 1e-3
"""… but no longer than this part of the region."""

ROUGH = 30.0
"""Curvatures that are mostly so many times as large as the landing's belong to ever smaller waves, which no step
resolves."""

MARGIN = 1.5
"""Steps that a point is kept off the bounds by: one goes along an axis, and what x rounds must not lead outside."""

INSIDE = 0.99
"""Steps that would leave the region are cut to this part of the way to its bounds."""

SKEWED = 1e4
"""Directions that are nearer to one another than this condition of their matrix allows are none."""

DRAWS = 2
"""So many times the directions are put to the test, for three evaluations each."""

ADDS_UP = 1e-2
"""What two steps together change f by may differ from the sum of what each does by this part of the geometric mean of
both changes …"""

ANYWHERE = 0.3
"""… for steps of so large a part of the region: near one place any smooth function is a parabola, which is a sum along
conjugate directions."""

ON_A_BOWL = 0.1
"""The same where differences of Hessians, which have fewer digits, have given the directions, for steps that stay in
the vicinity: elsewhere there may be another bowl."""


@dataclass(frozen=True, slots=True, eq=False)
class Bend:
    """A point, f there, and its Hessian by differences."""

    point: Point
    value: float
    hessian: Floats
    """Shape `(d, d)`, in units of the region."""


@dataclass(frozen=True, slots=True, eq=False)
class Vicinity:
    """Where Hessians are taken, around a landing."""

    center: Point
    curvature: Floats
    """Shape `(d,)`: that of the landing, in units of the region."""
    region: Region
    near: float
    """Half width, in parts of the region."""
    steps: Floats
    """Shape `(d,)`: of the differences, in parts of the region."""

    @classmethod
    def of(cls, landing: Descent, region: Region) -> "Vicinity | None":
        """Around a landing whose Hessian is in units of the region; None where it does not bend along every axis."""
        curvature = np.zeros(1) if landing.hessian is None else np.diag(landing.hessian)
        if not np.all((curvature > 0) & np.isfinite(curvature)):
            return None
        near = NEAR * float(np.sqrt(2 / curvature.size))
        rise = float(np.max(curvature)) * near * near / 2
        steps = np.sqrt(2 * DIGITS * rounding_of(abs(landing.value) + rise) / curvature)
        least = shortest_step(landing.point, region.width) / region.width
        return cls(landing.point, curvature, region, near, np.clip(steps, least, LONGEST_STEP))

    def in_x(self, directions: Floats) -> Floats:
        """The same columns in units of x."""
        return directions * self.region.width[:, np.newaxis]

    def bend(self, rng: np.random.Generator) -> Asking[Bend | None]:
        """A random point's Hessian; d² + d + 1 evaluations at once, and None where one failed or f is rough.

        H_ii = (f(x + h_i) − 2 f(x) + f(x − h_i)) / h_i² and, for two evaluations a pair,
        2 h_i h_j H_ij = f(x + h_i + h_j) + f(x − h_i − h_j) + 2 f(x) − f(x ± h_i) − f(x ± h_j).
        (Abramowitz & Stegun 1972, 25.3.23 and 25.3.27.)
        """
        width, d = self.region.width, self.center.size
        away = (2 * rng.random(d) - 1) * self.near * width
        margin = MARGIN * self.steps * width
        point = np.clip(self.center + away, self.region.lower + margin, self.region.upper - margin)
        arms = np.diag(self.steps * width)
        pairs = list(combinations(range(d), 2))
        corners = np.array([arms[i] + arms[j] for i, j in pairs])
        values = yield np.concatenate([point[np.newaxis], point + arms, point - arms, point + corners, point - corners])
        if not np.isfinite(values).all():
            return None
        middle, sides = values[0], values[1 : 1 + d] + values[1 + d : 1 + 2 * d]
        hessian = np.diag((sides - 2 * middle) / self.steps**2)
        both = values[1 + 2 * d :].reshape(2, len(pairs)).sum(axis=0)
        if np.median(np.abs(np.diag(hessian)) / self.curvature) > ROUGH:
            return None
        for (i, j), corner in zip(pairs, both.tolist(), strict=True):
            twist = corner + 2 * middle - sides[i] - sides[j]
            hessian[i, j] = hessian[j, i] = twist / (2 * self.steps[i] * self.steps[j])
        return Bend(point, float(middle), hessian)

    def adds_up(self, directions: Floats, at: Bend, rng: np.random.Generator, *, widely: bool = False) -> Asking[bool]:
        """Whether f is a sum along these directions around the point, but for the bowl that its Hessian shows.

        For steps s along some of them and t along the others f(x) + f(x + s + t) − f(x + s) − f(x + t) = sᵀ Q t, where
        the bowl alone has a part in sᵀ Q t = sᵀ H t. Six evaluations at most.
        """
        d, width = self.center.size, self.region.width
        agreement, reach = (ADDS_UP, ANYWHERE) if widely else (ON_A_BOWL, 2 * self.near)
        for _ in range(DRAWS):
            chosen = np.zeros(d, dtype=bool)
            chosen[rng.permutation(d)[: max(1, d // 2)]] = True
            steps = (2 * rng.random(d) - 1) * reach
            one, other = directions @ np.where(chosen, steps, 0), directions @ np.where(chosen, 0, steps)
            steps_in_x = [step * width for step in (one, other, one + other)]
            shrunk = min(1.0, INSIDE * min(self.region.room(at.point, step) for step in steps_in_x))
            one, other = shrunk * one, shrunk * other
            values = yield at.point + np.array([one, other, one + other]) * width
            first, second = values[0] - at.value, values[1] - at.value
            apart = values[2] - at.value - first - second - one @ at.hessian @ other
            # Beside a direction that changes f much, one that changes it little has to count as well.
            if not abs(apart) < agreement * np.sqrt(abs(first)) * np.sqrt(abs(second)):
                return False
        return True


def directions_of(one: Floats, other: Floats) -> Floats | None:
    """Directions that make both matrices diagonal, as columns whose largest entry is 1; None where none are real.

    Shapes `(d, d)`. Those of two random symmetric matrices are mostly complex, the more so the larger they are.
    """
    try:
        values, vectors = np.linalg.eig(np.linalg.solve(other, one))
    except np.linalg.LinAlgError:
        return None
    if np.iscomplexobj(values) or not np.isfinite(vectors).all():
        return None
    vectors = vectors / np.abs(vectors).max(axis=0)
    return vectors if np.linalg.cond(vectors) < SKEWED else None


def in_a_well(directions: Floats, hessian: Floats) -> Floats:
    """The Hessian in a well of the waves along these directions, as far as one beside it tells: no curvature negative.

    Shapes `(d, d)`. (Dauphin et al. 2014 descend from saddles with the like.)
    """
    back = np.linalg.inv(directions)
    return back.T @ np.diag(np.abs(np.diag(directions.T @ hessian @ directions))) @ back
