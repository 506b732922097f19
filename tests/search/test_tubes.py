"""Thin tubes are crept along to their lowest point; what is no tube is left as it is."""

import numpy as np
import pytest

from blackbox.core.bounds import Bounds
from blackbox.descent.terrain import Descent, Terrain
from blackbox.search.tubes import PROBES, SPREADS, through_tube
from tests.fakes.drive import drive, value_at

TUBES = {
    "a parabola": (
        lambda p: np.where(np.abs(p[:, 1] - p[:, 0] ** 2) <= 0.01, (p[:, 0] - 3) ** 2, np.nan), [-1.0, 1.0], 0.0
    ),
    "a ring": (
        lambda p: np.where(np.abs(np.hypot(*p.T) - 1) <= 0.02, (p[:, 0] - 1) ** 2 + p[:, 1], np.nan),
        [0.0, 1.0],
        -0.66554208,
    ),
    "a screw": (
        lambda p: np.where(
            (np.abs(p[:, 1] - np.sin(p[:, 0])) <= 0.02) & (np.abs(p[:, 2] - np.cos(p[:, 0])) <= 0.02),
            (p[:, 0] - 2) ** 2,
            np.nan,
        ),
        [0.0, 0.0, 1.0],
        0.0,
    ),
}  # fmt: skip
OPEN = {
    "a half plane": lambda p: np.where(p[:, 0] >= 0, p[:, 0] + p[:, 1] ** 2, np.nan),
    "a corner": lambda p: np.where((p >= 0).all(axis=1), p.sum(axis=1), np.nan),
    "everywhere": lambda p: (p**2).sum(axis=1),
    "nowhere else": lambda p: np.where((p == 0).all(axis=1), 1.0, np.nan),
}


def ended(x: np.ndarray, value: float) -> Descent:
    return Descent(x, value, False, True, 0.0, None, 0, 0.0)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("scale", [0.1, 10.0])
@pytest.mark.parametrize("name", sorted(TUBES))
def test_a_tube_is_crept_along_to_its_lowest_point(name: str, scale: float, seed: int) -> None:
    f, start, lowest = TUBES[name]
    x = np.array(start)
    terrain = Terrain(Bounds.unbounded(x.size), np.full(x.size, scale))
    driven = drive(through_tube(ended(x, value_at(f, x)), terrain, np.random.default_rng(seed)), f)
    assert driven.result.value == pytest.approx(lowest, abs=1e-6)
    assert driven.result.edge


@pytest.mark.parametrize("name", sorted(OPEN))
def test_what_is_no_tube_is_left_as_it_is_for_a_few_probes(name: str) -> None:
    f = OPEN[name]
    walk = ended(np.zeros(2), value_at(f, np.zeros(2)))
    driven = drive(through_tube(walk, Terrain(Bounds.unbounded(2), np.ones(2)), np.random.default_rng(0)), f)
    assert driven.result is walk
    assert driven.evaluations <= PROBES * 2 * SPREADS.size


def test_no_point_leaves_the_bounds() -> None:
    f, start, _ = TUBES["a ring"]
    box = Bounds.from_pairs([(-0.5, 2), (-2, 2)], 2)
    x = np.array(start)
    driven = drive(through_tube(ended(x, value_at(f, x)), Terrain(box, np.ones(2)), np.random.default_rng(0)), f)
    assert all(box.contain(points) for points in driven.questions)
