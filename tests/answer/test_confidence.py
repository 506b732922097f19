"""How sure: numbers from landings, and a sentence that never says proved."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from blackbox.answer.confidence import confidence_of, minima_of
from blackbox.core.asking import Landing


def ends(*values: float, origin: str = "restart", settled: bool = True) -> list[Landing]:
    return [Landing(np.array([10 * value]), value, 1e-12, settled, origin) for value in values]


def test_the_numbers_are_those_of_the_landings() -> None:
    found = confidence_of([*ends(1.0, 1.0, 1.0, 2.0, 3.0, 1.0), *ends(2.0, origin="start")])
    assert (found.restarts, found.distinct_minima) == (7, 3)
    assert found.unseen_minimum_probability == 3 * 4 / (7 * 6)
    assert "4 times in 7 restarts" in found.statement
    assert "29 %" in found.statement


def test_one_hit_is_said_to_be_one() -> None:
    assert "once in 3 restarts" in confidence_of(ends(1.0, 2.0, 2.0)).statement


def test_of_no_descent_or_one_nothing_can_be_said() -> None:
    assert confidence_of([]).unseen_minimum_probability is None
    assert confidence_of([]).restarts == 0
    one = confidence_of(ends(1.0))
    assert (one.restarts, one.distinct_minima, one.unseen_minimum_probability) == (1, 1, None)
    assert "nothing can be said" in one.statement


def test_walks_that_were_cut_short_and_polishing_do_not_count() -> None:
    made = [*ends(1.0, 1.0, 1.0), *ends(0.5, settled=False), *ends(1.0, origin="polish")]
    assert confidence_of(made).restarts == 3


@given(values=st.lists(st.integers(-5, 5).map(float), max_size=60))
def test_it_is_a_probability_and_never_called_a_proof(values: list[float]) -> None:
    found = confidence_of(ends(*values))
    assert found.restarts == len(values)
    assert found.unseen_minimum_probability is None or 0 < found.unseen_minimum_probability <= 1
    assert "prove" not in found.statement
    assert "certain" not in found.statement


@given(values=st.lists(st.integers(-5, 5).map(float), max_size=60), sign=st.sampled_from([-1.0, 1.0]))
def test_minima_are_listed_best_first_in_the_functions_own_sign(values: list[float], sign: float) -> None:
    minima = minima_of(ends(*values), sign)
    told = [sign * minimum.value for minimum in minima]
    assert told == sorted(set(values))
    assert sum(minimum.hits for minimum in minima) == len(values)
