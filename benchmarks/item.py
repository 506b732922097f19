"""One run to be made, one run made: keys and records."""

from dataclasses import dataclass

import numpy as np

from benchmarks.counting import Trace

UNKNOWN = ""
"""Group of a function whose process died: nobody in this process dares to look at it."""


@dataclass(frozen=True, slots=True)
class Item:
    """Solver × problem × seed × budget: an item with a record is never run again."""

    solver: str
    suite: str
    function: str
    dimension: int
    instance: int
    seed: int
    budget: int
    """Evaluations."""

    def rng(self) -> np.random.Generator:
        """Randomness of this run: the same for every solver, of its own for every problem and seed."""
        words = [*self.function.encode(), self.dimension, self.instance, self.seed]
        return np.random.default_rng(words)


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """What came of an item; all figures are made from these."""

    item: Item
    group: str
    minimum: float
    unit: float
    evaluations: int
    overhead: float
    """CPU seconds of the solver itself an evaluation."""
    end: str
    """`budget`, `time`, `ended` (the solver stopped by itself) or `failed: …`."""
    trace: Trace

    @property
    def gaps(self) -> np.ndarray:
        """Best value minus minimum in units of the targets, after each improvement, shape `(k,)`."""
        return (self.trace.values - self.minimum) / self.unit

    def evaluations_to(self, targets: np.ndarray) -> np.ndarray:
        """Evaluations until the gap is at or below each target, shape as given; infinite where it never is."""
        met = np.searchsorted(-self.gaps, -np.asarray(targets), side="left")
        padded = np.append(self.trace.evaluations.astype(np.float64), np.inf)
        return padded[met]
