"""Ripples: waves along hidden axes on a bowl. From well to well, instead of down into each one.

Between two places a whole number of waves apart only the bowl makes a difference: on the lattice of such places f is as
smooth as the bowl. A parabola through a few of them tells where its bottom is, and one look goes there, however many
wells lie between. Rastrigin's and Lunacek's functions, rotated, are of this kind, and Griewank's of two inputs, for
2 cos a cos b = cos(a + b) + cos(a − b).
"""

from dataclasses import dataclass
from itertools import combinations
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Asking, Floats, Point, Points
from blackbox.gradients.steps import rounding_of
from blackbox.search.hidden_axes import DIGITS
from blackbox.search.landing import Start
from blackbox.search.regions import Region
from blackbox.search.waves import wave_along

HOPS = 12
"""At most so many jumps in one bowl: where it is a parabola two are enough."""

ONE_WAVE = 1.0
"""After a step to a node beside, which no parabola has promised, the next one may go no farther."""

MOVES = 100
"""On the lattice the parabola's lowest node is looked for in so many moves at most from either place: beside its bottom
a few are enough."""

TRUST = 6.0
"""Waves that the first jump may go along one axis: a bowl may end there, and another begin."""

WIDER, NARROWER = 4.0, 3.0
"""A jump that kept its promise makes the next ones so many times as long at most; one that led to nothing lower is
tried again at so small a part of its length."""

EXPLAINED = 0.02
"""Part of what a bowl rises by, up to which another value may differ and still be the bowl's."""

DRAWS = 2
"""So many times a lattice is put to the test, away from the directions along which it was found."""

REPEATED = 0.05
"""What a step from node to node changes f by may be so much another one elsewhere, in heights of the waves: the bowl
has its part in it. Where the waves do not repeat it is mostly half a height or more."""

KEPT, EXACT = 0.5, 0.99
"""Parts of what was promised: a bowl that gives the first is trusted farther, and one that gives the second is a
parabola, so that its lowest well has been found."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A place on a lattice, and f there."""

    place: Floats
    """Shape `(d,)`, whole numbers: so many waves from the lattice's origin along each axis."""
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """Places a whole number of waves apart."""

    origin: Point
    steps: Floats
    """Shape `(d, d)`, in units of x: each column is one wave long, along its axis."""
    region: Region

    def points(self, places: Floats) -> Points:
        """In x, shape `(n, d)`; `places` may be one of shape `(d,)`."""
        return self.origin + np.atleast_2d(places) @ self.steps.T

    def inside(self, places: Floats) -> NDArray[np.bool_]:
        """Which of them lie in the region, shape `(n,)`."""
        points = self.points(places)
        return np.all((points >= self.region.lower) & (points <= self.region.upper), axis=1)

    def ask(self, places: Floats) -> Asking[Floats]:
        """f there, shape `(n,)`; NaN outside, which costs nothing."""
        points, inside = self.points(places), self.inside(places)
        values = np.full(len(points), np.nan)
        if inside.any():
            values[inside] = yield points[inside]
        return values

    def start(self, node: Node) -> Start:
        """The node in x."""
        return Start(self.points(node.place)[0], node.value)

    def repeats(self, well: float, curvature: Floats, rng: np.random.Generator) -> Asking[bool]:
        """Whether f changes from node to node as it does between places anywhere beside them. 3 or 6 evaluations.

        `well` is f at the origin, `curvature` its Hessian there, in units of x: it tells how high the waves are.
        """
        height = float(np.einsum("ij,jk,ki->", self.steps.T, curvature, self.steps)) / (2 * pi**2)
        d = self.origin.size
        for _ in range(DRAWS):
            ahead = rng.choice((-1.0, 1.0), d)
            node = np.where(self.inside(np.diag(ahead)), ahead, -ahead)
            beside = rng.uniform(-0.5, 0.5, d)
            here, there, both = (yield from self.ask(np.array([beside, node, node + beside]))).tolist()
            if not abs(both - here - there + well) <= REPEATED * height:
                return False
        return True

    def sample(self, count: int, rng: np.random.Generator) -> Asking[tuple[Floats, Floats]]:
        """Random nodes and f there, shapes `(n, d)` and `(n,)`; so many, but for those that turn out to lie outside."""
        points = self.region.sample(count, rng)
        places: Floats = np.rint(np.linalg.solve(self.steps, (points - self.origin).T).T)
        values = yield from self.ask(places)
        known = np.isfinite(values)
        return places[known], values[known]


@dataclass(frozen=True, slots=True, eq=False)
class Bowl:
    """A parabola through f at nodes: n away from this one it is f + slope · n + ½ nᵀ bend n."""

    node: Node
    slope: Floats
    """Shape `(d,)`."""
    bend: Floats
    """Shape `(d, d)`, symmetric."""

    def explains(self, places: Floats, values: Floats) -> NDArray[np.bool_]:
        """Which values, shape `(n,)`, are those of this bowl, and of no other one."""
        away = places - self.node.place
        rises = away @ self.slope + np.einsum("ij,jk,ik->i", away, self.bend, away) / 2
        return np.abs(values - self.node.value - rises) <= EXPLAINED * np.abs(rises)

    def promised(self, away: Floats) -> float:
        """How much lower f should be so many nodes away."""
        return -float(self.slope @ away + away @ self.bend @ away / 2)

    def bottom(self) -> Floats | None:
        """How far away the parabola is level, shape `(d,)`, in waves and parts of them; None where that is nowhere."""
        try:
            return np.asarray(np.linalg.solve(self.bend, -self.slope), dtype=np.float64)
        except np.linalg.LinAlgError:
            return None

    def lowest(self, lattice: Lattice, trust: float) -> Floats:
        """How far away the lowest node in the region is, at most `trust` along each axis.

        From here, and from the node at the bottom of the parabola, one or two axes change by one as long as that pays.
        """
        starts = [np.zeros(self.slope.size), self._lowest_node(trust)]
        inside = lattice.inside(self.node.place + np.array(starts)).tolist()
        ends = [self._lowered(away, lattice, trust) for away, usable in zip(starts, inside, strict=True) if usable]
        return max(ends, key=self.promised, default=starts[0])

    def _lowered(self, away: Floats, lattice: Lattice, trust: float) -> Floats:
        ones = np.eye(away.size)
        pairs = [(ones[i], ones[j]) for i, j in combinations(range(away.size), 2)]
        moves = np.array([*ones, *-ones, *(move for a, b in pairs for move in (a + b, -a - b, a - b, b - a))])
        rises = np.einsum("ij,jk,ik->i", moves, self.bend, moves) / 2
        for _ in range(MOVES):
            further = away + moves
            changes = moves @ (self.slope + self.bend @ away) + rises
            usable = (np.abs(further).max(axis=1) <= trust) & lattice.inside(self.node.place + further)
            k = int(np.argmin(np.where(usable, changes, np.inf)))
            if not (usable[k] and self.promised(further[k]) > self.promised(away)):
                break
            away = further[k]
        return away

    def _lowest_node(self, trust: float) -> Floats:
        """The node at the bottom of the parabola, or as far on the way there as `trust` goes; here, if it has none."""
        away = self.bottom()
        if away is None:
            return np.zeros_like(self.slope)
        nodes: Floats = np.rint(away * min(1.0, trust / max(float(np.abs(away).max()), 1.0)))
        return nodes


def find_lattice(well: Start, directions: Floats, curvature: Floats, region: Region) -> Asking[Lattice | None]:
    """The lattice of the waves around a well along these directions, columns in units of x.

    `curvature`, shape `(d, d)`, is the Hessian in the well, in units of x. Some 16 d evaluations; None where there are
    no waves of one length, or no whole one in the region.
    """
    steps = directions.copy()
    for axis in range(well.point.size):
        bend = float(directions[:, axis] @ curvature @ directions[:, axis])
        if not bend > 0:
            return None
        first = sqrt(2 * DIGITS * rounding_of(well.value) / bend)
        wave = yield from wave_along(well, directions[:, axis], region, first)
        if wave is None:
            return None
        steps[:, axis] *= wave
    return Lattice(well.point, steps, region)


def follow(lattice: Lattice, begin: Node) -> Asking[tuple[Node, Bowl]]:
    """From bowl to bowl, each the parabola around where the last one led, until none promises anything lower; the last.

    2 d + d (d − 1) / 2 evaluations a parabola; one or two of them on a bowl that is one.
    """
    here, trust = begin, TRUST
    hops = 0
    while True:
        bowl, beside = yield from _bowl(lattice, here)
        there = yield from _jump(lattice, bowl, trust)
        hops += 1
        if there is None:
            if hops == HOPS or not beside.value < here.value:
                return here, bowl
            here, trust = beside, ONE_WAVE
            continue
        away = there.place - here.place
        promised, reach, gained = bowl.promised(away), float(np.abs(away).max()), here.value - there.value
        here = there
        if hops == HOPS or (gained >= EXACT * promised and reach < trust):
            return here, bowl
        trust = reach * (WIDER if gained >= KEPT * promised else 1.0)


def _jump(lattice: Lattice, bowl: Bowl, trust: float) -> Asking[Node | None]:
    """A lower node, the farther the better as far as the parabola tells; None where it leads nowhere."""
    while trust >= 1:
        away = bowl.lowest(lattice, trust)
        if not away.any():
            return None
        found = yield from lattice.ask(bowl.node.place + away)
        if found[0] < bowl.node.value:
            return Node(bowl.node.place + away, float(found[0]))
        trust = float(np.abs(away).max()) / NARROWER
    return None


def _bowl(lattice: Lattice, node: Node) -> Asking[tuple[Bowl, Node]]:
    """The parabola through the nodes beside one, and the lowest of these.

    Along an axis where only one of them lies in the region it goes through the next one but one, and along an axis
    without any it is level.
    """
    here, d = node.place, node.place.size
    ones = np.eye(d)
    around = np.concatenate([here + ones, here - ones])
    beside = (yield from lattice.ask(around)) - node.value
    up, down = np.split(beside, 2)
    side = np.where(np.isfinite(up), 1.0, -1.0)
    first = np.where(side > 0, up, down)
    pairs = list(combinations(range(d), 2))
    single = np.flatnonzero(np.isfinite(up) != np.isfinite(down))
    corners = np.array([here + side[i] * ones[i] + side[j] * ones[j] for i, j in pairs])
    further = np.concatenate([corners, here + 2 * side[single, np.newaxis] * ones[single]])
    values = (yield from lattice.ask(further)) - node.value
    second = np.full(d, np.nan)
    second[single] = values[len(pairs) :]
    bend_along = np.where(np.isfinite(second), second - 2 * first, up + down)
    slope = side * (first - bend_along / 2)
    level = ~np.isfinite(slope)
    slope[level] = bend_along[level] = 0
    bend = np.diag(bend_along)
    for (i, j), corner in zip(pairs, values[: len(pairs)].tolist(), strict=True):
        twist = side[i] * side[j] * (corner - first[i] - first[j])
        bend[i, j] = bend[j, i] = twist if np.isfinite(twist) else 0.0
    heights = np.where(np.isfinite(beside), beside, np.inf)
    lowest = int(np.argmin(heights))
    return Bowl(node, slope, bend), Node(around[lowest], node.value + float(heights[lowest]))
