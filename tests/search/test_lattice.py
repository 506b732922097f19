"""Whole numbers are asked once each, a small box in full."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.bounds import Bounds
from blackbox.core.stops import Stop
from blackbox.search.cells import find_cells
from blackbox.search.lattice import lattice_search
from tests.fakes.drive import Driven, drive


def lattice(f, bounds: Bounds, limit: int = 100_000) -> Driven:
    start = np.rint(bounds.clip(np.zeros(bounds.dimension)))
    return drive(lattice_search(bounds, start, np.random.default_rng(0)), f, limit=limit)


@given(seed=st.integers(0, 10_000), d=st.integers(1, 3))
def test_a_small_box_is_solved_exactly_and_nothing_is_asked_twice(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    low = rng.integers(-9, 3, d).astype(float)
    bounds = Bounds(low, low + rng.integers(0, 9, d))
    table = rng.normal(size=(20,) * d)
    driven = lattice(lambda p: table[tuple((p.T + 9).astype(int))], bounds)
    assert driven.result.stop is Stop.CONVERGED
    assert len(np.unique(driven.points, axis=0)) == len(driven.points) == np.prod(bounds.upper - bounds.lower + 1)
    assert (
        driven.best
        == table[tuple(slice(int(a) + 9, int(b) + 10) for a, b in zip(low, bounds.upper, strict=True))].min()
    )
    assert bounds.contain(driven.points)
    assert np.array_equal(driven.points, np.rint(driven.points))


@given(n=st.integers(2, 2_000), part=st.floats(0, 1))
def test_one_valley_of_n_numbers_is_exact_within_fibonaccis_questions(n: int, part: float) -> None:
    c = round(part * (n - 1))
    driven = lattice(lambda p: np.abs(p[:, 0] - c), Bounds(np.zeros(1), np.full(1, n - 1.0)))
    assert driven.first_below(0) <= np.ceil(np.log(n + 1) / np.log((1 + 5**0.5) / 2)) + 1


def test_far_whole_numbers_are_found_without_bounds_and_runaways_are_told() -> None:
    free = Bounds.unbounded(2)
    assert lattice(lambda p: np.abs(p - [70_001, -4]).sum(axis=1), free).best == 0
    assert lattice(lambda p: p[:, 0] - 2 * p[:, 1], free).result.stop is Stop.UNBOUNDED


def test_cells_are_told_from_what_is_continuous() -> None:
    rng = np.random.default_rng(0)
    free = Bounds.unbounded(2)

    def cellular(f) -> bool:
        return drive(find_cells(np.zeros(2), free, np.random.default_rng(1)), f).result is not None

    for rounding in (np.floor, np.ceil, np.rint, np.trunc):
        assert cellular(lambda p: (rounding(p) ** 2).sum(axis=1))
    assert not cellular(lambda p: (p**2).sum(axis=1))
    assert not cellular(lambda p: np.floor(3 * p).sum(axis=1))
    assert not cellular(lambda p: np.ones(len(p)))
    assert not cellular(lambda p: rng.normal(size=len(p)))
