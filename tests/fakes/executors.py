"""Places to evaluate that remember what they were asked."""

from collections.abc import Callable

import numpy as np

from blackbox.core.asking import Floats, Foresight, Points, Prospect, Values
from blackbox.core.evaluations import FunctionLost, Reply, Status
from blackbox.oracle.executors.executor import Interrupted

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
            some = points[: self.interrupt_at - self.evaluations - 1]
            self.asked.append(some.copy())
            raise Interrupted(self._reply(some))
        if self.lost_at is not None and self.evaluations + len(points) >= self.lost_at:
            some = points[: self.lost_at - self.evaluations]
            self.asked.append(some.copy())
            raise FunctionLost("The place where it ran is gone.", self._reply(some))
        self.asked.append(points.copy())
        return self._reply(points)

    def close(self) -> None:
        """Counted."""
        self.closed += 1

    def _reply(self, points: Points) -> Reply:
        with np.errstate(all="ignore"):
            return Reply.from_values(np.asarray(self.surface(points), dtype=np.float64))


class Handed(Counting):
    """A `ManyHanded` executor that notes what it is told to foresee and to recall, and does nothing about it."""

    width, ahead = 4, 0

    def __init__(self, surface: Surface) -> None:
        super().__init__(surface)
        self.foreseen: list[Foresight | Prospect] = []
        self.recalled = 0

    def recall(self, points: Points, values: Values) -> None:
        """Counted."""
        assert len(points) == len(values)
        self.recalled += len(points)

    def foresee(self, foresight: Foresight | Prospect) -> None:
        """Noted."""
        self.foreseen.append(foresight)


class Failing:
    """An `Executor` that answers from a script, in whatever pieces it is asked; `reasons` by position in the script."""

    def __init__(self, statuses: list[Status], values: list[float], reasons: dict[int, str]) -> None:
        self._statuses, self._values, self._reasons, self._at = statuses, values, reasons, 0

    def evaluate(self, points: Points) -> Reply:
        """The next part of the script."""
        part = slice(self._at, self._at + len(points))
        told = {i - part.start: text for i, text in self._reasons.items() if part.start <= i < part.stop}
        self._at = part.stop
        return Reply(np.array(self._values[part]), np.array(self._statuses[part], dtype=np.uint8), told)

    def close(self) -> None:
        """Nothing to release."""
