import os
import pickle
import signal
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import cloudpickle
import numpy as np
import pytest

from blackbox.core.errors import BlackboxError, ChallengeError, OptionError, SafetyError
from blackbox.core.evaluations import Status
from blackbox.loading.process import WorkerDied, WorkerHung, WorkerOptions, WorkerProcess
from blackbox.loading.sandbox import Sandbox
from blackbox.loading.wire import Boot, CallStyle
from tests.fakes.payloads import by_value
from tests.processes import process

FAKES = Path(__file__).parents[1] / "fakes"
POINTS = np.arange(6.0).reshape(3, 2)
BASIC = Sandbox.BASIC
QUICK = 0.5
"""Seconds of every timeout against liars."""
GREETING_LIES = ["silent", "gone", "half-ready", "half-ready-gone", "wrong-magic", "wrong-kind", "flood", "never-reads"]
DESCRIPTION_LIES = [
    *["no-json", "deep-json", "list-json", "huge-number", "long-digits", "no-fields", "wrong-fields"],
    *["unknown-refusal", "not-ascii", "long-description", "short-description"],
]
VALUE_LIES = [
    *["value-magic", "repeated", "future", "too-many", "trailing", "huge-count", "wrong-first", "empty-chunk"],
    *["nan-as-ok", "timeout-claimed", "status-200", "bad-reason", "unsolicited", "flood-values"],
]
SILENCES = ["half-values", "half-header", "no-answer", "trickle"]


@pytest.fixture
def liar(tmp_path):
    def start(mode):
        program = tmp_path / "program.py"
        program.write_text(f"import sys\nsys.path.insert(0, {str(FAKES)!r})\nimport liar\nliar.run({mode!r})\n")
        return WorkerProcess(WorkerOptions(program=program, call_timeout=QUICK, load_timeout=20.0, sandbox=BASIC))

    return start


@pytest.fixture(autouse=True)
def nothing_leaks():
    before = descriptors(), children()
    yield
    assert descriptors() <= before[0]
    assert children() <= before[1]


def descriptors():
    return set(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else set()


def children():
    lists = Path("/proc/self/task").glob("*/children")
    return {pid for listed in lists for pid in listed.read_text().split()}


def load_and_evaluate(worker):
    worker.load(b"payload")
    return worker.evaluate(POINTS, CallStyle.SCALARS)


def paraboloid(x1, x2):
    return (x1 - 1) ** 2 + x2**2


def test_a_function_is_loaded_described_and_evaluated():
    with WorkerProcess() as worker:
        description = worker.load(by_value(paraboloid))
        assert [p.name for p in description.parameters or ()] == ["x1", "x2"]
        assert (description.type, description.name, description.numpy) == ("function", "paraboloid", False)
        reply = worker.evaluate(POINTS, CallStyle.SCALARS)
        assert reply.values.tolist() == [2.0, 10.0, 34.0]
        assert reply.statuses.tolist() == [0, 0, 0]
        assert worker.version == "{}.{}.{}".format(*sys.version_info[:3])
    assert worker.pid is None


def test_the_worker_reports_what_it_did_to_itself():
    with WorkerProcess(WorkerOptions(sandbox=BASIC)) as worker:
        worker.load(pickle.dumps(abs))
        expected = Boot.OWN_SESSION | Boot.LIMITED
        if sys.platform.startswith("linux"):
            expected |= Boot.DIES_WITH_PARENT | Boot.NOT_DUMPABLE
        assert worker.boot == expected
        assert worker.pid is not None
        assert os.getsid(worker.pid) == worker.pid != os.getsid(0)


def test_large_questions_are_cut_and_put_together_again():
    points = np.arange(600_000.0).reshape(-1, 2)
    with WorkerProcess() as worker:
        worker.load(by_value(paraboloid))
        reply = worker.evaluate(points, CallStyle.SCALARS)
    assert np.array_equal(reply.values, (points[:, 0] - 1) ** 2 + points[:, 1] ** 2)


def test_no_points_need_no_worker():
    assert len(WorkerProcess().evaluate(np.empty((0, 2)), CallStyle.SCALARS).values) == 0


def test_the_function_sees_a_clean_environment_the_root_folder_and_no_terminal(monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "x")

    def looks(x):
        import os
        import sys

        print("noise" * 100_000)
        sys.stderr.write("noise" * 100_000)
        os.write(1, b"noise")
        return float("SECRET_TOKEN" not in os.environ and os.getcwd() == "/" and sys.stdin.read() == "")

    with WorkerProcess() as worker:
        worker.load(cloudpickle.dumps(looks))
        assert worker.evaluate(np.zeros((2, 1)), CallStyle.SCALARS).values.tolist() == [1.0, 1.0]


def test_hashes_are_the_same_in_every_process():
    payload = cloudpickle.dumps(lambda x: hash("salt") + x)
    values = set()
    for _ in range(2):
        with WorkerProcess() as worker:
            worker.load(payload)
            values.update(worker.evaluate(np.zeros((1, 1)), CallStyle.SCALARS).values.tolist())
    assert len(values) == 1


def test_a_slow_batch_shows_progress_and_a_hang_keeps_what_came_before():
    def slow_then_stuck(x):
        import time

        time.sleep(0.02 if x < 3 else 60)
        return x

    with WorkerProcess(WorkerOptions(call_timeout=QUICK)) as worker:
        worker.load(cloudpickle.dumps(slow_then_stuck))
        with pytest.raises(WorkerHung, match=r"gave no answer within 0\.5 s") as caught:
            worker.evaluate(np.arange(5.0)[:, np.newaxis], CallStyle.SCALARS)
    assert caught.value.partial.values.tolist() == [0.0, 1.0, 2.0]
    assert caught.value.suspect == 3


def test_a_hang_among_fast_points_is_pinned_on_its_point():
    def stuck(x):
        while x == 7:
            pass
        return x

    with WorkerProcess(WorkerOptions(call_timeout=QUICK)) as worker:
        worker.load(cloudpickle.dumps(stuck))
        with pytest.raises(WorkerHung) as caught:
            worker.evaluate(np.arange(10.0)[:, np.newaxis], CallStyle.SCALARS)
    assert caught.value.suspect == 7


def test_many_slow_points_may_take_longer_than_one_call_timeout():
    def slow(x):
        import time

        time.sleep(0.1)
        return x

    with WorkerProcess(WorkerOptions(call_timeout=QUICK)) as worker:
        worker.load(cloudpickle.dumps(slow))
        assert worker.evaluate(np.arange(10.0)[:, np.newaxis], CallStyle.SCALARS).values.tolist() == list(range(10))


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_a_death_names_its_signal_and_its_point(number):
    def dies(x):
        import os

        if x == 4:
            os.kill(os.getpid(), int(number))
        return x

    with WorkerProcess() as worker:
        worker.load(cloudpickle.dumps(dies))
        with pytest.raises(WorkerDied, match=rf"signal {int(number)}, {number.name}") as caught:
            worker.evaluate(np.arange(10.0)[:, np.newaxis], CallStyle.SCALARS)
        assert caught.value.suspect == 4
        assert worker.pid is None


def test_an_exit_names_its_code():
    def leaves(x):
        import os

        os._exit(17)

    with WorkerProcess() as worker:
        worker.load(cloudpickle.dumps(leaves))
        with pytest.raises(WorkerDied, match="exit code 17"):
            worker.evaluate(POINTS, CallStyle.LIST)
        with pytest.raises(WorkerDied, match="not running"):
            worker.evaluate(POINTS, CallStyle.LIST)
        assert worker.reload().name == "leaves"


def test_children_of_the_function_end_with_it():
    def spawns(x):
        import subprocess

        return float(subprocess.Popen(["sleep", "1000"]).pid)

    with WorkerProcess(WorkerOptions(sandbox=BASIC)) as worker:
        worker.load(cloudpickle.dumps(spawns))
        child = process(int(worker.evaluate(np.zeros((1, 1)), CallStyle.SCALARS).values[0]))
        assert not child.is_gone
    assert child.gone_within()


def test_the_worker_dies_with_its_parent(tmp_path):
    program = tmp_path / "parent.py"
    program.write_text(
        "import pickle, os\nfrom blackbox.loading.process import WorkerProcess\nworker = WorkerProcess()\n"
        "worker.load(pickle.dumps(abs))\nprint(worker.pid, flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    read, write = os.pipe()
    pid = os.posix_spawn(
        sys.executable, [sys.executable, str(program)], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, write, 1)]
    )
    os.close(write)
    with os.fdopen(read) as lines:
        worker = int(lines.readline())
    os.waitpid(pid, 0)
    assert process(worker).gone_within()


def test_ctrl_c_in_the_parent_leaves_the_object_closable_and_loadable_again():
    def slow(x):
        import time

        time.sleep(60)

    with WorkerProcess() as worker:
        worker.load(cloudpickle.dumps(slow))
        timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            worker.evaluate(POINTS, CallStyle.LIST)
        timer.join()
        assert worker.pid is None
        worker.reload()


@pytest.mark.parametrize("mode", GREETING_LIES + DESCRIPTION_LIES)
def test_a_liar_is_found_out_while_loading(liar, mode):
    with liar(mode) as worker:
        if mode in ("silent", "half-ready", "never-reads", "short-description"):
            worker.options = replace(worker.options, load_timeout=QUICK)
        with pytest.raises((SafetyError, ChallengeError)) as caught:
            worker.load(b"x" * 1_000_000)
        assert worker.pid is None
    assert caught.value.exit_code in (3, 4)
    assert str(caught.value).endswith((".", "--python."))


@pytest.mark.parametrize("mode", VALUE_LIES)
def test_a_liar_is_found_out_while_evaluating(liar, mode):
    with liar(mode) as worker:
        worker.load(b"payload")
        with pytest.raises(SafetyError, match="broke the protocol and was stopped"):
            worker.evaluate(POINTS, CallStyle.SCALARS)
        assert worker.pid is None


@pytest.mark.parametrize("seed", range(12))
def test_noise_is_never_believed_and_never_waited_for(liar, seed):
    with liar(f"noise{seed}") as worker:
        worker.options = replace(worker.options, load_timeout=2 * QUICK)
        with pytest.raises((SafetyError, ChallengeError, WorkerDied)):
            load_and_evaluate(worker)
        assert worker.pid is None


@pytest.mark.parametrize("mode", SILENCES)
def test_a_worker_that_falls_silent_has_hung(liar, mode):
    with liar(mode) as worker:
        worker.load(b"payload")
        with pytest.raises(WorkerHung):
            worker.evaluate(POINTS, CallStyle.SCALARS)


def test_a_worker_that_closes_its_pipe_has_died(liar):
    with liar("closes-pipe") as worker:
        worker.load(b"payload")
        with pytest.raises(WorkerDied):
            worker.evaluate(POINTS, CallStyle.SCALARS)


def test_an_honest_stand_in_is_believed(liar):
    with liar("honest") as worker:
        worker.load(b"payload")
        assert worker.evaluate(POINTS, CallStyle.SCALARS).values.tolist() == [0.0, 1.0, 2.0]


@pytest.mark.parametrize("python", ["/nonexistent/python", "/", "/bin/false"])
def test_an_interpreter_that_does_not_start_is_named(python):
    with pytest.raises(ChallengeError, match="--python") as caught:
        WorkerProcess(WorkerOptions(python=python)).load(b"")
    assert python in str(caught.value)


def test_an_interpreter_that_fails_is_reported_with_its_last_words(tmp_path):
    program = tmp_path / "fails.py"
    program.write_text("raise SystemError('no \\x1b[31mencodings')")
    with pytest.raises(ChallengeError, match=r"SystemError: no \\x1b\[31mencodings"):
        WorkerProcess(WorkerOptions(program=program)).load(b"")


def test_an_interpreter_that_grumbles_and_starts_is_no_liar(tmp_path):
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho "Could not find platform libraries" >&2\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    with WorkerProcess(WorkerOptions(python=str(python))) as worker:
        worker.load(cloudpickle.dumps(lambda x: 1 / x))
        reply = worker.evaluate(np.zeros((1, 1)), CallStyle.SCALARS)
        assert reply.statuses.tolist() == [Status.EXCEPTION]
        assert "ZeroDivisionError" in reply.reasons[0]


def test_a_system_without_anonymous_memory_uses_a_file(monkeypatch):
    monkeypatch.delattr(os, "memfd_create", raising=False)
    with WorkerProcess() as worker:
        worker.load(cloudpickle.dumps(lambda x: __import__("os")._exit(2) if x == 5 else x))
        with pytest.raises(WorkerDied) as caught:
            worker.evaluate(np.arange(10.0)[:, np.newaxis], CallStyle.SCALARS)
    assert caught.value.suspect == 5


@pytest.mark.parametrize(
    "fields", [{"call_timeout": 0.0}, {"call_timeout": float("nan")}, {"load_timeout": -1.0}, {"memory": 0}]
)
def test_options_are_checked_at_birth(fields):
    with pytest.raises(OptionError):
        WorkerOptions(**fields)


def test_loading_that_hangs_or_dies_is_the_files_fault():
    class Stuck:
        def __reduce__(self):
            return time.sleep, (60,)

    class Deadly:
        def __reduce__(self):
            return os._exit, (5,)

    worker = WorkerProcess(WorkerOptions(load_timeout=QUICK * 2))
    with pytest.raises(ChallengeError, match="took longer than"):
        worker.load(pickle.dumps(Stuck()))
    with pytest.raises(ChallengeError, match="exit code 5"):
        worker.load(pickle.dumps(Deadly()))


def test_reload_before_load_is_a_bug_of_the_caller():
    with pytest.raises(RuntimeError):
        WorkerProcess().reload()


def test_statuses_of_the_worker_never_claim_what_only_the_parent_knows():
    assert issubclass(WorkerHung, BlackboxError)
    assert Status.TIMEOUT > Status.WRONG_TYPE
    assert Status.CRASH > Status.WRONG_TYPE
