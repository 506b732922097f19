import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.figures.scores import TARGETS, credit, reached
from tests.benchmarks.surfaces import record


def test_the_targets_are_five_a_decade_from_100_to_1e_minus_8() -> None:
    assert len(TARGETS) == 51
    assert TARGETS[0] == 100
    assert TARGETS[-1] == pytest.approx(1e-8, rel=1e-14)
    assert np.allclose(TARGETS[:-1] / TARGETS[1:], 10**0.2, rtol=1e-12)


def test_credit_at_the_decades() -> None:
    paces = np.array([0.5, 10, 100, 1000, 10_000, 1e6, np.inf])
    assert credit(paces) == pytest.approx([1, 1, 2 / 3, 1 / 3, 0, 0, 0])
    assert credit(paces, 10, 1000) == pytest.approx([1, 1, 1 / 2, 0, 0, 0, 0])


def test_the_area_of_a_known_trace() -> None:
    """41 targets at evaluation 2 · 10 (full credit), 5 at 2 · 1000 (a third), 5 never."""
    known = record("a", {20: 1e-6, 2000: 1e-7 * (1 + 1e-9)})
    paces = known.evaluations_to(TARGETS) / known.item.dimension
    met = [int((paces == pace).sum()) for pace in (10, 1000, np.inf)]
    assert met == [41, 4, 6]
    assert credit(paces).mean() == pytest.approx((41 + 4 / 3) / 51)


def test_a_value_exactly_at_a_target_meets_it_and_below_the_minimum_meets_all() -> None:
    assert record("a", {7: 1.0}).evaluations_to(np.array([1.0, 0.999])).tolist() == [7, np.inf]
    assert (record("a", {3: -1.0}).evaluations_to(TARGETS) == 3).all()
    assert np.isinf(record("a", {}).evaluations_to(TARGETS)).all()


def test_targets_are_multiples_of_the_unit() -> None:
    known = record("a", {5: 50.0}, unit=100.0)
    assert known.evaluations_to(np.array([0.5, 0.49])).tolist() == [5, np.inf]


@given(st.lists(st.floats(0.1, 1e7), min_size=1, max_size=60))
def test_credit_is_the_area_under_the_ecdf(found: list[float]) -> None:
    paces = np.array(found)
    grid = np.logspace(1, 4, 60_001)
    area = np.mean([np.mean(np.searchsorted(np.sort(paces), grid, side="right") / len(paces))])
    assert credit(paces).mean() == pytest.approx(area, abs=1e-3)


@given(st.floats(0.1, 1e5), st.floats(0.1, 1e5))
def test_reached_is_a_step(pace: float, budget: float) -> None:
    assert reached(np.array([pace]), budget)[0] == (1.0 if pace <= budget else 0.0)
