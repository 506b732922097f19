"""A challenge opened for questions of any kind: in a process of its own, with its call style found out."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from blackbox.core.errors import ChallengeError
from blackbox.loading import opening
from blackbox.loading.calling import Calling, CallWish, Unfound
from blackbox.loading.launch import WorkerOptions
from blackbox.loading.sandbox import chosen
from blackbox.oracle.executors.executor import Executor
from blackbox.oracle.executors.worker import WorkerExecutor
from blackbox.solve.asking import check_freedom, load


@dataclass(frozen=True, slots=True)
class OpenOptions:
    """How to open it. Every field has the meaning of the option of that name."""

    dimension: int | None = None
    call: str | None = None
    entry: str | None = None
    python: str | None = None
    sandbox: str = "strict"
    trust: str | None = None
    call_timeout: float = 30.0
    load_timeout: float = 30.0
    memory: int = 4096
    """MiB."""
    max_size: int = 64
    """MiB."""


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
    """The challenge's function, in a process that ends with the block.

    A few trial calls find out how it is called; `calling.trials` counts them. Raises `ChallengeError` where the
    challenge cannot be used or no way of calling it gives a number, `SafetyError` where it may not run.
    """
    wish = options or OpenOptions()
    asked = CallWish.from_text(wish.call)
    challenge = opening.open_challenge(path, wish.entry, wish.python)
    sandbox = chosen(wish.sandbox, wish.trust, challenge.inspection.sha256)
    check_freedom(challenge, sandbox)
    worker = WorkerOptions(
        python=challenge.python,
        call_timeout=wish.call_timeout,
        load_timeout=wish.load_timeout,
        memory=wish.memory * 2**20,
        payload=wish.max_size * 2**20,
        sandbox=sandbox,
    )
    with load(challenge, worker) as loaded:
        calling = loaded.calling(wish.dimension, asked)
        if isinstance(calling, Unfound):
            reason = calling.reason.rstrip(".")
            raise ChallengeError(f"None of {calling.trials} trial calls gave a finite number ({reason}).")
        yield OpenChallenge(WorkerExecutor(loaded.asked, calling.call), calling)
