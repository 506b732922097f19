"""The parent's side of the worker process: started, spoken to with deadlines, and always killed in the end.

    WorkerDied, WorkerHung    the process went or fell silent; both carry the answers received until then
    ProtocolViolation         it sent what no honest worker sends (`wire`)

Linux ends the worker when the *thread* that started it ends: keep a `WorkerProcess` in one thread that lives on.
"""

import subprocess
import time
from types import TracebackType

import numpy as np

from blackbox.core.asking import Points
from blackbox.core.errors import BlackboxError, ChallengeError, SafetyError
from blackbox.core.evaluations import Reply, TimeIsUp
from blackbox.loading import wire
from blackbox.loading.description import Description, read_description
from blackbox.loading.launch import WorkerOptions, kill, last_words, launch, threads_of
from blackbox.loading.pipes import LOOK_INTERVAL, PipeClosed, Pipes, PipeSilent
from blackbox.loading.printable import printable
from blackbox.loading.sandbox import insist
from blackbox.loading.styles import Call, CallStyle
from blackbox.loading.wire import Kind, ProtocolViolation, ValuesReader

__all__ = ["WorkerDied", "WorkerHung", "WorkerOptions", "WorkerProcess", "joined"]

FLUSH_INTERVAL = 0.010
"""Seconds that the worker may hold answers back: added to the time one evaluation may take."""
MAX_REASON_BYTES = wire.MAX_REASONS * (wire.REASON.size + wire.MAX_REASON)
MAX_THREADS = 1024
"""Of a worker. The kernel bounds an ordinary user's, but not root's; tens of thousands would stop the machine."""


class WorkerDied(BlackboxError):  # noqa: N818 - it says what happened
    """The process ended while it was asked. `partial` holds the answers that came before."""

    def __init__(self, what: str, partial: Reply, suspect: int | None) -> None:
        super().__init__(f"the process {what}")
        self.what, self.partial, self.suspect = what, partial, suspect
        """`suspect`: index of the point that was being evaluated, where that is known."""


class WorkerHung(WorkerDied):
    """One evaluation took longer than the call timeout; the process has been killed."""


class WorkerProcess:
    """One worker with one function. Not started before `load`; `close` kills it, whatever it does."""

    def __init__(self, options: WorkerOptions | None = None) -> None:
        self.options = options or WorkerOptions()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipes: Pipes | None = None
        self._sequence = 0
        self._asked: Call | CallStyle | None = None
        """The style of the last question, as it was given: the next one mostly has the very same."""
        self._call = Call(CallStyle.SCALARS)
        """What `_asked` means."""
        self._prepared: Call | None = None
        self._loaded: tuple[bytes, str | None] | None = None
        self._next_look = 0.0
        self.boot = wire.Boot(0)
        """What the running worker reports to have done to itself."""
        self.version = ""
        """Of its Python: `3.11.7`."""

    def __enter__(self) -> "WorkerProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Process id of the worker, None while there is none."""
        return None if self._process is None else self._process.pid

    def load(self, payload: bytes, entry: str | None = None) -> Description:
        """Start a fresh worker and have it unpickle the payload.

        Raises `ChallengeError` (the interpreter does not start; the payload is refused, kills or hangs its loader)
        and `SafetyError` (the worker is not locked as it should be, or breaks the protocol). The worker is closed then.
        """
        self.close()
        if len(payload) > self.options.payload:
            reason = f"The file holds {len(payload):,} bytes; at most {self.options.payload:,} are taken."
            raise ChallengeError(reason, "Allow more with --max-size.")
        self._loaded = payload, entry
        try:
            self._start()
            return self._hand_over(payload, entry)
        except BaseException:
            self.close()
            raise

    def reload(self) -> Description:
        """`load` the same payload again in a fresh process. Raises like `load`."""
        if self._loaded is None:
            raise RuntimeError("reload before load")
        return self.load(*self._loaded)

    def evaluate(self, points: Points, style: Call | CallStyle) -> Reply:
        """Values at points of shape (n, d): n evaluations.

        Raises `WorkerDied`, `WorkerHung`, `TimeIsUp` and `ProtocolViolation`; the worker is closed then, and at a
        Ctrl-C too.
        """
        if len(points) == 0:
            return _nothing()
        if self._pipes is None or self._sequence == 0:
            raise WorkerDied("is not running", _nothing(), None)
        try:
            if style is not self._asked:
                self._turn_to(self._pipes, style)
            rows = min(self.options.max_batch, max(1, wire.MAX_BODY // max(1, 8 * points.shape[1])))
            if len(points) <= rows:
                return self._evaluate(self._pipes, points, self._call)
            return self._evaluate_in_parts(self._pipes, points, self._call, rows)
        except BaseException:
            self.close()
            raise

    def kill(self) -> None:
        """SIGKILL from another thread: the one that asks meets a dead worker and closes it."""
        process = self._process
        if process is not None:
            kill(process)

    def close(self) -> None:
        """SIGKILL to the worker and to all of its group, wait, release every descriptor. Harmless when repeated."""
        process, pipes = self._process, self._pipes
        self._process, self._pipes, self._sequence = None, None, 0
        self._asked, self._prepared = None, None
        try:
            if process is not None:
                kill(process)
        finally:
            if pipes is not None:
                pipes.close()

    def _start(self) -> None:
        pipes = self._pipes = Pipes(self._look)
        self._process = launch(self.options, pipes)
        self._greet()

    def _greet(self) -> None:
        """Wait for READY, and insist on what a locked worker must report before it gets the payload."""
        assert self._pipes is not None
        try:
            facts, version = self._header(Kind.READY, 0, self._deadline_for_load())
        except PipeClosed as cause:
            raise self._stillborn() from cause
        except PipeSilent as cause:
            reason = f"The interpreter {self.options.python} did not start within {self.options.load_timeout:g} s."
            raise ChallengeError(reason, "Name another one with --python.") from cause
        # what the interpreter grumbled before it was silenced is no reason of a failure
        self._pipes.reasons(self.options.max_output)
        self.boot = wire.Boot(facts)
        insist(self.options.sandbox, self.boot)
        self.version = f"{version >> 24}.{version >> 16 & 0xFF}.{version >> 8 & 0xFF}"

    def _hand_over(self, payload: bytes, entry: str | None) -> Description:
        pipes = self._pipes
        assert pipes is not None
        name = (entry or "").encode()
        deadline = self._deadline_for_load()
        try:
            for part in (wire.load_header(1, payload, name), payload, name):
                pipes.send(part, deadline)
            size, _ = self._header(Kind.DESCRIPTION, 1, deadline)
            if size > wire.MAX_DESCRIPTION:
                raise ProtocolViolation("a description that is too long")
            body = pipes.receive_exactly(size, deadline)
        except PipeClosed as cause:
            words = self._last_words()
            raise ChallengeError(f"The process that loaded the file {words}: the file cannot be used here.") from cause
        except PipeSilent as cause:
            seconds = self.options.load_timeout
            raise ChallengeError(f"Loading the file took longer than {seconds:g} s and was stopped.") from cause
        self._sequence = 1
        return read_description(body, self.options.python)

    def _turn_to(self, pipes: Pipes, style: Call | CallStyle) -> None:
        """From here on questions are asked in this style."""
        self._call = Call.of(style)
        if self._call.style.prepared and self._call != self._prepared:
            self._prepare(pipes, self._call)
        self._asked = style

    def _prepare(self, pipes: Pipes, call: Call) -> None:
        """Let the worker import what the style needs, and learn the names, outside the time of any evaluation."""
        self._sequence += 1
        deadline = self._deadline_for_load()
        try:
            pipes.send(wire.prepare_frame(self._sequence, call), deadline)
            self._header(Kind.PREPARED, self._sequence, deadline)
        except PipeClosed as cause:
            raise WorkerDied(self._last_words(), _nothing(), None) from cause
        except PipeSilent as cause:
            raise WorkerHung("did not import numpy in time", _nothing(), None) from cause
        self._prepared = call

    def _evaluate(self, pipes: Pipes, points: Points, call: Call) -> Reply:
        self._sequence += 1
        timeout = self.options.call_timeout + FLUSH_INTERVAL
        reader = ValuesReader(self._sequence, len(points))
        try:
            now = time.monotonic()
            if now > self._next_look:
                self._look()
                self._next_look = now + LOOK_INTERVAL
            deadline = min(now + timeout, self.options.end.at)
            pipes.send(wire.evaluate_frame(self._sequence, call, points), deadline)
            data = pipes.receive(reader.room, deadline)
            whole = wire.read_whole(data, self._sequence, reader.total)
            if whole is not None:
                return whole
            while True:
                before = reader.received
                reader.feed(data)
                if reader.done:
                    break
                if reader.received > before:
                    deadline = min(time.monotonic() + timeout, self.options.end.at)
                data = pipes.receive(reader.room, deadline)
        except PipeClosed as cause:
            partial, suspect = self._salvage(pipes, reader)
            raise WorkerDied(self._last_words(), partial, suspect) from cause
        except PipeSilent as cause:
            partial, suspect = self._salvage(pipes, reader)
            if self.options.end.passed:
                raise TimeIsUp(partial) from cause
            raise WorkerHung(f"gave no answer within {self.options.call_timeout:g} s", partial, suspect) from cause
        return reader.reply(self._reasons(pipes, reader))

    def _evaluate_in_parts(self, pipes: Pipes, points: Points, call: Call, rows: int) -> Reply:
        replies: list[Reply] = []
        for first in range(0, len(points), rows):
            try:
                replies.append(self._evaluate(pipes, points[first : first + rows], call))
            except WorkerDied as trouble:
                suspect = None if trouble.suspect is None else trouble.suspect + first
                whole = joined([*replies, trouble.partial])
                raise type(trouble)(trouble.what, whole, suspect) from trouble
            except TimeIsUp as end:
                raise TimeIsUp(joined([*replies, end.partial])) from end
        return joined(replies)

    def _reasons(self, pipes: Pipes, reader: ValuesReader) -> dict[int, str]:
        if not reader.failures:
            return {}
        reasons = wire.read_reasons(pipes.reasons(MAX_REASON_BYTES + 1), self._sequence, reader.total)
        return {index: reason for index, reason in reasons.items() if index < reader.received}

    def _salvage(self, pipes: Pipes, reader: ValuesReader) -> tuple[Reply, int | None]:
        """What was received, and the point that was being evaluated, where the worker's word for it is possible."""
        try:
            reasons = self._reasons(pipes, reader)
        except ProtocolViolation:
            reasons = {}  # half a reason is what a dying worker leaves
        sequence, index = pipes.progress()
        known = sequence == self._sequence and reader.received <= index < reader.total
        return reader.reply(reasons), index if known else None

    def _header(self, kind: Kind, sequence: int, deadline: float) -> tuple[int, int]:
        assert self._pipes is not None
        return wire.read_header(self._pipes.receive_exactly(wire.HEADER.size, deadline), kind, sequence)

    def _look(self) -> None:
        """Raises `SafetyError` where the worker has grown as no honest one does."""
        if self._process is not None and threads_of(self._process) > MAX_THREADS:
            reason = f"The function started more than {MAX_THREADS} threads and was stopped."
            raise SafetyError(reason)

    def _deadline_for_load(self) -> float:
        return time.monotonic() + self.options.load_timeout

    def _last_words(self) -> str:
        assert self._process is not None
        return last_words(self._process)

    def _stillborn(self) -> ChallengeError:
        assert self._pipes is not None
        words = self._last_words()
        said = printable(self._pipes.reasons(self.options.max_output).strip().rpartition(b"\n")[2])
        reason = f"The interpreter {self.options.python} did not start: it {words}{': ' + said if said else ''}."
        return ChallengeError(reason, "Name another one with --python.")


def joined(replies: list[Reply]) -> Reply:
    """Several replies as one, in order."""
    if not replies:
        return _nothing()
    reasons: dict[int, str] = {}
    first = 0
    for reply in replies:
        reasons.update({first + index: reason for index, reason in reply.reasons.items()})
        first += len(reply.values)
    values = np.concatenate([reply.values for reply in replies])
    return Reply(values, np.concatenate([reply.statuses for reply in replies]), reasons)


def _nothing() -> Reply:
    return Reply.from_values(np.empty(0))
