"""Textbook walks on a real oracle: `blackbox.descend`, `blackbox.learning_rates`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from blackbox.core.asking import Event, Point, Step
from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError, UsageError
from blackbox.core.quiet import quietly
from blackbox.core.stops import Stop
from blackbox.descent.catalogue import Method, method
from blackbox.descent.ground import Kit
from blackbox.descent.learning_rates import RateStudy, RateWalk
from blackbox.descent.learning_rates import learning_rates as walk_at_each
from blackbox.descent.stopping import Rules, WalkStop, until
from blackbox.oracle.executors.executor import Executor
from blackbox.oracle.executors.in_process import InProcess
from blackbox.oracle.oracle import Limits, Oracle
from blackbox.solve.plan import check_start_inside, read_bounds, read_seed, read_start

DEFAULT_BUDGET = 1_000_000
"""Evaluations of one walk where none are given: a walk that never settles ends some day."""

_STOPS = {Stop.BUDGET: WalkStop.BUDGET, Stop.TIME: WalkStop.TIME}


@dataclass(frozen=True, slots=True, eq=False)
class WalkOptions:
    """What a walk may be told. Every field has the meaning of the option of that name."""

    method: str = "gradient-descent"
    learning_rate: float = 0.1
    momentum: float = 0.9
    target: float | None = None
    """In the function's own sign."""
    tolerance: float | None = None
    slope: float | None = None
    patience: int | None = None
    steps: int | None = 1000
    step: float | None = None
    """Of the differences; for a walk without slopes its first stride."""
    halvings: int = 0
    difference: str = "central"
    bounds: Any = None
    budget: int | None = None
    time: float | None = None
    seed: int = 0
    maximize: bool = False
    read: Method = field(init=False)

    def __post_init__(self) -> None:
        chosen = method(self.method)
        object.__setattr__(self, "read", chosen)
        if chosen.ascends and self.maximize:
            raise OptionError("maximize", True, f"{self.method} climbs already")
        read_seed(self.seed)
        self.limits()
        self.rules()

    def limits(self) -> Limits:
        """What the oracle watches."""
        return Limits(DEFAULT_BUDGET if self.budget is None else self.budget, self.time)

    def rules(self) -> Rules:
        """What the walk watches, in the sign in which it sees the function."""
        target = None if self.target is None else (-self.target if self.maximize else self.target)
        return Rules(target, self.tolerance, self.slope, self.patience, self.steps, self.read.ascends)

    def kit(self, bounds: Bounds) -> Kit:
        """The options that the method reads."""
        stride = 1.0 if self.step is None else self.step
        return Kit(
            bounds,
            np.random.default_rng(self.seed),
            learning_rate=self.learning_rate,
            momentum=self.momentum,
            stride=stride,
            halvings=self.halvings,
            difference=self.difference,
            step=self.step,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Trail:
    """A whole walk; values in the function's own sign."""

    method: str
    steps: tuple[Step, ...]
    """Step 0 is the start; empty where the start itself gave no number."""
    stop: WalkStop
    reason: str
    evaluations: int

    @property
    def point(self) -> Point:
        """The last iterate, shape `(d,)`."""
        return self.steps[-1].point

    @property
    def value(self) -> float:
        """Of the last iterate."""
        return self.steps[-1].value


def descend(fun: Callable[[Point], Any], start: Any, method: str = "gradient-descent", **options: Any) -> Trail:
    """One textbook walk on a function of an array of shape `(d,)`, from `start`, as a whole.

    `method` is a name of `blackbox.descent.catalogue`; the options are the fields of `WalkOptions`. Raises
    `OptionError` for options that make no sense, never for what the function does.
    """
    if not callable(fun):
        raise UsageError(f"fun must be callable, not {type(fun).__name__}.")
    return walk_on(InProcess(fun), start, WalkOptions(method, **options))


def walk_on(executor: Executor, start: Any, options: WalkOptions, spent: int = 0) -> Trail:
    """The walk, asked through an executor; `spent` evaluations were made before."""
    point, box = _ground(start, options)
    steps: list[Step] = []
    sign = -1.0 if options.maximize else 1.0

    def observe(_oracle: Oracle, event: Event | None) -> None:
        if isinstance(event, Step):
            steps.append(replace(event, value=sign * event.value))

    oracle = Oracle(executor, options.limits(), maximize=options.maximize, observer=observe, spent=spent)
    drive = oracle.drive(quietly(until(options.read.walk(point, options.kit(box)), options.rules())))
    if drive.result is not None:
        stop = drive.result.stop
        reason = stop.sentence if steps else "the start gave no number"
    else:
        stop = _STOPS.get(drive.stop or Stop.INTERRUPTED, WalkStop.INTERRUPTED)
        reason = drive.detail
    return Trail(options.method, tuple(steps), stop, reason, oracle.evaluations)


def learning_rates(
    fun: Callable[[Point], Any], start: Any, rates: Sequence[float], steps: int = 10, **options: Any
) -> RateStudy:
    """The same walk at each learning rate, `steps` steps each; options as for `descend`."""
    return study_rates(InProcess(fun), start, rates, WalkOptions(steps=steps, **options))[0]


def study_rates(
    executor: Executor, start: Any, rates: Sequence[float], options: WalkOptions, spent: int = 0
) -> tuple[RateStudy, int]:
    """The study and its evaluations. Raises `UsageError` where the budget or the time ends it early."""
    point, box = _ground(start, options)
    kits = [replace(options, learning_rate=rate).kit(box) for rate in rates]
    flipped = options.maximize or options.read.ascends
    walk = method("gradient-descent").walk if options.read.ascends else options.read.walk
    oracle = Oracle(executor, options.limits(), maximize=flipped, spent=spent)
    drive = oracle.drive(quietly(walk_at_each(walk, point, rates, kits, options.steps or 10)))
    if drive.result is None:
        raise UsageError(f"The study was cut short: {drive.detail}.")
    study = drive.result
    if not flipped:
        return study, oracle.evaluations
    walks = [
        RateWalk(one.learning_rate, one.kind, tuple(replace(step, value=-step.value) for step in one.steps))
        for one in study.walks
    ]
    return RateStudy(tuple(walks), study.recommended), oracle.evaluations


def _ground(start: Any, options: WalkOptions) -> tuple[Point, Bounds]:
    point = read_start(start, None)
    if point is None:
        raise OptionError("start", start, "must be given")
    box = read_bounds(options.bounds, point.size) or Bounds.unbounded(point.size)
    check_start_inside(point, box)
    return point, box
