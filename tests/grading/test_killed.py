"""Nothing is lost: graders and workers killed at random come to the very table of an undisturbed run."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.grading.classroom import SUITE, first_difference, graded, report, write
from tests.grading.hostile import HOSTILE
from tests.grading.quality import QUALITY, Case
from tests.locks import needs_lock
from tests.processes import children

FEW = ["careful", "forward", "random-search", "nothing"]
SOME = {name: QUALITY[name] for name in FEW} | {name: HOSTILE[name] for name in ("exits", "no-python", "kills-itself")}


def family(pid: int) -> Iterator[int]:
    """Everybody below a process."""
    for child in list(children(pid)):
        yield child.pid
        yield from family(child.pid)


def start(place: Path, workers: int, *more: str) -> "subprocess.Popen[bytes]":
    words = ["grade", place / "in", "--suite", SUITE, "--out", place / "out", "--workers", workers, *more]
    command = [sys.executable, "-m", "blackbox", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def grade_under_fire(place: Path, cases: dict[str, Case], seed: int, pause: float, graders: int) -> tuple[int, int]:
    """Grade while killing; how many graders and how many of their processes were killed."""
    write(place / "in", cases)
    rng = random.Random(seed)
    killed = 0
    for life in range(graders + 1):
        grader = start(place, 2, *(["--resume"] if (place / "out" / "results.sqlite").exists() else []))
        shots = 0
        while grader.poll() is None:
            time.sleep(pause * rng.random())
            if life < graders and shots == 4:
                grader.kill()
                break
            targets = list(family(grader.pid))
            if targets and shots < 4:
                try:
                    signal.pidfd_send_signal(fd := os.pidfd_open(rng.choice(targets)), signal.SIGKILL)
                    os.close(fd)
                    killed += 1
                    shots += 1
                except ProcessLookupError:
                    continue
        _, complaint = grader.communicate()
        if grader.returncode == 0:
            return life, killed
        assert grader.returncode == -signal.SIGKILL, complaint
    raise AssertionError("the last grader was not killed")


def hold(tmp_path: Path, cases: dict[str, Case], seed: int, pause: float, graders: int, least: int) -> None:
    graded(tmp_path / "calm", cases)
    lives, killed = grade_under_fire(tmp_path / "fire", cases, seed, pause, graders)
    assert min(lives, killed // 2) >= least  # or nothing was proved
    assert not first_difference(report(tmp_path / "calm" / "out"), report(tmp_path / "fire" / "out"))


@needs_lock
def test_a_few_kills_change_nothing(tmp_path: Path) -> None:
    hold(tmp_path, SOME, seed=1, pause=0.5, graders=2, least=1)


@pytest.mark.long
@needs_lock
def test_many_kills_of_graders_and_workers_over_the_whole_class_change_nothing(tmp_path: Path) -> None:
    hold(tmp_path, QUALITY | HOSTILE, seed=2, pause=0.6, graders=20, least=5)
