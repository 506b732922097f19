"""How a challenge is opened and run: the options that say so, and the challenge ready to be asked.

`solve` and the commands for slopes and walks all come through here.
"""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from blackbox.core.errors import ChallengeError, OptionError
from blackbox.core.numbers import require_whole
from blackbox.loading import opening
from blackbox.loading.allowance import DEFAULT, MIB, Allowance
from blackbox.loading.calling import Calling, CallWish, Unfound
from blackbox.loading.launch import WorkerOptions
from blackbox.loading.opening import Challenge
from blackbox.loading.sandbox import Sandbox, check_prefix, chosen
from blackbox.oracle.executors.executor import Executor
from blackbox.oracle.executors.worker import WorkerExecutor
from blackbox.solve.asking import check_freedom, load

KIB = 1024
LARGEST = {"memory": 2**30, "max_batch": 2**20, "max_output": 2**20}
"""Field → the largest whole number that it takes, in its unit: beyond them the kernel or the wire would count wrong."""


@dataclass(frozen=True, slots=True, eq=False)
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
    max_size: int = DEFAULT.size
    """MiB."""
    max_opcodes: int = DEFAULT.opcodes
    max_batch: int = 1024
    max_output: int = 1024
    """KiB."""

    def __post_init__(self) -> None:
        for name, largest in LARGEST.items():
            if require_whole(name, getattr(self, name), 1) > largest:
                raise OptionError(name, getattr(self, name), f"must be {largest:,} at most")
        for name in ("max_size", "max_opcodes"):
            require_whole(name, getattr(self, name), 1)
        _ = self.allowed
        self.worker(Sandbox.from_word(self.sandbox))
        if self.trust is not None:
            check_prefix(self.trust)
        if self.dimension is not None:
            require_whole("dimension", self.dimension, 1)
        CallWish.from_text(self.call)

    @property
    def allowed(self) -> Allowance:
        """What may be read of the file. Raises `OptionError`."""
        return Allowance(self.max_size, self.max_opcodes)

    def worker(self, sandbox: Sandbox, python: str = sys.executable) -> WorkerOptions:
        """How the process is started that runs it. Raises `OptionError`."""
        return WorkerOptions(
            python=python,
            call_timeout=self.call_timeout,
            load_timeout=self.load_timeout,
            memory=self.memory * MIB,
            payload=self.allowed.bytes,
            max_batch=self.max_batch,
            max_output=self.max_output * KIB,
            sandbox=sandbox,
        )


@dataclass(frozen=True, slots=True)
class OpenChallenge:
    """Where to ask, and how it is called."""

    executor: Executor
    calling: Calling
    imaginary: Executor | None = None
    """Takes each input as two coordinates, and answers imaginary parts; None where nobody takes complex inputs."""

    @property
    def dimension(self) -> int:
        """Number of inputs."""
        return self.calling.dimension


def look(path: str | Path, wish: OpenOptions) -> tuple[Challenge, WorkerOptions]:
    """The challenge, inspected and allowed to run, and what it is to run in; nothing of it has run yet.

    Raises `ChallengeError` where it cannot be used, `SafetyError` where it may not run.
    """
    challenge = opening.open_challenge(path, wish.entry, wish.python, wish.allowed)
    sandbox = chosen(wish.sandbox, wish.trust, challenge.inspection.sha256)
    check_freedom(challenge, sandbox)
    return challenge, wish.worker(sandbox, challenge.python)


@contextmanager
def open_challenge(path: str | Path, options: OpenOptions | None = None) -> Generator[OpenChallenge]:
    """The challenge's function, in a process that ends with the block.

    A few trial calls find out how it is called; `calling.trials` counts them. Raises `ChallengeError` where the
    challenge cannot be used or no way of calling it gives a number, `SafetyError` where it may not run.
    """
    wish = options or OpenOptions()
    with load(*look(path, wish)) as loaded:
        calling = loaded.calling(wish.dimension, CallWish.from_text(wish.call))
        if isinstance(calling, Unfound):
            reason = calling.reason.rstrip(".")
            raise ChallengeError(f"None of {calling.trials} trial calls gave a finite number ({reason}).")
        call = calling.call
        real = loaded.outside or call.integers
        imaginary = None if real else WorkerExecutor(loaded.asked, replace(call, imaginary=True))
        yield OpenChallenge(WorkerExecutor(loaded.asked, call), calling, imaginary)
