"""Evaluations in one worker process that is restarted when it dies."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from blackbox.core.asking import Points
from blackbox.core.errors import ChallengeError
from blackbox.core.evaluations import FunctionLost, Reply, Status, TimeIsUp
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

    def kill(self) -> None:
        """End it from another thread, which `close` must not be called from."""
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

    def __init__(self, process: Process, patience: float = FAILURES) -> None:
        """`patience`: so many points in a row that end the process, and it is lost."""
        self._process, self._patience = process, patience
        self._failures = 0
        self._dismissed = False

    def ask(self, points: Points, style: Call | CallStyle) -> Reply:
        """Values at points of shape (n, d), n evaluations; deaths and hangs become CRASH and TIMEOUT of their point.

        Raises `FunctionLost` with the answers so far after three such points in a row, and where the file does not
        load again; `TimeIsUp` at the end of the run; `ProtocolViolation` where the worker lies.
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

    def one_of_many(self) -> "RestartingWorker":
        """The same process for a crew, which itself counts the points that end one."""
        return RestartingWorker(self._process, float("inf"))

    def dismiss(self) -> None:
        """Kill the process from another thread; it is not started again."""
        self._dismissed = True
        self._process.kill()

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
            except TimeIsUp as end:
                raise TimeIsUp(joined([*replies, end.partial])) from end
        assert trouble is not None
        status = Status.TIMEOUT if isinstance(trouble, WorkerHung) else Status.CRASH
        return Reply(np.array([np.nan]), np.array([status], dtype=np.uint8), {0: str(trouble)})

    def _revive(self, replies: list[Reply]) -> None:
        if self._process.pid is None:
            try:
                if not self._dismissed:
                    self._process.reload()
                if self._dismissed:
                    raise ChallengeError("It was dismissed.")
            except ChallengeError as cause:
                raise FunctionLost(
                    f"The function could not be loaded a second time. {cause}", joined(replies)
                ) from cause

    def _count(self, reply: Reply, replies: list[Reply]) -> None:
        if reply.statuses[0] < Status.TIMEOUT:
            self._failures = 0
            return
        self._failures += 1
        if self._failures >= self._patience:
            in_a_row = f"The function ended its process at {self._failures} points in a row"
            raise FunctionLost(f"{in_a_row}; at the last one {reply.reasons[0]}.", joined(replies))


class Hand:
    """A worker as a member of a `Crew`."""

    def __init__(self, worker: RestartingWorker, style: Call | CallStyle, begin: Callable[[], object]) -> None:
        """`begin` loads the function where that has not been done."""
        self._worker, self._style, self._begin = worker, style, begin

    def start(self) -> None:
        """Load the function. Raises `ChallengeError` and `SafetyError`."""
        self._begin()

    def ask(self, points: Points) -> Reply:
        """Values at points of shape (n, d): n evaluations. Raises `FunctionLost` and `ProtocolViolation`."""
        return self._worker.ask(points, self._style)

    def dismiss(self) -> None:
        """Kill the process from another thread."""
        self._worker.dismiss()

    def close(self) -> None:
        """Kill the process."""
        self._worker.close()


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
