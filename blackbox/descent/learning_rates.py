"""The learning-rate study: the same walk at several rates, and what kind of walk each one is.

Near a minimum x_{k+1} − x* = (1 − η H)(x_k − x*): the factor's sign and size tell the kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import pow as power

import numpy as np

from blackbox.core.asking import Asking, Floats, Halt, Point, Step
from blackbox.core.errors import OptionError
from blackbox.descent.ground import Kit, Walk
from blackbox.descent.stopping import Rules, WalkStop, until

EVEN = 0.999
"""A walk whose moves keep this part of their length from one to the next goes on for ever."""

ARRIVED = 0.05
"""A walk that still has this part of its way ahead of it at its end, or of its slope, has not arrived."""

SHRINKS = 0.95
"""A coordinate that turns back must come back by less than this part of its move, or it grows for ever."""

TURNS = 0.5
"""A walk alternates when more than half of its moves go back on the one before."""


class RateKind(Enum):
    """What a learning rate does. The value is the word of the JSON contract."""

    CONVERGES = "converges"
    ALTERNATES = "alternates"
    OSCILLATES = "oscillates"
    DIVERGES = "diverges"
    SLOW = "slow"

    @property
    def sentence(self) -> str:
        """In words."""
        return {
            RateKind.CONVERGES: "converges from one side",
            RateKind.ALTERNATES: "converges, alternating from side to side",
            RateKind.OSCILLATES: "oscillates for ever",
            RateKind.DIVERGES: "diverges",
            RateKind.SLOW: "too slow: still far away at the end",
        }[self]


@dataclass(frozen=True, slots=True, eq=False)
class RateWalk:
    """One rate: its walk from step 0 on, and its kind."""

    learning_rate: float
    kind: RateKind
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RateStudy:
    """All rates in the order given, and the recommended one (None where each diverges or oscillates)."""

    walks: tuple[RateWalk, ...]
    recommended: float | None
    stop: WalkStop | None = None
    """What ended it before its time: the rates that were begun are all there is. None where it came to its end."""
    reason: str = ""


def learning_rates(
    walk: Walk, start: Point, rates: Sequence[float], kits: Sequence[Kit], steps: int
) -> Asking[RateStudy]:
    """Walk `steps` steps at each rate, each with its `Halt`.

    (2d + 1) × steps × rates evaluations for gradient descent.
    """
    if not rates:
        raise OptionError("learning-rates", list(rates), "must hold at least one")
    paths: list[tuple[Step, ...]] = []
    for kit in kits:
        paths.append((yield from record(walk, start, kit, steps, announce=True)))
        yield Halt(WalkStop.STEPS.value)
    return study_of(rates, paths)


def study_of(rates: Sequence[float], paths: Sequence[Sequence[Step]]) -> RateStudy:
    """The study that walks come to, one a rate, in the sign in which they descend."""
    walks = [RateWalk(rate, kind_of(path), tuple(path)) for rate, path in zip(rates, paths, strict=True)]
    return RateStudy(tuple(walks), recommend(walks))


def record(walk: Walk, start: Point, kit: Kit, steps: int, announce: bool = False) -> Asking[tuple[Step, ...]]:
    """The iterates of a walk, from step 0 on; they are kept, and only announced where that is wanted."""
    path: list[Step] = []
    asking = until(walk(start, kit), Rules(steps=steps))
    try:
        question = next(asking)
        while True:
            if isinstance(question, np.ndarray):
                question = asking.send((yield question))
                continue
            if isinstance(question, Step):
                path.append(question)
                if announce:
                    yield question
            question = next(asking)
    except StopIteration:
        return tuple(path)


def kind_of(path: Sequence[Step]) -> RateKind:
    """The kind of a walk from its iterates: from the lengths of its moves and whether they turn back."""
    moves = np.diff(np.array([step.point for step in path]), axis=0) if len(path) > 1 else np.empty((0, 1))
    lengths: Floats = np.linalg.norm(moves, axis=1).astype(np.float64)
    if lengths.size < 2 or lengths[-1] == 0:
        return RateKind.CONVERGES
    # The second half tells the factor: by then the quick directions have died away.
    half = (len(path) - 1) // 2
    first, last = float(lengths[half]), float(lengths[-1])
    factor = power(last / first, 1 / max(len(path) - 2 - half, 1)) if first > 0 else 0.0
    rises = path[-1].value > path[0].value
    if factor > 1 / EVEN and (rises or path[-1].value >= max(step.value for step in path[:-1])):
        return RateKind.DIVERGES
    turns = _turns(moves)
    if turns > TURNS:
        return RateKind.OSCILLATES if factor >= EVEN else RateKind.ALTERNATES
    # What is left of a geometric series of moves with this factor, against what was walked.
    ahead = lengths[-1] * factor / (1 - factor) if factor < 1 else np.inf
    walked = float(lengths.sum())
    # A ball that turns back far from the bottom moves as little as one that has arrived; the slope tells them apart.
    steep = path[-1].slope > ARRIVED * path[0].slope
    return RateKind.SLOW if ahead > ARRIVED * walked or steep else RateKind.CONVERGES


def _turns(moves: Floats) -> float:
    """Part of the moves that go back on the one before."""
    along = np.sum(moves[1:] * moves[:-1], axis=1)
    return np.count_nonzero(along < 0) / max(len(along), 1)


def recommend(walks: Sequence[RateWalk]) -> float | None:
    """The rate that converges, alternates or is slow and ends lowest; the fewest steps to there where several tie.

    A rate that only passes by the lowest place on its way to somewhere else has not reached it.
    """
    useful = [walk for walk in walks if walk.kind not in (RateKind.DIVERGES, RateKind.OSCILLATES) and walk.steps]
    if not useful:
        return None
    lowest = min(walk.steps[-1].value for walk in useful)
    highest = max(walk.steps[0].value for walk in useful)
    level = lowest + 1e-9 * (highest - lowest)
    return min(useful, key=lambda walk: (_steps_to(walk, level), walk.steps[-1].value)).learning_rate


def _steps_to(walk: RateWalk, level: float) -> int:
    """Steps until it is that low and stays so; more than there are where it never does."""
    above = [k for k, step in enumerate(walk.steps) if step.value > level]
    reached = above[-1] + 1 if above else 0
    return reached if reached < len(walk.steps) else len(walk.steps) + 1


def tune(walk: Walk, start: Point, kits: Sequence[Kit], steps: int) -> Asking[Kit]:
    """Step-size tuning: a short walk at each rate, from large to small, and the one that ends lowest is kept.

    A walk whose last moves do not shrink while they turn back, or that rose at its end, will not converge: it counts
    only where every other is like it.
    """
    trials: list[tuple[bool, float, Kit]] = []
    for kit in sorted(kits, key=lambda kit: -kit.learning_rate):
        path = yield from record(walk, start, kit, steps)
        if path:
            trials.append((not _settles(path), path[-1].value, kit))
    return min(trials, key=lambda trial: trial[:2])[2] if trials else kits[0]


def _settles(path: Sequence[Step]) -> bool:
    """Whether the end of a short walk promises convergence."""
    if len(path) < 4:
        return False
    before, last = (path[k].point - path[k - 1].point for k in (-2, -1))
    turned = np.abs(last[last * before < 0]) > SHRINKS * np.abs(before[last * before < 0])
    return path[-1].value < path[-2].value and not turned.any()
