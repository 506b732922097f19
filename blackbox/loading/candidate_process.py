"""The judge's side of a solution's process: started, spoken to with deadlines, and always killed in the end."""

import contextlib
import math
import subprocess
import time
from enum import StrEnum

from blackbox.core.errors import BlackboxError
from blackbox.loading import solution_wire, wire
from blackbox.loading.idleness import Idleness
from blackbox.loading.launch import CANDIDATE, WorkerOptions, last_words, launch, processor_seconds, threads_of
from blackbox.loading.launch import kill as kill_process
from blackbox.loading.pipes import LOOK_INTERVAL, PipeClosed, Pipes, PipeSilent
from blackbox.loading.process import MAX_THREADS
from blackbox.loading.sandbox import Sandbox, insist
from blackbox.loading.solution_wire import Raised, Said, Task
from blackbox.loading.wire import HEADER, Kind, ProtocolViolation

MEMORY = 1024**3
"""Bytes that a solution may add to the bare interpreter; numpy with its libraries takes a quarter."""
BOOT_SECONDS = 1
"""Of processor time, for the interpreter and numpy: they are not the solution's fault."""
SLEEP = 3.0
"""Idle seconds for each second of processor time: a busy machine changes no verdict, a sleeper ends."""
KERNEL = 5
"""Times its limit after which the kernel ends the process, should nobody look at it. The kernel counts whole ticks:
where many share a processor it may see a multiple of what was used, so that it must not be the judge of it."""
BOOT_WALL = 120.0
"""Seconds for the interpreter to start, on a machine that may have much else to do."""


DYING_SECONDS = 10.0
"""On the clock, between the end of a process's pipes and its own."""
KILLS = ("SIGKILL", "SIGTERM")
"""Signals that anybody may have sent: what ends by them is tried again."""


class End(StrEnum):
    """How a process left its judge."""

    TIME = "time"
    DIED = "died"
    KILLED = "killed"
    """By a signal that anybody may have sent, or not born: its item is tried again."""
    BROKE = "broke-protocol"


class CandidateGone(BlackboxError):  # noqa: N818 - it says what happened
    """The process ended, hung or lied. It has been killed."""

    def __init__(self, end: End, what: str) -> None:
        super().__init__(f"the solution's process {what}")
        self.end, self.what = end, what


class CandidateProcess:
    """One process with one solution. `close` kills it, whatever it does."""

    def __init__(self, seconds: float, sandbox: Sandbox = Sandbox.STRICT, memory: int = MEMORY) -> None:
        """`seconds` of processor time for all calls together."""
        self.seconds = seconds
        self._limit = math.ceil(seconds) + BOOT_SECONDS
        self._options = WorkerOptions(
            sandbox=sandbox,
            memory=memory,
            program=CANDIDATE,
            processor_limit=KERNEL * self._limit,
            load_timeout=BOOT_WALL,
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._pipes: Pipes | None = None
        self._idleness: Idleness | None = None
        """From the hour at which the solution is there."""
        self._next_look = 0.0
        self._number, self._asked = 0, 0
        self._task: Task | None = None

    def __enter__(self) -> "CandidateProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Process id, None while there is none."""
        return None if self._process is None else self._process.pid

    def load(self, source: bytes) -> tuple[frozenset[str], Raised | None]:
        """Start the process and hand it the text: the entries that it defines, or its complaint.

        Raises `SafetyError` where the process is not locked as it should be, `CandidateGone`, `ChallengeError`.
        """
        self.close()
        self._pipes = Pipes(self._look)
        self._process = launch(self._options, self._pipes)
        facts, _ = wire.read_header(self._receive(HEADER.size, time.monotonic() + BOOT_WALL), Kind.READY, 0)
        insist(self._options.sandbox, wire.Boot(facts))
        self._idleness = Idleness(self._process.pid)
        self._send(solution_wire.load_frame(source))
        try:
            size = solution_wire.read_defined(self._receive(HEADER.size))
            return solution_wire.read_report(self._receive(size))
        except ProtocolViolation as lie:
            raise self._broken(lie) from lie

    def begin(self, task: Task) -> None:
        """Start a call. Raises `CandidateGone`."""
        self._number, self._asked, self._task = self._number + 1, 0, task
        self._send(solution_wire.call_frame(self._number, task))

    def hear(self) -> Said:
        """What comes next: a question, the result, or a complaint. Raises `CandidateGone`."""
        assert self._task is not None
        try:
            head = solution_wire.read_head(self._receive(HEADER.size), self._number, self._asked)
            said = solution_wire.read_said(head, self._receive(head.size), self._task.dimension)
        except ProtocolViolation as lie:
            raise self._broken(lie) from lie
        if isinstance(said, solution_wire.Asked):
            self._asked += 1
        return said

    def answer(self, value: float, spent: bool, evaluations: int, waited: float) -> None:
        """The value of the last question; `waited` seconds are not the solution's. Raises `CandidateGone`."""
        assert self._idleness is not None
        self._idleness.excuse(waited)
        self._send(solution_wire.answer_frame(self._asked, value, spent, evaluations))

    def close(self) -> None:
        """SIGKILL, wait, release every descriptor. Harmless when repeated."""
        process, pipes = self._process, self._pipes
        self._process = self._pipes = self._idleness = None
        try:
            if process is not None:
                kill_process(process)
        finally:
            if pipes is not None:
                pipes.close()

    def _send(self, data: bytes) -> None:
        assert self._pipes is not None
        try:
            self._pipes.send(data, math.inf)
        except PipeClosed as cause:
            raise self._dead() from cause

    def _receive(self, size: int, deadline: float = math.inf) -> bytes:
        """So many bytes; what the solution may take is watched while we wait, and where it never makes us wait."""
        assert self._pipes is not None
        if time.monotonic() > self._next_look:
            self._look()
        try:
            return self._pipes.receive_exactly(size, deadline)
        except PipeClosed as cause:
            raise self._dead() from cause
        except PipeSilent as cause:
            self.close()
            raise CandidateGone(End.KILLED, f"did not start within {BOOT_WALL:g} s") from cause

    def _look(self) -> None:
        self._next_look = time.monotonic() + LOOK_INTERVAL
        if self._process is None:
            return
        if threads_of(self._process) > MAX_THREADS:
            self.close()
            raise CandidateGone(End.BROKE, f"started more than {MAX_THREADS} threads")
        if processor_seconds(self._process) >= self._limit:
            raise self._late()
        if self._idleness is not None and self._idleness.look() > SLEEP * (self.seconds + BOOT_SECONDS):
            raise self._late()

    def _late(self) -> CandidateGone:
        self.close()
        return CandidateGone(End.TIME, f"took longer than its {self.seconds:g} s")

    def _dead(self) -> CandidateGone:
        """Its end of the pipes is closed: it is dying, and is given the time to do so by itself."""
        assert self._process is not None
        used = processor_seconds(self._process)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(DYING_SECONDS)
        if self._process.returncode is None:
            self.close()
            return CandidateGone(End.BROKE, "closed its pipes")
        words = last_words(self._process)
        self.close()
        if used >= self._limit:
            return self._late()
        return CandidateGone(End.KILLED if any(word in words for word in KILLS) else End.DIED, words)

    def _broken(self, lie: ProtocolViolation) -> CandidateGone:
        self.close()
        return CandidateGone(End.BROKE, f"broke the protocol: it sent {lie.detail}")
