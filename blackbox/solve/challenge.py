"""`blackbox.solve`: from a challenge file to an answer."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from blackbox import __version__
from blackbox.answer.answer import Answer, Confidence, History, Opened
from blackbox.core.bounds import Bounds
from blackbox.core.errors import ChallengeError
from blackbox.core.numbers import require_whole
from blackbox.core.stops import Stop
from blackbox.loading.calling import Calling, Unfound, discover
from blackbox.loading.description import Description
from blackbox.loading.files import read_challenge
from blackbox.loading.formats.compressed import unpack
from blackbox.loading.inspection import Inspection, inspect_bytes
from blackbox.loading.process import WorkerOptions, WorkerProcess
from blackbox.loading.sandbox import Sandbox, check_prefix, chosen
from blackbox.loading.wire import CallStyle
from blackbox.oracle.executors.worker import RestartingWorker, WorkerExecutor
from blackbox.oracle.journal import Facts, Journal
from blackbox.oracle.oracle import Limits, Observer, Oracle
from blackbox.solve.plan import Plan, check_start_inside, default_budget, read_bounds, read_seed, read_start
from blackbox.solve.run import run, with_challenge
from blackbox.solve.runs import FINISHED_FACT, open_journal

CALLING_FACT = "calling"


@dataclass(frozen=True, slots=True, eq=False)
class SolveOptions:
    """What `solve` may be told. Every field has the meaning of the option of that name."""

    budget: int | None = None
    time: float | None = None
    target: float | None = None
    seed: int = 0
    bounds: Any = None
    start: Sequence[float] | None = None
    dimension: int | None = None
    maximize: bool = False
    call: str | None = None
    entry: str | None = None
    call_timeout: float = 30.0
    load_timeout: float = 30.0
    memory: int = 4096
    max_size: int = 64
    sandbox: str = "strict"
    trust: str | None = None
    journal: Path | None = None
    resume: bool = False
    observer: Observer | None = None
    warn: Callable[[str], None] = field(default=lambda _: None)

    def __post_init__(self) -> None:
        Limits(self.budget, self.time, self.target)
        read_seed(self.seed)
        _worker_options(self, Sandbox.from_word(self.sandbox))
        if self.trust is not None:
            check_prefix(self.trust)
        if self.dimension is not None:
            require_whole("dimension", self.dimension, 1)
        read_start(self.start, self.dimension)
        read_bounds(self.bounds, self.dimension)
        if self.call is not None:
            CallStyle.from_word(self.call)


def solve(path: str | Path, **options: Any) -> Answer:
    """Find the global minimum of the function in a challenge file.

    The file is inspected without being run, then runs in a worker process of its own; it is never unpickled here.

    Parameters are the fields of `SolveOptions`, by keyword: `budget`, `time`, `target`, `seed`, `bounds`, `start`,
    `dimension`, `maximize`, `call`, `entry`, `call_timeout`, `load_timeout`, `memory` and
    `max_size` (MiB), `sandbox`, `trust`, `journal`, `resume`, `observer`, `warn`.

    Costs at most `budget` evaluations, those that find out how to call the function included. Raises
    `ChallengeError` (the file cannot be used), `UsageError` (options make no sense), `SafetyError` (the worker could
    not be locked, or broke its protocol).
    """
    wish = SolveOptions(**options)
    data = read_challenge(path)
    inspection = inspect_bytes(data, Path(path).name)
    if not inspection.usable:
        raise ChallengeError(_refusal(path, inspection), inspection.remedy)
    sandbox = chosen(wish.sandbox, wish.trust, inspection.sha256)
    journal = open_journal(wish.journal, wish.resume, _key(wish, inspection), wish.warn)
    try:
        worker = WorkerProcess(_worker_options(wish, sandbox))
        with worker:
            description = worker.load(unpack(data).data, wish.entry)
            return _solve_loaded(_Loaded(str(path), inspection, worker, description), journal, wish)
    finally:
        if journal is not None:
            journal.close()


def _worker_options(wish: SolveOptions, sandbox: Sandbox) -> WorkerOptions:
    return WorkerOptions(
        call_timeout=wish.call_timeout,
        load_timeout=wish.load_timeout,
        memory=wish.memory * 2**20,
        payload=wish.max_size * 2**20,
        sandbox=sandbox,
    )


@dataclass(frozen=True, slots=True)
class _Loaded:
    path: str
    inspection: Inspection
    worker: WorkerProcess
    description: Description


def _refusal(path: str | Path, inspection: Inspection) -> str:
    if inspection.remedy is not None and inspection.remedy.startswith("It "):
        return f"{path} cannot be used."
    return f"{path} cannot be used: {inspection.findings[0] if inspection.findings else inspection.container}"


def _key(wish: SolveOptions, inspection: Inspection) -> Facts:
    """Everything the questions of a run depend on."""
    return {
        "version": __version__,
        "sha256": inspection.sha256,
        "entry": wish.entry,
        "seed": int(wish.seed),
        "bounds": None if wish.bounds is None else repr(wish.bounds),
        "start": None if wish.start is None else [float(value) for value in wish.start],
        "dimension": wish.dimension,
        "call": wish.call,
        "maximize": wish.maximize,
    }


def _solve_loaded(loaded: _Loaded, journal: Journal | None, wish: SolveOptions) -> Answer:
    began = time.monotonic()
    restarting = RestartingWorker(loaded.worker)
    calling = _calling(loaded, restarting, journal, wish)
    if isinstance(calling, Unfound):
        return _without_a_call(loaded, calling, wish, time.monotonic() - began)
    plan = _plan(wish, calling.dimension)
    oracle = Oracle(
        WorkerExecutor(restarting, calling.style),
        plan.limits,
        maximize=wish.maximize,
        journal=journal,
        observer=wish.observer,
        spent=calling.trials,
    )
    answer = run(plan, oracle)
    if journal is not None and answer.stop in (Stop.CONVERGED, Stop.UNBOUNDED, Stop.INFIMUM):
        journal.record({FINISHED_FACT: True})
    return with_challenge(answer, _opened(loaded, calling))


def _plan(wish: SolveOptions, dimension: int) -> Plan:
    bounds = read_bounds(wish.bounds, dimension) or Bounds.unbounded(dimension)
    start = read_start(wish.start, dimension)
    check_start_inside(start, bounds)
    budget = wish.budget if wish.budget is not None else default_budget(dimension)
    return Plan(bounds, start, wish.seed, wish.maximize, Limits(budget, wish.time, wish.target))


def _calling(
    loaded: _Loaded, worker: RestartingWorker, journal: Journal | None, wish: SolveOptions
) -> Calling | Unfound:
    """How to call the function: from the journal, where it was found out before, else by discovery."""
    known = None if journal is None else journal.facts().get(CALLING_FACT)
    if known is not None:
        style = CallStyle.from_word(known["style"])
        return Calling(style, known["dimension"], known["trials"], known["note"], known["text"])
    style = None if wish.call is None else CallStyle.from_word(wish.call)
    found = discover(worker.ask, loaded.description, wish.dimension, style)
    if journal is not None and isinstance(found, Calling):
        journal.record({CALLING_FACT: {**asdict(found), "style": found.style.word}})
    return found


def _opened(loaded: _Loaded, calling: Calling | None) -> Opened:
    inspection = loaded.inspection
    return Opened(
        path=loaded.path,
        sha256=inspection.sha256,
        format=inspection.container,
        python=inspection.python,
        call="unknown" if calling is None else calling.text,
        dimension=None if calling is None else calling.dimension,
        note="" if calling is None else calling.note or "",
    )


def _without_a_call(loaded: _Loaded, unfound: Unfound, wish: SolveOptions, seconds: float) -> Answer:
    """The answer of a function that gave no number however it was called."""
    remedy = "give --dimension if you know it" if wish.dimension is None else "check --dimension"
    return Answer(
        x=None,
        value=float("nan"),
        stop=Stop.NO_FINITE_VALUE,
        reason=f"none of {unfound.trials} trial calls gave a finite number ({unfound.reason.rstrip('.')}): {remedy}",
        evaluations=unfound.trials,
        failed_evaluations=unfound.trials,
        failures={unfound.reason: unfound.trials},
        seconds=seconds,
        seed=wish.seed,
        maximize=wish.maximize,
        minima=(),
        checks=(),
        confidence=Confidence(0, 0, None, "nothing was found"),
        noise=0.0,
        bounds=None,
        history=History(np.empty(0, dtype=np.int64), np.empty((0, 0)), np.empty(0)),
        challenge=_opened(loaded, None),
    )
