"""What a search asks and tells is seen in the coordinates of the function."""

from typing import cast

import numpy as np

from blackbox.core.asking import (
    Asking,
    Effort,
    Estimate,
    Explored,
    Floats,
    Foresight,
    Landing,
    Point,
    Points,
    Prospect,
    Step,
)
from blackbox.search.lens import through


class Tripled:
    """The function's coordinates are three times the search's."""

    def outward(self, points: Points) -> Points:
        return 3 * points

    def lengths(self, point: Point, lengths: Floats) -> Floats:
        return 3 * lengths + 0 * point

    def slope(self, slope: float) -> float:
        return slope / 3


def asker() -> Asking[float]:
    values = yield np.array([[1.0, 2.0], [3.0, 4.0]])
    yield Step(np.array([1.0, 2.0]), 5.0, 6.0, 0.5)
    yield Landing(np.array([3.0, 4.0]), 7.0, 0.25, True, "start", np.array([0.5, 1.0]))
    yield Landing(np.array([3.0, 4.0]), 7.0, 0.25, True, "start")
    yield Estimate(np.array([1.0, 1.0]), 2.0, 0.1, 0.2)
    yield Explored(np.array([-1.0, -2.0]), np.array([1.0, 2.0]))
    yield Effort("start")
    return float(values.sum())


def test_questions_and_events_are_told_in_the_functions_coordinates() -> None:
    walk = through(asker(), Tripled())
    assert cast("Points", next(walk)).tolist() == [[3.0, 6.0], [9.0, 12.0]]
    step = walk.send(np.array([1.0, 2.0]))
    assert isinstance(step, Step)
    assert (step.point.tolist(), step.value, step.slope, step.learning_rate) == ([3.0, 6.0], 5.0, 2.0, 0.5)
    first, second, estimate, explored, effort = (next(walk) for _ in range(5))
    assert isinstance(first, Landing)
    assert isinstance(second, Landing)
    assert first.point.tolist() == second.point.tolist() == [9.0, 12.0]
    assert first.resolution is not None
    assert first.resolution.tolist() == [1.5, 3.0]
    assert second.resolution is None
    assert isinstance(estimate, Estimate)
    assert (estimate.point.tolist(), estimate.value, estimate.noise) == ([3.0, 3.0], 2.0, 0.2)
    assert isinstance(explored, Explored)
    assert (explored.lower.tolist(), explored.upper.tolist()) == ([-3.0, -6.0], [3.0, 6.0])
    assert effort == Effort("start")
    try:
        next(walk)
    except StopIteration as finished:
        assert finished.value == 3.0


def test_what_is_foreseen_is_what_will_be_asked() -> None:
    def walk(number: int) -> Asking[None]:
        yield np.full((1, 2), float(number))

    def foreseeing() -> Asking[None]:
        yield Foresight("walk", lambda: np.ones((2, 2)), 1)
        yield Foresight("walk", lambda: np.ones((2, 2)), 1, lambda: np.full((1, 2), 2.0))
        yield Prospect("walks", walk, 0)

    certain, perhaps, prospect = through(foreseeing(), Tripled())
    assert isinstance(certain, Foresight)
    assert certain.perhaps is None
    assert certain.points().tolist() == [[3.0, 3.0]] * 2
    assert isinstance(perhaps, Foresight)
    assert perhaps.perhaps is not None
    assert perhaps.perhaps().tolist() == [[6.0, 6.0]]
    assert isinstance(prospect, Prospect)
    assert cast("Points", next(prospect.walk(2))).tolist() == [[6.0, 6.0]]
