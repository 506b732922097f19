"""Where every input is 0, 1 or −1: three evaluations, and nothing else rests on them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Effort, Floats
from blackbox.core.bounds import Bounds
from blackbox.search.simple_places import AT_ONCE, LATER, lowest_simple_place
from tests.fakes.drive import drive
from tests.fakes.plans import search

inputs = st.lists(st.floats(-2, 2), min_size=1, max_size=4)


@given(inputs=inputs, d=st.integers(1, 6), seed=st.integers(0, 2**32 - 1))
def test_it_is_the_lowest_of_those_inside(inputs: list[float], d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    bounds = Bounds(rng.uniform(-2, 0.5, d), rng.uniform(0.5, 2, d))
    weights = rng.standard_normal(d)
    driven = drive(lowest_simple_place(inputs, bounds), lambda x: x @ weights)
    inside = [t for t in inputs if np.all((bounds.lower <= t) & (t <= bounds.upper))]
    assert driven.evaluations == len(inside)
    if not inside:
        assert driven.result is None
        return
    assert driven.result is not None
    assert driven.result.value == pytest.approx(min(t * weights.sum() for t in inside), abs=1e-12)
    assert driven.result.point @ weights == pytest.approx(driven.result.value, abs=1e-12)
    assert np.unique(driven.result.point).size == 1


def test_without_a_box_nothing_is_asked() -> None:
    """Far from a start that was given, 0 is no place of its own."""
    assert drive(lowest_simple_place(AT_ONCE + LATER, Bounds.unbounded(3)), np.sum).evaluations == 0


def test_places_where_f_fails_are_passed_over() -> None:
    box = Bounds(np.full(2, -3.0), np.full(2, 3.0))
    driven = drive(lowest_simple_place((0.0, 1.0), box), lambda x: np.where(x[..., 0] == 0, np.nan, x[..., 0]))
    assert driven.result is not None
    assert driven.result.value == 1
    assert drive(lowest_simple_place((0.0, 1.0), box), lambda x: np.full(x.shape[:-1], np.nan)).result is None


@pytest.mark.parametrize("place", AT_ONCE + LATER)
def test_a_needle_there_is_found(place: float) -> None:
    """That no slope leads to: on a bowl elsewhere."""

    def f(x: Floats) -> Floats:
        return np.where(np.all(x == place, axis=-1), -1.0, np.sum((x - 2.5) ** 2, axis=-1))

    driven = search(f, 3, [(-4, 6)], seed=1, enough=-1.0, limit=2000)
    assert driven.best == -1


@pytest.mark.parametrize("seed", range(5))
def test_a_saddle_there_is_not_the_answer(seed: int) -> None:
    """It lies low in a well, between its two bottoms, and the bowl beside it is what a first descent meets."""

    def f(x: Floats) -> Floats:
        along, squares = x[..., 0], np.sum(x**2, axis=-1)
        return -8 * (1 + 30 * along**2) * np.exp(-10 * squares) + 0.05 * np.sum((x - 4) ** 2, axis=-1)

    around = np.linspace(-1, 1, 2001)
    lowest = float(f(np.stack(np.meshgrid(around, np.linspace(-0.1, 0.1, 41)), axis=-1)).min())
    driven = search(f, 2, [(-5, 6)], seed=seed, limit=4000)
    assert driven.best <= lowest + 1e-6


@pytest.mark.parametrize("place", [0.0, 1.0])
def test_a_plateau_with_a_needle_at_a_simple_place_did_not_give_one_value(place: float) -> None:
    driven = search(lambda x: np.where(np.all(x == place, axis=-1), 0.0, 1.0), 2, [(-3, 5)], seed=0, limit=6000)
    assert driven.best == 0
    assert driven.result is None or "one value" not in driven.result.detail


@pytest.mark.parametrize("seed", [1, 4])
def test_walks_to_an_edge_that_end_above_a_simple_place_are_not_enough(seed: int) -> None:
    rng = np.random.default_rng(seed)
    outward, center = rng.standard_normal(2), rng.uniform(2, 3, 2)
    outward /= np.linalg.norm(outward)

    def f(x: Floats) -> Floats:
        bowl = np.where((x - center + 0.8 * outward) @ outward > 0, np.nan, np.sum((x - center) ** 2, axis=-1))
        return np.where(np.sum(x**2, axis=-1) < 0.01, -10 + np.sum((x - 0.03) ** 2, axis=-1), bowl)

    driven = search(f, 2, [(-4, 6)], seed=seed, limit=12_000)
    assert driven.best == pytest.approx(-10, abs=1e-9)
    assert driven.result is None or "edge" not in driven.result.detail


def test_by_logarithm_no_place_is_simple() -> None:
    driven = search(lambda x: np.sum((np.log(x) - 2) ** 2, axis=-1), 2, [(1e-6, 1e6)], seed=1, limit=500)
    assert "simple places" not in {event.part for event in driven.events if isinstance(event, Effort)}
