"""How sure: from how often descents ended where. It never says "proved"."""

from collections.abc import Sequence
from dataclasses import dataclass

from blackbox.answer.answer import Confidence, Minimum
from blackbox.core.asking import Landing
from blackbox.search.basins import by_value, distinct, value_levels
from blackbox.search.converged import settled, unseen_part

WAYS = (("restart", ("start", "restart")), ("population", ("population",)), ("axis search", ("axis",)))
"""How a person would call each way of looking, and the landings that it made."""

UNKNOWN = ": too few to say anything about other minima"
MOST_MINIMA = 50
"""Minima listed in an answer, lowest first: a rugged function has thousands."""


def minima_of(landings: Sequence[Landing], sign: float) -> tuple[Minimum, ...]:
    """The distinct minima, lowest first, with their hits; `sign` is −1 when maximising."""
    basins = distinct([landing for landing in landings if landing.settled or landing.origin == "polish"])
    return tuple(Minimum(basin.point, sign * basin.value, basin.hits) for basin in basins[:MOST_MINIMA])


def confidence_of(landings: Sequence[Landing]) -> Confidence:
    """The Bayesian estimate of what is unseen, in numbers and in a sentence.

    Each way of looking counts by itself: descents from random starts, populations, searches along every axis. The
    way that leaves least unseen gives the numbers.
    """
    ways = [_Way(word, settled(landings, *origins)) for word, origins in WAYS]
    ended = [landing for way in ways for landing in way.landings]
    if not ended:
        return Confidence(0, 0, None, "no descent has ended: nothing can be said about other minima")
    lowest = min(ended, key=by_value)
    minima = len(distinct(ended))
    best = min(ways, key=lambda way: way.unseen)
    if len(ended) == 1:
        return Confidence(1, 1, None, "one descent has ended: nothing can be said about other minima")
    if best.unseen >= 1:
        most = max(ways, key=lambda way: len(way.landings))
        return Confidence(len(ended), minima, None, _count(lowest, most.landings, most.word) + UNKNOWN)
    told = _count(lowest, best.landings, best.word)
    chance = f"one more {best.word} would end at a value not yet seen with probability about {_percent(best.unseen)}"
    return Confidence(len(ended), minima, best.unseen, f"{told}; {chance}")


@dataclass(frozen=True, slots=True)
class _Way:
    word: str
    landings: list[Landing]

    @property
    def unseen(self) -> float:
        return unseen_part(len(self.landings), len(value_levels(self.landings)))


def _count(lowest: Landing, landings: Sequence[Landing], word: str) -> str:
    """How often the best value was reached by one way of looking."""
    hits = value_levels([lowest, *landings])[0] - 1
    times = "once" if hits == 1 else f"{hits} times"
    return f"the best value was reached {times} in {len(landings)} {word if len(landings) == 1 else _plural(word)}"


def _plural(word: str) -> str:
    return f"{word}es" if word.endswith("ch") else f"{word}s"


def _percent(part: float) -> str:
    return f"{100 * part:.2g} %" if part < 1 else "100 %"
