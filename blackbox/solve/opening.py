"""A challenge file opened for questions of any kind: in a worker process of its own, with its call style found out."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from blackbox.core.errors import ChallengeError
from blackbox.loading.calling import Calling, Unfound, discover
from blackbox.loading.files import read_challenge
from blackbox.loading.formats.compressed import unpack
from blackbox.loading.inspection import inspect_bytes
from blackbox.loading.process import WorkerOptions, WorkerProcess
from blackbox.loading.wire import CallStyle
from blackbox.oracle.executors.executor import Executor
from blackbox.oracle.executors.worker import RestartingWorker, WorkerExecutor


@dataclass(frozen=True, slots=True)
class OpenOptions:
    """How to open it. Every field has the meaning of the option of that name."""

    dimension: int | None = None
    call: str | None = None
    entry: str | None = None
    call_timeout: float = 30.0


@dataclass(frozen=True, slots=True)
class OpenChallenge:
    """Where to ask, and how it is called."""

    executor: Executor
    calling: Calling

    @property
    def dimension(self) -> int:
        """Number of inputs."""
        return self.calling.dimension


@contextmanager
def open_challenge(path: str | Path, options: OpenOptions | None = None) -> Generator[OpenChallenge]:
    """The file's function, in a worker that ends with the block.

    A few trial calls find out how it is called; `calling.trials` counts them. Raises `ChallengeError` where the file
    cannot be used or no way of calling it gives a number.
    """
    wish = options or OpenOptions()
    style = None if wish.call is None else CallStyle.from_word(wish.call)
    data = read_challenge(path)
    inspection = inspect_bytes(data, Path(path).name)
    if not inspection.usable:
        finding = inspection.findings[0] if inspection.findings else inspection.container
        raise ChallengeError(f"{path} cannot be used: {finding}", inspection.remedy)
    with WorkerProcess(WorkerOptions(call_timeout=wish.call_timeout)) as worker:
        description = worker.load(unpack(data).data, wish.entry)
        restarting = RestartingWorker(worker)
        calling = discover(restarting.ask, description, wish.dimension, style)
        if isinstance(calling, Unfound):
            reason = calling.reason.rstrip(".")
            raise ChallengeError(f"None of {calling.trials} trial calls gave a finite number ({reason}).")
        yield OpenChallenge(WorkerExecutor(restarting, calling.style), calling)
