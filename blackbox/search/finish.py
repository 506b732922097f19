"""How a search ends of itself."""

from dataclasses import dataclass

from blackbox.core.asking import Floats
from blackbox.core.stops import Stop


@dataclass(frozen=True, slots=True)
class Void:
    """How many of the last evaluations, and of the last landings, were no answers of the function."""

    evaluations: int
    landings: int


@dataclass(frozen=True, slots=True, eq=False)
class Finish:
    """Why the search itself ended."""

    stop: Stop
    detail: str = ""
    ray: Floats | None = None
    """Shape `(d,)`: the direction along which f falls without end, its largest component ±1; None for a minimum."""
    void: Void | None = None
