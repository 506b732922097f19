"""What rounds its inputs to whole numbers is told from what does not, for a few questions inside the bounds."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.bounds import Bounds
from blackbox.search.cells import AROUND, CELLS, EDGES, FARTHEST_CELL, OFFSETS, SPREAD, WITHIN, Cells, find_cells
from tests.fakes.drive import Driven, Surface, drive
from tests.fakes.plans import search

ROUNDINGS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "round": np.rint,
    "floor": np.floor,
    "ceil": np.ceil,
    "cut off": np.trunc,
    "half up": lambda p: np.floor(p + 0.5),
}
MOST = CELLS * 4 + 1 + WITHIN + EDGES * (4 + 4 + 20)
"""The cells, both sides, one way to cut off, the cell of the point, and the way to each edge."""

seeds = st.integers(0, 2**32 - 1)
points = st.lists(st.floats(-1e5, 1e5), min_size=1, max_size=4).map(np.array)


def looked(f: Surface, point: np.ndarray, seed: int, bounds: Bounds | None = None) -> Driven[Cells | None]:
    bounds = bounds or Bounds.unbounded(point.size)
    driven = drive(find_cells(point, bounds, np.random.default_rng(seed)), f)
    assert driven.evaluations <= MOST
    return driven


def hashed(p: np.ndarray) -> np.ndarray:
    """A value that no two cells are likely to share, and no two points."""
    return np.sin(np.sum(p * np.sqrt(np.arange(2, 2 + p.shape[-1])), axis=-1) * 12.9898) * 43758.5453 % 1.0


@given(st.sampled_from(sorted(ROUNDINGS)), points, seeds)
def test_every_way_to_round_is_seen(name: str, point: np.ndarray, seed: int) -> None:
    assert looked(lambda p: hashed(ROUNDINGS[name](p)), point, seed).result


@given(points, seeds, st.sampled_from([2.0, 3.0, 10.0]))
def test_what_is_continuous_or_has_finer_steps_is_no_staircase_of_whole_numbers(
    point: np.ndarray, seed: int, finer: float
) -> None:
    assert looked(lambda p: np.sum(p, axis=-1), point, seed).result is None
    assert looked(lambda p: hashed(np.floor(finer * p)), point, seed).result is None


@given(points, seeds)
def test_one_rounded_input_does_not_make_the_others_whole(point: np.ndarray, seed: int) -> None:
    if point.size == 1:
        return

    def f(p: np.ndarray) -> np.ndarray:
        return hashed(np.concatenate([np.rint(p[:, :1]), p[:, 1:]], axis=1))

    assert looked(f, point, seed).result is None


def test_a_plain_and_a_hole_say_nothing_and_cost_one_look() -> None:
    for f in (lambda p: np.ones(len(p)), lambda p: np.full(len(p), np.nan)):
        driven = looked(f, np.zeros(2), 0)
        assert driven.result is None
        assert driven.evaluations == CELLS


@given(st.integers(1, 3), seeds, st.floats(2.0, 40.0))
def test_no_question_leaves_the_bounds(d: int, seed: int, width: float) -> None:
    rng = np.random.default_rng(seed)
    low = rng.uniform(-50, 50, d)
    bounds = Bounds(low, low + width)
    for rounding in ROUNDINGS.values():
        driven = looked(lambda p, rounding=rounding: hashed(rounding(p)), bounds.clip(np.zeros(d)), seed, bounds)
        assert bool(driven.questions) == bool(np.all(np.floor(bounds.upper) - np.ceil(bounds.lower) >= 2))
        assert all(bounds.contain(question) for question in driven.questions)


@given(points, seeds)
def test_the_cells_are_whole_numbers_around_the_point(point: np.ndarray, seed: int) -> None:
    centres = looked(hashed, point, seed).questions[0]
    assert np.array_equal(centres, np.rint(centres))
    assert np.all(np.abs(centres - point) <= np.maximum(AROUND, np.abs(point)))
    assert len(centres) == CELLS


@pytest.mark.parametrize("far", [4 * FARTHEST_CELL, -1e30])
def test_where_floats_are_too_sparse_to_tell_nothing_is_asked(far: float) -> None:
    driven = looked(lambda p: hashed(np.rint(p)), np.array([far]), 0)
    assert driven.result is None
    assert driven.evaluations == 0


def test_the_offsets_tell_rounding_from_cutting_off_along_every_axis() -> None:
    near, far = OFFSETS
    assert 0 < near - SPREAD < near < 0.5 < far < far + SPREAD < 1


@given(points, seeds, st.lists(st.sampled_from([-2.0, -1.0, 0.0, 1.0, 2.0]), min_size=4, max_size=4))
def test_a_function_of_differences_of_inputs_is_not_whole_for_that(
    point: np.ndarray, seed: int, weights: list[float]
) -> None:
    """x − y does not change where both inputs are shifted alike."""
    w = np.array(weights[: point.size])
    assert looked(lambda p: hashed((p @ w)[:, np.newaxis]), point, seed).result is None


def test_a_staircase_of_a_difference_is_searched_between_whole_numbers() -> None:
    """Lowest for x − y within a tenth of 0.55; at whole numbers it is 2 at least."""
    driven = search(lambda p: np.floor(10 * np.abs(p[:, 0] - p[:, 1] - 0.55)), 2, [(-20, 20)], enough=0.0, limit=5000)
    assert driven.best == 0
    assert driven.topics == []


@given(points, seeds)
def test_steps_that_get_finer_where_f_is_low_are_not_whole(point: np.ndarray, seed: int) -> None:
    """Far from the point whole cells have one value; its own has not."""
    away = np.floor(point) + 0.5

    def f(p: np.ndarray) -> np.ndarray:
        near = np.abs(p - away).max(axis=-1)
        return np.where(near <= 0.5, near, hashed(np.floor(p)))

    assert looked(f, np.floor(point), seed).result is None


@pytest.mark.parametrize("seed", range(4))
def test_a_staircase_whose_steps_halve_is_searched_to_its_bottom(seed: int) -> None:
    """At whole numbers it is at least a quarter; where those seem to stand for all, the last look tells."""
    center = np.array([0.4, -0.3])

    def halving(p: np.ndarray) -> np.ndarray:
        return 2.0 ** np.floor(np.log2(np.maximum(np.sum((p - center) ** 2, axis=-1), 1e-12)))

    driven = search(halving, 2, [(-4, 5), (-5, 4)], seed=seed, enough=1e-9, limit=3000)
    assert driven.best <= 1e-9


@given(points, seeds, st.floats(0.1, 0.4))
def test_long_steps_that_fall_between_whole_numbers_are_not_whole(point: np.ndarray, seed: int, shift: float) -> None:
    """Most whole numbers have a constant cell, since steps are five long, but none is at the edge of one."""
    for off in (shift, -shift):
        assert looked(lambda p, off=off: hashed(np.floor((p + off) / 5)), point, seed).result is None
