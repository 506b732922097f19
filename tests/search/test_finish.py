"""Why a search ended is told of a minimum and of a maximum alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.stops import Stop
from blackbox.search.finish import Finish, Told, Void


def test_a_sentence_is_told_in_both_directions() -> None:
    told = Told.of("it {falls}, may {fall}, is {lowest}")
    assert told.plain == "it falls, may fall, is lowest"
    assert told.mirrored == "it rises, may rise, is highest"


@given(st.floats(-1e6, 1e6))
def test_a_level_changes_its_sign_with_the_direction(level: float) -> None:
    told = Told.of("{level}", level)
    assert float(told.plain) == pytest.approx(level, rel=1e-5)
    assert float(told.mirrored) == -float(told.plain)
    assert told.mirrored != "-0"


def test_a_finish_carries_both_sentences_and_what_is_void() -> None:
    ray, void = np.array([1.0, 0.0]), Void(3, 1)
    finish = Finish.told(Stop.UNBOUNDED, Told.of("it {falls}"), ray, void)
    assert (finish.stop, finish.detail, finish.mirrored) == (Stop.UNBOUNDED, "it falls", "it rises")
    assert finish.ray is ray
    assert finish.void is void
    assert Finish(Stop.CONVERGED, "why").mirrored == ""
