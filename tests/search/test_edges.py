"""Minima on the edge of where f has values are reached along it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackbox.core.bounds import Bounds
from blackbox.descent.terrain import Descent, Terrain
from blackbox.search.edges import Holes, along_edge
from blackbox.search.landing import FIRST_ITERATES, Pains, Start, land
from tests.fakes.drive import drive, value_at
from tests.fakes.functions import ill_conditioned, quadratic

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


@pytest.mark.parametrize("seed", range(16, 24))
def test_wherever_a_walk_begins_it_ends_at_the_edge(seed: int) -> None:
    """From two of these starts the walk's last steps do not fail, but those of the search that finishes it."""

    def f(p: np.ndarray) -> np.ndarray:
        return np.where(p[:, 0] <= 1, (p[:, 0] - 2) ** 2 + p[:, 1] ** 2, np.nan)

    box = Bounds(np.full(2, -9.0), np.full(2, 9.0))
    x = np.random.default_rng(seed).uniform(-9, 1, 2)
    start = Start(x, value_at(f, x))
    driven = drive(land(start, Terrain(box, np.full(2, 18.0)), np.random.default_rng(1), Pains(FIRST_ITERATES)), f)
    assert driven.result.edge
    assert driven.result.point == pytest.approx([1, 0], abs=1e-7)


def test_an_inner_minimum_is_no_edge() -> None:
    def f(p: np.ndarray) -> np.ndarray:
        return np.where(p[:, 0] > 0, (p[:, 0] - 3) ** 2 + p[:, 1] ** 2, np.nan)

    terrain = Terrain(Bounds.unbounded(2), np.full(2, 5.0))
    driven = drive(land(Start(np.ones(2), 5.0), terrain, np.random.default_rng(0), Pains()), f)
    assert not driven.result.edge
    assert driven.result.point == pytest.approx([3, 0], abs=1e-6)


def half_space(d: int, rng: np.random.Generator):
    """A quadratic that has values where n · x <= 0 alone, and where it is lowest there.

    The lowest point on the edge is c − A⁻¹ n (n · c) / (n · A⁻¹ n), for the centre c outside, n · c > 0.
    """
    matrix, normal, center = ill_conditioned(d, 10.0, rng), rng.standard_normal(d), rng.uniform(-2, 2, d)
    normal /= np.linalg.norm(normal)
    center += normal * (rng.uniform(0.5, 2.0) - normal @ center)
    bowl, across = quadratic(matrix, center), np.linalg.solve(matrix, normal)
    lowest = center - across * (normal @ center) / (normal @ across)
    return (lambda p: np.where(p @ normal <= 0, bowl(p), np.nan)), normal, lowest, float(bowl(lowest))


@settings(max_examples=6)
@given(st.integers(2, 4), st.integers(0, 10_000))
def test_the_lowest_point_of_a_half_space_is_that_of_lagrange(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    f, normal, lowest, value = half_space(d, rng)
    x = rng.uniform(-3, 3, d)
    x -= normal * max(0.0, normal @ x + 0.01)
    terrain = Terrain(Bounds.unbounded(d), np.full(d, 5.0))
    driven = drive(land(Start(x, value_at(f, x)), terrain, rng, Pains(FIRST_ITERATES)), f)
    assert driven.result is not None
    assert driven.result.point @ normal <= 0
    if driven.result.settled:
        assert driven.result.value == pytest.approx(value, abs=1e-6 * (1 + value))
        assert driven.result.point == pytest.approx(lowest, abs=2e-3)
    else:  # one walk in a hundred spends all its evaluations on the way
        assert driven.result.value == pytest.approx(value, abs=0.1)


@pytest.mark.parametrize("d", [1, 2, 3])
def test_where_no_edge_is_near_or_one_input_is_all_the_walk_is_left_as_it_is(d: int) -> None:
    walk = Descent(np.zeros(d), 0.0, False, True, 0.0, None, 7, 0.0)
    terrain = Terrain(Bounds.unbounded(d), np.ones(d))
    driven = drive(along_edge(walk, terrain), lambda p: (p**2).sum(axis=1))
    assert driven.result is walk
    assert driven.evaluations == 0 or d > 1


@given(st.lists(st.lists(st.sampled_from([1.0, 2.0, np.nan]), min_size=1, max_size=5), min_size=1, max_size=8))
def test_evaluations_since_the_last_failure_are_counted(answers: list[list[float]]) -> None:
    def walk():
        for answer in answers:
            yield np.zeros((len(answer), 1))
        return "done"

    left, holes = iter(answers), Holes()
    driven = drive(holes.watch(walk()), lambda _: np.array(next(left)))
    assert driven.result == "done"
    backwards = [value for answer in answers for value in answer][::-1]
    failed = [place for place, value in enumerate(backwards) if np.isnan(value)]
    assert holes.since == (failed[0] if failed else np.inf)


@pytest.mark.parametrize("d", [2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_a_curved_edge_is_followed_from_plane_to_plane(d: int, seed: int) -> None:
    """A slope over a ball is lowest at −slope / |slope|; the walk begins on the sphere, a quarter turn or so away."""
    rng = np.random.default_rng((d, seed))
    slope, x = rng.standard_normal((2, d))
    x /= np.linalg.norm(x) * (1 + 1e-12)
    lowest = -slope / np.linalg.norm(slope)

    def f(p: np.ndarray) -> np.ndarray:
        return np.where((p**2).sum(axis=1) <= 1, p @ slope, np.nan)

    walk = Descent(x, value_at(f, x), False, True, 0.0, None, 0, 0.0)
    driven = drive(along_edge(walk, Terrain(Bounds.unbounded(d), np.ones(d))), f)
    assert driven.result is not None
    assert driven.result.edge
    assert driven.result.value == pytest.approx(slope @ lowest, abs=1e-9)
    assert driven.result.point == pytest.approx(lowest, abs=1e-4)
    assert driven.result.evaluations == driven.evaluations
