"""Whoever answers for a challenge: the worker, a program, or an oracle behind HTTP, and how it wants to be called."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from blackbox.core.asking import Points
from blackbox.core.errors import OptionError, SafetyError
from blackbox.core.evaluations import Reply
from blackbox.loading.calling import Calling, CallStyle, CallWish, Unfound, discover
from blackbox.loading.conditions import ANYWHERE, Conditions
from blackbox.loading.description import Description
from blackbox.loading.launch import WorkerOptions
from blackbox.loading.opening import Challenge
from blackbox.loading.process import WorkerProcess
from blackbox.loading.program import ProgramProcess
from blackbox.loading.sandbox import Sandbox
from blackbox.loading.styles import Call
from blackbox.oracle.executors.crew import Crew
from blackbox.oracle.executors.executor import Executor
from blackbox.oracle.executors.worker import Asked, Hand, RestartingWorker, WorkerExecutor

BRIEFLY = 2.0
"""Seconds that a program may be silent at first, while the number of its inputs is looked for."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A challenge that is being asked."""

    challenge: Challenge
    asked: Asked
    description: Description
    another: Callable[[], tuple[RestartingWorker, Callable[[], object]]] | None = None
    """A further worker for the same function, and what loads it there; None where there can be one alone."""
    outside: bool = False
    """It takes points as lines or as JSON, and has no signature."""
    program: ProgramProcess | None = None
    """The program, where it is one."""

    def calling(self, dimension: int | None, wish: CallWish, conditions: Conditions = ANYWHERE) -> Calling | Unfound:
        """How to call it, found with as few evaluations as may be. Raises like `discover`."""
        if not self.outside:
            return discover(self.asked.ask, self.description, dimension, wish, conditions)
        if wish.style not in (None, CallStyle.LIST):
            raise OptionError("call", wish.text, "is for functions; this challenge takes each point as a list")
        told = self.description.stated
        if told is not None and dimension not in (None, told):
            raise OptionError("dimension", dimension, f"must be {told}, as its description says")
        d = dimension or told or conditions.told
        if d is not None:
            return Calling(CallStyle.LIST, d, 0, None, self._text, (), wish.integers)
        wish = replace(wish, style=CallStyle.LIST)
        if self.program is None:
            found = discover(self.asked.ask, self.description, None, wish, conditions)
        else:
            search = partial(discover, self._ask_afresh, self.description, None, wish)
            found = _discover_program(self.program, search, conditions)
        return replace(found, text=self._text) if isinstance(found, Calling) else found

    def _ask_afresh(self, points: Points, style: Call | CallStyle) -> Reply:
        """In a process that has read no number before: `scanf` would go on with those left over from a longer line."""
        assert isinstance(self.asked, RestartingWorker)
        reply = self.asked.one_of_many().ask(points, style)
        if not reply.statuses.all():  # a complaint has read its line
            self.asked.close()
        return reply

    @contextmanager
    def executor(self, call: Call, workers: int, maximize: bool) -> Generator[Executor]:
        """Whoever answers, `workers` at a time. Raises `OptionError` where there can be one alone."""
        if workers == 1:
            yield WorkerExecutor(self.asked, call)
            return
        if self.another is None or not isinstance(self.asked, RestartingWorker):
            raise OptionError("workers", workers, "an oracle over HTTP is asked one question at a time")
        further = [self.another() for _ in range(workers - 1)]
        first = Hand(self.asked.one_of_many(), call, lambda: None)
        crew = Crew([first, *(Hand(worker, call, begin) for worker, begin in further)], maximize=maximize)
        try:
            yield crew
        finally:
            crew.close()

    @property
    def _text(self) -> str:
        web = self.challenge.content.web
        if web is None:
            return "a line of numbers"
        return f"{web.method} {', '.join(web.names) or web.points or web.point}"


def _discover_program(
    program: ProgramProcess, search: Callable[[Conditions], Calling | Unfound], conditions: Conditions
) -> Calling | Unfound:
    """How many numbers it reads: silence tells that it waits for more, but for a slow one only after its full time."""
    patience = program.timeout
    program.timeout = min(BRIEFLY, patience)
    try:
        found = search(replace(conditions, hushed=True))
    finally:
        program.timeout = patience
    if isinstance(found, Calling) or patience <= BRIEFLY:
        program.close()
        return found
    slow = search(conditions)
    program.close()
    return replace(slow, trials=slow.trials + found.trials)


def check_freedom(challenge: Challenge, sandbox: Sandbox) -> None:
    """Raises `SafetyError` where the challenge may not run in the sandbox given."""
    digest = challenge.inspection.sha256
    if challenge.content.unlocked and sandbox is Sandbox.STRICT:
        raise SafetyError(
            f"{challenge.shown} cannot run in the strict sandbox, as {challenge.content.unlocked}: if you trust its "
            f"sender, say --sandbox basic, or --trust {digest[:12]}."
        )


@contextmanager
def load(challenge: Challenge, options: WorkerOptions) -> Generator[Loaded]:
    """Whoever answers, ready to be asked, and let go in the end. Raises `ChallengeError`."""
    web, content = challenge.content.web, challenge.content
    if web is not None:
        from blackbox.oracle.executors.http import HttpOracle

        oracle = HttpOracle(web, options)
        yield Loaded(challenge, oracle, _plain("oracle", challenge, web.inputs), outside=True)
    elif content.program:
        assert challenge.path is not None
        path = challenge.path
        process = ProgramProcess(path, options)
        process.reload()

        def another_program() -> tuple[RestartingWorker, Callable[[], object]]:
            further = ProgramProcess(path, options)
            return RestartingWorker(further).one_of_many(), further.reload

        try:
            told = _plain("program", challenge, None)
            yield Loaded(challenge, RestartingWorker(process), told, another_program, outside=True, program=process)
        finally:
            process.close()
    else:
        payload, entry = content.payload, content.entry
        assert payload is not None

        def another_worker() -> tuple[RestartingWorker, Callable[[], object]]:
            further = WorkerProcess(options)
            return RestartingWorker(further).one_of_many(), lambda: further.load(payload, entry)

        with WorkerProcess(options) as worker:
            description = worker.load(payload, entry)
            yield Loaded(challenge, RestartingWorker(worker), description, another_worker)


def _plain(kind: str, challenge: Challenge, stated: int | None) -> Description:
    return Description(kind, challenge.shown, None, (), stated, numpy=False)
