"""Places to evaluate that remember what they were asked."""

from collections.abc import Callable

import numpy as np

from blackbox.core.asking import Floats, Points
from blackbox.core.evaluations import Reply
from blackbox.oracle.executors.executor import ExecutorLost

Surface = Callable[[Points], Floats]


class Counting:
    """An `Executor` over a vectorised function; it counts, and may be interrupted or lost at a given evaluation."""

    def __init__(
        self, surface: Surface, *, interrupt_at: int | None = None, lost_at: int | None = None, pause: float = 0.0
    ) -> None:
        self.surface, self.interrupt_at, self.lost_at, self.pause = surface, interrupt_at, lost_at, pause
        self.asked: list[Points] = []
        self.closed = 0

    @property
    def evaluations(self) -> int:
        """Points answered, all in all."""
        return sum(len(points) for points in self.asked)

    @property
    def points(self) -> Points:
        """All points answered, in order, shape `(n, d)`."""
        return np.vstack(self.asked)

    def evaluate(self, points: Points) -> Reply:
        """The values of the surface; NaN and infinities are failures."""
        assert points.flags.c_contiguous
        assert points.dtype == np.float64
        if self.interrupt_at is not None and self.evaluations + len(points) >= self.interrupt_at:
            raise KeyboardInterrupt
        if self.lost_at is not None and self.evaluations + len(points) >= self.lost_at:
            some = points[: self.lost_at - self.evaluations]
            self.asked.append(some.copy())
            raise ExecutorLost("The place where it ran is gone.", self._reply(some))
        self.asked.append(points.copy())
        return self._reply(points)

    def close(self) -> None:
        """Counted."""
        self.closed += 1

    def _reply(self, points: Points) -> Reply:
        with np.errstate(all="ignore"):
            return Reply.from_values(np.asarray(self.surface(points), dtype=np.float64))


class Failing:
    """An `Executor` that answers from a script of replies, one a call; `Reply`s may carry reasons."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies)

    def evaluate(self, points: Points) -> Reply:
        """The next reply of the script."""
        reply = self._replies.pop(0)
        assert len(reply.values) == len(points)
        return reply

    def close(self) -> None:
        """Nothing to release."""
