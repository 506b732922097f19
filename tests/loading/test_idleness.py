"""Sleep is idle; work is not, nor is waiting for a processor or for us."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from blackbox.loading.idleness import Idleness, busy_seconds
from tests.locks import needs_lock

pytestmark = needs_lock
LONG = 1.0
"""Seconds that are watched. What is asserted are shares of them with much room, so that no load matters."""


@contextmanager
def running(code: str) -> Iterator[int]:
    command = [sys.executable, "-c", f"print(flush=True)\n{code}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield process.pid
        finally:
            process.kill()


def test_a_sleeper_is_idle() -> None:
    with running("import time; time.sleep(600)") as pid:
        idleness = Idleness(pid)
        while idleness.look() < LONG:
            time.sleep(0.05)


def test_a_worker_is_busy_however_many_share_its_processor() -> None:
    with running("while True: pass") as pid, running("while True: pass"), running("while True: pass"):
        idleness, began = Idleness(pid), time.monotonic()
        while busy_seconds(pid) < LONG:
            time.sleep(0.05)
        assert idleness.look() < 0.5 * (time.monotonic() - began)


def test_what_is_excused_is_not_idle() -> None:
    with running("import time; time.sleep(600)") as pid:
        idleness = Idleness(pid)
        time.sleep(0.1)
        idleness.excuse(3600)
        assert idleness.look() == 0


def test_a_process_that_is_gone_is_busy_with_nothing() -> None:
    with running("") as pid:
        pass
    assert busy_seconds(pid) == 0
    assert busy_seconds(os.getpid()) > 0
