"""Neighbour descent: step to the steepest neighbour until no neighbour is lower, as a walker on a grid would."""

from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Floats, Point, Step
from blackbox.core.errors import OptionError
from blackbox.descent.terrain import Descent, Terrain
from blackbox.gradients.neighbours import steepest_neighbour


@dataclass(frozen=True, slots=True)
class NeighbourDescent:
    """Options of the walk."""

    step: float = 1.0
    """Distance to a neighbour, in units of the scale."""
    halvings: int = 0
    """How often the step is halved where no neighbour is lower; 0 is the textbook's walk."""
    diagonals: bool = False
    """Whether all 3^d − 1 neighbours of the grid are asked, not the 2d along the axes alone."""
    evaluations: int = 100_000

    def __post_init__(self) -> None:
        if not self.step > 0:
            raise OptionError("step", self.step, "must be positive")
        if self.halvings < 0:
            raise OptionError("halvings", self.halvings, "must not be negative")
        if self.evaluations < 1:
            raise OptionError("evaluations", self.evaluations, "must be at least 1")


def neighbour_descent(
    start: Point, value: float, terrain: Terrain, options: NeighbourDescent | None = None
) -> Asking[Descent]:
    """Walk from `start`, whose value is known, to a point with no lower neighbour. At most 2d evaluations a step."""
    options = options or NeighbourDescent()
    x, step, halvings, asked, drop, settled = start, options.step, 0, 0, 0.0, False
    while asked < options.evaluations:
        reach: Floats = step * terrain.scale
        neighbour = yield from steepest_neighbour(x, value, reach, terrain.bounds, options.diagonals)
        asked += neighbour.asked
        if neighbour.drop > 0:
            slope = neighbour.drop / float(np.linalg.norm(neighbour.point - x))
            x, value, drop = neighbour.point, neighbour.value, neighbour.drop
            yield Step(x, value, slope, float("nan"))
        elif halvings < options.halvings:
            step, halvings = step / 2, halvings + 1
        else:
            settled = True
            break
    return Descent(x, value, False, settled, drop, None, asked, step * terrain.scale)
