"""One function in one box, its minimum known: what every solver is given alike."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Floats, Point, Points, Values

Surface = Callable[[Points], Values]
"""True values, without noise: from points `(n, d)` to values `(n,)`; NaN where the function has none."""
Disturbance = Callable[[Values, np.random.Generator], Values]
"""What is shown instead of the true values."""


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """`lower` and `upper`, shape `(d,)`, are infinite where the problem has no bounds; then it has a `start`."""

    suite: str
    function: str
    group: str
    """Which functions it is averaged with in the table of groups."""
    instance: int
    lower: Floats
    upper: Floats
    surface: Surface
    minimum: float
    """The lowest true value."""
    unit: float = 1.0
    """What the 51 targets are multiplied by: 1 in COCO's definition, else max(1, |minimum|)."""
    start: Point | None = None
    disturb: Disturbance | None = None

    @property
    def dimension(self) -> int:
        """Number of inputs."""
        return self.lower.size

    @property
    def boxed(self) -> bool:
        """Whether every axis has two finite ends."""
        return bool(np.isfinite(self.lower).all() and np.isfinite(self.upper).all())


def unit_of(minimum: float) -> float:
    """The precision that is fair to ask of a function with this minimum, as multiples of the targets."""
    return max(1.0, abs(minimum))
