"""What is known along one axis says where to ask next."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Floats
from blackbox.search.lines import NARROWEST, Line, Sharpening


def line(places: list[float], values: list[float]) -> Line:
    return Line(0, 10.0, np.array(places), np.array(values))


def test_answers_are_kept_in_the_order_of_their_places() -> None:
    found = line([0.0, 4.0], [1.0, 2.0])
    found.add(np.array([-1.0, 2.0, 5.0]), np.array([10.0, 20.0, 30.0]))
    assert found.places.tolist() == [-1.0, 0.0, 2.0, 4.0, 5.0]
    assert found.values.tolist() == [10.0, 1.0, 20.0, 2.0, 30.0]


@given(st.floats(-3, 3), st.floats(0.01, 100), st.lists(st.floats(-5, 5), min_size=3, max_size=9, unique=True))
def test_the_vertex_of_a_parabola_is_its_minimum(center: float, bend: float, places: list[float]) -> None:
    where = np.unique(np.round([*places, center - 1.0, center + 2.0], 3))
    found = Line(0, 10.0, where, bend * (where - center) ** 2)
    vertex = found.vertex()
    if vertex is not None:
        assert vertex == pytest.approx(center, abs=1e-6)
        assert found.curvature == pytest.approx(2 * bend, rel=1e-6)


def test_at_an_end_and_beside_a_hole_there_is_no_vertex() -> None:
    assert line([0.0, 1.0, 2.0], [1.0, 2.0, 3.0]).vertex() is None
    beside = line([0.0, 1.0, 2.0], [np.nan, 2.0, 3.0])
    assert beside.vertex() is None
    assert np.isnan(beside.curvature)
    assert line([0.0, 1.0, 2.0], [1.0, 1.0, 1.0]).vertex() is None


def test_a_place_that_is_known_already_is_not_asked_again() -> None:
    assert line([-1.0, 0.0, 1.0], [1.0, 0.0, 1.0]).vertex() is None


def _sharpen(found: Line, height: Callable[[float], float], most: int) -> None:
    sharpening = Sharpening(found)
    for _ in range(most):
        place = sharpening.place()
        if place is None:
            return
        found.put(place, height(place))


@given(st.floats(0.3, 2), st.floats(0.1, 0.8), st.floats(3, 5))
def test_beside_a_steep_wall_sharpening_does_not_crawl(bottom: float, near: float, far: float) -> None:
    """Parabolas alone keep the far end, high on the wall, for ever, and creep along the gentle side."""

    def height(x: float) -> float:
        return (x * x - bottom * bottom) ** 2

    places = np.array([near / 2, near, far]) * bottom
    found = Line(0, 10.0, places, np.array([height(x) for x in places]))
    _sharpen(found, height, 20)
    assert found.best == pytest.approx(bottom, rel=1e-4)


@given(st.floats(-3, 3), st.floats(0.01, 100), st.floats(0.1, 2), st.floats(0.2, 2))
def test_on_a_parabola_sharpening_ends_after_one_place(center: float, bend: float, left: float, right: float) -> None:
    def height(x: float) -> float:
        return bend * (x - center) ** 2

    places = np.array([center - left - 0.1, center - 0.1, center + right])
    found = Line(0, 10.0, places, np.array([height(x) for x in places]))
    _sharpen(found, height, 10)
    assert found.best == pytest.approx(center, abs=1e-6)
    assert len(found.places) <= 4


def test_where_parabolas_converge_no_interval_is_cut() -> None:
    found = Line(0, 10.0, np.array([0.5, 1.5, 2.0]), np.cosh(np.array([0.5, 1.5, 2.0]) - 1.2))
    sharpening, asked = Sharpening(found), list[float]()
    while (place := found.vertex()) is not None:
        assert sharpening.place() == place
        found.put(place, float(np.cosh(place - 1.2)))
        asked.append(place)
    assert len(asked) >= 3


def test_the_easiest_gap_is_wide_and_low() -> None:
    wide = line([0.0, 1.0, 2.0, 6.0, 7.0], [5.0] * 5)
    assert wide.easiest_gap() == 4.0
    low = line([0.0, 2.0, 4.0, 6.0], [9.0, 9.0, 1.0, 1.1])
    assert low.easiest_gap() == 5.0


def test_no_gap_is_left_once_all_are_narrow() -> None:
    places: Floats = np.arange(5) * NARROWEST * 5
    assert Line(0, 10.0, places, np.ones(5)).easiest_gap() is None
    assert line([1.0], [3.0]).easiest_gap() is None


def test_leveling_moves_all_values_alike() -> None:
    found = line([0.0, 1.0, 2.0], [5.0, 3.0, 9.0])
    found.level(-1.0)
    assert found.values.tolist() == [1.0, -1.0, 5.0]
    assert (found.best, found.least) == (1.0, -1.0)


@given(st.lists(st.floats(0, 1), min_size=4, max_size=12), st.lists(st.floats(0.01, 0.99), min_size=1, max_size=8))
def test_what_is_put_in_one_by_one_is_what_is_added_at_once(values: list[float], answers: list[float]) -> None:
    places = np.linspace(-5, 5, len(values))
    one, all_at_once = Line(0, 10.0, places, np.array(values)), Line(0, 10.0, places, np.array(values))
    for answer in answers:
        gap = one.easiest_gap()
        assert gap == all_at_once.easiest_gap()
        if gap is None:
            break
        one.put(gap, answer)
        all_at_once.add(np.array([gap]), np.array([answer]))
        assert one.places.tolist() == all_at_once.places.tolist()
        assert one.values.tolist() == all_at_once.values.tolist()
        assert (one.lowest, one.least, one.vertex()) == (all_at_once.lowest, all_at_once.least, all_at_once.vertex())


def test_a_hole_that_is_put_in_counts_as_the_highest() -> None:
    one, all_at_once = line([0.0, 4.0, 9.0], [1.0, 2.0, 0.5]), line([0.0, 4.0, 9.0], [1.0, 2.0, 0.5])
    for place in (6.0, 2.0):
        assert one.easiest_gap() == all_at_once.easiest_gap()
        one.put(place, np.nan)
        all_at_once.add(np.array([place]), np.array([np.nan]))
    assert one.easiest_gap() == all_at_once.easiest_gap()


def test_the_gaps_after_the_easiest_are_asked_next_while_no_answer_stands_out() -> None:
    found = line([0.0, 1.0, 3.0, 6.0, 10.0], [5.0, 1.0, 4.0, 2.0, 9.0])
    easiest = found.easiest_gap()
    assert easiest is not None
    foretold = found.next_gaps(1, 2)
    assert found.next_gaps(0, 1) == [easiest]
    found.put(easiest, 8.9)
    assert found.easiest_gap() == foretold[0]
