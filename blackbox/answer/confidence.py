"""How sure: from how often descents ended where. It never says "proved"."""

from collections.abc import Sequence

from blackbox.answer.answer import Confidence, Minimum
from blackbox.answer.certificate import Kind
from blackbox.answer.claim import global_probability
from blackbox.answer.evidence import AXES, POPULATIONS, RESTARTS, Evidence, Tally
from blackbox.answer.unseen import all_seen, covered, expected_unseen
from blackbox.core.asking import Landing
from blackbox.core.stops import Stop
from blackbox.search.basins import distinct
from blackbox.search.converged import settled

WORDS = ("restart", "population", "axis search")
"""How a person would call each way of looking: restarts, populations, axis searches."""

MOST_MINIMA = 50
"""Minima listed in an answer, lowest first: a rugged function has thousands."""

NO_CLAIM = {
    Stop.UNBOUNDED: "no claim: it falls without end as far as it was followed",
    Stop.INFIMUM: "no claim: the lowest value is approached and never reached",
    Stop.NO_FINITE_VALUE: "no claim: no value was seen",
}


def minima_of(landings: Sequence[Landing], sign: float) -> tuple[Minimum, ...]:
    """The distinct minima, lowest first, with their hits; `sign` is −1 when maximising."""
    basins = distinct([landing for landing in landings if landing.settled or landing.origin == "polish"])
    return tuple(Minimum(basin.point, sign * basin.value, basin.hits) for basin in basins[:MOST_MINIMA])


def confidence_of(landings: Sequence[Landing], evidence: Evidence, *, maximize: bool = False) -> Confidence:
    """The claim, the Bayesian estimates of what is unseen, and a sentence.

    Each way of looking counts by itself: descents from random starts, populations, searches along every axis. The
    way that leaves least unseen gives the numbers.
    """
    ended = settled(landings, *RESTARTS, *POPULATIONS, *AXES)
    best = min(evidence.ways, key=lambda way: way.unseen)
    claim = global_probability(evidence)
    return Confidence(
        restarts=len(ended),
        distinct_minima=len(distinct(ended)),
        unseen_minimum_probability=None if best.unseen >= 1 else best.unseen,
        statement=_statement(evidence, claim, "higher" if maximize else "lower"),
        global_probability=claim,
        expected_unseen_minima=expected_unseen(best.landings, best.values),
        all_seen_probability=all_seen(best.landings, best.values),
        covered=covered(best.landings, best.values),
        evidence=evidence,
    )


def _statement(evidence: Evidence, claim: float | None, lower: str) -> str:
    if claim is None:
        return NO_CLAIM.get(evidence.stop, "no claim: no value was seen")
    if evidence.dimension == 0:
        return "the bounds leave a single point"
    if evidence.complete:
        return f"every point there is was asked: none has a {lower} value"
    told = f"{_counted(evidence)}; a {lower} value remains unseen with probability about {_percent(1 - claim)}"
    if evidence.kind == Kind.PLATEAU.value:
        return f"{told}; a needle on this plateau would not have been found"
    return told


def _counted(evidence: Evidence) -> str:
    """How often the best value was reached, by the way of looking that says most."""
    ended = sum(way.landings for way in evidence.ways)
    if ended < 2:
        return f"{'one descent has' if ended else 'no descent has'} ended: nothing can be said by counting"
    told, word = max(
        zip(evidence.ways, WORDS, strict=True), key=lambda pair: (-pair[0].unseen, pair[0].hits, pair[0].landings)
    )
    if told.hits == 0:
        return f"not met again in {_number(told, word)}"
    return f"found {'once' if told.hits == 1 else f'{told.hits} times'} in {_number(told, word)}"


def _number(way: Tally, word: str) -> str:
    plural = f"{word}es" if word.endswith("ch") else f"{word}s"
    return f"{way.landings} {word if way.landings == 1 else plural}"


def _percent(part: float) -> str:
    return f"{100 * part:.0f} %"
