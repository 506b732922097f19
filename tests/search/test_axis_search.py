"""Axis by axis, a separable function gives up its best basin."""

import numpy as np
import pytest

from blackbox.core.asking import Floats
from blackbox.search.axis_search import axis_search
from blackbox.search.regions import Region
from tests.fakes.drive import Driven, Surface, drive, value_at
from tests.fakes.functions import rastrigin, sphere, with_holes


def search(f: Surface, d: int, seed: int) -> Driven[tuple[Floats, float]]:
    rng = np.random.default_rng(seed)
    start = rng.uniform(-5, 5, d)
    return drive(axis_search(start, value_at(f, start), Region(np.full(d, -5.12), np.full(d, 5.12)), rng), f)


@pytest.mark.parametrize("d", [1, 2, 5, 8])
def test_a_separable_rastrigin_is_left_in_its_lowest_basin(d: int) -> None:
    for seed in range(20):
        center = np.random.default_rng(1000 + seed).uniform(-4, 4, d)
        driven = search(rastrigin(center), d, seed)
        assert driven.result is not None
        assert np.all(np.abs(driven.result[0] - center) < 0.5)
        assert driven.evaluations <= 120 * d


def test_the_answer_is_the_lowest_point_of_its_last_line_and_its_value_is_true() -> None:
    f = rastrigin(np.array([1.0, -2.0, 3.0]))
    driven = search(f, 3, 0)
    assert driven.result is not None
    point, value = driven.result
    assert value == value_at(f, point) == driven.best


def test_questions_stay_in_the_region() -> None:
    for seed in range(20):
        driven = search(sphere(np.full(3, 9.0)), 3, seed)
        assert np.all(np.abs(driven.points) <= 5.12)
        assert driven.result is not None
        assert driven.result[0].tolist() == [5.12] * 3


def test_failures_on_a_line_are_stepped_over() -> None:
    f = with_holes(rastrigin(np.array([1.0, -2.0])), lambda x: np.any((x > 2) & (x < 3), axis=-1))
    driven = drive(
        axis_search(np.zeros(2), 0.0, Region(np.full(2, -5.0), np.full(2, 5.0)), np.random.default_rng(0)), f
    )
    assert driven.result is not None
    assert np.all(np.abs(driven.result[0] - [1.0, -2.0]) < 0.5) or driven.result[1] <= 0


def test_a_line_of_failures_alone_keeps_the_incumbent() -> None:
    f = with_holes(sphere(np.zeros(2)), lambda x: np.any(x != 1, axis=-1))
    driven = drive(axis_search(np.ones(2), 2.0, Region(np.full(2, -5.0), np.full(2, 5.0)), np.random.default_rng(0)), f)
    assert driven.result is not None
    assert driven.result[0].tolist() == [1.0, 1.0]
