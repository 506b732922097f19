"""The default search, watched: where the function turns out to be of a kind that it is not made for, another goes on.

    default search ─┬─ its oracle is spent ──▶ the end, and what the spent oracle said is void
                    ├─ noisy ────────────────▶ noisy search
                    └─ a staircase of whole numbers ──▶ lattice search

Watching costs no evaluation until something is suspicious.
"""

import numpy as np

from blackbox.core.asking import Asking, Landing, Point
from blackbox.core.bounds import Bounds
from blackbox.core.stops import Stop
from blackbox.gradients.steps import rounding_of
from blackbox.search.default import default_search
from blackbox.search.echoes import listen
from blackbox.search.exhaustion import Vigil
from blackbox.search.finish import Finish, Void
from blackbox.search.noisy import Noise, noisy_search

LISTENS = 5
"""Landings that are asked again at most; noise that none of them shows is none to speak of."""

BLURRED = 100.0
"""A landing that is blurred by so many roundings of f ended where something else than rounding hides the bottom."""


def wild_search(bounds: Bounds, start: Point | None, rng: np.random.Generator) -> Asking[Finish]:
    """Find the global minimum of whatever comes. Costs what it takes."""
    vigil, doubts = Vigil(), _Doubts()
    search = default_search(bounds, start, rng)
    try:
        question = next(search)
        while True:
            if isinstance(question, np.ndarray):
                values = yield question
                vigil.note(question, values)
                doubts.size(values)
                if vigil.alarmed:
                    void = yield from vigil.question()
                    if void is not None:
                        return _spent(vigil, void)
                question = search.send(values)
                continue
            yield question
            if isinstance(question, Landing):
                vigil.landings += 1
                if doubts.about(question):
                    echoes = yield from listen(question.point, question.value)
                    if echoes.spread > 0:
                        search.close()
                        noise = Noise(question.point, echoes.fresh)
                        return (yield from noisy_search(noise, bounds, rng))
            question = next(search)
    except StopIteration as finished:
        return finished.value


def _spent(vigil: Vigil, void: Void) -> Finish:
    since = vigil.asked - vigil.same + 1
    said = "failed on everything" if np.isnan(vigil.last) else f"answered {vigil.last:g} to everything"
    detail = f"from its answer number {since} on the function {said}, also where it answered otherwise before: "
    return Finish(Stop.BUDGET, f"{detail}its own budget seems to be spent", void=void)


class _Doubts:
    """Which landings are worth asking again."""

    def __init__(self) -> None:
        self._first = float("nan")
        self._lowest, self._left = float("inf"), LISTENS

    def size(self, values: np.ndarray) -> None:
        """Remember the size of the first value: f near its minimum may be 0 to all digits."""
        if self._first != self._first:
            self._first = float(values[0])

    def about(self, landing: Landing) -> bool:
        """Whether this is the lowest landing so far and ended where no smooth function ends a descent."""
        if landing.value >= self._lowest or self._left == 0 or landing.origin == "polish":
            return False
        self._lowest = landing.value
        size = max(abs(landing.value), abs(self._first) if self._first == self._first else 0.0)
        if landing.settled and landing.blur <= BLURRED * rounding_of(size):
            return False
        self._left -= 1
        return True
