"""How sure: from how often descents ended where. It never says "proved"."""

from collections.abc import Sequence

from blackbox.answer.answer import Confidence, Minimum
from blackbox.core.asking import Landing
from blackbox.search.basins import distinct, value_levels
from blackbox.search.converged import unseen_part

COUNTED = ("start", "restart", "axis", "population")
MOST_MINIMA = 50
"""Minima listed in an answer, lowest first: a rugged function has thousands."""


def minima_of(landings: Sequence[Landing], sign: float) -> tuple[Minimum, ...]:
    """The distinct minima, lowest first, with their hits; `sign` is −1 when maximising."""
    basins = distinct([landing for landing in landings if landing.settled or landing.origin == "polish"])
    return tuple(Minimum(basin.point, sign * basin.value, basin.hits) for basin in basins[:MOST_MINIMA])


def confidence_of(landings: Sequence[Landing]) -> Confidence:
    """The Bayesian estimate of what is unseen, in numbers and in a sentence."""
    counted = [landing for landing in landings if landing.origin in COUNTED and landing.settled]
    levels = value_levels(counted)
    basins = distinct(counted)
    if not counted:
        return Confidence(0, 0, None, "no descent has ended: nothing can be said about other minima")
    hits, restarts = levels[0], len(counted)
    if restarts < 2:
        return Confidence(1, 1, None, "one descent has ended: nothing can be said about other minima")
    unseen = unseen_part(restarts, len(levels))
    times = "once" if hits == 1 else f"{hits} times"
    statement = (
        f"the best value was reached {times} in {restarts} restarts; "
        f"one more restart would end at a value not yet seen with probability about {_percent(unseen)}"
    )
    return Confidence(restarts, len(basins), unseen, statement)


def _percent(part: float) -> str:
    return f"{100 * part:.2g} %" if part < 1 else "100 %"
