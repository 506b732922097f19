import numpy as np
import pytest

from blackbox.core.evaluations import Status
from blackbox.oracle.executors.executor import Executor
from blackbox.oracle.executors.in_process import MAX_REASONS, InProcess
from tests.fakes.answers import FAILURES, NUMBERS


def ask(function, *points):
    executor: Executor = InProcess(function)
    reply = executor.evaluate(np.array(points, dtype=float).reshape(len(points), -1))
    executor.close()
    return reply


@pytest.mark.parametrize(("answer", "value"), NUMBERS)
def test_an_answer_means_the_same_number_as_in_the_worker(answer, value):
    reply = ask(lambda _: answer, 0.0)
    assert (reply.values.tolist(), reply.statuses.tolist(), reply.reasons) == ([value], [Status.OK], {})


@pytest.mark.parametrize(("answer", "status", "reason"), FAILURES)
def test_any_other_answer_fails_as_in_the_worker(answer, status, reason):
    reply = ask(lambda _: answer, 0.0)
    assert np.isnan(reply.values[0])
    assert reply.statuses[0] == status
    assert reply.reasons[0].startswith(reason)


@pytest.mark.parametrize("error", [ValueError("no"), StopIteration(), RecursionError(), ZeroDivisionError("0")])
def test_every_exception_is_a_failed_evaluation(error):
    def raises(x):
        if x[0] == 1:
            raise error
        return x[0]

    reply = ask(raises, 0.0, 1.0, 2.0)
    assert reply.statuses.tolist() == [Status.OK, Status.EXCEPTION, Status.OK]
    assert reply.reasons[1].startswith(type(error).__name__)


@pytest.mark.parametrize("signal", [KeyboardInterrupt, SystemExit])
def test_signals_go_through(signal):
    def raises(x):
        raise signal

    with pytest.raises(signal):
        ask(raises, 0.0)


def test_an_exception_that_cannot_be_shown_is_named():
    class NastyError(Exception):
        def __str__(self):
            raise ValueError

    def raises(x):
        raise NastyError

    assert ask(raises, 0.0).reasons == {0: "NastyError"}


def test_the_function_may_change_its_point_and_not_ours():
    def changes(x):
        x += 1
        return x.sum()

    points = np.zeros((2, 3))
    assert InProcess(changes).evaluate(points).values.tolist() == [3.0, 3.0]
    assert not points.any()


def test_each_kind_of_failure_is_explained_once_and_never_too_often():
    def fails(x):
        raise type(f"Error{int(x[0]) // 2}", (Exception,), {})("why")

    reply = ask(fails, *range(100))
    assert sorted(reply.reasons) == [2 * kind for kind in range(MAX_REASONS)]
