"""A worker process that dies and hangs on command, without a process."""

from blackbox.core.errors import ChallengeError
from blackbox.core.evaluations import Reply
from blackbox.loading.process import WorkerDied, WorkerHung


class MortalProcess:
    """Answers x[0]; `deaths` says how often it still dies at a value, `hangs` where it always hangs.

    With `pinned` it knows at which point it went, as the real one mostly does.
    """

    def __init__(self, deaths=None, hangs=(), *, pinned=True, reloads=100) -> None:
        self.deaths, self.hangs, self.pinned, self.reloads = dict(deaths or {}), set(hangs), pinned, reloads
        self.pid: int | None = 1
        self.asked: list[list[float]] = []

    def evaluate(self, points, style) -> Reply:  # noqa: ARG002 - the signature of the real one
        assert self.pid is not None, "asked while dead"
        self.asked.append(points[:, 0].tolist())
        for index, value in enumerate(points[:, 0].tolist()):
            flushed = Reply.from_values(points[: index // 2 * 2, 0].copy())
            suspect = index if self.pinned else None
            if value in self.hangs:
                self.pid = None
                raise WorkerHung("gave no answer within 1 s", flushed, suspect)
            if self.deaths.get(value, 0) > 0:
                self.deaths[value] -= 1
                self.pid = None
                raise WorkerDied("died (signal 11, SIGSEGV)", flushed, suspect)
        return Reply.from_values(points[:, 0].copy())

    def reload(self) -> None:
        if self.reloads == 0:
            raise ChallengeError("It is gone.")
        self.reloads -= 1
        self.pid = 1

    def kill(self) -> None:
        self.pid = None

    def close(self) -> None:
        self.pid = None
