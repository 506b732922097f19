"""Textbook walks on a real oracle: `blackbox.descend`, `blackbox.learning_rates`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import numpy as np

from blackbox.core.asking import Event, Halt, Point, Points, Step
from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError, UsageError
from blackbox.core.numbers import require_whole
from blackbox.core.quiet import quietly
from blackbox.core.stops import Stop
from blackbox.descent.borrowed import neighbour_descent
from blackbox.descent.catalogue import Method, method
from blackbox.descent.ground import Kit
from blackbox.descent.learning_rates import RateStudy, study_of
from blackbox.descent.learning_rates import learning_rates as walk_at_each
from blackbox.descent.restarts import Found, random_starts, restarts, tell_apart
from blackbox.descent.stopping import Ended, Rules, WalkStop
from blackbox.oracle.executors.executor import Executor
from blackbox.oracle.executors.in_process import InProcess
from blackbox.oracle.executors.vectorised import Vectorised
from blackbox.oracle.oracle import Limits, Oracle
from blackbox.solve.calculus import ask
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
    diagonals: bool = False
    difference: str = "central"
    bounds: Any = None
    budget: int | None = None
    time: float | None = None
    seed: int = 0
    maximize: bool = False
    restarts: int | None = None
    """Walks in all: one from the start given, the others from random ones. None: one walk, and no basins."""
    read: Method = field(init=False)

    def __post_init__(self) -> None:
        chosen = method(self.method)
        object.__setattr__(self, "read", chosen)
        if chosen.ascends and self.maximize:
            raise OptionError("maximize", True, f"{self.method} climbs already")
        if self.diagonals and chosen.walk is not neighbour_descent:
            raise OptionError("diagonals", True, f"{self.method} asks no neighbours: only neighbour-descent does")
        if self.restarts is not None:
            require_whole("restarts", self.restarts, 1)
        if self.step is not None and not 0 < self.step < np.inf:
            raise OptionError("step", self.step, "must be positive")
        read_seed(self.seed)
        self.kit(Bounds.unbounded(1))
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
            diagonals=self.diagonals,
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
    """Of all walks, and of telling their ends apart, where there are several."""
    climbs: bool = False
    walks: "tuple[Trail, ...]" = ()
    """With restarts: every walk, in the order in which they were made; this trail is then the best of them."""
    starts: tuple[Point, ...] = ()
    """With restarts: where they began, one a walk; those that the budget left no room for come last."""
    basins: tuple[Found, ...] = ()
    """With restarts: the distinct ends, best first, each with the numbers of its walks."""

    @property
    def best(self) -> Step | None:
        """The best iterate, in the direction in which the walk went; None where the start gave no number."""
        sign = -1.0 if self.climbs else 1.0
        return min(self.steps, key=lambda step: sign * step.value, default=None)

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

    With `restarts=N` it is the best of N walks, the others from random starts in the bounds (or within 10 of the start,
    or 10 steps of the grid); `.walks` has all of them and `.basins` the distinct ends.

    `method` is a name of `blackbox.descent.catalogue`; the options are the fields of `WalkOptions`. Raises
    `OptionError` for options that make no sense, never for what the function does.
    """
    if not callable(fun):
        raise UsageError(f"fun must be callable, not {type(fun).__name__}.")
    return walk_on(InProcess(fun), start, WalkOptions(method, **options))


def walk_on(executor: Executor, start: Any, options: WalkOptions, spent: int = 0) -> Trail:
    """The walk, or with restarts the best of several, asked through an executor; `spent` evaluations were made before.

    Whatever ends the run early, the walks so far are kept.
    """
    point, box = _ground(start, options)
    kit, rules = options.kit(box), options.rules()
    starts: Points = point[np.newaxis, :]
    if options.restarts is not None:
        wide = replace(kit, stride=max(kit.stride, 1.0))
        starts = np.array(list(islice(random_starts(point, wide), options.restarts)))
    log = _Log(options)
    oracle = Oracle(executor, options.limits(), maximize=options.maximize, observer=log.observe, spent=spent)
    drive = oracle.drive(quietly(restarts(options.read.walk, starts, kit, rules)))
    if drive.stop is not None and len(log.trails) < len(starts):
        log.close(oracle, _STOPS.get(drive.stop, WalkStop.INTERRUPTED), drive.detail)
    if options.restarts is None:
        return replace(log.trails[0], evaluations=oracle.evaluations)
    return _best_of(log.trails, drive.result, starts, oracle.evaluations, options)


class _Log:
    """Writes down the walks as they happen, values in the function's own sign."""

    def __init__(self, options: WalkOptions) -> None:
        self.trails: list[Trail] = []
        self._options, self._steps, self._asked = options, list[Step](), 0
        self._sign = -1.0 if options.maximize else 1.0

    def observe(self, oracle: Oracle, event: Event | None) -> None:
        """A step belongs to the walk that has not halted yet."""
        if isinstance(event, Step):
            self._steps.append(event._replace(value=self._sign * event.value))
        elif isinstance(event, Halt):
            stop = WalkStop(event.stop)
            self.close(oracle, stop, stop.sentence if self._steps else NO_NUMBER)

    def close(self, oracle: Oracle, stop: WalkStop, reason: str) -> None:
        """The walk has ended."""
        climbs = self._options.maximize or self._options.read.ascends
        asked = oracle.evaluations - self._asked
        self.trails.append(Trail(self._options.method, tuple(self._steps), stop, reason, asked, climbs))
        self._steps, self._asked = [], oracle.evaluations


def _best_of(
    trails: Sequence[Trail], found: tuple[Found, ...] | None, starts: Points, evaluations: int, options: WalkOptions
) -> Trail:
    """The best trail, with all of them and their basins."""
    sign = -1.0 if options.maximize else 1.0
    if found is None:
        # The run was cut short: what cannot be asked any more is answered by nothing, and ends that are not close
        # stay apart.
        ends = [Ended(trail.stop, _seen(trail.best, sign), None, len(trail.steps)) for trail in trails]
        nothing = Vectorised(lambda points: np.full(len(points), np.nan))
        found = ask(nothing, tell_apart(ends, starts, options.read.ascends))
    basins = tuple(replace(basin, value=sign * basin.value) for basin in found)
    chief = trails[basins[0].walks[0]] if basins else trails[0]
    return replace(chief, evaluations=evaluations, walks=tuple(trails), starts=tuple(starts), basins=basins)


def _seen(step: Step | None, sign: float) -> Step | None:
    """A step in the sign in which the walk sees the function."""
    return None if step is None else step._replace(value=sign * step.value)


NO_NUMBER = "the start gave no number"


def learning_rates(
    fun: Callable[[Point], Any], start: Any, rates: Sequence[float], steps: int = 10, **options: Any
) -> RateStudy:
    """The same walk at each learning rate, `steps` steps each; options as for `descend`."""
    return study_rates(InProcess(fun), start, rates, WalkOptions(steps=steps, **options))[0]


def study_rates(
    executor: Executor, start: Any, rates: Sequence[float], options: WalkOptions, spent: int = 0
) -> tuple[RateStudy, int]:
    """The study and its evaluations; whatever ends it early, the rates begun so far are kept."""
    point, box = _ground(start, options)
    kits = [replace(options, learning_rate=rate).kit(box) for rate in rates]
    flipped = options.maximize or options.read.ascends
    walk = method("gradient-descent").walk if options.read.ascends else options.read.walk
    paths: list[list[Step]] = [[]]

    def observe(_oracle: Oracle, event: Event | None) -> None:
        if isinstance(event, Step):
            paths[-1].append(event)
        elif isinstance(event, Halt):
            paths.append([])

    oracle = Oracle(executor, options.limits(), maximize=flipped, observer=observe, spent=spent)
    drive = oracle.drive(quietly(walk_at_each(walk, point, rates, kits, options.steps or 10)))
    study = drive.result
    if study is None:
        stop = WalkStop.INTERRUPTED if drive.stop is None else _STOPS.get(drive.stop, WalkStop.INTERRUPTED)
        begun = [path for path in paths if path] or paths[:1]
        study = replace(study_of(rates[: len(begun)], begun), stop=stop, reason=drive.detail)
    if not flipped:
        return study, oracle.evaluations
    walks = [replace(one, steps=tuple(step._replace(value=-step.value) for step in one.steps)) for one in study.walks]
    return replace(study, walks=tuple(walks)), oracle.evaluations


def _ground(start: Any, options: WalkOptions) -> tuple[Point, Bounds]:
    point = read_start(start, None)
    if point is None:
        raise OptionError("start", start, "must be given")
    box = read_bounds(options.bounds, point.size) or Bounds.unbounded(point.size)
    check_start_inside(point, box)
    return point, box
