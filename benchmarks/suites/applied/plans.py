"""What one thing does to the next: joints of an arm, wells along a chain, stations of a path."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.suites.applied.made import Applied, Made, made, scalable
from benchmarks.suites.applied.polishing import Numbers, lowest_below
from blackbox.core.asking import Floats, Point, Points, Values

LIMITS = (-2.5, 3.0)
"""Of each joint, in radians."""

REACH = 2.5
"""The arm's target lies within its length over this, along each axis."""

POSES = 4096
TRIED = 16
"""So many random poses of an arm, of which the nearest few go for its target."""

JOINT_STEPS = 30
CAUGHT = 1e-12
"""Distance at which the hand counts as at the target."""

APART = 0.25
"""Square of the distance from one station of the path to the next."""

GRID = np.linspace(-2, 2.2, 841)
"""Heights at which a path is looked for first."""

SLACK = 0.02
"""A path on the grid that is so much longer than the best may still end lower, once it leaves the grid."""


def arm(d: int, rng: np.random.Generator) -> Made:
    """Angles at which the hand of a planar arm is where it should be."""
    lengths = rng.uniform(0.5, 1.5, d)
    target, pose = _task(lengths, rng)

    def surface(points: Points) -> Values:
        return ((_hand(lengths, points) - target) ** 2).sum(1)

    return made(*LIMITS, surface, pose)


def double_wells(d: int, rng: np.random.Generator) -> Made:
    """A chain of springs, each link in a tilted double well: the φ⁴ model of physics, some links mirrored."""
    tilt, stiffness, signs = rng.uniform(0.1, 0.4), rng.uniform(0.1, 0.6), rng.choice([-1, 1], d)

    def well(x: Floats) -> Floats:
        return (x**2 - 1) ** 2 + tilt * x

    def surface(points: Points) -> Values:
        x = points * signs
        return well(x).sum(1) + stiffness * (np.diff(x) ** 2).sum(1)

    flat = np.roots([4, 0, -4, tilt]).real
    deepest = flat[np.argmin(well(flat))]
    return made(-2, 2.3, surface, deepest * signs, d * float(well(deepest)))


def slalom(d: int, rng: np.random.Generator) -> Made:
    """Heights of a path at its stations: its length, and a hill at each of them."""
    drawn = rng.uniform(-1, 1, d + 2), rng.uniform(0.2, 0.6, d + 2), rng.uniform(1, 4, d + 2)
    places, widths, hills = (each[1:-1] for each in drawn)

    def formula(points: Numbers) -> Numbers:
        heights = np.pad(points, ((0, 0), (1, 1)))
        climbed = hills * np.exp(-(((points - places) / widths) ** 2))
        return climbed.sum(1) + np.sqrt(APART + np.diff(heights) ** 2).sum(1)

    costs = hills * np.exp(-(((GRID[:, np.newaxis] - places) / widths) ** 2))
    best, value = lowest_below(formula, _paths(costs.T))
    return made(-2, 2.2, formula, best, value)


def _hand(lengths: Floats, points: Points) -> Points:
    """Where the arm ends, shape `(n, 2)`; each joint turns all that follows."""
    angles = np.cumsum(points, axis=1)
    return np.stack([np.cos(angles) @ lengths, np.sin(angles) @ lengths], axis=-1)


def _task(lengths: Floats, rng: np.random.Generator) -> tuple[Point, Point]:
    """A target that the hand can reach, and a pose that does."""
    while True:
        target = rng.uniform(-1, 1, 2) * lengths.sum() / REACH
        pose = _caught(lengths, target)
        if pose is not None:
            return target, pose


def _caught(lengths: Floats, target: Point) -> Point | None:
    """A pose within the limits whose hand is at the target, or None where none is found from the nearest of many."""
    low, high = LIMITS
    poses = low + np.random.default_rng(0).random((POSES, lengths.size)) * (high - low)
    away = np.linalg.norm(_hand(lengths, poses) - target, axis=1)
    for pose in poses[np.argsort(away)[:TRIED]]:
        moved = _moved(lengths, target, pose)
        if np.linalg.norm(_hand(lengths, moved[np.newaxis])[0] - target) < CAUGHT:
            return moved
    return None


def _moved(lengths: Floats, target: Point, pose: Point) -> Point:
    """Newton's method within the limits: the least turns that bring the hand to the target."""
    for _ in range(JOINT_STEPS):
        missed = target - _hand(lengths, pose[np.newaxis])[0]
        angles = np.cumsum(pose)
        parts = np.stack([-lengths * np.sin(angles), lengths * np.cos(angles)])
        by_joint = np.cumsum(parts[:, ::-1], axis=1)[:, ::-1]
        pose = np.clip(pose + np.linalg.pinv(by_joint) @ missed, *LIMITS)
    return pose


def _paths(costs: Floats) -> Points:
    """Paths on the grid from 0 to 0, the best one and its near rivals, from `costs` of shape `(stations, heights)`.

    Dynamic programming (Bellman 1957) from both ends gives the best path through every height of every station.
    """
    lengths = np.sqrt(APART + (GRID[:, np.newaxis] - GRID) ** 2)
    arrived, came_from = _swept(costs, lengths)
    left, goes_to = (part[::-1] for part in _swept(costs[::-1], lengths))
    through = arrived + left - costs
    bound = through.min() + SLACK
    ringed = np.pad(through, ((0, 0), (1, 1)), constant_values=np.inf)
    local = (through <= ringed[:, :-2]) & (through <= ringed[:, 2:]) & (through <= bound)
    found = {_path(station, height, came_from, goes_to) for station, height in np.argwhere(local)}
    return GRID[np.array(sorted(found))]


def _swept(costs: Floats, lengths: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Cost of the best way from 0 to each height of each station, its own hill too, and the height before it."""
    arrived = [costs[0] + np.sqrt(APART + GRID**2)]
    before = [np.zeros(GRID.size, dtype=np.intp)]
    for cost in costs[1:]:
        ways = arrived[-1] + lengths
        before.append(ways.argmin(1))
        arrived.append(cost + ways.min(1))
    return np.array(arrived), np.array(before)


def _path(station: int, height: int, came_from: NDArray[np.intp], goes_to: NDArray[np.intp]) -> tuple[int, ...]:
    """Numbers of the heights of the best path through one of them."""
    path = [int(height)]
    for k in range(station, 0, -1):
        path.insert(0, int(came_from[k][path[0]]))
    for k in range(station, len(came_from) - 1):
        path.append(int(goes_to[k][path[-1]]))
    return tuple(path)


FUNCTIONS: tuple[Applied, ...] = (scalable(arm, 3, 5, 8), scalable(double_wells, 5, 10), scalable(slalom, 5, 10))
