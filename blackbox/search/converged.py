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


def unseen_part(restarts: int, minima: int) -> float:
    """Expected part of the region whose restarts would find a new minimum; 1 while too little is known."""
    if restarts < 2 or minima >= restarts:
        return 1.0
    return min(1.0, minima * (minima + 1) / (restarts * (restarts - 1)))


def has_converged(landings: Sequence[Landing], *, boxed: bool) -> bool:
    """Whether more restarts are unlikely to find a lower value. Symmetric copies of a minimum count as one."""
    if not landings:
        return False
    lowest = min(landings, key=by_value)
    restarted = [landing for landing in landings if landing.origin in ("restart", "start") and landing.settled]
    counts = value_levels(restarted)
    enough = len(restarted) >= FEWEST_RESTARTS
    if enough and unseen_part(len(restarted), len(counts)) <= UNSEEN:
        return value_levels([lowest, *restarted])[0] > 2
    axes = [landing for landing in landings if landing.origin == "axis"]
    if boxed and value_levels([lowest, *axes])[0] > AXIS_HITS:
        return True
    populations = [landing for landing in landings if landing.origin == "population"]
    return value_levels([lowest, *populations])[0] > INDEPENDENT_HITS
