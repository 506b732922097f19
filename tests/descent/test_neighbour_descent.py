"""The textbook's walk on a grid."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError
from blackbox.descent.neighbour_descent import NeighbourDescent
from tests.fakes.drive import value_at
from tests.fakes.functions import bumps, sphere, two_basins, with_holes
from tests.fakes.walks import is_honest, neighbour_walk, terrain

MAP = Bounds.from_pairs([(0, 1000), (0, 1000)], 2)
seeds = st.integers(0, 2**32 - 1)


def test_from_the_origin_with_step_1_it_stops_in_the_local_basin() -> None:
    driven = neighbour_walk(two_basins, np.zeros(2), terrain(2, MAP))
    assert driven.result is not None
    assert driven.result.settled
    assert np.linalg.norm(driven.result.point - [40, 20]) < 30
    assert driven.result.value > -50


@pytest.mark.parametrize("start", [(750, 500), (700, 450), (800, 560), (600, 700), (900, 300)])
def test_from_near_750_500_it_finds_the_global_basin(start: tuple[float, float]) -> None:
    driven = neighbour_walk(two_basins, np.array(start, dtype=np.float64), terrain(2, MAP))
    assert driven.result is not None
    assert driven.result.point.tolist() == [750.0, 500.0]
    assert driven.result.value == -100


def test_with_restarts_it_always_finds_the_global_one() -> None:
    for seed in range(10):
        starts = np.random.default_rng(seed).integers(0, 1001, (20, 2)).astype(np.float64)
        ends = [neighbour_walk(two_basins, start, terrain(2, MAP, 10.0)).best for start in starts]
        assert min(ends) < -99.9


@given(d=st.integers(1, 3), seed=seeds, halvings=st.integers(0, 4))
def test_where_it_ends_no_neighbour_inside_is_lower(d: int, seed: int, halvings: int) -> None:
    rng = np.random.default_rng(seed)
    f, box, start = bumps(d, rng), Bounds(np.zeros(d), np.ones(d)), rng.random(d)
    options = NeighbourDescent(step=0.1, halvings=halvings)
    driven = neighbour_walk(f, start, terrain(d, box), options)
    assert driven.result is not None
    assert driven.result.settled
    for offset in np.vstack([np.eye(d), -np.eye(d)]) * 0.1 * 0.5**halvings:
        neighbour = driven.result.point + offset
        assert not box.contain(neighbour) or value_at(f, neighbour) >= driven.result.value
    assert box.contain(driven.points)
    assert is_honest(driven, value_at(f, start))


def test_a_step_costs_2d_evaluations_and_all_are_counted() -> None:
    driven = neighbour_walk(sphere(np.array([3.0, 0.0, -2.0])), np.zeros(3))
    assert driven.result is not None
    assert len(driven.steps) == 5
    assert driven.evaluations == driven.result.evaluations == 6 * 6
    assert driven.result.point.tolist() == [3.0, 0.0, -2.0]


def test_each_step_tells_the_slope_it_followed() -> None:
    driven = neighbour_walk(lambda p: np.abs(4 * p[..., 0]), np.array([3.0]))
    assert [step.slope for step in driven.steps] == [4.0, 4.0, 4.0]
    assert [step.value for step in driven.steps] == [8.0, 4.0, 0.0]


def test_halving_reaches_what_the_grid_misses() -> None:
    f = sphere(np.array([0.3]))
    coarse = neighbour_walk(f, np.zeros(1)).result
    fine = neighbour_walk(f, np.zeros(1), None, NeighbourDescent(halvings=20)).result
    assert coarse is not None
    assert fine is not None
    assert coarse.point.tolist() == [0.0]
    assert abs(fine.point[0] - 0.3) < 2.0**-20


def test_the_walk_goes_round_holes_and_stays_where_all_neighbours_fail() -> None:
    holed = with_holes(
        sphere(np.array([4.0, 0.0])), lambda p: (np.abs(p[..., 0] - 2) < 0.5) & (np.abs(p[..., 1]) < 0.5)
    )
    driven = neighbour_walk(holed, np.array([0.0, 1.0]))
    assert driven.result is not None
    assert driven.result.value == 0
    alone = neighbour_walk(with_holes(sphere(np.zeros(2)), lambda p: np.any(p != 1, axis=-1)), np.ones(2))
    assert alone.result is not None
    assert alone.result.value == 2


def test_it_keeps_to_its_evaluations_up_to_one_ring() -> None:
    driven = neighbour_walk(lambda p: p @ np.ones(3), np.zeros(3), None, NeighbourDescent(evaluations=100))
    assert driven.result is not None
    assert driven.evaluations <= 100 + 6
    assert not driven.result.settled


@pytest.mark.parametrize(
    ("field", "value"), [("step", 0.0), ("step", float("nan")), ("halvings", -1), ("evaluations", 0)]
)
def test_impossible_options_are_named(field: str, value: float) -> None:
    with pytest.raises(OptionError, match=f"{field}="):
        NeighbourDescent(**{field: value})


def test_diagonals_lead_straight_down_a_diagonal_valley_and_cost_3_to_the_d_less_1() -> None:
    """In the valley along x = y every neighbour on an axis is higher: only a diagonal leads on."""

    def ravine(p):
        return 10 * np.abs(p[..., 0] - p[..., 1]) + np.abs(p[..., 0] + p[..., 1])

    start = np.array([5.0, 5.0])
    stuck = neighbour_walk(ravine, start)
    assert stuck.result is not None
    assert stuck.result.point.tolist() == [5.0, 5.0]
    free = neighbour_walk(ravine, start, options=NeighbourDescent(diagonals=True))
    assert free.result is not None
    assert free.result.point.tolist() == [0.0, 0.0]
    assert len(free.steps) == 5
    assert free.evaluations == 8 * 6
