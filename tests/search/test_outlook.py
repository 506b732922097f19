"""Populations that are told of beforehand ask what those of the search ask, to the last bit."""

from itertools import islice

import numpy as np
import pytest

from blackbox.core.asking import Prospect
from blackbox.search.outlook import DUE, EARLY
from blackbox.solve.run import search_of
from tests.fakes.drive import Surface, drive
from tests.fakes.foresight import Watched, keys, watch
from tests.fakes.functions import rastrigin, rosenbrock
from tests.fakes.plans import plan

AT = np.array([0.7, -1.3, 2.1])


def turned(points: np.ndarray) -> np.ndarray:
    """Waves that are no sum."""
    turn, _ = np.linalg.qr(np.random.default_rng(8).standard_normal((3, 3)))
    return rastrigin(np.zeros(3))((points - AT) @ turn)


def populations(f: Surface, seed: int, limit: int) -> tuple[Watched, list[Prospect]]:
    watched = watch(search_of(plan(3, [(-5.12, 5.12)], seed=seed)), f, limit)
    return watched, [prospect for prospect in watched.prospects if prospect.source == "populations"]


def told_by(prospect: Prospect, f: Surface, points: int) -> set[bytes]:
    walked = drive(prospect.walk(prospect.first), f, limit=points)
    return set().union(*map(keys, islice(walked.questions, points)))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("f", [turned, rosenbrock])
def test_the_populations_of_the_turns_ask_what_was_told_when_the_turns_began(f: Surface, seed: int) -> None:
    watched, prospects = populations(f, seed, 4000)
    due = [prospect for prospect in prospects if prospect.first == DUE]
    assert len(due) == 1
    told = told_by(due[0], f, 60)
    assert len(told) >= 60
    assert told <= watched.asked


def test_before_the_first_descent_most_runs_on_waves_are_told_rightly() -> None:
    right = 0
    for seed in range(8):
        watched, prospects = populations(turned, seed, 1500)
        early = [prospect for prospect in prospects if prospect.first == EARLY]
        right += len(early) == 1 and told_by(early[0], turned, 60) <= watched.asked
    assert right >= 4


def test_without_bounds_nothing_is_told_before_the_first_walk_has_ended() -> None:
    watched = watch(search_of(plan(3, None, start=[1.0, 2.0, 3.0])), rosenbrock, 60)
    assert not [prospect for prospect in watched.prospects if prospect.source == "populations"]
