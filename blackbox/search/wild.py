"""The default search, watched: where the function turns out to be of a kind that it is not made for, another goes on.

    default search ─┬─ its oracle is spent ──▶ the end, and what the spent oracle said is void
                    ├─ noisy, and not ever less ──▶ noisy search
                    └─ a staircase of whole numbers ──▶ lattice search ─ finer than that ──▶ default search

Watching costs no evaluation until something is suspicious.
"""

from dataclasses import replace

import numpy as np

from blackbox.core.asking import Asking, Effort, Landing, Point, Points, Remark, Values
from blackbox.core.bounds import Bounds
from blackbox.core.stops import Stop
from blackbox.gradients.steps import rounding_of
from blackbox.search.basins import by_value
from blackbox.search.beginning import first_point
from blackbox.search.bracket import narrow
from blackbox.search.cells import Cells, find_cells, is_constant
from blackbox.search.default import default_search
from blackbox.search.echoes import listen
from blackbox.search.exhaustion import Vigil
from blackbox.search.finish import Finish, Told, Void
from blackbox.search.lattice import lattice_search
from blackbox.search.noisy import Noise, noisy_search

LISTENS = 5
"""Landings that are asked again at most; noise that none of them shows is none to speak of."""

BLURRED = 100.0
"""A landing that is blurred by so many roundings of f ended where something else than rounding hides the bottom."""

STAIRS = 0.2
"""Part of the first answers that equal the one before, from which on f is taken for a staircase."""

VANISHING = 0.3
"""Noise that is less than this part of what was heard higher up vanishes towards the minimum: ranks are enough."""


def wild_search(
    bounds: Bounds, start: Point | None, rng: np.random.Generator, *, whole: bool = False
) -> Asking[Finish]:
    """Find the global minimum of whatever comes. Costs what it takes.

    `whole` says that inputs are rounded to whole numbers; the bounds must then be whole numbers or infinite.
    """
    vigil, doubts = Vigil(), _Doubts()
    search, switched = _first_search(bounds, start, rng, whole), whole
    try:
        question = next(search)
        while True:
            if isinstance(question, np.ndarray):
                values = yield question
                vigil.note(question, values)
                doubts.begin(question, values)
                if vigil.alarmed:
                    void = yield from vigil.question()
                    if void is not None:
                        return _spent(vigil, void)
                question = search.send(values)
                continue
            yield question
            if isinstance(question, Landing):
                vigil.landings += 1
                other = None if switched else (yield from vigil.watch(_look(question, bounds, vigil, doubts, rng)))
                if other is not None:
                    search.close()
                    search, switched = other, True
            question = next(search)
    except StopIteration as finished:
        return finished.value


def _first_search(bounds: Bounds, start: Point | None, rng: np.random.Generator, whole: bool) -> Asking[Finish]:
    """What is tried first."""
    if whole:
        return lattice_search(bounds, np.rint(first_point(bounds, start)), rng)
    if bounds.finite and bounds.dimension == 1 and start is None:
        return _narrowed(bounds, rng)
    return default_search(bounds, start, rng)


def _narrowed(bounds: Bounds, rng: np.random.Generator) -> Asking[Finish]:
    """One input in a box: as if it had one valley first, since a person may have few questions; then in earnest."""
    low, high = float(bounds.lower[0]), float(bounds.upper[0])
    yield Effort("narrowing")
    narrowed = yield from narrow(low, high, lambda x: bounds.clip(np.array([x])))
    start = None if np.isnan(narrowed.value) else bounds.clip(np.array([narrowed.x]))
    return (yield from default_search(bounds, start, rng))


def _look(
    landing: Landing, bounds: Bounds, vigil: Vigil, doubts: "_Doubts", rng: np.random.Generator
) -> Asking[Asking[Finish] | None]:
    """Another search for the function that was met here, where it is of another kind."""
    stairs = vigil.landings == 1 and vigil.repeated >= STAIRS * vigil.asked
    cells = (yield from find_cells(landing.point, bounds, rng)) if stairs else None
    if cells is not None:
        return _on_cells(cells, landing, bounds, rng)
    if not doubts.about(landing):
        return None
    echoes = yield from listen(landing.point, landing.value)
    if echoes.spread == 0 or (yield from doubts.hushed(echoes.spread)):
        return None
    return noisy_search(Noise(landing.point, echoes.fresh), bounds, rng)


def _on_cells(cells: Cells, first: Landing, bounds: Bounds, rng: np.random.Generator) -> Asking[Finish]:
    """A search at whole numbers, and one everywhere where the lowest of them turns out not to stand for its cell."""
    yield Remark("cells", "the function seems constant within unit cells: it was searched at whole numbers")
    lowest = first
    search = lattice_search(bounds, np.rint(first.point), rng)
    try:
        question = next(search)
        while True:
            if isinstance(question, Landing):
                lowest = min(lowest, question, key=by_value)
            if isinstance(question, np.ndarray):
                question = search.send((yield question))
            else:
                yield question
                question = next(search)
    except StopIteration as finished:
        if finished.value.stop is not Stop.CONVERGED or (yield from is_constant(cells, lowest.point, bounds, rng)):
            # Cells are a guess: only inputs that are whole by themselves can be asked in full.
            return replace(finished.value, complete=False)
    yield Remark("finer", "near its lowest value it is finer than unit cells: it was searched everywhere")
    return (yield from default_search(bounds, lowest.point, rng))


def _spent(vigil: Vigil, void: Void) -> Finish:
    since = vigil.asked - vigil.same + 1
    said = "failed on everything" if np.isnan(vigil.last) else "answered {level} to everything"
    told = f"from its answer number {since} on the function {said}, also where it answered otherwise before: "
    return Finish.told(Stop.BUDGET, Told.of(f"{told}its own budget seems to be spent", vigil.last), void=void)


class _Doubts:
    """Which landings are worth asking again, and what was heard there."""

    def __init__(self) -> None:
        self._first, self._start = float("nan"), np.empty(0)
        self._lowest, self._left = float("inf"), LISTENS
        self._heard: float | None = None

    def begin(self, question: Points, values: Values) -> None:
        """Remember the first value: f near its minimum may be 0 to all digits."""
        if self._first != self._first:
            self._first, self._start = float(values[0]), question[0].copy()

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

    def hushed(self, spread: float) -> Asking[bool]:
        """Whether noise is much less here than at the landing before, or than where the run began.

        1 or 8 evaluations, the first time.

        The default search goes on where it is: a search that averages would wait for what has no floor.
        """
        if self._heard is None:
            self._heard = (yield from listen(self._start, self._first)).spread if self._start.size else 0.0
            if spread < VANISHING * self._heard:
                yield Remark("noise", "asked again, the function gives other values, which differ less the lower it is")
        hushed, self._heard = spread < VANISHING * self._heard, spread
        return hushed
