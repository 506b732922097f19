"""A spent oracle is told from a plateau and from a hole."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.stops import Stop
from blackbox.search.exhaustion import CONFIRMED, KEPT, PATIENCE, Vigil
from blackbox.search.finish import Void
from tests.fakes.drive import Driven, drive
from tests.fakes.plans import search

answers = st.lists(st.sampled_from([1.0, 2.0, np.nan]), min_size=1, max_size=60)


class Tired:
    """Answers like a bowl until so many questions, then always the same."""

    def __init__(self, patience: int, last: float) -> None:
        self.left, self.last = patience, last

    def __call__(self, points: np.ndarray) -> np.ndarray:
        values = []
        for point in points:
            self.left -= 1
            values.append(self.last if self.left < 0 else float(((point - 1) ** 2).sum() + 2))
        return np.array(values)


@pytest.mark.parametrize("last", [-1.0, 0.0, 1e9, np.nan])
@pytest.mark.parametrize("patience", [3, 40, 300])
@pytest.mark.parametrize("pairs", [None, [(-3, 4)]])
def test_what_it_says_from_then_on_is_void(last: float, patience: int, pairs) -> None:
    driven = search(Tired(patience, last), 2, pairs)
    assert driven.result.stop is Stop.BUDGET
    assert driven.evaluations < patience + 80
    assert driven.evaluations - driven.result.void.evaluations <= patience
    assert driven.evaluations - driven.result.void.evaluations >= patience - 3


def test_plateaus_and_holes_are_not_taken_for_it() -> None:
    for f in (
        lambda p: np.minimum((p**2).sum(axis=1), 4.0),
        lambda p: np.where(np.abs(p).max(axis=1) < 0.5, p[:, 0], np.nan),
        lambda p: np.zeros(len(p)),
    ):
        driven = search(f, 2, [(-9, 8)], limit=5_000)
        assert driven.result is None or driven.result.stop is not Stop.BUDGET


def watched(values: list[float], cuts: list[int] | None = None) -> Vigil:
    """A vigil that was told these answers, in questions that end at the cuts."""
    vigil, known = Vigil(), np.array(values, dtype=np.float64)
    places = np.arange(known.size, dtype=np.float64)[:, np.newaxis]
    for points, some in zip(np.split(places, cuts or []), np.split(known, cuts or []), strict=True):
        if some.size:
            vigil.note(points, some)
    return vigil


def alike(one: float, other: float) -> bool:
    return one == other or (np.isnan(one) and np.isnan(other))


@given(answers, st.lists(st.integers(0, 60), max_size=8).map(sorted))
def test_the_run_of_equal_answers_is_counted_however_they_are_asked(values: list[float], cuts: list[int]) -> None:
    run = 1
    while run < len(values) and alike(values[-run - 1], values[-1]):
        run += 1
    for vigil in (watched(values), watched(values, cuts), watched(values, list(range(1, len(values))))):
        # An answer that never changed since the first began before it, for all that is known: nothing is lost by that.
        assert vigil.asked == len(values)
        assert alike(vigil.last, values[-1])
        if run < len(values):
            assert vigil.same == run
        assert all(values[int(point[0])] == known for point, known in vigil.tells)
        assert len(vigil.tells) <= KEPT


@given(answers)
def test_answers_that_equal_the_one_before_them_are_counted_where_one_is_asked_at_a_time(values: list[float]) -> None:
    vigil = watched(values, list(range(1, len(values))))
    pairs = sum(alike(one, other) for one, other in pairwise(values))
    assert vigil.repeated - pairs == (1 if np.isnan(values[0]) else 0)


def asked_again(vigil: Vigil, says: Callable[[float], float]) -> Driven[Void | None]:
    return drive(vigil.question(), lambda p: np.array([says(x) for x in p[:, 0]]))


@pytest.mark.parametrize("last", [7.0, -1e9, np.nan])
def test_old_points_are_asked_again_and_again_once_an_answer_has_come_for_long_enough(last: float) -> None:
    before = [float(k) for k in range(100, 120)]
    cuts = list(range(1, 200))
    assert not watched([*before, *[last] * (PATIENCE - 1)], cuts).alarmed
    vigil = watched([*before, *[last] * PATIENCE], cuts)
    assert vigil.alarmed
    driven = asked_again(vigil, lambda _: last)
    assert driven.evaluations == CONFIRMED
    assert driven.result == Void(PATIENCE + CONFIRMED, 0)


def test_one_old_answer_that_still_comes_is_a_false_alarm_and_doubles_the_patience() -> None:
    before = [float(k) for k in range(100, 120)]
    vigil = watched([*before, *[7.0] * PATIENCE], list(range(1, 200)))
    driven = asked_again(vigil, lambda x: before[int(x)])
    assert driven.result is None
    assert driven.evaluations == 1
    assert vigil.patience == 2 * PATIENCE
    assert not vigil.alarmed


def test_one_that_says_0_or_1_by_chance_is_not_spent_for_saying_0_often() -> None:
    for seed in range(100):
        coin = np.random.default_rng(seed)
        vigil = watched([1.0, 0.0, *[1.0] * 20, *[0.0] * PATIENCE], list(range(1, 200)))
        assert vigil.alarmed
        assert asked_again(vigil, lambda _, coin=coin: float(coin.integers(2))).result is None


def test_what_never_said_anything_else_cannot_be_told_and_raises_no_alarm() -> None:
    for value in (3.0, np.nan):
        assert not watched([value] * 10 * PATIENCE, list(range(1, 10 * PATIENCE))).alarmed


def test_a_watched_search_asks_the_same_and_answers_the_same() -> None:
    def asker():
        first = yield np.zeros((2, 1))
        second = yield first[np.newaxis, :1]
        return float(second[0])

    vigil = Vigil()
    plain, watched_too = (drive(asking, lambda p: p[:, 0] + 3) for asking in (asker(), vigil.watch(asker())))
    assert plain.result == watched_too.result == 6
    assert np.array_equal(plain.points, watched_too.points)
    assert vigil.asked == 3
