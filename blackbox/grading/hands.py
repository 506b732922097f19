"""The grader's hands: processes that are dealt jobs, and replaced when they die."""

import contextlib
import json
import os
import selectors
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import blackbox
from blackbox.core.errors import BlackboxError, ChallengeError, SafetyError, UsageError
from blackbox.grading.jobs import Job
from blackbox.grading.suite import Suite
from blackbox.loading.sandbox import Sandbox

DEATHS = 10
"""A job whose hand has died so often is given up: once or twice may be anybody's `kill`."""
IDLE_DEATHS = 100
PIECE = 1 << 16

_TROUBLES: dict[str, Callable[[str], BlackboxError]] = {
    "challenge": ChallengeError,
    "safety": SafetyError,
    "usage": UsageError,
}


class _Hand:
    """One process."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,  # Ctrl-C is for the grader, who ends its hands
        )
        self.job: Job | None = None
        self.buffer = b""

    @property
    def output(self) -> int:
        assert self.process.stdout is not None
        return self.process.stdout.fileno()

    def take(self, job: Job, data: dict[str, Any]) -> None:
        """Start the job; a dead hand shows as an end of file later."""
        self.job = job
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps(data).encode("ascii") + b"\n")
            self.process.stdin.flush()

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # unwritten bytes to a dead process
                    stream.close()


class Hands:
    """N of them."""

    def __init__(self, suite: Suite, sandbox: Sandbox, count: int) -> None:
        home = str(Path(blackbox.__file__).parent.parent)
        # Never the working directory: a submission that lies there must not be imported in place of a library.
        self._command = [sys.executable, "-P", "-m", "blackbox.grading.hand"]
        self._command += [str(suite.path), str(suite.seed), sandbox.value, suite.digest]
        known = os.environ.get("PYTHONPATH", "")
        self._environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [home, known]))}
        self._selector = selectors.DefaultSelector()
        self._deaths: dict[str, int] = {}
        self._idle_deaths = 0
        self._hands: list[_Hand] = []
        for _ in range(count):
            self._start()

    def __enter__(self) -> "Hands":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for hand in self._hands:
            hand.close()
        self._selector.close()

    def work(self, next_job: Callable[[], tuple[Job, dict[str, Any]] | None]) -> Iterator[tuple[Job, Any]]:
        """Each finished job with its body, or with None where its hands have died too often.

        `next_job` is asked whenever a hand is idle, and may have none for now. Raises `ChallengeError`, `SafetyError`.
        """
        again: list[tuple[Job, dict[str, Any]]] = []
        doing: dict[str, dict[str, Any]] = {}
        while True:
            for hand in self._hands:
                if hand.job is None and (found := again.pop() if again else next_job()) is not None:
                    doing[found[0].key] = found[1]
                    hand.take(*found)
            if all(hand.job is None for hand in self._hands):
                return
            for selected, _ in self._selector.select():
                hand = selected.data
                job, line = hand.job, self._read(hand)
                if line is None:
                    continue
                if line == b"":
                    if job is None:
                        self._count_idle_death()
                    else:
                        self._deaths[job.key] = self._deaths.get(job.key, 0) + 1
                        if self._deaths[job.key] >= DEATHS:
                            yield job, None
                        else:
                            again.append((job, doing[job.key]))
                    continue
                assert job is not None
                hand.job = None
                yield job, _body(line)

    def _count_idle_death(self) -> None:
        """Hands that die without any work cannot work at all."""
        self._idle_deaths += 1
        if self._idle_deaths > IDLE_DEATHS:
            raise BlackboxError("The grader's own processes do not start.")

    def _start(self) -> None:
        hand = _Hand(self._command, self._environment)
        self._hands.append(hand)
        self._selector.register(hand.output, selectors.EVENT_READ, hand)

    def _read(self, hand: _Hand) -> bytes | None:
        """A whole line, None where it has not come yet, nothing where the hand has died; then there is a new one."""
        data = os.read(hand.output, PIECE)
        if not data:
            self._selector.unregister(hand.output)
            hand.close()
            self._hands.remove(hand)
            self._start()
            return b""
        hand.buffer += data
        if not hand.buffer.endswith(b"\n"):
            return None
        line, hand.buffer = hand.buffer, b""
        return line


def _body(line: bytes) -> Any:
    result = json.loads(line)
    if "trouble" in result:
        raise _TROUBLES[result["trouble"]](result["text"])
    return result["body"]
