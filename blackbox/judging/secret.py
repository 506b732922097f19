"""The secret function: in a locked process of its own, moved by an instance, noisy where the challenge says so."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Point, Points
from blackbox.core.evaluations import FunctionLost, Reply, Status
from blackbox.judging.instance import Instance
from blackbox.loading.candidate_process import KILLS
from blackbox.loading.launch import WorkerOptions
from blackbox.loading.packing import pack_source
from blackbox.loading.process import WorkerProcess
from blackbox.loading.sandbox import Sandbox
from blackbox.loading.styles import Call, CallStyle
from blackbox.oracle.executors.executor import Executor
from blackbox.oracle.executors.worker import RestartingWorker, WorkerExecutor
from blackbox.solve.opening import OpenOptions, open_challenge

CALL_SECONDS = 10.0
"""One evaluation of a secret function; the functions of a class are fast."""


@dataclass(frozen=True, slots=True)
class Function:
    """What lies behind a challenge: the text of a function `f(x)` of a list, or the path of any challenge file."""

    dimension: int
    source: str | None = None
    path: str | None = None
    call: str | None = None
    call_timeout: float = CALL_SECONDS

    @contextmanager
    def opened(self, sandbox: Sandbox = Sandbox.STRICT) -> Generator[Executor]:
        """Whoever answers, in a fresh process locked in like that. Raises `ChallengeError` and `SafetyError`."""
        if self.source is None:
            assert self.path is not None
            wish = OpenOptions(
                dimension=self.dimension, call=self.call, call_timeout=self.call_timeout, sandbox=sandbox.value
            )
            with open_challenge(self.path, wish) as opened:
                yield opened.executor
            return
        with WorkerProcess(WorkerOptions(call_timeout=self.call_timeout, sandbox=sandbox)) as worker:
            worker.load(pack_source(self.source, "f"))
            yield WorkerExecutor(RestartingWorker(worker), Call(CallStyle.LIST))


@dataclass(slots=True)
class Secret:
    """An `Executor` of the function as the candidate sees it."""

    executor: Executor
    instance: Instance
    noise: float = 0.0
    """Standard deviation of what is added to each value."""
    seed: list[int] = field(default_factory=list[int])
    _rng: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng([*self.seed, 7])

    def evaluate(self, points: Points) -> Reply:
        """Values at points of shape (n, d): n evaluations.

        Raises `FunctionLost`, also where somebody else may have killed the process, and `ProtocolViolation`.
        """
        with np.errstate(all="ignore"):  # what overflows has no value
            inward = self.instance.inward(points)
            finite = _rows_finite(points) & _rows_finite(inward)
            asked = np.ascontiguousarray(np.where(finite[:, np.newaxis], inward, 0.0))
            reply = self.executor.evaluate(asked)
            _insist_on_its_own_death(reply)
            values = self.instance.stretch * reply.values + self.instance.lift
            if self.noise:
                values = values + self.noise * self._rng.standard_normal(len(values))
        values[~finite[: len(values)] | ~np.isfinite(values)] = np.nan
        return Reply(values, reply.statuses, reply.reasons)

    def value(self, point: Point) -> float:
        """The value at one point, NaN where there is none: one evaluation."""
        return float(self.evaluate(point[np.newaxis, :]).values[0])

    def quiet(self) -> "Secret":
        """The same function without noise, as judges see it."""
        return replace(self, noise=0.0)

    def close(self) -> None:
        """Kill the process."""
        self.executor.close()


def _insist_on_its_own_death(reply: Reply) -> None:
    """A point where the process crashed has no value; but where anybody may have killed it, nothing is known."""
    for index, reason in reply.reasons.items():
        if reply.statuses[index] == Status.CRASH and any(word in reason for word in KILLS):
            raise FunctionLost(f"It {reason.removeprefix('the process ')}.", Reply.from_values(np.empty(0)))


def _rows_finite(points: Points) -> NDArray[np.bool_]:
    """Which points have finite coordinates alone, shape `(n,)`."""
    return np.array([bool(np.isfinite(row).all()) for row in points], dtype=np.bool_)
