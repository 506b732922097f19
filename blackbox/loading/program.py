"""An executable that answers points: one a line on its standard input, one value a line back (`docs/protocols.md`).

It is a process of its own with limits on time alone: it runs only where the person said so (`--sandbox basic`).
"""

import os
import select
import subprocess
import time
from pathlib import Path

import numpy as np

from blackbox.core.asking import Points
from blackbox.core.errors import ChallengeError
from blackbox.core.evaluations import Reply, Status, TimeIsUp
from blackbox.loading.launch import WorkerOptions, kill, last_words
from blackbox.loading.printable import printable
from blackbox.loading.process import WorkerDied, WorkerHung
from blackbox.loading.styles import Call, CallStyle
from blackbox.loading.wire import MAX_REASONS

MAX_BATCH = 512
"""Lines asked before their answers are read: they fit into the pipes of every system, whoever writes first."""
READ_SIZE = 64 * 1024


class ProgramProcess:
    """The program, started at the first question; behaves like a `WorkerProcess` towards whoever asks."""

    def __init__(self, path: Path, options: WorkerOptions) -> None:
        """Of the options the call timeout, the largest batch and the longest answer count."""
        self._path = path
        self.timeout = options.call_timeout
        """Seconds that an answer may take."""
        self._end = options.end
        self._fresh = True
        self._rows, self._longest = min(MAX_BATCH, options.max_batch), options.max_output
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = b""

    @property
    def pid(self) -> int | None:
        """Process id of the program, None while it does not run."""
        return None if self._process is None else self._process.pid

    def reload(self) -> None:
        """Start it anew. Raises `ChallengeError`."""
        self.close()
        try:
            self._process = subprocess.Popen(
                [str(self._path.absolute())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
                start_new_session=True,
                bufsize=0,
            )
        except OSError as cause:
            reason = f"{self._path} cannot be started: {cause.strerror or cause}."
            raise ChallengeError(reason, f"Check that it is a program: chmod +x {self._path}.") from cause
        assert self._process.stdin is not None
        os.set_blocking(self._process.stdin.fileno(), False)

    def evaluate(self, points: Points, style: Call | CallStyle) -> Reply:
        """Values at points of shape (n, d): n evaluations. Raises `WorkerDied`, `WorkerHung` and `TimeIsUp`.

        Where the very first answer is no number, its lines are asked again: a greeting, taken for an answer, would put
        every other answer beside the wrong point.
        """
        if self._process is None:
            raise WorkerDied("is not running", Reply.from_values(np.empty(0)), None)
        integers = Call.of(style).integers
        answers: list[bytes] = []
        try:
            self._insist_on_silence()
            for first in range(0, len(points), self._rows):
                lines = _as_lines(points[first : first + self._rows], integers)
                self._ask(lines, answers, first)
                if self._fresh:
                    self._insist_on_no_greeting(lines, answers)
        except BaseException:
            self.close()
            raise
        return _read(answers)

    def kill(self) -> None:
        """SIGKILL from another thread: the one that asks meets a dead program and closes it."""
        process = self._process
        if process is not None:
            kill(process)

    def close(self) -> None:
        """SIGKILL to the program and its group. Harmless when repeated."""
        process, self._process, self._buffer, self._fresh = self._process, None, b"", True
        if process is not None:
            kill(process)
            for stream in (process.stdin, process.stdout):
                assert stream is not None
                stream.close()

    def _insist_on_silence(self) -> None:
        """A line that nobody asked for would be taken for the next answer. Raises `WorkerDied`."""
        assert self._process is not None
        assert self._process.stdout is not None
        more = b""
        if select.select([self._process.stdout], [], [], 0)[0]:
            more = os.read(self._process.stdout.fileno(), READ_SIZE)
            if not more:
                raise WorkerDied(last_words(self._process), _read([]), None)
        if self._buffer or more:
            raise WorkerDied("wrote a line that nobody asked for", _read([]), None)

    def _insist_on_no_greeting(self, lines: list[bytes], answers: list[bytes]) -> None:
        """Of a program that has just been started. Raises `WorkerDied`."""
        if not _is_number(answers[0]):
            again: list[bytes] = []
            self._ask(lines, again, 0)
            if again[0] != answers[0]:
                raise WorkerDied("wrote a line that nobody asked for", _read([]), None)
        self._fresh = False

    def _ask(self, lines: list[bytes], answers: list[bytes], first: int) -> None:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        waiting = b"".join(lines)
        deadline = min(time.monotonic() + self.timeout, self._end.at)
        while len(answers) < first + len(lines):
            writers = [process.stdin] if waiting else []
            left = max(0.0, deadline - time.monotonic())
            readable, writable, _ = select.select([process.stdout], writers, [], left)
            if not readable and not writable:
                if self._end.passed:
                    raise TimeIsUp(_read(answers))
                what = f"gave no answer within {self.timeout:g} s (does it flush each line?)"
                raise WorkerHung(what, _read(answers), len(answers))
            if writable:
                waiting = self._write(process, waiting, answers)
            if readable and self._take(process, answers, first + len(lines)):
                deadline = min(time.monotonic() + self.timeout, self._end.at)

    def _write(self, process: subprocess.Popen[bytes], waiting: bytes, answers: list[bytes]) -> bytes:
        assert process.stdin is not None
        try:
            return waiting[os.write(process.stdin.fileno(), waiting) :]
        except BlockingIOError:
            return waiting
        except OSError as cause:
            raise WorkerDied(last_words(process), _read(answers), len(answers)) from cause

    def _take(self, process: subprocess.Popen[bytes], answers: list[bytes], most: int) -> bool:
        """Read what is there; whether an answer was complete."""
        assert process.stdout is not None
        data = os.read(process.stdout.fileno(), READ_SIZE)
        if not data:
            raise WorkerDied(last_words(process), _read(answers), len(answers))
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        answers += lines
        if len(answers) > most or max(map(len, [*lines, self._buffer])) > self._longest:
            raise WorkerDied("wrote more than one short line for each point", _read(answers[:most]), None)
        return bool(lines)


def _as_lines(points: Points, integers: bool) -> list[bytes]:
    rows: list[list[float]] = points.tolist()
    if integers:
        return [" ".join(str(round(value)) for value in row).encode() + b"\n" for row in rows]
    return [" ".join(map(repr, row)).encode() + b"\n" for row in rows]


def _is_number(line: bytes) -> bool:
    try:
        float(line)
    except ValueError:
        return False
    return True


def _read(answers: list[bytes]) -> Reply:
    """The values in the lines; what is no number has failed, and says so."""
    values = np.full(len(answers), np.nan)
    reasons: dict[int, str] = {}
    wrong: list[int] = []
    for index, line in enumerate(answers):
        try:
            values[index] = float(line)
        except ValueError:
            wrong.append(index)
            if len(reasons) < MAX_REASONS:
                reasons[index] = f"returned text '{printable(line, 64)}'"
    reply = Reply.from_values(values)
    reply.statuses[wrong] = Status.WRONG_TYPE
    return Reply(reply.values, reply.statuses, reasons)
