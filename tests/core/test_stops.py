"""The words of the JSON contract."""

import pytest

from blackbox.core.stops import Stop

WORDS = ["converged", "target", "budget", "time", "unbounded", "infimum", "interrupted", "no-finite-value"]
"""As `product.md` promises them to other programs."""


def test_the_words_are_those_of_the_contract() -> None:
    assert [stop.value for stop in Stop] == WORDS


@pytest.mark.parametrize("stop", Stop)
def test_every_stop_has_a_sentence_of_its_own(stop: Stop) -> None:
    assert len(stop.sentence) > 5 or stop is Stop.INTERRUPTED
    assert sum(other.sentence == stop.sentence for other in Stop) == 1


def test_exactly_the_stops_of_exit_code_5_are_unusable() -> None:
    unusable = {stop for stop in Stop if not stop.usable}
    assert unusable == {Stop.UNBOUNDED, Stop.INFIMUM, Stop.NO_FINITE_VALUE}
