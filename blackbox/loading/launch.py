"""Starting the worker's interpreter, and ending it: always by SIGKILL, always waited for."""

import math
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from blackbox.core.errors import ChallengeError, OptionError
from blackbox.loading.allowance import DEFAULT
from blackbox.loading.pipes import Pipes
from blackbox.loading.sandbox import Sandbox

PROGRAM = Path(__file__).with_name("worker.py")
CANDIDATE = Path(__file__).with_name("candidate.py")
ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "PYTHONSAFEPATH": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""All that the function sees: nothing of ours. Hashes and sums come out the same in every worker, so that a restart
changes no answer; this is why the interpreter runs with `-s` in a clean environment and not with `-I`, which would
ignore the hash seed."""
PROCESSOR_TIME = 3600
"""Seconds. Far beyond what a run takes between two looks at it; the parent's deadlines bound each evaluation."""
INHERITED = ("LD_LIBRARY_PATH",)
"""Without it, an interpreter that was built as a shared library in an unusual place does not start."""


@dataclass(slots=True, eq=False)
class Deadline:
    """A monotonic time. It is set once the function is loaded, and all processes of a run look at the same one."""

    at: float = math.inf

    @property
    def passed(self) -> bool:
        """Whether it is over."""
        return time.monotonic() >= self.at


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How a worker is started and how long it may take."""

    python: str = sys.executable
    call_timeout: float = 30.0
    """Seconds for one evaluation."""
    load_timeout: float = 30.0
    """Seconds for the interpreter's start, for loading, and for importing numpy: each."""
    memory: int = 4 * 1024**3
    """Bytes of address space that the function may add to the bare interpreter (Linux)."""
    payload: int = DEFAULT.bytes
    """Bytes of the file's content at most."""
    max_batch: int = 1024
    """Points of one question at most; larger ones are cut into several. A call in the batch style is one evaluation to
    the clock, and a matrix of distances between its points must stay small."""
    max_output: int = 1024**2
    """Bytes of one answer of a program or an HTTP oracle, and of what a failing interpreter says: the rest of what
    comes back has fixed sizes (`wire`)."""
    sandbox: Sandbox = Sandbox.STRICT
    program: Path = PROGRAM
    end: Deadline = field(default_factory=Deadline)
    """Of the run, where it has one: then nobody waits for an answer any more."""
    processor_limit: int | None = None
    """Seconds of processor time until the kernel ends a locked worker; None for what no honest run reaches."""

    def __post_init__(self) -> None:
        for name in ("call_timeout", "load_timeout"):
            seconds: float = getattr(self, name)
            if not 0 < seconds < 1e6:
                raise OptionError(name, seconds, "must be between 0 and a million seconds")
        for name in ("memory", "payload", "max_batch", "max_output"):
            size: int = getattr(self, name)
            if size < 1:
                raise OptionError(name, size, "must be positive")

    @property
    def processor_time(self) -> int:
        """Seconds of all processors together until the kernel ends a locked worker, which is then started anew."""
        if self.processor_limit is not None:
            return self.processor_limit
        return max(PROCESSOR_TIME, math.ceil(8 * max(self.load_timeout, self.call_timeout)))


def launch(options: WorkerOptions, pipes: Pipes) -> subprocess.Popen[bytes]:
    """The worker, running, with its ends of the pipes; they are closed here. Raises `ChallengeError`."""
    assert pipes.child is not None
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ} | ENVIRONMENT
    words = [*pipes.child.all(), os.getpid(), options.memory, options.sandbox.value, options.processor_time]
    try:
        return subprocess.Popen(
            [options.python, "-s", "-B", str(options.program), *map(str, words)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=pipes.child.reasons,
            pass_fds=pipes.child.all(),
            env=environment,
            cwd="/",
            start_new_session=True,
        )
    except OSError as cause:
        reason = f"The interpreter {options.python} cannot be started: {cause.strerror or cause}."
        raise ChallengeError(reason, "Name another one with --python.") from cause
    finally:
        pipes.release_child()


def kill(process: subprocess.Popen[bytes]) -> int:
    """SIGKILL to the whole group while the process is not yet reaped, so that its number is still its own; wait."""
    if process.returncode is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
    return process.wait()


def threads_of(process: subprocess.Popen[bytes]) -> int:
    """How many threads the process has, 0 where the system does not tell (Linux does)."""
    try:
        return os.stat(f"/proc/{process.pid}/task").st_nlink - 2
    except OSError:
        return 0


def processor_seconds(process: subprocess.Popen[bytes]) -> float:
    """Processor time of a process that is not yet reaped, dead or alive; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def last_words(process: subprocess.Popen[bytes]) -> str:
    """How the process ended. Kills it first: a process that is already dying keeps its own cause of death."""
    code = kill(process)
    if code >= 0:
        return f"ended by itself (exit code {code})"
    try:
        return f"died (signal {-code}, {signal.Signals(-code).name})"
    except ValueError:
        return f"died (signal {-code})"
