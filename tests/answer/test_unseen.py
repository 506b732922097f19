"""The Bayesian estimates against simulation and against each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.answer.unseen import all_seen, covered, expected_unseen
from blackbox.search.converged import unseen_part


@given(restarts=st.integers(0, 200), minima=st.integers(0, 60))
def test_they_are_what_their_names_say_or_unknown(restarts: int, minima: int) -> None:
    chance, number, part = all_seen(restarts, minima), expected_unseen(restarts, minima), covered(restarts, minima)
    assert chance is None or 0 < chance < 1
    assert number is None or number > 0
    assert part is None or 0 < part <= 1
    assert part is None or part == 1 - unseen_part(restarts, minima)


@given(restarts=st.integers(10, 200), minima=st.integers(1, 6))
def test_another_restart_at_a_known_value_makes_them_surer(restarts: int, minima: int) -> None:
    now, then = all_seen(restarts, minima), all_seen(restarts + 1, minima)
    fewer, more = expected_unseen(restarts + 1, minima), expected_unseen(restarts, minima)
    assert now is not None
    assert then is not None
    assert then > now
    assert fewer is not None
    assert more is not None
    assert fewer < more


@pytest.mark.parametrize(("restarts", "minima"), [(8, 1), (12, 2), (20, 3)])
def test_they_are_the_posterior_of_equally_likely_shares(restarts: int, minima: int) -> None:
    """Draw the number of minima (up to 60, all alike) and their shares; keep the draws that show so many."""
    rng = np.random.default_rng(5)
    unseen: list[int] = []
    for _ in range(60_000):
        count = int(rng.integers(1, 61))
        if np.unique(rng.choice(count, restarts, p=rng.dirichlet(np.ones(count)))).size == minima:
            unseen.append(count - minima)
    told, chance = expected_unseen(restarts, minima), all_seen(restarts, minima)
    assert np.mean(np.array(unseen) == 0) == pytest.approx(chance, abs=0.05)
    assert np.mean(unseen) == pytest.approx(told, rel=0.35)
