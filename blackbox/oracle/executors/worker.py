"""Evaluations in one worker process that is restarted when it dies."""

from typing import Protocol

import numpy as np

from blackbox.core.asking import Points
from blackbox.core.errors import ChallengeError
from blackbox.core.evaluations import FunctionLost, Reply, Status
from blackbox.loading.process import WorkerDied, WorkerHung, joined
from blackbox.loading.styles import Call, CallStyle

DEATHS = 2
"""A point fails when the process has died so often while computing it: once may be anybody's `kill`."""
FAILURES = 3
"""So many points in a row that end the process, and the run ends."""


class Process(Protocol):
    """A loaded `WorkerProcess`, or what behaves like one."""

    @property
    def pid(self) -> int | None:
        """Process id, None while it does not run."""
        ...

    def evaluate(self, points: Points, style: Call | CallStyle) -> Reply:
        """Values at points of shape (n, d). Raises `WorkerDied`."""
        ...

    def reload(self) -> object:
        """Start it anew. Raises `ChallengeError`."""
        ...

    def close(self) -> None:
        """Kill it."""
        ...


class Asked(Protocol):
    """Who can be asked in a given way, until it is lost."""

    def ask(self, points: Points, style: Call | CallStyle) -> Reply:
        """Values at points of shape (n, d). Raises `FunctionLost`."""
        ...

    def close(self) -> None:
        """Release what it holds."""
        ...


class RestartingWorker:
    """Asks a loaded process; what it leaves unanswered is asked again, one point at a time, in a fresh one."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._failures = 0

    def ask(self, points: Points, style: Call | CallStyle) -> Reply:
        """Values at points of shape (n, d), n evaluations; deaths and hangs become CRASH and TIMEOUT of their point.

        Raises `FunctionLost` with the answers so far after three such points in a row, and where the file does not
        load again; `ProtocolViolation` where the worker lies.
        """
        self._revive([])
        try:
            reply = self._process.evaluate(points, style)
        except WorkerDied as trouble:
            return self._ask_one_by_one(points, style, trouble)
        self._failures = 0
        return reply

    def close(self) -> None:
        """Kill the process."""
        self._process.close()

    def _ask_one_by_one(self, points: Points, style: Call | CallStyle, trouble: WorkerDied) -> Reply:
        """Go on after the trouble with a whole batch: the suspect is charged with it, the others start innocent."""
        replies = [trouble.partial]
        if len(trouble.partial.values):
            self._failures = 0
        for index in range(len(trouble.partial.values), len(points)):
            charge = trouble if index == trouble.suspect or len(points) == 1 else None
            reply = self._settle(points[index : index + 1], style, charge, replies)
            replies.append(reply)
            self._count(reply, replies)
        return joined(replies)

    def _settle(
        self, point: Points, style: Call | CallStyle, trouble: WorkerDied | None, replies: list[Reply]
    ) -> Reply:
        """The answer to one point, asked until it answers or has used up its deaths."""
        deaths = 0 if trouble is None else 1
        while not isinstance(trouble, WorkerHung) and deaths < DEATHS:
            self._revive(replies)
            try:
                return self._process.evaluate(point, style)
            except WorkerDied as death:
                trouble, deaths = death, deaths + 1
        assert trouble is not None
        status = Status.TIMEOUT if isinstance(trouble, WorkerHung) else Status.CRASH
        return Reply(np.array([np.nan]), np.array([status], dtype=np.uint8), {0: str(trouble)})

    def _revive(self, replies: list[Reply]) -> None:
        if self._process.pid is None:
            try:
                self._process.reload()
            except ChallengeError as cause:
                raise FunctionLost(
                    f"The function could not be loaded a second time. {cause}", joined(replies)
                ) from cause

    def _count(self, reply: Reply, replies: list[Reply]) -> None:
        if reply.statuses[0] < Status.TIMEOUT:
            self._failures = 0
            return
        self._failures += 1
        if self._failures >= FAILURES:
            reason = (
                f"The function ended its process at {FAILURES} points in a row; at the last one {reply.reasons[0]}."
            )
            raise FunctionLost(reason, joined(replies))


class WorkerExecutor:
    """An `Executor` over a `RestartingWorker` or an `HttpOracle`, in the way of calling that discovery found."""

    def __init__(self, worker: Asked, style: Call | CallStyle) -> None:
        self._worker, self._style = worker, style

    def evaluate(self, points: Points) -> Reply:
        """Values at points of shape (n, d): n evaluations. Raises `FunctionLost` and `ProtocolViolation`."""
        return self._worker.ask(points, self._style)

    def close(self) -> None:
        """Kill the process."""
        self._worker.close()
