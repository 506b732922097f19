"""Which populations will come later, told while something else is being asked: idle workers may go ahead.

Nothing here draws from the search's own random numbers or changes a question: the runs told of draw from a copy.
"""

from collections.abc import Callable

import numpy as np

from blackbox.core.asking import Asking, Landing, Prospect
from blackbox.search.additivity import Draws, is_ordered
from blackbox.search.axis_search import pass_over_lines
from blackbox.search.colonies import colonies
from blackbox.search.ground import Ground
from blackbox.search.landing import Start

EARLY, DUE = 0, 2
"""Numbers of the walk: what is told when the turns begin takes the place of what was told before, altogether."""


def populations_after(
    begin: Start, draws: Draws, ground: Ground, rng: np.random.Generator, first: int
) -> Prospect | None:
    """Those after the first descent, told before it begins; None where nobody can tell.

    `first` is the size on waves: there the first descent ends soon, and populations are next. Where there are none it
    goes on, and what was gone ahead is of no use, but nothing else was known to be of more.

    Without bounds they begin around its end, and after an axis search of their own; so only in a box.
    """
    if not ground.bounds.finite or draws.additive:
        return None
    twin_now = _twins(rng)
    landing = Landing(begin.point, begin.value, 0.0, settled=False, origin="start")

    def walk(_: int) -> Asking[object]:
        twin = twin_now()
        if draws.ordered and (yield from is_ordered(ground.region(0), twin)):
            pass_over_lines(ground.start.size, twin)
        yield from colonies(ground, [landing], twin, first)

    return Prospect("populations", walk, EARLY, 1, soon=False)


def populations_due(
    runs: Callable[[np.random.Generator], Asking[None]], rng: np.random.Generator, share: float
) -> Prospect:
    """Those of the turns, made by `runs` from random numbers; `share` for each evaluation of restarts or simplexes."""
    twin = _twins(rng)

    def walk(_: int) -> Asking[object]:
        return runs(twin())

    return Prospect("populations", walk, DUE, 1, share)


def _twins(rng: np.random.Generator) -> Callable[[], np.random.Generator]:
    """Makes generators that draw what this one draws from now on. Cheaper than a copy, which nobody may need."""
    kind, state = type(rng.bit_generator), rng.bit_generator.state

    def twin() -> np.random.Generator:
        bits = kind()
        bits.state = state
        return np.random.Generator(bits)

    return twin
