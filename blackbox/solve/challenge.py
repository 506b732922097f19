"""`blackbox.solve`: from a challenge file to an answer."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from blackbox import __version__
from blackbox.answer.answer import Answer, Confidence, History, Opened
from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError
from blackbox.core.evaluations import Reply, Status
from blackbox.core.numbers import require_whole
from blackbox.core.stops import Stop
from blackbox.loading.calling import Calling, CallStyle, CallWish, Unfound
from blackbox.loading.conditions import Conditions
from blackbox.loading.launch import WorkerOptions
from blackbox.loading.opening import Challenge
from blackbox.loading.printable import counted
from blackbox.oracle.journal import Facts, Journal, JournalError
from blackbox.oracle.oracle import CALLING, Limits, Observer, Oracle
from blackbox.solve.asking import Loaded, load
from blackbox.solve.opening import OpenOptions, look
from blackbox.solve.plan import (
    Plan,
    check_start_inside,
    default_budget,
    read_bounds,
    read_seed,
    read_start,
    whole_bounds,
)
from blackbox.solve.run import run, search_of, with_challenge
from blackbox.solve.runs import FINISHED_FACT, open_journal
from blackbox.solve.whole import in_whole_numbers

PATIENCE = 10.0
"""Seconds that loading may take in any case: a search of one second waits so long for its function."""
MOST_WORKERS = 256
"""Each is a process with an interpreter of its own."""

CALLING_FACT, TIMEOUT_FACT = "calling", "call_timeout"


@dataclass(frozen=True, slots=True, eq=False)
class SolveOptions(OpenOptions):
    """What `solve` may be told beside how to open it. Every field has the meaning of the option of that name."""

    budget: int | None = None
    time: float | None = None
    target: float | None = None
    seed: int = 0
    bounds: Any = None
    start: Sequence[float] | None = None
    maximize: bool = False
    journal: str | Path | None = None
    resume: bool = False
    workers: int = 1
    observer: Observer | None = None
    warn: Callable[[str], None] = field(default=lambda _: None)

    def __post_init__(self) -> None:
        Limits(self.budget, self.time, self.target)
        read_seed(self.seed)
        if require_whole("workers", self.workers, 1) > MOST_WORKERS:
            raise OptionError("workers", self.workers, f"must be {MOST_WORKERS} at most")
        OpenOptions.__post_init__(self)
        read_start(self.start, self.dimension)
        read_bounds(self.bounds, self.dimension)

    def within(self, worker: WorkerOptions) -> WorkerOptions:
        """The worker of a run that must end in time: it waits for no file much longer than the whole run may take."""
        if self.time is None:
            return worker
        return replace(worker, load_timeout=min(worker.load_timeout, max(self.time, PATIENCE)))


def solve(path: str | Path, **options: Any) -> Answer:
    """Find the global minimum of the function in a challenge.

    `path` is a file, `FILE.py:NAME`, `module:NAME`, an expression such as `"(x - 2.5)**2"`, or an `http(s)://` address.
    It is inspected without being run, then runs in a process of its own; it is never unpickled here.

    Parameters are the fields of `SolveOptions`, by keyword: `budget`, `time`, `target`, `seed`, `bounds`, `start`,
    `dimension`, `maximize`, `call`, `entry`, `python`, `sandbox`, `trust`, `call_timeout`, `load_timeout`, `memory` and
    `max_size` (MiB), `max_opcodes`, `max_batch`, `max_output` (KiB), `journal`, `resume`, `workers`, `observer`,
    `warn`.

    `workers` processes share every question, and evaluate ahead where they are idle; the answer is the same for any
    number of them, as long as the function remembers nothing from call to call.

    Costs at most `budget` evaluations, those that find out how to call the function included. Raises
    `ChallengeError` (the challenge cannot be used), `UsageError` (options make no sense), `SafetyError` (the worker
    could not be locked or broke its protocol, or the challenge needs more freedom than it is given).
    """
    wish = SolveOptions(**options)
    challenge, worker = look(path, wish)
    place = None if wish.journal is None else Path(wish.journal)
    journal = open_journal(place, wish.resume, _key(wish, challenge), wish.warn)
    try:
        worker = wish.within(worker)
        with load(challenge, worker) as loaded:
            began = time.monotonic()
            if wish.time is not None:
                worker.end.at = began + wish.time
            return _solve_loaded(loaded, journal, wish, began)
    finally:
        if journal is not None:
            _close(journal, wish)


def _close(journal: Journal, wish: SolveOptions) -> None:
    """A full disk at the very end must not cost the answer."""
    try:
        journal.close()
    except JournalError as failure:
        wish.warn(str(failure))


def _key(wish: SolveOptions, challenge: Challenge) -> Facts:
    """Everything the questions of a run depend on."""
    return {
        "version": __version__,
        "sha256": challenge.inspection.sha256,
        "format": challenge.inspection.container,
        "entry": challenge.entry,
        "python": wish.python,
        "seed": int(wish.seed),
        "bounds": None if wish.bounds is None else repr(wish.bounds),
        "start": None if wish.start is None else [float(value) for value in wish.start],
        "dimension": wish.dimension,
        "call": wish.call,
        "maximize": wish.maximize,
    }


def _solve_loaded(loaded: Loaded, journal: Journal | None, wish: SolveOptions, began: float) -> Answer:
    calling = _calling(loaded, journal, wish)
    if isinstance(calling, Unfound):
        return _without_a_call(loaded, calling, wish, time.monotonic() - began)
    plan = _plan(wish, calling)
    known = 0 if journal is None else _first_answer_known(journal, calling, plan)
    if journal is not None:
        _tell_of_timeouts(journal, wish)
    with loaded.executor(calling.call, wish.workers, wish.maximize) as executor:
        oracle = Oracle(
            executor,
            plan.limits,
            maximize=wish.maximize,
            journal=journal,
            observer=wish.observer,
            spent=calling.trials - known,
            began=began,
        )
        answer = run(plan, oracle)
    if journal is not None and answer.stop in (Stop.CONVERGED, Stop.UNBOUNDED, Stop.INFIMUM):
        journal.record({FINISHED_FACT: True})
    answer = in_whole_numbers(answer) if calling.integers else answer
    return with_challenge(answer, _opened(loaded, calling))


def _plan(wish: SolveOptions, calling: Calling) -> Plan:
    dimension = calling.dimension
    bounds = read_bounds(wish.bounds, dimension) or Bounds.unbounded(dimension)
    bounds = whole_bounds(bounds) if calling.integers else bounds
    start = read_start(wish.start, dimension)
    check_start_inside(start, bounds)
    budget = wish.budget if wish.budget is not None else default_budget(dimension)
    limits = Limits(budget, wish.time, wish.target)
    return Plan(bounds, start, wish.seed, wish.maximize, limits, calling.integers)


def _first_answer_known(journal: Journal, calling: Calling, plan: Plan) -> int:
    """1 where the trial that worked was the search's own first question: its answer is journalled, not asked again."""
    if calling.value is None:
        return 0
    search = search_of(plan)
    first = next((question for question in search if isinstance(question, np.ndarray)), None)
    search.close()
    if first is None or not np.array_equal(first, [calling.point]):
        return 0
    if not len(journal.stored().points):
        journal.append(first, Reply.from_values(np.array([calling.value])))
        journal.flush()
    return 1


def _calling(loaded: Loaded, journal: Journal | None, wish: SolveOptions) -> Calling | Unfound:
    """How to call the function: from the journal, where it was found out before, else by discovery."""
    known = None if journal is None else journal.facts().get(CALLING_FACT)
    if known is not None:
        fields: Facts = {name: tuple(known.get(name, ())) for name in ("names", "held", "point")}
        fields["style"] = CallStyle.from_word(known["style"])
        return Calling(**{**known, **fields})
    conditions = Conditions(read_bounds(wish.bounds, None), read_start(wish.start, None))
    found = loaded.calling(wish.dimension, CallWish.from_text(wish.call), conditions)
    if journal is not None and isinstance(found, Calling):
        journal.record({CALLING_FACT: {**asdict(found), "style": found.style.word}})
    return found


def _tell_of_timeouts(journal: Journal, wish: SolveOptions) -> None:
    """A time-out that was journalled stays one, as the search has gone on from it; who gives more time must know."""
    known = journal.facts().get(TIMEOUT_FACT)
    if known is None:
        journal.record({TIMEOUT_FACT: wish.call_timeout})
    elif wish.call_timeout > known:
        late = int(np.count_nonzero(journal.stored().reply.statuses == Status.TIMEOUT))
        if late:
            wish.warn(
                f"{counted(late, 'evaluation', 'evaluations')} in the journal took longer than {known:g} s and stay "
                f"failed: the search has gone on from there. To give each {wish.call_timeout:g} s, start anew, without "
                "--resume."
            )


def _opened(loaded: Loaded, calling: Calling | None) -> Opened:
    inspection = loaded.challenge.inspection
    return Opened(
        path=loaded.challenge.shown,
        sha256=inspection.sha256,
        format=inspection.container,
        python=inspection.python,
        call="unknown" if calling is None else calling.text,
        dimension=None if calling is None else calling.dimension,
        note="" if calling is None else calling.note or "",
        held=() if calling is None else calling.held,
        widening="" if calling is None else calling.widening,
    )


def _without_a_call(loaded: Loaded, unfound: Unfound, wish: SolveOptions, seconds: float) -> Answer:
    """The answer of a function that gave no number however it was called, or whose trial calls took all the time."""
    remedy = "give --dimension if you know it" if wish.dimension is None else "check --dimension"
    reason = f"none of {unfound.trials} trial calls gave a finite number ({unfound.reason.rstrip('.')}): {remedy}"
    if unfound.seen:
        reason = f"the time of {wish.time:g} s is up, and all of it went into finding out how to call it: {remedy}"
    best, value = min(unfound.seen, key=lambda pair: -pair[1] if wish.maximize else pair[1], default=(None, np.nan))
    failed = unfound.trials - len(unfound.seen)
    return Answer(
        x=best,
        value=value,
        stop=Stop.TIME if unfound.seen else Stop.NO_FINITE_VALUE,
        reason=reason,
        evaluations=unfound.trials,
        failed_evaluations=failed,
        failures={unfound.reason: failed} if failed else {},
        seconds=seconds,
        seed=wish.seed,
        maximize=wish.maximize,
        minima=(),
        checks=(),
        confidence=Confidence(0, 0, None, "nothing was found"),
        noise=0.0,
        bounds=None,
        history=History(np.empty(0, dtype=np.int64), np.empty((0, 0)), np.empty(0)),
        effort={CALLING: unfound.trials},
        challenge=_opened(loaded, None),
    )
