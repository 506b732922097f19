"""Restarts: one walk from each start, the same as alone; and which of their ends are one basin."""

from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackbox.core.asking import Halt, Step
from blackbox.core.bounds import Bounds
from blackbox.descent.catalogue import METHODS
from blackbox.descent.ground import Kit
from blackbox.descent.restarts import Found, random_starts, restarts, tell_apart
from blackbox.descent.stopping import Ended, Rules, WalkStop
from tests.fakes.drive import Driven, Surface, drive, finish
from tests.fakes.functions import rastrigin, rosenbrock, sphere
from tests.fakes.textbook import go

seeds = st.integers(0, 2**32 - 1)


def several(
    name: str, f: Surface, starts, rules: Rules | None = None, bounds: Bounds | None = None, **options
) -> Driven[tuple[Found, ...]]:
    begun = [np.array(start, dtype=np.float64) for start in starts]
    kit = Kit(bounds or Bounds.unbounded(begun[0].size), np.random.default_rng(0), **options)
    rules = rules or Rules(slope=1e-6, ascending=METHODS[name].ascends)
    return drive(restarts(METHODS[name].walk, begun, kit, rules), f)


def ended(point, value: float, stop: WalkStop = WalkStop.SMALL_SLOPE) -> Ended:
    step = Step(np.array(point, dtype=np.float64), value, 0.0, 0.0)
    return Ended(stop, step, step, 1)


@pytest.mark.parametrize("name", ["gradient-descent", "bfgs", "neighbour-descent", "nelder-mead"])
def test_each_walk_asks_what_it_would_ask_alone_and_each_ends_with_its_halt(name: str) -> None:
    f, starts = sphere(np.array([1.0, -1.0])), [(3.0, 1.0), (-2.0, 0.5), (0.0, 4.0)]
    driven = several(name, f, starts)
    alone = [go(name, f, start, Rules(slope=1e-6)) for start in starts]
    together = np.vstack([one.points for one in alone])
    assert np.array_equal(driven.points[: len(together)], together)
    halts = [event.stop for event in driven.events if isinstance(event, Halt)]
    assert halts == [one.result.stop.value for one in alone if one.result is not None]


@given(seed=seeds)
@settings(max_examples=15)
def test_every_walk_that_settles_is_in_exactly_one_basin_and_the_best_is_first(seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = several("bfgs", rastrigin(np.zeros(2)), rng.uniform(-2, 2, (8, 2))).result
    assert found is not None
    assert sorted(walk for basin in found for walk in basin.walks) == list(range(8))
    assert [basin.value for basin in found] == sorted(basin.value for basin in found)
    # Rastrigin's minima stand near the whole numbers, one in each cell.
    assert len({tuple(np.round(basin.point)) for basin in found}) == len(found)


def test_ends_on_one_slope_are_one_basin_however_early_the_walks_stopped() -> None:
    """Sixteen walks stopped on a ring around the minimum: no hill is between any two of them."""
    angles = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    starts = 3 * np.column_stack([np.cos(angles), np.sin(angles)])
    found = several("gradient-descent", sphere(np.zeros(2)), starts, Rules(target=1.0)).result
    assert found is not None
    assert [basin.hits for basin in found] == [16]


def test_a_hill_or_a_hole_between_two_ends_keeps_them_apart_and_closeness_needs_no_question() -> None:
    ends, starts = [ended([-1.0], 0.0), ended([1.0], 0.0), ended([1.0001], 1e-9)], np.array([[-3.0], [3.0], [2.0]])
    hill = drive(tell_apart(ends, starts), lambda p: np.maximum(0.0, 1 - p[..., 0] ** 2))
    assert [basin.walks for basin in hill.result or ()] == [(0,), (1, 2)]
    assert hill.evaluations <= 10
    hole = finish(tell_apart(ends, starts), lambda p: np.full(p.shape[:-1], np.nan))
    assert [basin.walks for basin in hole] == [(0,), (1, 2)]
    plain = finish(tell_apart(ends, starts), lambda p: np.zeros(p.shape[:-1]))
    assert [basin.hits for basin in plain] == [3]


def test_climbers_are_told_apart_by_valleys_and_the_highest_is_first() -> None:
    def peaks(p):
        return -((p[..., 0] ** 2 - 4) ** 2) / 8 + 0.2 * p[..., 0]

    found = several("gradient-ascent", peaks, [[-3.0], [3.0], [1.5]], learning_rate=0.05).result
    assert found is not None
    assert [basin.walks for basin in found] == [(1, 2), (0,)] or [basin.walks for basin in found] == [(2, 1), (0,)]
    assert found[0].value > found[1].value


def test_a_walk_that_diverges_or_cannot_start_is_in_no_basin() -> None:
    away = several("gradient-descent", lambda p: p[..., 0] ** 2, [[1.0], [2.0]], learning_rate=1.1).result
    assert away == ()
    half = several("bfgs", lambda p: np.where(p[..., 0] < 0, np.nan, p[..., 0] ** 2), [[-1.0], [2.0]]).result
    assert half is not None
    assert [basin.walks for basin in half] == [(1,)]


def test_a_curved_valley_is_one_basin_for_walks_that_reach_its_end() -> None:
    rng = np.random.default_rng(4)
    found = several("bfgs", rosenbrock, rng.uniform(-2, 2, (6, 2))).result
    assert found is not None
    assert [basin.hits for basin in found] == [6]


@pytest.mark.parametrize("pairs", [[(-2, 3), (10, 11)], [(None, None), (0, None)]])
def test_random_starts_begin_with_the_one_given_and_stay_inside(pairs) -> None:
    box = Bounds.from_pairs(pairs, 2)
    given_start = box.clip(np.array([0.0, 10.5]))
    starts = list(islice(random_starts(given_start, Kit(box, np.random.default_rng(3))), 30))
    assert starts[0] is given_start
    assert all(box.contain(start) for start in starts)
    assert len({tuple(start) for start in starts}) == 30
    again = list(islice(random_starts(given_start, Kit(box, np.random.default_rng(3))), 30))
    assert np.array_equal(starts, again)
