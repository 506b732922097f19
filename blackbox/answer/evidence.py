"""What a run shows about how good its best value is: counts, and nothing that needs an evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blackbox.core.asking import Floats, Landing
from blackbox.core.bounds import Bounds
from blackbox.core.stops import Stop
from blackbox.gradients.steps import rounding_of
from blackbox.search.basins import by_value, value_levels
from blackbox.search.converged import settled, unseen_part

RESTARTS, POPULATIONS, AXES = ("start", "restart"), ("population",), ("axis",)
"""The landings that each way of looking made."""

ALREADY = 1e-6
"""The best value counts as found once a value was within this part of it, or of 1: what follows are digits. Where all
that f fell is less, as where it counts in small units or has a large constant added, this part of that tells."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one way of looking came to."""

    landings: int = 0
    values: int = 0
    """Distinct ones."""
    hits: int = 0
    """How many landings reached the best value of all."""

    @property
    def unseen(self) -> float:
        """Expected part of the region from which a further landing would end at a value not yet seen."""
        return unseen_part(self.landings, self.values)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the claim rests on."""

    dimension: int
    """Axes that the bounds leave free."""
    boxed: bool
    """Whether every axis has two bounds."""
    stop: Stop
    evaluations: int
    found: int
    """Evaluations, from the first value on, when the best one was seen, but for its last digits; 0 without any."""
    restarts: Tally = Tally()
    populations: Tally = Tally()
    axes: Tally = Tally()
    landed: bool = False
    """Whether the best value is one at which a descent ended by itself."""
    kind: str | None = None
    """What the certificate calls the best point."""
    complete: bool = False
    """Whether every point there is was asked, and each has one value."""

    @property
    def ways(self) -> tuple[Tally, Tally, Tally]:
        """Restarts, populations, axis searches."""
        return self.restarts, self.populations, self.axes


@dataclass(frozen=True, slots=True, eq=False)
class Trail:
    """A run as the claim sees it: the improvements of its best value, in the search's sign, and how it ended."""

    improved: Floats
    """Shape `(k,)`: the best values, oldest first."""
    at: NDArray[np.int64]
    """Shape `(k,)`: how many evaluations had been made by then."""
    stop: Stop
    evaluations: int
    noise: float = 0.0
    """Values that differ by less are the same."""
    complete: bool = False
    """Whether every point there is was asked."""


def evidence_of(landings: Sequence[Landing], trail: Trail, bounds: Bounds, kind: str | None = None) -> Evidence:
    """Count what was found. `kind` is what the certificate calls the best point, where there is one."""
    ended = settled(landings, *RESTARTS, *POPULATIONS, *AXES)
    return Evidence(
        dimension=int(np.sum(bounds.lower < bounds.upper)),
        boxed=bounds.finite,
        stop=trail.stop,
        evaluations=trail.evaluations,
        found=_found(trail),
        restarts=tally(landings, RESTARTS),
        populations=tally(landings, POPULATIONS),
        axes=tally(landings, AXES),
        landed=bool(ended) and _is_best(min(ended, key=by_value), trail),
        kind=kind,
        complete=trail.complete and trail.noise == 0,
    )


def tally(landings: Sequence[Landing], origins: Sequence[str]) -> Tally:
    """Landings, values and hits of one way of looking; a hit is one of the lowest value at which any way ended."""
    made = settled(landings, *origins)
    ended = settled(landings, *RESTARTS, *POPULATIONS, *AXES)
    if not made:
        return Tally()
    lowest = min(ended, key=by_value)
    return Tally(len(made), len(value_levels(made)), value_levels([lowest, *made])[0] - 1)


def _found(trail: Trail) -> int:
    if not trail.improved.size:
        return 0
    near = trail.improved - trail.improved[-1] <= _digits(trail)
    return int(trail.at[int(np.argmax(near))] - trail.at[0]) + 1


def _is_best(landing: Landing, trail: Trail) -> bool:
    """But for the digits that polishing added."""
    return bool(trail.improved.size) and landing.value - float(trail.improved[-1]) <= landing.blur + _digits(trail)


def _digits(trail: Trail) -> float:
    """What the last improvements may have added without finding anything new."""
    first, last = float(trail.improved[0]), float(trail.improved[-1])
    part = ALREADY * min(max(1.0, abs(last)), first - last) if first > last else 0.0
    return max(part, rounding_of(last), trail.noise)
