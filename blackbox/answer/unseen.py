"""What restarts say of minima that they have not met: the Bayesian estimates of Boender & Rinnooy Kan.

N restarts that each end in a basin of unknown share, all shares equally likely, have met W minima. (Boender & Rinnooy
Kan 1987, "Bayesian stopping rules for multistart global optimization methods", Mathematical Programming 37.)
"""

from blackbox.search.converged import unseen_part


def expected_unseen(restarts: int, minima: int) -> float | None:
    """Expected number of minima not met, W (W + 1) / (N − W − 2); None while N < W + 3, where it has no bound."""
    if minima < 1 or restarts < minima + 3:
        return None
    return minima * (minima + 1) / (restarts - minima - 2)


def all_seen(restarts: int, minima: int) -> float | None:
    """Probability that every minimum has been met: Π (N − 1 − i) / (N − 1 + i) for i = 1 … W; None while N < W + 2."""
    if minima < 1 or restarts < minima + 2:
        return None
    chance = 1.0
    for i in range(1, minima + 1):
        chance *= (restarts - 1 - i) / (restarts - 1 + i)
    return chance


def covered(restarts: int, minima: int) -> float | None:
    """Expected part of the region whose descents end in a minimum already met; None while nothing is known."""
    part = unseen_part(restarts, minima)
    return None if part >= 1 else 1 - part
