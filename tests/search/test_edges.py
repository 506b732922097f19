"""Minima on the edge of where f has values are reached along it."""

import numpy as np
import pytest

from blackbox.core.bounds import Bounds
from blackbox.descent.terrain import Terrain
from blackbox.search.restarts import Pains, Start, land
from tests.fakes.drive import drive, value_at

ROOT = np.sqrt(0.5)
CASES = {
    "a root": (lambda p: np.sqrt(p[:, 0] - 5) + (p[:, 1] - 2) ** 2, [9.0, -3.0], 10.0, [5.0, 2.0]),
    "a slanting edge": (
        lambda p: np.where(p.sum(axis=1) >= 3, p[:, 0] ** 2 + (p[:, 1] - 1) ** 2, np.nan), [9.0, 3.0], 10.0, [1.0, 2.0]
    ),
    "a disc": (lambda p: np.where((p**2).sum(axis=1) <= 1, p.sum(axis=1), np.nan), [0.1, 0.2], 1.0, [-ROOT, -ROOT]),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_edge_is_followed_to_its_lowest_point(name: str) -> None:
    f, start, scale, end = CASES[name]
    x = np.array(start)
    terrain = Terrain(Bounds.unbounded(2), np.full(2, scale))
    driven = drive(land(Start(x, value_at(f, x)), terrain, np.random.default_rng(0), Pains()), f)
    assert driven.result.edge
    assert driven.result.point == pytest.approx(end, abs=1e-7)


def test_an_inner_minimum_is_no_edge() -> None:
    def f(p: np.ndarray) -> np.ndarray:
        return np.where(p[:, 0] > 0, (p[:, 0] - 3) ** 2 + p[:, 1] ** 2, np.nan)

    terrain = Terrain(Bounds.unbounded(2), np.full(2, 5.0))
    driven = drive(land(Start(np.ones(2), 5.0), terrain, np.random.default_rng(0), Pains()), f)
    assert not driven.result.edge
    assert driven.result.point == pytest.approx([3, 0], abs=1e-6)
