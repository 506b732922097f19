"""What idle workers evaluate first: the order, the shares, and that nothing is begun twice."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Asking, Foresight, Points, Prospect
from blackbox.oracle.executors.ahead import OUTSTANDING, Ahead


def place(value: float) -> Points:
    return np.array([[value, 0.0]])


def told(*values: float) -> Callable[[], Points]:
    return lambda: np.array([[value, 0.0] for value in values]).reshape(-1, 2)


def endless(first: float, size: int = 1) -> Asking[object]:
    """Asks new points for ever, so many at a time."""
    at = first
    while True:
        _ = yield np.array([[at + k, 1.0] for k in range(size)])
        at += size


def begun(ahead: Ahead, most: int = 10_000, value: Callable[[float], float] = abs) -> list[float]:
    """First coordinates of the points in the order in which they are begun, each answered at once."""
    order: list[float] = []
    ahead.unfold()
    while len(order) < most and (found := ahead.next(())) is not None:
        key, points = found
        order.append(float(points[0, 0]))
        ahead.learn(key, value(order[-1]))
    return order


def test_the_certain_comes_first_then_walks_that_come_soon_then_the_likely_and_last_what_may_never_come() -> None:
    ahead = Ahead(1, 1.0)
    ahead.note(Prospect("late", lambda _: endless(100.0), 0, 1, soon=False))
    ahead.note(Foresight("walk", told(1.0), 1, told(2.0)))
    ahead.note(Foresight("turns", told(3.0), 2))
    ahead.note(Prospect("soon", lambda _: endless(200.0), 0, 1))
    ahead.note(Foresight("question", told(4.0), 0))
    kinds = [min(int(value) // 100 * 100, 200) or value for value in begun(ahead)]
    seen = list(dict.fromkeys(kinds))
    assert seen == [4.0, 200, 1.0, 3.0, 2.0, 100]


def test_a_newer_foresight_of_the_same_source_takes_the_place_of_the_older() -> None:
    ahead = Ahead(4, 1.0)
    ahead.note(Foresight("walk", told(1.0), 1, told(2.0)))
    ahead.note(Foresight("walk", told(3.0), 1))
    assert begun(ahead) == [3.0]


def test_points_are_not_computed_before_somebody_is_idle() -> None:
    def never() -> Points:
        raise AssertionError

    def never_gone(_: int) -> Asking[object]:
        raise AssertionError

    ahead = Ahead(4, 1.0)
    ahead.note(Foresight("walk", never, 1, never))
    ahead.note(Prospect("walks", never_gone, 0))
    ahead.learn(place(1.0).tobytes(), 0.0)
    ahead.asked(place(2.0)[0].tobytes())


@given(
    lists=st.lists(st.lists(st.integers(0, 12), max_size=8), min_size=1, max_size=4),
    walks=st.lists(st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=4), max_size=4), max_size=4),
    asked=st.sets(st.integers(0, 12), max_size=5),
)
def test_nothing_is_begun_twice_whoever_foresees_it(
    lists: list[list[int]], walks: list[list[list[int]]], asked: set[int]
) -> None:
    def walk(number: int) -> Asking[object]:
        for question in walks[number]:
            _ = yield told(*question)()

    ahead = Ahead(4, 1.0)
    for rank, values in enumerate(lists):
        ahead.note(Foresight(f"list {rank}", told(*values), rank, told(*reversed(values))))
    ahead.note(Prospect("walks", walk, 0, len(walks), soon=len(walks) % 2 == 0))
    for value in asked:
        ahead.asked(place(value)[0].tobytes())
    ahead.unfold()
    busy: dict[bytes, float] = {}
    order: list[float] = []
    while (found := ahead.next(busy)) is not None or busy:
        if found is None:  # everybody waits: one of those at work is done
            ahead.learn(*busy.popitem())
            continue
        key, points = found
        order.append(float(points[0, 0]))
        busy[key] = order[-1]
    assert len(set(order)) == len(order)
    assert not asked & {int(value) for value in order}
    waited_for = {value for values in lists for value in values} | {
        q for w in walks for question in w[:1] for q in question
    }
    assert waited_for - asked <= set(order)


@pytest.mark.parametrize("share", [0.5, 1.0, 3.0, 10.0])
def test_walks_are_gone_in_proportion_to_their_shares_and_no_farther_than_the_cap(share: float) -> None:
    ahead, width = Ahead(8, 1.0), 8
    ahead.note(Prospect("ones", lambda _: endless(0.0), 0, 1))
    ahead.note(Prospect("others", lambda _: endless(1000.0, 5), 0, 1, share))
    order = begun(ahead)
    others = sum(value >= 1000 for value in order)
    assert abs(others - share * (len(order) - others)) <= max(2.0, 2 * share)
    assert OUTSTANDING * width <= len(order) <= OUTSTANDING * width + 2
    half = order[: len(order) // 2]
    soon = sum(value >= 1000 for value in half)
    assert abs(soon - share * (len(half) - soon)) <= max(2.0, 2 * share)


def test_what_is_asked_for_makes_room_for_more() -> None:
    ahead = Ahead(1, 1.0)
    ahead.note(Prospect("walk", lambda _: endless(0.0), 0, 1))
    order = begun(ahead)
    assert begun(ahead) == []
    for value in order[:5]:
        ahead.asked(np.array([value, 1.0]).tobytes())
    assert len(begun(ahead)) == 5


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_walk_is_sent_what_is_known_whoever_asked_for_it_in_the_searchs_sign(sign: float) -> None:
    sent: list[list[float]] = []

    def walk(_: int) -> Asking[object]:
        sent.append((yield told(1.0, 2.0, 1.0)()).tolist())
        _ = yield told(7.0)()

    ahead = Ahead(2, sign)
    ahead.learn(place(1.0)[0].tobytes(), 10.0)
    ahead.note(Prospect("walk", walk, 0, 1))
    assert begun(ahead, value=lambda at: 10 * at) == [2.0, 7.0]
    assert sent == [[10 * sign, 20 * sign, 10 * sign]]


def test_a_walk_that_fails_ends_alone() -> None:
    def walk(number: int) -> Asking[object]:
        values = yield told(float(number))()
        if number == 0:
            raise ZeroDivisionError
        _ = yield told(10.0 + number + 0 * values[0])()

    ahead = Ahead(2, 1.0)
    ahead.note(Prospect("walk", walk, 0, 3))
    assert sorted(begun(ahead)) == [0.0, 1.0, 2.0, 11.0, 12.0]


def test_whatever_fails_while_it_is_foreseen_is_passed_over() -> None:
    def fails() -> Points:
        raise np.linalg.LinAlgError

    def walk_fails(_: int) -> Asking[object]:
        raise np.linalg.LinAlgError

    ahead = Ahead(2, 1.0)
    ahead.note(Foresight("walk", fails, 1, told(1.0)))
    ahead.note(Foresight("other", told(2.0), 1, fails))
    ahead.note(Prospect("walks", walk_fails, 0, 2))
    assert begun(ahead) == [2.0, 1.0]


def test_walks_that_are_over_make_room_for_those_that_come_next() -> None:
    ahead = Ahead(1, 1.0)
    made: list[int] = []

    def walk(number: int) -> Asking[object]:
        made.append(number)
        _ = yield told(float(number))()

    ahead.note(Prospect("walk", walk, 0, 2))
    assert begun(ahead) == [0.0, 1.0]
    ahead.note(Prospect("walk", walk, 1, 2))
    assert begun(ahead) == [2.0]
    assert made == [0, 1, 2], "the walk that is gone already is not begun anew"


def test_points_of_walks_that_ended_sooner_than_thought_do_not_count_for_ever() -> None:
    ahead = Ahead(1, 1.0)
    for turn in range(0, 40, 2):
        ahead.note(Prospect("walk", lambda number: endless(1000.0 * number), turn, 1))
        assert len(begun(ahead)) == OUTSTANDING


def test_a_point_whose_evaluation_came_to_nothing_is_left_to_the_search() -> None:
    ahead = Ahead(1, 1.0)
    ahead.note(Prospect("walk", lambda _: endless(0.0), 0, 1))
    found = ahead.next(())
    assert found is not None
    ahead.shun(found[0])
    assert ahead.next(()) is None


def test_of_fast_functions_nothing_is_kept() -> None:
    ahead = Ahead(1, 1.0)
    for value in range(10):
        ahead.asked(place(float(value))[0].tobytes())
        ahead.forget()
    assert not ahead._taken
    assert not ahead._known
