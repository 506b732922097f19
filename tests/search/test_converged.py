"""When it is enough: the Bayesian estimate of what is unseen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Landing
from blackbox.search.converged import has_converged, unseen_part


@given(restarts=st.integers(2, 10_000), minima=st.integers(1, 10_000))
def test_the_unseen_part_is_the_formula_of_boender_and_rinnooy_kan(restarts: int, minima: int) -> None:
    part = unseen_part(restarts, minima)
    if minima < restarts:
        assert part == min(1.0, minima * (minima + 1) / (restarts * (restarts - 1)))
    else:
        assert part == 1
    assert 0 < part <= 1


@given(restarts=st.integers(3, 1000), minima=st.integers(1, 500))
def test_more_restarts_know_more_and_more_minima_know_less(restarts: int, minima: int) -> None:
    assert unseen_part(restarts + 1, minima) <= unseen_part(restarts, minima)
    assert unseen_part(restarts, minima + 1) >= unseen_part(restarts, minima)


def test_before_two_restarts_everything_may_be_unseen() -> None:
    assert unseen_part(0, 0) == unseen_part(1, 1) == 1


def ends(values: list[float], origin: str = "restart", settled: bool = True) -> list[Landing]:
    return [Landing(np.array([value]), value, 1e-12, settled, origin) for value in values]


either = pytest.mark.parametrize("boxed", [False, True])


@either
def test_nothing_or_little_seen_is_never_enough(boxed: bool) -> None:
    assert not has_converged([], boxed=boxed)
    assert not has_converged(ends([1.0] * 5), boxed=boxed)


@either
def test_many_restarts_with_one_end_are_enough(boxed: bool) -> None:
    assert has_converged(ends([1.0] * 200), boxed=boxed)


@either
def test_restarts_that_keep_finding_new_ends_are_not_enough(boxed: bool) -> None:
    assert not has_converged(ends([float(k) for k in range(200)]), boxed=boxed)


@either
def test_a_best_value_seen_once_is_not_enough(boxed: bool) -> None:
    assert not has_converged([*ends([1.0] * 200), *ends([0.0])], boxed=boxed)
    assert not has_converged([*ends([1.0] * 200), *ends([0.0], origin="population")], boxed=boxed)


@either
def test_walks_that_were_cut_short_prove_nothing(boxed: bool) -> None:
    assert not has_converged(ends([1.0] * 200, settled=False), boxed=boxed)


@either
def test_many_independent_populations_at_one_value_are_enough_on_rugged_ground(boxed: bool) -> None:
    rugged = ends([float(k) for k in range(1, 200)])
    assert not has_converged([*rugged, *ends([0.0], origin="population")], boxed=boxed)
    assert has_converged([*rugged, *ends([0.0] * 30, origin="population")], boxed=boxed)
