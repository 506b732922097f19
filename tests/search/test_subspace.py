"""Axes with one possible value are filled in, not searched."""

import numpy as np

from blackbox.core.asking import Asking, Foresight, Landing, Prospect, Remark, Step
from blackbox.core.bounds import Bounds
from blackbox.search.subspace import embed, free_bounds, free_part
from tests.fakes.drive import drive

BOX = Bounds.from_pairs([(7, 7), (0, 1), (-3, -3), (2, 5)], 4)


def asker() -> Asking[str]:
    """Asks two points, tells of each kind of event, and answers with the values it got."""
    values = yield np.array([[0.25, 3.0], [0.5, 4.0]])
    yield Step(np.array([0.25, 3.0]), float(values[0]), 1.0, 1.0)
    yield Landing(np.array([0.5, 4.0]), float(values[1]), 0.0, True, "start")
    yield Remark("topic", "detail")
    return str(values.tolist())


def test_the_free_axes_are_those_with_room() -> None:
    assert free_bounds(BOX).pairs() == [[0.0, 1.0], [2.0, 5.0]]
    assert free_part(np.array([7.0, 0.5, -3.0, 4.0]), BOX).tolist() == [0.5, 4.0]


def test_questions_and_events_get_the_fixed_coordinates_back() -> None:
    driven = drive(embed(asker(), BOX), lambda x: np.sum(x, axis=-1))
    assert driven.points.tolist() == [[7.0, 0.25, -3.0, 3.0], [7.0, 0.5, -3.0, 4.0]]
    assert driven.steps[0].point.tolist() == [7.0, 0.25, -3.0, 3.0]
    assert driven.landings[0].point.tolist() == [7.0, 0.5, -3.0, 4.0]
    assert driven.topics == ["topic"]
    assert driven.result == "[7.25, 8.5]"


def test_all_that_is_foreseen_lies_where_the_search_asks() -> None:
    def inner() -> Asking[None]:
        yield Foresight("test", lambda: np.zeros((2, 1)), 1, lambda: np.ones((3, 1)))
        yield Prospect("walks", lambda _: inner(), 0)

    bounds = Bounds.from_pairs([(-1, 1), (7, 7)], 2)
    foresight, prospect = embed(inner(), bounds)
    assert isinstance(foresight, Foresight)
    assert foresight.perhaps is not None
    assert foresight.points().tolist() == [[0.0, 7.0]] * 2
    assert foresight.perhaps().tolist() == [[1.0, 7.0]] * 3
    assert isinstance(prospect, Prospect)
    again = next(prospect.walk(0))
    assert isinstance(again, Foresight)
    assert again.points().tolist() == [[0.0, 7.0]] * 2
