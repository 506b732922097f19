"""Step-neighbour search: the slope as a walker on a grid sees it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Floats
from blackbox.core.bounds import Bounds
from blackbox.gradients.neighbours import Neighbour, steepest_neighbour
from tests.fakes.drive import drive, finish, value_at

eighths = st.integers(-800, 800).map(lambda k: k / 8)
steps = st.integers(-8, 8).map(lambda k: 2.0**k)


def look(f: object, x: Floats, step: float, bounds: Bounds | None = None) -> Neighbour:
    asking = steepest_neighbour(x, value_at(f, x), np.full(x.size, step), bounds or Bounds.unbounded(x.size))
    return finish(asking, f)


@given(slope=st.lists(eighths, min_size=1, max_size=6), step=steps, seed=st.integers(0, 99))
def test_on_a_plane_the_drop_is_the_step_times_the_largest_slope(slope: list[float], step: float, seed: int) -> None:
    gradient = np.array(slope)
    x = np.random.default_rng(seed).integers(-100, 100, gradient.size).astype(np.float64)
    found = look(lambda p: p @ gradient, x, step)
    assert found.drop == step * np.max(np.abs(gradient))
    if found.drop > 0:
        steepest = np.sum(np.abs(gradient) == np.max(np.abs(gradient)))
        assert len(found.ties) == steepest
        assert np.array_equal(found.point, found.ties[0])
    assert found.value == found.point @ gradient


@given(signs=st.lists(st.sampled_from([-1.0, 1.0]), min_size=1, max_size=6), step=steps)
def test_where_the_water_divides_all_ways_are_told(signs: list[float], step: float) -> None:
    gradient = np.array(signs)
    found = look(lambda p: p @ gradient, np.zeros(gradient.size), step)
    assert {tuple(tie) for tie in found.ties} == {tuple(row) for row in -step * np.diag(gradient)}


def test_on_a_ridge_both_sides_are_told() -> None:
    found = look(lambda p: -np.abs(p[..., 0]) + 0 * p[..., 1], np.zeros(2), 1.0)
    assert sorted(map(tuple, found.ties.tolist())) == [(-1.0, 0.0), (1.0, 0.0)]
    assert found.drop == 1.0


def test_at_a_minimum_no_neighbour_is_lower() -> None:
    assert look(lambda p: np.sum(p**2, axis=-1), np.zeros(3), 0.5).drop <= 0


def test_neighbours_outside_the_bounds_are_not_asked() -> None:
    bounds = Bounds.from_pairs([(0, 1), (0, 1)], 2)
    driven = drive(steepest_neighbour(np.zeros(2), 0.0, np.full(2, 0.75), bounds), lambda p: np.sum(p, axis=-1))
    assert sorted(map(tuple, driven.points.tolist())) == [(0.0, 0.75), (0.75, 0.0)]
    cornered = drive(steepest_neighbour(np.zeros(2), 0.0, np.full(2, 2.0), bounds), lambda p: np.sum(p, axis=-1))
    assert cornered.evaluations == 0
    assert cornered.result is not None
    assert cornered.result.drop == 0


def test_failed_neighbours_do_not_count() -> None:
    found = look(lambda p: np.where(p[..., 0] < 0, np.nan, p[..., 0] + p[..., 1] / 4), np.zeros(2), 1.0)
    assert found.point.tolist() == [0.0, -1.0]
    assert found.drop == 0.25
    alone = look(lambda p: np.where(np.any(p != 0, axis=-1), np.nan, 5.0), np.zeros(2), 1.0)
    assert (alone.drop, alone.value) == (0.0, 5.0)
