"""What may be asked soon, and which point of it an idle worker should evaluate first. No threads and no clock.

    certain ─▶ walks that come soon ─▶ likely ─▶ less likely ─▶ walks whose turn may come

Walks to come (`Prospect`) are gone by generators of their own. They are sent what is known, whoever asked for it, and
the first point of theirs that nobody has begun is theirs to ask for. Nothing is begun twice.
"""

from collections.abc import Callable, Container
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from blackbox.core.asking import Asking, Foresight, Points, Prospect, Values

PROSPECTS = 2
"""Walks of one kind ahead of the search, for each worker, at most."""

PERHAPS = 9
"""Rank of what is less likely: after all that is likely."""

CERTAIN, LIKELY, UNLIKELY = range(1), range(1, PERHAPS), range(PERHAPS, PERHAPS + 1)
"""Ranks. Between walks that will be gone for certain and soon, and those whose turn may come, lies what only may be
asked: it is of use at once, or never."""

OUTSTANDING = 32
"""Points of walks to come that wait to be asked for, for each worker, at most: whoever stops the search stops it with
all of them unused. Each kind of walk has its share of them. With half as many, searches are a fiftieth slower."""

AT_ONCE = 50
"""Questions that a walk goes through at a time when all their answers are known: others wait for as long."""


@dataclass(slots=True)
class _List:
    """What one source foresees; its points are computed when somebody is idle."""

    points: Callable[[], Points]
    rank: int
    left: dict[bytes, Points] | None = None

    def unfold(self) -> None:
        """Compute the points, once; none where that fails, since nobody has asked for them."""
        if self.left is None:
            self.left = {}
            with np.errstate(all="ignore"), suppress(Exception):
                points = np.ascontiguousarray(self.points())
                self.left = {row.tobytes(): row[np.newaxis, :] for row in points}


@dataclass(eq=False, slots=True)
class _Walker:
    """A walk that is gone ahead."""

    asking: Asking[object]
    question: dict[bytes, Points] = field(default_factory=dict[bytes, Points])
    keys: list[bytes] = field(default_factory=list[bytes])
    """One for each point of the question, in order; a point that is asked twice has one entry above."""
    waiting: int = 0
    """Points begun for it that nobody has asked for so far."""

    def go_on(self, values: Values | None) -> None:
        """To its next question, or to its end. A walk that fails ends: if it fails in earnest, it will be told then."""
        self.question, self.keys = {}, []
        with np.errstate(all="ignore"), suppress(Exception):
            question = next(self.asking) if values is None else self.asking.send(values)
            while not isinstance(question, np.ndarray):
                question = next(self.asking)
            rows = np.ascontiguousarray(question)
            self.keys = [row.tobytes() for row in rows]
            self.question = {key: rows[index : index + 1].copy() for index, key in enumerate(self.keys)}


@dataclass(slots=True)
class _Outlook:
    """A prospect and the walks of it that are being gone."""

    prospect: Prospect
    walkers: dict[int, _Walker] = field(default_factory=dict[int, _Walker])

    @property
    def waiting(self) -> int:
        """Points begun for its walks that may still be asked for."""
        return sum(walker.waiting for walker in self.walkers.values())

    @property
    def turn(self) -> float:
        """Whose is least comes first."""
        return self.waiting / self.prospect.share


class Ahead:
    """What is foreseen, and what is known already. Its caller sees to it that one thread at a time comes in."""

    def __init__(self, width: int, sign: float) -> None:
        """For so many workers; `sign` is that in which walks see values."""
        self._width, self._sign = width, sign
        self._lists: dict[tuple[str, bool], _List] = {}
        """Source, and whether its points are likely, → what it foresees, by rank."""
        self._outlooks: dict[str, _Outlook] = {}
        self._begun: dict[bytes, _Walker] = {}
        """Point → for whom it was begun, while nobody has asked for it."""
        self._known: dict[bytes, float] = {}
        """Point → its value, in the function's own sign, whoever asked for it."""
        self._taken: set[bytes] = set()
        """Points that were asked and have no value so far, or whose evaluation ahead came to nothing."""

    def note(self, foresight: Foresight | Prospect) -> None:
        """Take note of what may be asked soon; what the same source said before is void."""
        source = foresight.source
        if isinstance(foresight, Prospect):
            outlook = self._outlooks.setdefault(source, _Outlook(foresight))
            outlook.prospect = foresight
            # The last one before them is being gone now, and asks for what was begun.
            for number in [number for number in outlook.walkers if number < foresight.first - 1]:
                del outlook.walkers[number]
            return
        self._lists[source, True] = _List(foresight.points, foresight.rank)
        self._lists.pop((source, False), None)
        if foresight.perhaps is not None:
            self._lists[source, False] = _List(foresight.perhaps, PERHAPS)
        self._lists = dict(sorted(self._lists.items(), key=lambda entry: entry[1].rank))

    def learn(self, key: bytes, value: float) -> None:
        """A point's value."""
        self._known[key] = value
        self._taken.discard(key)

    def forget(self) -> None:
        """All values, and what was asked: while f is fast nothing is evaluated ahead."""
        self._known.clear()
        self._taken.clear()

    def shun(self, key: bytes) -> None:
        """A point whose evaluation came to nothing is not begun ahead again."""
        self._taken.add(key)

    def asked(self, key: bytes) -> None:
        """The search asks this point now."""
        for foreseen in self._lists.values():
            if foreseen.left:
                foreseen.left.pop(key, None)
        self._taken.add(key)
        walker = self._begun.pop(key, None)
        if walker is not None:
            walker.waiting -= 1

    def unfold(self) -> None:
        """Compute what is foreseen: somebody is idle."""
        for foreseen in self._lists.values():
            foreseen.unfold()

    def next(self, busy: Container[bytes]) -> tuple[bytes, Points] | None:
        """The point to begin next, shape `(1, d)`, which is none of those that are being evaluated; None if none is."""
        outlooks = sorted(self._outlooks.values(), key=lambda outlook: outlook.turn)
        soon = [outlook for outlook in outlooks if outlook.prospect.soon]
        late = [outlook for outlook in outlooks if not outlook.prospect.soon]
        return (
            self._listed(busy, CERTAIN)
            or self._on_a_walk(soon, busy)
            or self._listed(busy, LIKELY)
            or self._listed(busy, UNLIKELY)
            or self._on_a_walk(late, busy)
        )

    def _is_new(self, key: bytes, busy: Container[bytes]) -> bool:
        return not (key in self._known or key in busy or key in self._taken)

    def _listed(self, busy: Container[bytes], ranks: range) -> tuple[bytes, Points] | None:
        """The first point of a `Foresight` of these ranks that nobody has begun."""
        for foreseen in self._lists.values():
            while foreseen.left and foreseen.rank in ranks:
                key = next(iter(foreseen.left))
                points = foreseen.left.pop(key)
                if self._is_new(key, busy):
                    return key, points
        return None

    def _on_a_walk(self, outlooks: list[_Outlook], busy: Container[bytes]) -> tuple[bytes, Points] | None:
        """The next point of the nearest walk that has one to begin."""
        shares = sum(outlook.prospect.share for outlook in self._outlooks.values())
        for outlook in outlooks:
            prospect = outlook.prospect
            if outlook.waiting >= OUTSTANDING * self._width * prospect.share / shares:
                continue
            for number in range(prospect.first, prospect.first + (prospect.count or PROSPECTS * self._width)):
                walker = outlook.walkers.get(number)
                if walker is None:
                    walker = outlook.walkers[number] = _Walker(_walk(prospect, number))
                    walker.go_on(None)
                key = self._due(walker, busy)
                if key is not None:
                    self._begun[key] = walker
                    walker.waiting += 1
                    return key, walker.question[key]
        return None

    def _due(self, walker: _Walker, busy: Container[bytes]) -> bytes | None:
        """The first point of its question that nobody has begun; it goes on while all are known."""
        for _ in range(AT_ONCE):
            if not walker.keys:
                return None
            for key in walker.keys:
                if self._is_new(key, busy):
                    return key
            if not all(key in self._known for key in walker.keys):
                return None
            walker.go_on(self._sign * np.array([self._known[key] for key in walker.keys]))
        return None


def _walk(prospect: Prospect, number: int) -> Asking[object]:
    """The walk of that number, made when it is first gone on with: what fails then fails as a walk does."""
    return (yield from prospect.walk(number))
