"""The oracle asks for real. It is the one mutable object of a run: it counts, times, records and remembers the best.

Whatever happens — the budget, the clock, Ctrl-C, a function that dies — ends in exactly one place, `drive`, with a
`Stop`; the best point ever seen stays.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np

from blackbox.core.asking import (
    Asking,
    Effort,
    Estimate,
    Event,
    Explored,
    Foresight,
    Landing,
    Point,
    Points,
    Prospect,
    Remark,
    Values,
)
from blackbox.core.errors import OptionError, UsageError
from blackbox.core.evaluations import FunctionLost, Reply, Status, TimeIsUp
from blackbox.core.numbers import is_number, require_whole
from blackbox.core.stops import Stop
from blackbox.oracle.executors.executor import Executor, Interrupted, ManyHanded
from blackbox.oracle.journal import Journal, JournalError, Stored

T = TypeVar("T")

CHUNK_SECONDS = 0.05
"""A batch is asked in pieces of about this long, so that clocks, targets and journals are looked at in time."""

INTERRUPTED = "the best point so far is kept"

CALLING, SEARCH = "calling", "search"
"""Parts of a run: finding out how the function is called; and whatever names no part of its own."""

DURABLE_SECONDS = 0.01
"""An answer that took longer than this is on disk before the next question is asked."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop; None means never."""

    budget: int | None = None
    """Evaluations."""
    time: float | None = None
    """Seconds."""
    target: float | None = None
    """A value in the function's own sign."""

    def __post_init__(self) -> None:
        if self.budget is not None:
            require_whole("budget", self.budget, 1)
        if self.time is not None and not (is_number(self.time) and self.time > 0):
            raise OptionError("time", self.time, "must be a positive number of seconds")
        if self.target is not None and (not is_number(self.target) or np.isnan(self.target)):
            raise OptionError("target", self.target, "must be a number")


@dataclass(frozen=True, slots=True)
class Improvement:
    """A new best point."""

    evaluations: int
    """How many evaluations had been made when it was found."""
    x: Point
    value: float
    """In the function's own sign."""


@dataclass(frozen=True, slots=True)
class Drive(Generic[T]):
    """How a drive ended: the generator's own result, or why it was cut short."""

    result: T | None
    stop: Stop | None
    detail: str


class Stopped(Exception):  # noqa: N818 - a signal, no error
    """Raised inside a drive to end it, and caught there alone."""

    def __init__(self, stop: Stop, detail: str) -> None:
        super().__init__(detail)
        self.stop, self.detail = stop, detail


Observer = Callable[["Oracle", Event | None], None]
"""Called after every answered piece (None) and for every event. May raise StopIteration to end the run."""


class Oracle:
    """Answers a search's questions through an executor, within limits, and remembers."""

    def __init__(
        self,
        executor: Executor,
        limits: Limits,
        *,
        maximize: bool = False,
        journal: Journal | None = None,
        observer: Observer | None = None,
        spent: int = 0,
        began: float | None = None,
    ) -> None:
        """`spent` evaluations were made before, to find out how to call the function, and the clock runs since `began`.

        A limit on time ends a run between two questions here; `WorkerOptions.end` ends it within one.
        """
        self.limits, self.maximize = limits, maximize
        self.evaluations, self.failed, self.replayed = spent, 0, 0
        self.failures: Counter[str] = Counter()
        self.improvements: list[Improvement] = []
        self.landings: list[Landing] = []
        self.remarks: list[Remark] = []
        self.effort: Counter[str] = Counter({CALLING: spent} if spent else {})
        self.estimates: list[tuple[int, Estimate]] = []
        self.explored: Explored | None = None
        self._executor, self._journal, self._observer = executor, journal, observer
        self._stored: Stored | None = journal.stored() if journal is not None else None
        self._sign = -1.0 if maximize else 1.0
        self._hands = executor if isinstance(executor, ManyHanded) else None
        self._started = time.monotonic() if began is None else began
        self._pace = 0.0
        self._part = SEARCH

    @property
    def seconds(self) -> float:
        """Since the oracle was made."""
        return time.monotonic() - self._started

    @property
    def ahead(self) -> int:
        """Evaluations that idle workers made ahead and nobody has asked for; they are in no other count."""
        return 0 if self._hands is None else self._hands.ahead

    @property
    def estimate(self) -> Estimate | None:
        """What is known of the best point of a noisy function; None while f is not known to be noisy."""
        return self.estimates[-1][1] if self.estimates else None

    @property
    def best(self) -> Improvement | None:
        """The best point ever evaluated; None while no evaluation gave a number."""
        return self.improvements[-1] if self.improvements else None

    def forget(self, evaluations: int, landings: int) -> None:
        """Take back what the last so many evaluations and landings told: they were no answers of the function."""
        kept = self.evaluations - evaluations
        self.improvements = [entry for entry in self.improvements if entry.evaluations <= kept]
        self.estimates = [entry for entry in self.estimates if entry[0] <= kept]
        del self.landings[max(0, len(self.landings) - landings) :]

    def drive(self, asking: Asking[T], reserve: int = 0) -> Drive[T]:
        """Answer a generator until it returns or a limit ends it; `reserve` evaluations of the budget are kept."""
        try:
            return Drive(self._answer_all(asking, reserve), None, "")
        except Stopped as stopped:
            return Drive(None, stopped.stop, stopped.detail)
        except KeyboardInterrupt:
            return Drive(None, Stop.INTERRUPTED, INTERRUPTED)
        except JournalError as failure:
            return Drive(None, Stop.INTERRUPTED, str(failure))
        finally:
            asking.close()

    def _answer_all(self, asking: Asking[T], reserve: int) -> T:
        try:
            question = next(asking)
            while True:
                if isinstance(question, np.ndarray):
                    question = asking.send(self._answer(question, reserve))
                else:
                    self._notice(question)
                    question = next(asking)
        except StopIteration as finished:
            return finished.value

    def _notice(self, event: Event) -> None:
        if isinstance(event, Foresight | Prospect):
            # Walks to come outlast what is replayed; points that are foreseen belong to the question after them.
            if self._hands is not None and (isinstance(event, Prospect) or not self._left_to_replay()):
                self._hands.foresee(event)
            return
        if isinstance(event, Effort):
            self._part = event.part
            return
        if isinstance(event, Landing):
            self.landings.append(event)
            self._settle_tie(event)
        elif isinstance(event, Remark):
            self.remarks.append(event)
        elif isinstance(event, Explored):
            self.explored = event
        elif isinstance(event, Estimate):
            if not self.estimates:
                self.landings.clear()  # those before the noise was known ended at lucky values
            self.estimates.append((self.evaluations, event))
        self._observe(event)

    def _settle_tie(self, landing: Landing) -> None:
        """Of several points with exactly the best value, the one at which a descent ended is shown."""
        best = self.best
        if best is not None and self._sign * best.value == landing.value:
            self.improvements[-1] = replace(best, x=landing.point.copy())

    def _observe(self, event: Event | None) -> None:
        if self._observer is None:
            return
        try:
            self._observer(self, event)
        except StopIteration as wish:
            raise Stopped(Stop.INTERRUPTED, "the callback stopped the search") from wish

    def _answer(self, points: Points, reserve: int) -> Values:
        """Values in the search's sign (it always minimises), NaN for failures."""
        if len(points) == 0:
            return np.empty(0)
        if self._hands is not None and len(points) > self._hands.width:
            self._hands.foresee(Foresight("question", lambda: points, 0))
        values = self._answer_piece(points, reserve)
        if len(values) == len(points):
            return values
        parts, done = [values], len(values)
        while done < len(points):
            parts.append(self._answer_piece(points[done:], reserve))
            done += len(parts[-1])
        return np.concatenate(parts)

    def _answer_piece(self, points: Points, reserve: int) -> Values:
        """Of the first points, as many as may be asked in one piece."""
        room = self._room(len(points), reserve)
        piece = points if room == len(points) else points[:room]
        lost: Stopped | None = None
        if self._left_to_replay():
            reply = self._replay(piece)
            values = self._remember(piece, reply)
            if self._hands is not None:
                self._hands.recall(piece, reply.values)
        else:
            reply, pace, lost = self._ask(piece)
            values = self._remember(piece, reply)  # before the journal, whose disk may be full: it is paid for
            self._keep(piece, reply, pace)
        self._observe(None)
        if lost is not None:
            raise lost
        if self.limits.target is not None:
            self._check_target(self.limits.target)
        return values

    def _room(self, room: int, reserve: int) -> int:
        """How many of so many points may be asked now."""
        left = self._left_to_replay()
        if left:
            room = min(room, left)
        else:
            if self.limits.time is not None and self.seconds >= self.limits.time:
                raise self._out_of_time()
            room = min(room, self._affordable())
        if self.limits.budget is not None:
            room = min(room, self.limits.budget - reserve - self.evaluations)
            if room <= 0:
                raise Stopped(Stop.BUDGET, f"the budget of {self.limits.budget} evaluations is spent")
        return room

    def _affordable(self) -> int:
        """Points to ask in one piece: one a worker while the pace is unknown, or too slow to keep an answer back."""
        width = 1 if self._hands is None else self._hands.width
        if self._pace == 0 or self._pace > DURABLE_SECONDS:
            return width
        return max(width, int(CHUNK_SECONDS / self._pace))

    def _left_to_replay(self) -> int:
        return 0 if self._stored is None else len(self._stored.points) - self.replayed

    def _out_of_time(self) -> Stopped:
        return Stopped(Stop.TIME, f"the time of {self.limits.time:g} s is up")

    def _ask(self, points: Points) -> tuple[Reply, float, Stopped | None]:
        """The reply, the seconds that each answer took, and why there will be no other (None if there will)."""
        began = time.monotonic()
        lost: Stopped | None = None
        try:
            reply = self._executor.evaluate(points if points.flags.c_contiguous else np.ascontiguousarray(points))
        except TimeIsUp as end:
            reply, lost = end.partial, self._out_of_time()
        except FunctionLost as loss:
            reply = loss.partial
            found = self.improvements or (reply.statuses == Status.OK).any()
            lost = Stopped(Stop.INTERRUPTED if found else Stop.NO_FINITE_VALUE, str(loss))
        except Interrupted as stop:
            reply, lost = stop.partial, Stopped(Stop.INTERRUPTED, INTERRUPTED)
        pace = (time.monotonic() - began) / max(1, len(reply.values))
        self._pace = pace if self._pace == 0 else 0.7 * self._pace + 0.3 * pace
        return reply, pace, lost

    def _keep(self, points: Points, reply: Reply, pace: float) -> None:
        if self._journal is None or not len(reply.values):
            return
        self._journal.append(points[: len(reply.values)], reply)
        if pace > DURABLE_SECONDS:
            self._journal.flush()

    def _replay(self, points: Points) -> Reply:
        assert self._stored is not None
        window = slice(self.replayed, self.replayed + len(points))
        if not np.array_equal(self._stored.points[window], points):
            raise UsageError(
                f"The journal answers other questions than this run asks, from question {self.replayed + 1} on: it "
                "was made by another version or with other options. Start anew without --resume."
            )
        self.replayed += len(points)
        stored = self._stored.reply
        reasons = {i - window.start: text for i, text in stored.reasons.items() if window.start <= i < window.stop}
        return Reply(stored.values[window], stored.statuses[window], reasons)

    def _remember(self, points: Points, reply: Reply) -> Values:
        """Count the answers to the first of the points; their values in the search's sign."""
        values = -reply.values if self.maximize else reply.values
        best = self._sign * self.improvements[-1].value if self.improvements else np.inf
        for index in (values < best).nonzero()[0].tolist():
            value = float(values[index])
            if value < best:
                best = value
                found = Improvement(self.evaluations + index + 1, points[index].copy(), self._sign * best)
                self.improvements.append(found)
        self.evaluations += len(values)
        self.effort[self._part] += len(values)
        if reply.statuses.any():
            self._count_failures(reply)
        return values

    def _count_failures(self, reply: Reply) -> None:
        failed = np.flatnonzero(reply.statuses != Status.OK)
        self.failed += len(failed)
        texts = {int(reply.statuses[index]): text for index, text in reply.reasons.items()}
        for index in failed:
            status = Status(int(reply.statuses[index]))
            text = reply.reasons.get(int(index)) or texts.get(int(status)) or _WORDS[status]
            self.failures[text] += 1

    def _check_target(self, target: float) -> None:
        best = self.best
        if best is not None and self._sign * best.value <= self._sign * target:
            side = "at or above" if self.maximize else "at or below"
            raise Stopped(Stop.TARGET, f"a value {side} the target {target:g} was found")


_WORDS = {
    Status.OK: "a number",
    Status.EXCEPTION: "an exception",
    Status.NOT_A_NUMBER: "returned NaN",
    Status.INFINITE: "returned infinity",
    Status.WRONG_TYPE: "returned something that is not a number",
    Status.TIMEOUT: "took longer than the call timeout",
    Status.CRASH: "the process died",
}
