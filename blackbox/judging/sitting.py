"""A sitting: one solution in its locked process, asking a secret function in another. All counting is done here.

Budget, clock, best-so-far and what is remembered of every question live in this process alone; the solution's has
none of them. Whatever the solution does ends its own sitting and nothing else.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from blackbox.core.asking import Floats, Point, Points, Values
from blackbox.judging.secret import Secret
from blackbox.loading.candidate_process import CandidateGone, CandidateProcess, End
from blackbox.loading.sandbox import Sandbox
from blackbox.loading.solution_wire import Asked, Raised, Returned, Task, Trouble

ATTEMPTS = 10
"""A process that dies of a signal that anybody may have sent is tried again so often in all."""
REFUSALS = 1
"""Questions past the budget that are answered with `BudgetSpent` before the solution is stopped: after the first one
its own process knows, and asks once more only where it is called past all patience (`candidate.PATIENCE`)."""


class Outcome(StrEnum):
    """How a call ended."""

    RETURNED = "returned"
    SPENT = "spent"
    """`BudgetSpent` went through the solution: it has no result, and its best point so far is known here."""
    WRONG = "wrong-result"
    RAISED = "raised"
    TIME = "time"
    DIED = "died"
    BROKE = "broke-protocol"
    MISSING = "missing"
    """The entry is not defined."""
    UNREADABLE = "unreadable"
    """The file itself cannot be run."""


@dataclass(slots=True, eq=False)
class Sitting:
    """What one call came to."""

    task: Task
    outcome: Outcome = Outcome.RETURNED
    detail: str = ""
    """One sentence of what went wrong."""
    result: Floats | None = None
    """Shape `(d,)`."""
    mutated: bool = False
    asked: list[Point] = field(default_factory=list[Point])
    answers: list[float] = field(default_factory=list[float])
    refused: int = 0
    seconds: float = 0.0

    @property
    def evaluations(self) -> int:
        """How many the solution was charged with."""
        return len(self.asked)

    @property
    def points(self) -> Points:
        """All that was asked, shape `(n, d)`."""
        return np.array(self.asked, dtype=np.float64).reshape(len(self.asked), self.task.dimension)

    @property
    def values(self) -> Values:
        """What was answered, shape `(n,)`."""
        return np.array(self.answers, dtype=np.float64)

    @property
    def best(self) -> tuple[Point, float] | None:
        """The lowest value that was answered, and where; None while there is none."""
        values = self.values
        if not np.isfinite(values).any():
            return None
        index = int(np.nanargmin(values))
        return self.asked[index], float(values[index])

    @property
    def in_shape(self) -> bool:
        """Whether the result is a finite point or gradient of the function's inputs."""
        found = self.result
        return found is not None and found.size == self.task.dimension and bool(np.isfinite(found).all())


def inside(task: Task, point: Point) -> bool:
    """Whether a point lies within the bounds of a task, where it has any."""
    if task.bounds is None:
        return True
    low, high = np.array(task.bounds).T
    return bool(((point >= low) & (point <= high)).all())


@dataclass(frozen=True, slots=True)
class Rules:
    """What each solution is given."""

    seconds: float = 10.0
    """Of processor time, for all calls of a sitting."""
    sandbox: Sandbox = Sandbox.STRICT


def sit(source: bytes, calls: Sequence[tuple[Task, Secret]], rules: Rules) -> list[Sitting]:
    """The calls one after the other in one fresh process of the solution: as many sittings.

    After a call that ends the process the others end the same way. Raises `SafetyError` where the process cannot be
    locked, `FunctionLost` where the secret function dies at what it is asked.
    """
    for _ in range(ATTEMPTS - 1):
        sittings, killed = _attempt(source, calls, rules)
        if not killed:
            return sittings
    return _attempt(source, calls, rules)[0]


def _attempt(source: bytes, calls: Sequence[tuple[Task, Secret]], rules: Rules) -> tuple[list[Sitting], bool]:
    sittings = [Sitting(task) for task, _ in calls]
    calls = [(task, replace(secret)) for task, secret in calls]  # the noise of each attempt is the same
    with CandidateProcess(rules.seconds, rules.sandbox) as process:
        number = 0
        try:
            defined, complaint = process.load(source)
            for number, (sitting, (_, secret)) in enumerate(zip(sittings, calls, strict=True)):
                if complaint is not None:
                    _end(sittings[number:], Outcome.UNREADABLE, f"solution.py cannot be run: {complaint.sentence}")
                    break
                if sitting.task.entry not in defined:
                    sitting.outcome, sitting.detail = Outcome.MISSING, f"it defines no {sitting.task.entry}"
                else:
                    _one_call(process, sitting, secret)
        except CandidateGone as gone:
            _end(sittings[number:], _OUTCOMES[gone.end], gone.what)
            return sittings, gone.end is End.KILLED
    return sittings, False


def _end(sittings: list[Sitting], outcome: Outcome, detail: str) -> None:
    for sitting in sittings:
        sitting.outcome, sitting.detail = outcome, detail


def _one_call(process: CandidateProcess, sitting: Sitting, secret: Secret) -> None:
    began = time.monotonic()
    try:
        process.begin(sitting.task)
        while isinstance(said := process.hear(), Asked):
            _answer(process, sitting, secret, said.point)
    finally:
        sitting.seconds = time.monotonic() - began
    if isinstance(said, Returned):
        sitting.result, sitting.mutated = said.numbers, said.mutated
    else:
        _complain(sitting, said)


def _answer(process: CandidateProcess, sitting: Sitting, secret: Secret, point: Point) -> None:
    if sitting.evaluations >= sitting.task.budget:
        sitting.refused += 1
        if sitting.refused > REFUSALS:
            raise CandidateGone(End.BROKE, "went on and on asking after its budget was spent")
        process.answer(0.0, True, sitting.evaluations, 0.0)
        return
    began = time.monotonic()
    value = secret.value(point)
    sitting.asked.append(point)
    sitting.answers.append(value)
    process.answer(value, False, sitting.evaluations, time.monotonic() - began)


def _complain(sitting: Sitting, said: Raised) -> None:
    sitting.outcome = {
        Trouble.SPENT: Outcome.SPENT,
        Trouble.WRONG: Outcome.WRONG,
        Trouble.RAISED: Outcome.RAISED,
    }[said.kind]
    words = {Trouble.SPENT: "BudgetSpent went through it: ", Trouble.WRONG: "it ", Trouble.RAISED: "it raised "}
    sitting.detail = words[said.kind] + said.sentence


_OUTCOMES = {
    End.TIME: Outcome.TIME,
    End.DIED: Outcome.DIED,
    End.KILLED: Outcome.DIED,
    End.BROKE: Outcome.BROKE,
}
