"""What every walk is told, and what every walk answers."""

from dataclasses import dataclass, field

from blackbox.core.asking import Floats, Point
from blackbox.core.bounds import Bounds


@dataclass(frozen=True, slots=True)
class Terrain:
    """Where a walk may go and how long a natural stride is."""

    bounds: Bounds
    scale: Floats
    """Shape `(d,)`: the length along each axis over which f is expected to change; the unit of every step."""
    square: Floats = field(init=False, repr=False)
    """Of the scale: what second derivatives are multiplied by."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "square", self.scale**2)


@dataclass(frozen=True, slots=True)
class Descent:
    """Where a walk ended."""

    point: Point
    value: float
    smooth: bool
    """Whether it ended because the gradient vanished, as it does at a smooth minimum."""
    settled: bool
    """Whether it ended by itself, not because its evaluations were spent."""
    blur: float
    """How much lower the minimum itself may lie."""
    hessian: Floats | None
    """Shape `(d, d)`, in units of the scale; None where the walk keeps none."""
    evaluations: int
    resolution: Floats
    """Shape `(d,)`: how far from the point the minimum itself may lie along each axis."""
    flat: bool = False
    """Whether it ended on a plateau: nothing around differs from the value there."""
    edge: bool = False
    """Whether it ended on the edge of where f has values."""
    wall: bool = False
    """Whether it ended before a wall: f is much higher right beyond, or jumps."""
    corner: bool = False
    """Whether it ended at the lowest point of a corner of smooth pieces."""
