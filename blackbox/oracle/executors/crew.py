"""Evaluations by several workers: a question is split over them, and its answers are put together in order.

A question is often smaller than the crew. Idle workers then evaluate ahead what the search foresees (`Foresight`); an
answer that nobody ever asks for is counted apart. What is answered does not depend on how many workers there are, as
long as the function itself remembers nothing: every worker is a process with a memory of its own.
"""

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from blackbox.core.asking import Foresight, Points, Prospect, Values
from blackbox.core.evaluations import FunctionLost, Reply, Status, TimeIsUp
from blackbox.loading.process import joined
from blackbox.oracle.executors.ahead import Ahead
from blackbox.oracle.executors.executor import Interrupted

SLOW = 0.002
"""Seconds. Only slower functions are asked a point at a time and evaluated ahead: for others, sharing costs more."""

START_BY = 0.25
"""Part of an evaluation's usual time, after the last point of the question was begun, in which work ahead may begin:
whoever begins later is still busy when the next question comes."""

KEPT = 10_000
"""Answers made ahead that are kept; the oldest are forgotten."""

LOST_IN_A_ROW = 3
"""So many points in a row that end their process, and the run ends, as with one worker."""


class Member(Protocol):
    """One of the crew."""

    def start(self) -> None:
        """Make ready to be asked; called by the thread that asks. Raises `BlackboxError`."""
        ...

    def ask(self, points: Points) -> Reply:
        """Values at points of shape (n, d). Raises `FunctionLost`."""
        ...

    def dismiss(self) -> None:
        """Stop at once; called by another thread than `ask`, which may be at work."""
        ...

    def close(self) -> None:
        """Release what it holds; called by the thread that asks."""
        ...


@dataclass(eq=False, slots=True)
class _Job:
    points: Points
    keys: list[bytes]
    ahead: bool = False
    began: float = 0.0
    """When a worker took it ahead, on the monotonic clock; 0 for what was asked first."""
    reply: Reply | None = None
    failure: BaseException | None = None

    @property
    def done(self) -> bool:
        return self.reply is not None or self.failure is not None


class Crew:
    """An `Executor` over members that start and work in threads of their own, which live until `close`."""

    def __init__(self, members: Sequence[Member], *, maximize: bool = False, kept: int = KEPT) -> None:
        """`maximize`: what is gone ahead sees values as the search does. `kept`: answers ahead that are remembered."""
        self._kept = kept
        self._ahead = Ahead(len(members), -1.0 if maximize else 1.0)
        self._changed = threading.Condition()
        self._urgent: deque[_Job] = deque()
        self._flying: dict[bytes, _Job] = {}
        self._ready: dict[bytes, _Job] = {}
        self._members = list(members)
        self._waiting = self._closing = False
        self._pace = self._begun = 0.0
        self._in_a_row = self._forgotten = 0
        self._missing: list[BaseException] = []
        self._threads = [threading.Thread(target=self._work, args=(member,), daemon=True) for member in members]
        for thread in self._threads:
            thread.start()

    @property
    def width(self) -> int:
        """Points that are answered at a time."""
        return len(self._threads)

    @property
    def ahead(self) -> int:
        """Evaluations made ahead that nobody has asked for so far."""
        with self._changed:
            return len(self._ready) + self._forgotten

    def foresee(self, foresight: Foresight | Prospect) -> None:
        """Take note of what may be asked soon."""
        with self._changed:
            self._ahead.note(foresight)

    def recall(self, points: Points, values: Values) -> None:
        """Take note of answers that were given, here or in an earlier run."""
        with self._changed:
            if 0 < self._pace < SLOW:
                self._ahead.forget()  # fast functions are not asked ahead
                return
            for point, value in zip(points, values.tolist(), strict=True):
                self._ahead.learn(point.tobytes(), value)

    def evaluate(self, points: Points) -> Reply:
        """Values at points of shape (n, d), in order: n evaluations, some of which may have been made ahead.

        Raises `FunctionLost` with the answers so far, and whatever a member raises; `Interrupted` at a Ctrl-C.
        """
        jobs: list[_Job] = []
        try:
            with self._changed:
                jobs = self._hand_out(points)
                self._waiting = True
                self._changed.notify_all()
                while not all(job.done for job in jobs):
                    if len(self._missing) == len(self._members):
                        raise self._missing[0]
                    self._changed.wait()
        except KeyboardInterrupt as stop:
            raise Interrupted(_answered(jobs)) from stop
        finally:
            self._waiting = False
            with self._changed:
                self._urgent.clear()
        reply = self._in_order(jobs)
        self.recall(points, reply.values)
        return reply

    def close(self) -> None:
        """Dismiss everybody and wait until they are gone."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        for member in self._members:
            member.dismiss()
        for thread in self._threads:
            thread.join()

    def _hand_out(self, points: Points) -> list[_Job]:
        """The question as jobs in order: answered ahead, on their way, or new."""
        jobs: list[_Job] = []
        fresh: list[int] = []
        rows = max(1, -(-len(points) // self.width)) if 0 < self._pace < SLOW else 1
        for index in range(len(points)):
            key = points[index].tobytes()
            self._ahead.asked(key)
            known = self._ready.pop(key, None) or self._flying.pop(key, None)
            if known is not None:
                known.ahead = False
                jobs.append(known)
                fresh = []
                continue
            if fresh and len(fresh) < rows:
                fresh.append(index)
                jobs[-1].points = points[fresh[0] : index + 1]
                jobs[-1].keys.append(key)
                continue
            fresh = [index]
            jobs.append(_Job(points[index : index + 1], [key]))
            self._urgent.append(jobs[-1])
        # What is on its way already was begun earlier: whoever is free now is needed again as much sooner.
        self._begun = time.monotonic() if self._urgent else max(job.began for job in jobs)
        if self._pace >= SLOW and len(self._urgent) < self.width:
            self._ahead.unfold()
        return jobs

    def _in_order(self, jobs: list[_Job]) -> Reply:
        failure = next((job.failure for job in jobs if job.failure is not None), None)
        if isinstance(failure, FunctionLost):
            whole = _answered(jobs)
            raise (TimeIsUp(whole) if isinstance(failure, TimeIsUp) else FunctionLost(str(failure), whole)) from failure
        if failure is not None:
            raise failure
        reply = _answered(jobs)
        for index, status in enumerate(reply.statuses.tolist()):
            self._in_a_row = self._in_a_row + 1 if status >= Status.TIMEOUT else 0
            if self._in_a_row == LOST_IN_A_ROW:
                told = reply.reasons.get(index, "the process died")
                reason = f"The function ended its process at {LOST_IN_A_ROW} points in a row; at the last one {told}."
                raise FunctionLost(reason, _first(reply, index + 1))
        return reply

    def _work(self, member: Member) -> None:
        """What a thread does all its life."""
        try:
            member.start()
            while (job := self._next_job()) is not None:
                self._do(job, member)
        except BaseException as failure:  # the others go on, while there are any
            with self._changed:
                self._missing.append(failure)
                self._changed.notify_all()
        finally:
            member.close()

    def _next_job(self) -> _Job | None:
        """Blocks until there is one; None at the end."""
        with self._changed:
            while not self._closing:
                if self._urgent:
                    self._begun = time.monotonic()
                    return self._urgent.popleft()
                job = self._foreseen_job()
                if job is not None:
                    return job
                self._changed.wait()
            return None

    def _foreseen_job(self) -> _Job | None:
        late = time.monotonic() - self._begun > START_BY * self._pace
        if not self._waiting or late or self._pace < SLOW:
            return None
        found = self._ahead.next(self._flying)
        if found is None:
            return None
        key, points = found
        self._flying[key] = job = _Job(points, [key], ahead=True, began=time.monotonic())
        return job

    def _do(self, job: _Job, member: Member) -> None:
        began = time.monotonic()
        failure: BaseException | None = None
        reply: Reply | None = None
        try:
            reply = member.ask(job.points)
        except BaseException as trouble:
            failure = trouble
        pace = (time.monotonic() - began) / len(job.points)
        with self._changed:
            self._pace = pace if self._pace == 0 else 0.8 * self._pace + 0.2 * pace
            job.reply, job.failure = reply, failure
            if job.ahead:
                key = job.keys[0]
                self._flying.pop(key, None)
                if reply is None:  # it will be asked again, if ever
                    self._ahead.shun(key)
                else:
                    self._ahead.learn(key, float(reply.values[0]))
                    self._ready[key] = job
                if len(self._ready) > self._kept:
                    del self._ready[next(iter(self._ready))]
                    self._forgotten += 1
            self._changed.notify_all()


def _answered(jobs: list[_Job]) -> Reply:
    """The answers to the first points, up to the first that has none."""
    replies: list[Reply] = []
    for job in jobs:
        if job.reply is None:
            break
        replies.append(job.reply)
    return joined(replies)


def _first(reply: Reply, n: int) -> Reply:
    reasons = {index: text for index, text in reply.reasons.items() if index < n}
    return Reply(reply.values[:n], reply.statuses[:n], reasons)
