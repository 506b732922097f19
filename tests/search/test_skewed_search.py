"""A sum along directions of any kind is searched along them, within the box."""

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Asking, Effort, Floats, Foresight, Points
from blackbox.search.axis_search import PARABOLAS, ROUNDS
from blackbox.search.landing import Start
from blackbox.search.regions import Region
from blackbox.search.skewed_search import Frame, skewed_search
from tests.fakes.directions import box, mixing
from tests.fakes.drive import Driven, Surface, drive, value_at

seeds = st.integers(0, 2**32 - 1)


def dented(t: Floats) -> Floats:
    """A bowl with some ten waves in a box; lowest at 0, where it is 0."""
    return t**2 / 4 + 3 * (1 - np.cos(4 * t))


def search(rows: Floats, bottom: Floats, seed: int) -> tuple[Surface, Driven[tuple[Start, bool]]]:
    d = len(rows)
    rng = np.random.default_rng(seed)
    start = rng.uniform(-4, 4, d)

    def f(x: Floats) -> Floats:
        return np.sum(dented((x - bottom) @ rows.T), axis=-1)

    begin = Start(start, value_at(f, start))
    return f, drive(skewed_search(begin, np.linalg.inv(rows), box(d), rng), f)


@given(seed=seeds, d=st.integers(2, 6))
def test_the_lowest_sum_is_found(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    rows, bottom = mixing(d, rng), rng.uniform(-2, 2, d)
    f, driven = search(rows, bottom, seed)
    assert driven.result is not None
    found, additive = driven.result
    # A line through the start need not reach the lowest place of its sum inside the box, but later lines do.
    assert additive
    assert found.value == pytest.approx(driven.best, abs=1e-12)
    assert found.value == pytest.approx(value_at(f, found.point), abs=1e-12)
    assert found.value < 0.3
    assert driven.evaluations <= (3 + sum(ROUNDS) + PARABOLAS * len(ROUNDS) + 2 * len(ROUNDS)) * d + len(ROUNDS) + 1
    assert np.all(np.abs(driven.points) <= 5)


def test_what_is_no_sum_along_them_is_left_after_a_few_looks() -> None:
    def bent(x: Floats) -> Floats:
        return (x[..., 1] - x[..., 0] ** 2) ** 2 + x[..., 0] ** 2

    asked, taken = list[int](), 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        start = rng.uniform(-4, 4, 2)
        begin = Start(start, value_at(bent, start))
        driven = drive(skewed_search(begin, mixing(2, rng), box(2), rng), bent)
        assert driven.result is not None
        assert driven.result[0].value <= begin.value
        asked.append(driven.evaluations)
        taken += driven.result[1]
    assert np.median(asked) <= 20
    assert taken <= 1


@given(seed=seeds)
def test_a_single_line_is_searched_as_far_as_the_box_allows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    start, direction = rng.uniform(-5, 5, 3), rng.standard_normal((3, 1))

    def f(x: Floats) -> Floats:
        return np.cos(2 * x[..., 0]) + np.sum(x, axis=-1) / 10

    driven = drive(skewed_search(Start(start, value_at(f, start)), direction, box(3), rng), f)
    frame = Frame(start, direction, box(3))
    (low,), (high,) = frame.ends(np.zeros(1))
    along = frame.points(np.linspace(low, high, 20_001)[:, np.newaxis])
    assert np.all(np.abs(along) <= 5 + 1e-9)
    assert driven.result is not None
    assert driven.result[0].value <= f(along).min() + 1e-2


@given(seed=seeds, d=st.integers(2, 6))
def test_the_ends_lie_on_the_bounds(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    frame = Frame(rng.uniform(-5, 5, d), mixing(d, rng), box(d))
    for ends in frame.ends(np.zeros(d)):
        for point in frame.points(np.diag(ends)):
            assert np.abs(point).max() == pytest.approx(5)


def test_what_is_foreseen_lies_in_the_box_to_the_last_digit() -> None:
    def inner() -> Asking[Points]:
        yield Foresight("here", lambda: np.array([[5e-10, 0.0]]), 1)
        return (yield np.zeros((1, 2)))

    frame = Frame(np.array([4.0, 2.0]), np.eye(2), Region(np.zeros(2), np.full(2, 4.0)))
    asking: Generator[Any, Any, Points] = frame.ask(inner())
    assert next(asking).points().tolist() == [[4.0, 2.0]]


def test_what_lies_outside_is_not_asked_and_has_no_value() -> None:
    def inner() -> Asking[Points]:
        yield Effort("part")
        yield Foresight("here", lambda: np.array([[0.0, 9.0], [1.0, 1.0]]), 1)
        return (yield np.array([[0.0, 9.0], [1.0, 1.0], [-9.0, 0.0]]))

    frame = Frame(np.array([1.0, 2.0]), np.eye(2), Region(np.zeros(2), np.full(2, 4.0)))
    asking: Generator[Any, Any, Points] = frame.ask(inner())
    assert next(asking) == Effort("part")
    foreseen = next(asking)
    assert foreseen.points().tolist() == [[2.0, 3.0]]
    assert next(asking).tolist() == [[2.0, 3.0]]
    with pytest.raises(StopIteration) as end:
        asking.send(np.array([7.0]))
    assert np.array_equal(end.value.value, [np.nan, 7.0, np.nan], equal_nan=True)


def test_no_points_are_no_question() -> None:
    def inner() -> Asking[Points]:
        return (yield np.empty((0, 2)))

    frame = Frame(np.array([1.0, 2.0]), np.eye(2), Region(np.zeros(2), np.full(2, 4.0)))
    with pytest.raises(StopIteration) as end:
        next(frame.ask(inner()))
    assert end.value.value.size == 0
