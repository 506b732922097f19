"""Where directions other than the coordinates' tell something by themselves: f is a sum along them, or waves on a bowl.

A stage of the default search after the first descent, in a box on smooth ground and anywhere on waves;
`hidden_axes.py` finds the directions.
"""

import numpy as np

from blackbox.core.asking import Asking, Effort, Landing, Remark
from blackbox.descent.terrain import Descent
from blackbox.search.along_axes import descend_from
from blackbox.search.along_rings import in_a_trough
from blackbox.search.along_waves import from_well_to_well, survey
from blackbox.search.basins import by_value
from blackbox.search.ground import Ground
from blackbox.search.hidden_axes import directions_of
from blackbox.search.landing import Start
from blackbox.search.skewed_search import skewed_search

ONE_WAY = 1e-3
"""Where all other curvatures are below this part of the largest f bends one way only, and no hidden axes are looked
for."""

A_SUM = "as far as was seen it is a sum along directions other than its inputs, and was searched along them"


def along_hidden_axes(
    ground: Ground, best: Landing, walk: Descent, rng: np.random.Generator, *, waves: bool
) -> Asking[list[Landing]]:
    """A search along directions in which f is a sum, or from well to well where such waves lie on a bowl; a descent.

    2 (d² + d + 1) evaluations mostly say that there are none, half as many more where `waves` were met. `walk` is
    where the first descent ended, `best` the lowest landing.
    """
    yield Effort("hidden axes")
    # A walk that knows curvature along one direction alone has met no axes.
    scene = None if walk.hessian is None or in_a_trough(walk, ONE_WAY) else survey(ground, walk)
    if scene is None:
        return []
    vicinity, found, additive = scene.vicinity, list[Landing](), False
    one, other = (yield from vicinity.bend(rng)), (yield from vicinity.bend(rng))
    if one is None or other is None:
        return []
    directions = directions_of(one.hessian, other.hessian)
    if directions is not None and (yield from vicinity.adds_up(directions, one, rng, widely=True)):
        if waves:
            found, solved = yield from from_well_to_well(scene, directions, one, best, rng)
            if solved:
                return found
        here = Start(scene.walk.point, scene.walk.value)
        begin, additive = yield from skewed_search(here, vicinity.in_x(directions), vicinity.region, rng)
        if additive:
            yield Remark("hidden axes", A_SUM)
        found += yield from descend_from(begin, best, vicinity.region, ground.bounds, rng)
    third = (yield from vicinity.bend(rng)) if waves and not additive else None
    if third is None:
        return found
    directions = directions_of(one.hessian - other.hessian, other.hessian - third.hessian)
    if directions is not None and (yield from vicinity.adds_up(directions, one, rng)):
        lowest = min([best, *found], key=by_value)
        found += (yield from from_well_to_well(scene, directions, one, lowest, rng))[0]
    return found
