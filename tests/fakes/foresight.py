"""What a generator foresees, computed at the moment it is told, beside what it asks from then on."""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Foresight, Points, Prospect
from tests.fakes.drive import Surface, drive


@dataclass(frozen=True)
class Told:
    """One foresight; points are told by their bytes."""

    likely: set[bytes]
    perhaps: set[bytes]
    asked: set[bytes]
    """All that was asked after it."""


@dataclass(frozen=True)
class Watched:
    """A whole run."""

    told: list[Told]
    prospects: list[Prospect]
    asked: set[bytes]
    """All points."""


def keys(points: Points) -> set[bytes]:
    """The points, to be looked up."""
    return {point.tobytes() for point in np.ascontiguousarray(points)}


def watch(asking: Asking[object], f: Surface, limit: int = 1_000_000) -> Watched:
    """Drive a generator and listen to what it foresees, as somebody idle would."""
    told: list[tuple[set[bytes], set[bytes], int]] = []
    prospects: list[Prospect] = []
    asked: list[bytes] = []

    def listening() -> Asking[object]:
        question = next(asking)
        try:
            while True:
                if isinstance(question, np.ndarray):
                    asked.extend(point.tobytes() for point in question)
                    question = asking.send((yield question))
                    continue
                if isinstance(question, Foresight):
                    perhaps = set[bytes]() if question.perhaps is None else keys(question.perhaps())
                    told.append((keys(question.points()), perhaps, len(asked)))
                elif isinstance(question, Prospect):
                    prospects.append(question)
                question = next(asking)
        except StopIteration as finished:
            return finished.value

    drive(listening(), f, limit=limit)
    seen = [Told(likely, perhaps, set(asked[since:])) for likely, perhaps, since in told]
    return Watched(seen, prospects, set(asked))
