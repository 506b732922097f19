"""Asked the same again: the same, noise, or a memory that gives itself away."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.search.echoes import MORE, Echoes, listen, shown
from tests.fakes.drive import Driven, drive

values = st.floats(-1e6, 1e6)


def heard(first: float, again: list[float]) -> Driven[Echoes]:
    """What is made of these answers, the first of them known before."""
    left = iter(again)
    driven = drive(listen(np.array([3.0, -2.0]), first), lambda p: np.array([next(left) for _ in p]))
    assert driven.result is not None
    return driven


@given(values)
def test_the_same_answer_costs_one_question_and_is_no_noise(value: float) -> None:
    driven = heard(value, [value])
    assert driven.evaluations == 1
    assert driven.result.same
    assert driven.result.memory == ""
    assert driven.result.spread == 0


@given(values, st.lists(values, min_size=1 + MORE, max_size=1 + MORE, unique=True))
def test_another_answer_is_followed_by_seven_more_all_to_the_same_point(first: float, again: list[float]) -> None:
    if again[0] == first:
        return
    driven = heard(first, again)
    assert driven.evaluations == 8
    assert np.all(driven.points == [3.0, -2.0])
    echoes = driven.result
    assert not echoes.same
    assert echoes.answers.tolist() == [first, *again]
    assert echoes.fresh.tolist() == again
    ordered = sorted([first, *again])
    one_way = [first, *again] in (ordered, ordered[::-1])
    assert bool(echoes.memory) == one_way
    assert echoes.spread == pytest.approx(0.0 if one_way else np.std(again, ddof=1))


@given(values, st.floats(1e-3, 1e3), st.sampled_from([1.0, -1.0]))
def test_a_counter_is_a_memory(first: float, step: float, way: float) -> None:
    echoes = heard(first, [first + way * step * k for k in range(1, 9)]).result
    assert echoes.memory == ("more each time" if way > 0 else "less each time")
    assert echoes.spread == 0


@given(values, values)
def test_an_answer_that_changed_once_and_stays_is_a_memory(first: float, later: float) -> None:
    if later == first:
        return
    echoes = heard(first, [later] * 8).result
    assert echoes.memory == f"{shown(later)} ever since"
    assert echoes.spread == 0


def test_a_function_that_only_fails_from_then_on_is_spent_and_one_that_fails_now_and_then_is_not() -> None:
    spent = heard(1.0, [np.nan] * 8).result
    assert spent.memory == "no number ever since"
    assert spent.spread == 0
    some = heard(1.0, [1.5, np.nan, 0.5, 1.25, np.nan, 0.75, 1.0, 1.0]).result
    assert some.memory == ""
    assert some.fresh.tolist() == [1.5, 0.5, 1.25, 0.75, 1.0, 1.0]
    assert some.spread == pytest.approx(np.std([1.5, 0.5, 1.25, 0.75, 1.0, 1.0], ddof=1))


def test_noise_is_hardly_ever_taken_for_a_memory() -> None:
    """Nine values of noise are in one order in two of 362,880 runs; the spread is that of the noise."""
    rng = np.random.default_rng(0)
    spreads = []
    for _ in range(500):
        echoes = drive(listen(np.zeros(1), 0.1), lambda p: rng.standard_normal(len(p))).result
        assert echoes is not None
        assert echoes.memory == ""
        spreads.append(echoes.spread**2)
    # The mean of 500 sample variances with 7 degrees of freedom: 1 ± sqrt(2 / 3,500).
    assert np.mean(spreads) == pytest.approx(1, abs=4 * np.sqrt(2 / 3500))


@given(st.floats(allow_nan=False))
def test_a_value_is_shown_to_its_last_digit(value: float) -> None:
    assert float(shown(value)) == value
    assert shown(float("nan")) == "no number"
