import os
import signal
import threading
import time

import cloudpickle
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.evaluations import FunctionLost, Status
from blackbox.loading.process import WorkerOptions, WorkerProcess
from blackbox.loading.wire import CallStyle
from blackbox.oracle.executors.executor import Executor
from blackbox.oracle.executors.worker import FAILURES, RestartingWorker, WorkerExecutor
from tests.fakes.mortal import MortalProcess


def column(values):
    return np.array(list(values), dtype=float)[:, np.newaxis]


def ask(process, values):
    return RestartingWorker(process).ask(column(values), CallStyle.SCALARS)


@pytest.mark.parametrize("pinned", [True, False])
@given(place=st.integers(0, 9), size=st.integers(1, 10))
def test_one_death_loses_nothing_and_changes_no_answer(pinned, place, size):
    reply = ask(MortalProcess(deaths={float(place): 1}, pinned=pinned), range(size))
    assert reply.values.tolist() == list(range(size))
    assert reply.statuses.tolist() == [Status.OK] * size
    assert reply.reasons == {}


@pytest.mark.parametrize("pinned", [True, False])
@given(place=st.integers(0, 9))
def test_a_point_that_kills_twice_fails_alone(pinned, place):
    reply = ask(MortalProcess(deaths={float(place): 99}, pinned=pinned), range(10))
    expected = [float(value) for value in range(10) if value != place]
    assert reply.statuses[place] == Status.CRASH
    assert reply.reasons == {place: "the process died (signal 11, SIGSEGV)"}
    assert np.delete(reply.values, place).tolist() == expected
    assert np.isnan(reply.values[place])


@given(place=st.integers(0, 9))
def test_a_hang_that_is_pinned_is_not_tried_again(place):
    process = MortalProcess(hangs={float(place)})
    reply = ask(process, range(10))
    assert reply.statuses[place] == Status.TIMEOUT
    assert reply.statuses.tolist().count(Status.OK) == 9
    assert sum(place in batch for batch in process.asked) == 1


@given(place=st.integers(0, 9))
def test_a_hang_that_is_not_pinned_is_found_one_by_one(place):
    process = MortalProcess(hangs={float(place)}, pinned=False)
    assert ask(process, range(10)).statuses.tolist().index(Status.TIMEOUT) == place
    assert sum(place in batch for batch in process.asked) == 2


@given(st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)), st.booleans())
def test_any_mixture_ends_with_every_point_judged_or_the_worker_lost(deadly, stuck, pinned):
    process = MortalProcess({float(d): 99 for d in deadly}, {float(h) for h in stuck}, pinned=pinned)
    bad = deadly | stuck
    rows = [place for place in range(FAILURES - 1, 12) if {place, place - 1, place - 2} <= bad]
    try:
        reply = ask(process, range(12))
        assert not rows
    except FunctionLost as lost:
        reply = lost.partial
        assert len(reply.values) == rows[0] + 1
    for place, (value, status) in enumerate(zip(reply.values, reply.statuses, strict=True)):
        assert (status == Status.OK) == (place not in bad)
        assert (value == place) == (place not in bad)


def test_three_failing_points_in_a_row_are_counted_across_questions():
    worker = RestartingWorker(MortalProcess(deaths={1.0: 99, 2.0: 99, 3.0: 99}))
    worker.ask(column([0, 1]), CallStyle.SCALARS)
    worker.ask(column([2]), CallStyle.SCALARS)
    with pytest.raises(
        FunctionLost, match=r"3 points in a row; at the last one the process died \(signal 11"
    ) as caught:
        worker.ask(column([3, 4]), CallStyle.SCALARS)
    assert caught.value.partial.statuses.tolist() == [Status.CRASH]


def test_an_answer_between_them_starts_the_count_anew():
    worker = RestartingWorker(MortalProcess(deaths={1.0: 99, 2.0: 99, 3.0: 99, 4.0: 99}))
    for batch in ([1, 2], [0], [3, 4], [0]):
        worker.ask(column(batch), CallStyle.SCALARS)


def test_a_file_that_does_not_load_again_ends_the_run_with_what_was_found():
    with pytest.raises(FunctionLost, match=r"could not be loaded a second time\. It is gone\.") as caught:
        ask(MortalProcess(deaths={5.0: 1}, reloads=0), range(8))
    assert caught.value.partial.values.tolist() == [0.0, 1.0, 2.0, 3.0]


def test_a_process_that_died_between_questions_is_started_again():
    process = MortalProcess()
    worker = RestartingWorker(process)
    process.close()
    assert worker.ask(column([3]), CallStyle.SCALARS).values.tolist() == [3.0]
    assert process.asked == [[3.0]]


def test_the_executor_translates_the_loss():
    executor: Executor = WorkerExecutor(RestartingWorker(MortalProcess(hangs={0.0, 1.0, 2.0})), CallStyle.SCALARS)
    with pytest.raises(FunctionLost) as caught:
        executor.evaluate(column(range(5)))
    assert caught.value.partial.statuses.tolist() == [Status.TIMEOUT] * 3
    executor.close()


def test_a_real_worker_that_is_killed_from_outside_loses_nothing():
    def slow(x):
        import time

        time.sleep(0.005)
        return x * x

    process = WorkerProcess()
    process.load(cloudpickle.dumps(slow))
    executor = WorkerExecutor(RestartingWorker(process), CallStyle.SCALARS)
    victim = process.pid
    assert victim is not None
    timer = threading.Timer(0.15, os.kill, (victim, signal.SIGKILL))
    timer.start()
    try:
        reply = executor.evaluate(column(range(100)))
        timer.join()
        assert process.pid != victim
        assert reply.values.tolist() == [float(x * x) for x in range(100)]
        assert reply.reasons == {}
    finally:
        executor.close()


def test_a_real_function_that_crashes_and_hangs_is_survived():
    def wild(x):
        import ctypes
        import time

        if x == 3:
            ctypes.string_at(0)
        if x == 6:
            time.sleep(60)
        return x

    process = WorkerProcess(WorkerOptions(call_timeout=0.5))
    process.load(cloudpickle.dumps(wild))
    executor = WorkerExecutor(RestartingWorker(process), CallStyle.SCALARS)
    began = time.monotonic()
    reply = executor.evaluate(column(range(10)))
    executor.close()
    assert reply.statuses.tolist() == [0, 0, 0, Status.CRASH, 0, 0, Status.TIMEOUT, 0, 0, 0]
    assert reply.reasons == {
        3: "the process died (signal 11, SIGSEGV)",
        6: "the process gave no answer within 0.5 s",
    }
    assert reply.values[[0, 9]].tolist() == [0.0, 9.0]
    assert time.monotonic() - began < 30
