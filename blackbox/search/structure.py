"""What structure f has, once the first descent has ended: rings, hidden axes, a sum, a product.

Each is looked for where what was met so far makes it likely; where it is there, a few hundred evaluations solve f.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from blackbox.core.asking import Asking, Landing
from blackbox.descent.terrain import Descent
from blackbox.search.additivity import Draws
from blackbox.search.along_axes import multiplied, ordered, separable
from blackbox.search.along_hidden_axes import along_hidden_axes
from blackbox.search.along_rings import along_rings, in_a_trough
from blackbox.search.along_waves import along_inputs
from blackbox.search.basins import by_value
from blackbox.search.ground import Ground
from blackbox.search.landscape import Landscape
from blackbox.search.parts import Part

WAVES = (Landscape.WAVY, Landscape.RUGGED)
"""Landscapes on which another structure than that of the first well may lie."""

BENT = (Landscape.SMOOTH, *WAVES)
"""Landscapes whose slopes and curvatures tell something: not plateaus, nor kinks."""

STREAM = 1
"""Which of the streams of random numbers that the seed stands for is used here; restarts take those of two numbers."""

MOST_FOR_HESSIANS, MOST_FOR_RINGS = 40, 100
"""So many inputs at most: two Hessians of forty take 82 evaluations an input, and their points fill d³ numbers; the
equations of the rings of a hundred take as long to solve as some hundred evaluations of a common function."""


@dataclass(frozen=True, slots=True, eq=False)
class Met:
    """What the first descent has met."""

    walk: Descent
    landing: Landing
    lowest: Landing
    """Of all so far: a simple place may have led lower."""
    draws: Draws
    kind: Landscape
    adds_up: bool
    """Whether an axis search came before the descent and found that f is a sum."""


def by_structure(
    ground: Ground, met: Met, rng: np.random.Generator, seed: int, without: Collection[Part]
) -> Asking[list[Landing]]:
    """The landings of all searches that rest on a structure; none where f has none that is known.

    On smooth ground in a box hidden axes come before the sweep: the draws are ordered as well where f merely rises
    towards the bounds, and once hidden axes have led lower no sweep is made. On waves they come last, since a sweep
    costs less; but where the draws are ordered, so that the bowl is more than the waves, a look for waves along the
    inputs costs less than either, and what it solves needs no other search.
    """
    landings, draws, boxed = list[Landing](), met.draws, ground.bounds.finite
    waves = met.kind in WAVES
    bent = met.kind in BENT and ground.start.size > 1 and not (met.adds_up or draws.multiplied)
    # Numbers of its own, so that what comes later draws the same whether or not a structure was looked for.
    own = np.random.default_rng((seed, 0, STREAM))
    inputs = ground.start.size
    if bent and inputs <= MOST_FOR_RINGS and Part.RINGS not in without and (waves or in_a_trough(met.walk)):
        landings += yield from along_rings(ground, met.landing, draws, own)
    hidden = bent and inputs <= MOST_FOR_HESSIANS and Part.HIDDEN_AXES not in without
    if hidden and boxed and not waves:
        landings += yield from along_hidden_axes(ground, met.landing, met.walk, own, waves=False)
    wells, solved = list[Landing](), False
    if hidden and waves and draws.ordered and not draws.additive:
        lowest = min([met.lowest, *landings], key=by_value)
        wells, solved = yield from along_inputs(ground, lowest, met.walk, own)
        if solved:
            return landings + wells
    if Part.AXIS_SEARCH not in without:
        landings += yield from separable(ground, met.landing, draws, rng)
        if boxed and draws.ordered and not (draws.additive or draws.multiplied or met.walk.flat or landings):
            landings += yield from ordered(ground, met.landing, rng)
        if draws.multiplied and not boxed:
            landings += yield from multiplied(ground, met.landing, rng)
    landings += wells
    if hidden and waves:
        lowest = min([met.lowest, *landings], key=by_value)
        landings += yield from along_hidden_axes(ground, lowest, met.walk, own, waves=True)
    return landings
