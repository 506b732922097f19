"""When is it enough? After a restart is unlikely to land anywhere new.

With N restarts that found W distinct minima, each basin of unknown share, the part of the region whose descents
would end in an unseen minimum is W (W + 1) / (N (N − 1)) in expectation. (Boender & Rinnooy Kan 1987, Bayesian
stopping rules for multistart global optimization methods.)
"""

from collections.abc import Sequence

from blackbox.core.asking import Landing
from blackbox.search.basins import by_value, value_levels

FEWEST_RESTARTS = 20
"""Fewer restarts than this never suffice: each of the nine levels around a start must have had two."""

UNSEEN = 0.005
"""The search ends when the expected unseen part of the region falls below this."""

INDEPENDENT_HITS = 6
"""… or when this many independent global runs ended at the best value (rugged functions, countless minima)."""

AXIS_HITS = 3
"""… or when so many independent axis searches of a separable function in a box did."""

FEWEST_HITS = 2
"""The best value must have been reached so often: a value met once may have a lower one beside it."""


def unseen_part(restarts: int, minima: int) -> float:
    """Expected part of the region whose restarts would find a new minimum; 1 while too little is known."""
    if restarts < 2 or minima >= restarts:
        return 1.0
    return min(1.0, minima * (minima + 1) / (restarts * (restarts - 1)))


def why_enough(landings: Sequence[Landing], *, boxed: bool) -> str | None:
    """Why more restarts are unlikely to find a lower value, in a sentence; None while they are not.

    Symmetric copies of a minimum, at exactly its value, count as one.
    """
    if not landings:
        return None
    lowest = min(landings, key=by_value)
    restarted = settled(landings, "start", "restart")
    if len(restarted) >= FEWEST_RESTARTS:
        levels = len(value_levels(restarted))
        if unseen_part(len(restarted), levels) <= UNSEEN and _is_reached(lowest, restarted, FEWEST_HITS):
            values = "one value" if levels == 1 else f"{levels} values"
            return f"{len(restarted)} restarts ended at {values}: more are unlikely to find a new one"
    if boxed and _is_reached(lowest, settled(landings, "axis"), AXIS_HITS):
        return f"{AXIS_HITS} independent searches along every axis ended at the best value"
    if _is_reached(lowest, settled(landings, "population"), INDEPENDENT_HITS):
        return f"{INDEPENDENT_HITS} independent populations ended at the best value"
    return None


def settled(landings: Sequence[Landing], *origins: str) -> list[Landing]:
    """The landings of these origins that ended by themselves."""
    return [landing for landing in landings if landing.origin in origins and landing.settled]


def _is_reached(lowest: Landing, landings: Sequence[Landing], hits: int) -> bool:
    """Whether so many of the landings reached the lowest value."""
    return len(landings) >= hits and value_levels([lowest, *landings])[0] - 1 >= hits
