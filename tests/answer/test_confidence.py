"""How sure: numbers from landings, and a sentence that never says proved."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.answer.answer import Confidence
from blackbox.answer.confidence import confidence_of, minima_of
from blackbox.answer.evidence import Evidence, Trail, evidence_of
from blackbox.core.asking import Landing
from blackbox.core.bounds import Bounds
from blackbox.core.stops import Stop


def ends(*values: float, origin: str = "restart", settled: bool = True) -> list[Landing]:
    return [Landing(np.array([10 * value]), value, 1e-12, settled, origin) for value in values]


def run_of(
    landings: list[Landing], *, stop: Stop = Stop.BUDGET, evaluations: int = 1000, kind: str | None = None
) -> Evidence:
    """The evidence of a run of one input that ended with these landings, the best value met half-way."""
    best = min((landing.value for landing in landings), default=7.0)
    trail = Trail(np.array([best]), np.array([evaluations // 2]), stop, evaluations)
    return evidence_of(landings, trail, Bounds.unbounded(1), kind)


def confidence(landings: list[Landing], **facts: Any) -> Confidence:
    return confidence_of(landings, run_of(landings, **facts))


def test_the_numbers_are_those_of_the_landings() -> None:
    found = confidence([*ends(1.0, 1.0, 1.0, 2.0, 3.0, 1.0), *ends(2.0, origin="start")])
    assert (found.restarts, found.distinct_minima) == (7, 3)
    assert found.unseen_minimum_probability == 3 * 4 / (7 * 6)
    assert found.covered == 1 - 3 * 4 / (7 * 6)
    assert found.expected_unseen_minima == 3 * 4 / (7 - 3 - 2)
    assert "4 times in 7 restarts" in found.statement


def test_the_sentence_says_what_the_claim_leaves() -> None:
    found = confidence(ends(1.0, 1.0, 2.0, 1.0))
    assert found.global_probability is not None
    assert f"a lower value remains unseen with probability about {100 * (1 - found.global_probability):.0f} %" in (
        found.statement
    )


def test_one_hit_is_said_to_be_one() -> None:
    assert "once in 3 restarts" in confidence(ends(1.0, 2.0, 2.0)).statement


def test_of_no_descent_or_one_nothing_can_be_said_by_counting() -> None:
    for landings in ([], ends(1.0)):
        found = confidence(landings)
        assert found.restarts == len(landings)
        assert found.unseen_minimum_probability is None
        assert found.expected_unseen_minima is None
        assert "nothing can be said" in found.statement
        assert found.global_probability is not None
        assert found.global_probability < 0.5


@pytest.mark.parametrize("stop", [Stop.UNBOUNDED, Stop.INFIMUM, Stop.NO_FINITE_VALUE])
def test_where_there_is_no_minimum_nothing_is_claimed(stop: Stop) -> None:
    found = confidence(ends(1.0, 1.0), stop=stop)
    assert found.global_probability is None
    assert "no claim" in found.statement


def test_on_a_plateau_a_needle_is_said_to_stay_unseen() -> None:
    assert "a needle on this plateau would not have been found" in confidence(ends(1.0, 1.0), kind="plateau").statement


def test_walks_that_were_cut_short_and_polishing_do_not_count() -> None:
    made = [*ends(1.0, 1.0, 1.0), *ends(0.5, settled=False), *ends(1.0, origin="polish")]
    assert confidence(made).restarts == 3


@given(values=st.lists(st.integers(-5, 5).map(float), max_size=60))
def test_it_is_a_probability_and_never_called_a_proof(values: list[float]) -> None:
    found = confidence(ends(*values))
    assert found.restarts == len(values)
    assert found.unseen_minimum_probability is None or 0 < found.unseen_minimum_probability <= 1
    assert found.global_probability is not None
    assert 0 < found.global_probability < 1
    assert "prove" not in found.statement
    assert "certain" not in found.statement


@given(values=st.lists(st.integers(-5, 5).map(float), max_size=60), sign=st.sampled_from([-1.0, 1.0]))
def test_minima_are_listed_best_first_in_the_functions_own_sign(values: list[float], sign: float) -> None:
    minima = minima_of(ends(*values), sign)
    told = [sign * minimum.value for minimum in minima]
    assert told == sorted(set(values))
    assert sum(minimum.hits for minimum in minima) == len(values)


@given(
    unit=st.integers(-900, 900).map(lambda exponent: 2.0**exponent),
    fallen=st.lists(st.floats(1e-9, 1), min_size=2, max_size=20, unique=True).map(lambda found: sorted(found)[::-1]),
)
def test_when_the_best_value_was_found_does_not_depend_on_the_unit_of_a_small_fall(
    unit: float, fallen: list[float]
) -> None:
    at = 10 * np.arange(1, len(fallen) + 1)

    def found(scale: float) -> int:
        trail = Trail(scale * np.array([*fallen, 0.0]), np.array([*at, at[-1] + 10]), Stop.CONVERGED, 1000)
        return evidence_of([], trail, Bounds.unbounded(1)).found

    small = min(unit, 1.0)
    assert found(small) == found(1.0) > 1


def test_a_constant_added_does_not_make_the_first_value_the_best() -> None:
    values = np.array([1e10 + 10, 1e10 + 3, 1e10])
    trail = Trail(values, np.array([1, 20, 300]), Stop.CONVERGED, 1000)
    assert evidence_of([], trail, Bounds.unbounded(1)).found == 300
