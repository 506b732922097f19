"""The default search, watched: where f is of another kind, another search goes on, and nothing is asked for nothing."""

import numpy as np
import pytest

from blackbox.core.asking import Effort, Estimate
from blackbox.core.bounds import Bounds
from blackbox.core.stops import Stop
from blackbox.search.cells import WITHIN
from blackbox.search.default import default_search
from blackbox.search.finish import Finish
from blackbox.search.wild import wild_search
from tests.fakes.drive import Driven, Surface, drive
from tests.fakes.functions import rosenbrock, sphere, two_basins

BOX = Bounds.from_pairs([(-6, 7)], 2)
FREE = Bounds.unbounded(2)


def wild(f: Surface, bounds: Bounds, *, whole: bool = False, limit: int = 20_000) -> Driven[Finish]:
    return drive(wild_search(bounds, None, np.random.default_rng(0), whole=whole), f, limit=limit)


def parts(driven: Driven[Finish]) -> list[str]:
    return [event.part for event in driven.events if isinstance(event, Effort)]


@pytest.mark.parametrize("bounds", [BOX, FREE])
@pytest.mark.parametrize("f", [sphere(np.array([1.0, 2.0])), rosenbrock, two_basins])
def test_a_smooth_function_pays_nothing_for_being_watched(f: Surface, bounds: Bounds) -> None:
    # The last polish of an exact minimum gives one value so often that old points are asked again.
    watched = wild(f, bounds, limit=2000)
    plain = drive(default_search(bounds, None, np.random.default_rng(0)), f, limit=2000)
    assert np.array_equal(watched.points, plain.points)


@pytest.mark.parametrize("bounds", [BOX, FREE])
def test_noise_is_handed_to_the_noisy_search(bounds: Bounds) -> None:
    rng = np.random.default_rng(1)
    driven = wild(lambda p: sphere(np.array([2.0, -1.0]))(p) + 0.1 * rng.standard_normal(len(p)), bounds)
    assert driven.result is not None
    assert driven.result.stop is Stop.CONVERGED
    assert "noise" in parts(driven)
    last = [event for event in driven.events if isinstance(event, Estimate)][-1]
    assert last.point == pytest.approx([2.0, -1.0], abs=0.3)
    assert abs(last.value) < 5 * last.error + 0.1


def test_noise_that_vanishes_towards_the_minimum_hides_it_seldom() -> None:
    """A tenth of the height: high up it hides all slopes, at the minimum there is none."""
    away = list[float]()
    for seed in range(8):
        rng = np.random.default_rng((1, seed))  # not the numbers that the search draws

        def f(points: np.ndarray, rng: np.random.Generator = rng) -> np.ndarray:
            height = sphere(np.array([2.0, -1.0]))(points)
            return height * (1 + 0.1 * rng.standard_normal(len(points)))

        driven = drive(wild_search(BOX, np.array([-5.0, 6.0]), np.random.default_rng(seed)), f, limit=4000)
        assert driven.best_point is not None
        away.append(float(np.abs(driven.best_point - [2.0, -1.0]).max()))
    assert max(away) < 0.02
    assert np.median(away) < 1e-5


def test_a_staircase_of_whole_numbers_is_handed_to_the_lattice() -> None:
    driven = wild(lambda p: np.sum((np.rint(p) - [3, -4]) ** 2, axis=-1), BOX)
    assert driven.result is not None
    assert driven.best == 0
    assert "cells" in driven.topics
    after, last = driven.points[-50:-WITHIN], driven.points[-WITHIN:]
    assert np.array_equal(after, np.rint(after))
    # The last look is at the cell itself.
    assert np.array_equal(np.rint(last), np.tile([3, -4], (WITHIN, 1)))


def test_whole_numbers_are_searched_as_such_from_the_first_question_on() -> None:
    driven = wild(lambda p: np.sum((p - [3, -4]) ** 2, axis=-1), BOX, whole=True)
    assert np.array_equal(driven.points, np.rint(driven.points))
    assert len(np.unique(driven.points, axis=0)) == len(driven.points) == 14**2
    assert driven.best == 0


def test_one_input_in_a_box_is_narrowed_first_and_only_then_searched() -> None:
    driven = wild(lambda p: np.cosh(p[:, 0] - 1.2), Bounds.from_pairs([(-6, 7)], 1))
    assert parts(driven)[0] == "narrowing"
    golden = -6 + 13 * (3 - 5**0.5) / 2
    assert driven.points[0, 0] == pytest.approx(golden)
    assert driven.best == pytest.approx(1)


def test_a_counter_is_no_noise() -> None:
    """Each answer is a little higher than the last: a memory, which no mean would help."""
    asked = iter(range(10**9))
    driven = wild(lambda p: np.array([float(np.sum((x - 1) ** 2)) + 1e-3 * next(asked) for x in p]), BOX, limit=3000)
    assert "noise" not in parts(driven)
