"""The oracle counts, remembers and stops; whatever happens, the best point stays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackbox.core.asking import Asking, Floats, Landing, Points, Remark, Step, Values
from blackbox.core.errors import OptionError
from blackbox.core.evaluations import Reply, Status
from blackbox.core.stops import Stop
from blackbox.oracle.oracle import Drive, Limits, Oracle
from blackbox.search.default import Finish
from blackbox.solve.run import search_of
from tests.fakes.executors import Counting, Failing, Surface
from tests.fakes.functions import siam_4, sphere, with_holes
from tests.fakes.plans import plan

seeds = st.integers(0, 2**32 - 1)


def batches(*sizes: int, d: int = 2, seed: int = 0) -> Asking[list[Values]]:
    """Asks random points in batches of these sizes and returns what it was sent."""
    rng, got = np.random.default_rng(seed), []
    for size in sizes:
        got.append((yield rng.standard_normal((size, d))).copy())
    return got


def bowl(x: Points) -> Floats:
    return np.sum(x**2, axis=-1)


sizes = st.lists(st.integers(1, 60), min_size=1, max_size=20)


@given(asked=sizes, budget=st.integers(1, 300), reserve=st.integers(0, 40))
def test_the_budget_is_never_exceeded_and_used_up_when_it_ends_the_run(
    asked: list[int], budget: int, reserve: int
) -> None:
    executor = Counting(bowl)
    oracle = Oracle(executor, Limits(budget=budget))
    drive = oracle.drive(batches(*asked), reserve)
    assert executor.evaluations == oracle.evaluations == min(sum(asked), max(0, budget - reserve))
    assert drive.stop is (Stop.BUDGET if sum(asked) > budget - reserve else None)
    assert (drive.result is None) == (drive.stop is not None)


def test_what_was_spent_before_belongs_to_the_budget() -> None:
    executor = Counting(bowl)
    oracle = Oracle(executor, Limits(budget=10), spent=4)
    oracle.drive(batches(3, 3, 3))
    assert executor.evaluations == 6
    assert oracle.evaluations == 10


@given(asked=sizes, seed=seeds)
def test_a_generator_is_sent_the_values_of_its_questions(asked: list[int], seed: int) -> None:
    oracle = Oracle(Counting(bowl), Limits())
    drive: Drive[list[Values]] = oracle.drive(batches(*asked, seed=seed))
    rng = np.random.default_rng(seed)
    assert drive.result is not None
    for size, values in zip(asked, drive.result, strict=True):
        assert np.array_equal(values, bowl(rng.standard_normal((size, 2))))


@given(asked=sizes, seed=seeds)
def test_when_maximising_the_search_sees_the_opposite_and_the_person_the_truth(asked: list[int], seed: int) -> None:
    def hill(x: Points) -> Floats:
        return 7 - bowl(x)

    oracle = Oracle(Counting(hill), Limits(), maximize=True)
    drive = oracle.drive(batches(*asked, seed=seed))
    assert drive.result is not None
    everything = -np.concatenate(drive.result)
    assert oracle.best is not None
    assert oracle.best.value == everything.max()
    assert hill(oracle.best.x[np.newaxis])[0] == oracle.best.value


@given(asked=sizes, seed=seeds, maximize=st.booleans())
def test_improvements_are_strict_and_in_order_and_the_last_is_the_best(
    asked: list[int], seed: int, maximize: bool
) -> None:
    executor = Counting(with_holes(bowl, lambda x: x[..., 0] > 1))
    oracle = Oracle(executor, Limits(), maximize=maximize)
    oracle.drive(batches(*asked, seed=seed))
    sign = -1 if maximize else 1
    values = sign * executor.surface(executor.points)
    told = [sign * improvement.value for improvement in oracle.improvements]
    assert np.all(np.diff(told) < 0)
    for improvement in oracle.improvements:
        index = improvement.evaluations - 1
        assert np.array_equal(executor.points[index], improvement.x)
        assert sign * improvement.value == np.nanmin(values[: index + 1])
    if np.isfinite(values).any():
        assert told[-1] == np.nanmin(values)
    else:
        assert oracle.best is None


@pytest.mark.parametrize(("maximize", "target"), [(False, -5.0), (True, 5.0)])
def test_a_target_stops_at_once(maximize: bool, target: float) -> None:
    """A batch may be finished, but no further question is asked."""
    sign = -1.0 if maximize else 1.0
    executor = Counting(lambda x: sign * x[..., 0])

    def descending() -> Asking[None]:
        for k in range(100):
            yield np.array([[-float(k)]])

    oracle = Oracle(executor, Limits(target=target), maximize=maximize)
    drive = oracle.drive(descending())
    assert drive.stop is Stop.TARGET
    assert executor.evaluations == 6
    assert oracle.best is not None
    assert oracle.best.value == target


def test_a_target_on_the_wrong_side_never_stops() -> None:
    for maximize, target in ((False, -1e9), (True, 1e9)):
        oracle = Oracle(Counting(bowl), Limits(target=target), maximize=maximize)
        assert oracle.drive(batches(5, 5)).stop is None


@given(interrupt_at=st.integers(1, 100))
def test_ctrl_c_inside_the_function_keeps_the_best(interrupt_at: int) -> None:
    executor = Counting(bowl, interrupt_at=interrupt_at)
    oracle = Oracle(executor, Limits())
    drive = oracle.drive(batches(*[3] * 40))
    assert drive.stop is Stop.INTERRUPTED
    assert oracle.evaluations == executor.evaluations == interrupt_at - 1
    if executor.evaluations:
        assert oracle.best is not None
        assert oracle.best.value == bowl(executor.points).min()
    else:
        assert oracle.best is None


@given(lost_at=st.integers(1, 100))
def test_when_the_place_is_lost_its_last_answers_still_count(lost_at: int) -> None:
    executor = Counting(bowl, lost_at=lost_at)
    oracle = Oracle(executor, Limits())
    drive = oracle.drive(batches(*[7] * 40))
    assert oracle.evaluations == executor.evaluations == lost_at
    assert drive.stop is Stop.INTERRUPTED
    assert "is gone" in drive.detail
    assert oracle.best is not None
    assert oracle.best.value == bowl(executor.points).min()


def test_failures_are_counted_by_reason() -> None:
    nan, ok = float("nan"), Status.OK
    script = Failing(
        [ok, Status.EXCEPTION, Status.NOT_A_NUMBER, Status.EXCEPTION, Status.TIMEOUT, Status.EXCEPTION],
        [1.0, nan, nan, nan, nan, nan],
        {
            1: "ValueError: math domain error",
            3: "ZeroDivisionError: division by zero",
            4: "took longer than 3 s",
            5: "ValueError: math domain error",
        },
    )
    oracle = Oracle(script, Limits())
    drive = oracle.drive(batches(4, 2))
    assert (oracle.evaluations, oracle.failed) == (6, 5)
    assert sum(oracle.failures.values()) == 5
    assert oracle.failures["ValueError: math domain error"] == 2
    assert oracle.failures["ZeroDivisionError: division by zero"] == 1
    assert oracle.failures["took longer than 3 s"] == 1
    assert drive.result is not None
    assert np.isnan(drive.result[0][1:]).all()
    assert oracle.best is not None
    assert oracle.best.value == 1.0


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.OK])
def test_every_kind_of_failure_has_words_even_without_a_reason(status: Status) -> None:
    oracle = Oracle(Failing([status], [float("nan")], {}), Limits())
    oracle.drive(batches(1))
    ((words, count),) = oracle.failures.items()
    assert count == 1
    assert len(words) > 5


def test_events_reach_the_observer_and_are_remembered() -> None:
    landing = Landing(np.zeros(2), 0.0, 0.0, True, "start")
    step, remark = Step(np.zeros(2), 0.0, 1.0, 1.0), Remark("topic", "detail")

    def telling() -> Asking[str]:
        yield step
        yield np.zeros((2, 2))
        yield landing
        yield remark
        return "done"

    heard: list[object] = []
    oracle = Oracle(Counting(bowl), Limits(), observer=lambda _, event: heard.append(event))
    assert oracle.drive(telling()).result == "done"
    assert [event for event in heard if event is not None] == [step, landing, remark]
    assert None in heard[heard.index(step) : heard.index(landing)]
    assert (oracle.landings, oracle.remarks) == ([landing], [remark])


def test_an_observer_may_stop_the_run() -> None:
    def stop(oracle: Oracle, _: object) -> None:
        if oracle.evaluations >= 10:
            raise StopIteration

    oracle = Oracle(Counting(bowl), Limits(), observer=stop)
    drive = oracle.drive(batches(*[5] * 10))
    assert drive.stop is Stop.INTERRUPTED
    assert oracle.evaluations == 10
    assert oracle.best is not None


def test_a_stop_iteration_of_the_search_itself_is_not_taken_for_a_result() -> None:
    def returns_early() -> Asking[int]:
        yield np.zeros((1, 1))
        return 3

    assert Oracle(Counting(bowl), Limits()).drive(returns_early()).result == 3


def test_the_clock_ends_a_run_that_would_never_end() -> None:
    def endless() -> Asking[None]:
        while True:
            yield np.zeros((4, 2))

    oracle = Oracle(Counting(bowl), Limits(time=0.05))
    drive = oracle.drive(endless())
    assert drive.stop is Stop.TIME
    assert oracle.best is not None


def test_a_generator_that_is_cut_short_is_closed() -> None:
    closed = []

    def careful() -> Asking[None]:
        try:
            while True:
                yield np.zeros((1, 1))
        finally:
            closed.append(True)

    Oracle(Counting(bowl), Limits(budget=3)).drive(careful())
    assert closed == [True]


@given(points=st.integers(1, 5))
def test_the_remembered_points_are_not_the_callers_memory(points: int) -> None:
    mine = np.ones((points, 2))

    def reuses() -> Asking[None]:
        yield mine
        mine[:] = 99

    oracle = Oracle(Counting(bowl), Limits())
    oracle.drive(reuses())
    assert oracle.best is not None
    assert oracle.best.x.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("field", "value"), [("budget", 0), ("budget", -3), ("time", 0.0), ("time", -1.0), ("target", float("nan"))]
)
def test_impossible_limits_are_named(field: str, value: float) -> None:
    with pytest.raises(OptionError, match=f"{field}="):
        Limits(**{field: value})


@settings(max_examples=10)
@given(budget=st.integers(1, 700), chunk=st.integers(1, 50), seed=st.integers(0, 5))
def test_pieces_do_not_change_the_search(budget: int, chunk: int, seed: int) -> None:
    """However a batch is cut, the search asks the same points: only answers count, not how they came."""

    class Slicing(Counting):
        def evaluate(self, points: Points) -> Reply:
            parts = [super(Slicing, self).evaluate(points[i : i + chunk]) for i in range(0, len(points), chunk)]
            return Reply.from_values(np.concatenate([part.values for part in parts]))

    def points_asked(executor: Counting) -> Points:
        Oracle(executor, Limits(budget=budget)).drive(_search(siam_4, seed))
        return executor.points

    assert np.array_equal(points_asked(Counting(siam_4)), points_asked(Slicing(siam_4)))


def _search(_: Surface, seed: int) -> Asking[Finish]:
    return search_of(plan(2, seed=seed))


def test_the_best_of_a_real_search_is_the_best_of_all_it_asked() -> None:
    executor = Counting(sphere(np.array([3.0, -1.0])))
    oracle = Oracle(executor, Limits(budget=2000))
    oracle.drive(_search(siam_4, 0))
    assert oracle.best is not None
    assert oracle.best.value == executor.surface(executor.points).min()
