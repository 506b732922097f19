import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import counting
from benchmarks.counting import Counter, GivenUp, Spent
from tests.benchmarks.surfaces import bowl

DICE = np.random.default_rng


def test_every_point_is_counted_and_the_trace_keeps_the_improvements_alone() -> None:
    counter = Counter(bowl(1), 10, DICE(0))
    counter.ask(np.array([[3.0], [2.0], [2.5]]))
    counter.value(np.array([1.0]))
    counter.value(np.array([1.0]))
    assert counter.evaluations == 5
    assert counter.trace.evaluations.tolist() == [1, 2, 4]
    assert counter.trace.values.tolist() == [9.0, 4.0, 1.0]


@given(st.integers(1, 30), st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_the_record_is_closed_at_the_budget_however_the_points_come(budget: int, batches: list[int]) -> None:
    counter = Counter(bowl(1), budget, DICE(0))
    asked = 0
    for size in batches:
        points = 3.0 - 0.01 * np.arange(asked, asked + size)[:, np.newaxis]
        asked += size
        if asked <= budget:
            assert len(counter.ask(points)) == size
        else:
            with pytest.raises(Spent):
                counter.ask(points)
    assert counter.evaluations == min(asked, budget)
    assert counter.trace.evaluations[-1] == min(asked, budget)


def test_what_is_asked_after_the_budget_changes_nothing() -> None:
    counter = Counter(bowl(1), 2, DICE(0))
    counter.ask(np.array([[3.0], [2.0]]))
    for _ in range(3):
        with pytest.raises(Spent):
            counter.value(np.array([0.0]))
    assert counter.evaluations == 2
    assert counter.overrun == 3
    assert counter.trace.values.tolist() == [9.0, 4.0]


def test_a_peer_that_swallows_exceptions_is_given_up_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "OVERRUN", 50)
    counter = Counter(bowl(1), 5, DICE(0))

    def stubborn() -> None:
        while True:
            try:
                counter.value(np.array([1.0]))
            except Exception:
                continue

    with pytest.raises(GivenUp):
        stubborn()
    assert counter.evaluations == 5
    assert counter.overrun == 51


def test_noise_is_shown_and_the_true_value_is_kept() -> None:
    noisy = bowl(1, disturb=lambda true, rng: true + 100 + rng.standard_normal(true.shape))
    counter = Counter(noisy, 10, DICE(0))
    shown = counter.ask(np.array([[2.0], [1.0]]))
    assert (shown > 90).all()
    assert counter.trace.values.tolist() == [4.0, 1.0]


def test_a_failed_evaluation_counts_and_improves_nothing_and_a_peer_hears_the_highest_number_so_far() -> None:
    holes = bowl(1, surface=lambda points: np.where(points[:, 0] < 0, np.nan, points[:, 0] ** 2))
    counter = Counter(holes, 10, DICE(0))
    assert counter.value(np.array([-1.0])) == counting.NOTHING_YET
    assert counter.value(np.array([2.0])) == 4.0
    assert counter.value(np.array([1.0])) == 1.0
    assert counter.value(np.array([-1.0])) == 4.0
    assert np.isnan(counter.ask(np.array([[-0.5]]))).all()
    assert counter.evaluations == 5
    assert counter.trace.evaluations.tolist() == [2, 3]


def test_the_peer_keeps_the_memory_it_handed_out() -> None:
    seen: list[np.ndarray] = []
    counter = Counter(bowl(1, surface=lambda points: (seen.append(points), points[:, 0] ** 2)[1]), 10, DICE(0))
    x = np.array([2.0])
    x.flags.writeable = False
    counter.value(x)
    assert not np.shares_memory(seen[0], x)
    assert seen[0].flags.writeable
