"""With noise means decide: what is said of the winner is judged by the truth, over many seeds."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from blackbox.core.asking import Estimate
from blackbox.core.bounds import Bounds
from blackbox.core.stops import Stop
from blackbox.search.finish import Finish
from blackbox.search.noisy import AGREE, ENOUGH, FINAL, MOST, REPEATS, Noise, noisy_search
from tests.fakes.drive import Driven, Surface, drive, value_at
from tests.fakes.functions import sphere

seeds = st.integers(0, 2**32 - 1)
some = settings(max_examples=15)

HEARD = 8
"""Fresh answers that the search begins with, as after `listen`."""


@dataclass
class Noisy:
    """A surface with noise that is not the search's own."""

    truth: Surface
    level: float
    rng: np.random.Generator

    def __call__(self, points: np.ndarray) -> np.ndarray:
        return self.truth(points) + self.level * self.rng.standard_normal(len(points))


def searched(truth: Surface, level: float, bounds: Bounds, seed: int, at: np.ndarray | None = None) -> Driven[Finish]:
    f = Noisy(truth, level, np.random.default_rng((seed, 1)))
    x = bounds.clip(np.zeros(bounds.dimension)) if at is None else at
    heard = Noise(x, f(np.repeat(x[np.newaxis, :], HEARD, axis=0)))
    driven = drive(noisy_search(heard, bounds, np.random.default_rng(seed)), f)
    assert driven.result is not None
    assert driven.result.stop is Stop.CONVERGED
    return driven


def estimates(driven: Driven[Finish]) -> list[Estimate]:
    return [event for event in driven.events if isinstance(event, Estimate)]


def box(d: int, half: float = 5.0) -> Bounds:
    return Bounds(np.full(d, -half), np.full(d, half))


@some
@given(st.integers(1, 2), st.booleans(), st.floats(1e-3, 1.0), seeds)
def test_the_last_word_is_the_mean_of_fresh_answers_and_its_standard_error(
    d: int, boxed: bool, level: float, seed: int
) -> None:
    center = np.random.default_rng(seed).uniform(-2, 2, d)
    driven = searched(sphere(center), level, box(d) if boxed else Bounds.unbounded(d), seed)
    last, question, answers = estimates(driven)[-1], driven.questions[-1], driven.answers[-1]
    assert len(answers) == FINAL == 64
    assert np.all(question == last.point)
    assert last.value == pytest.approx(np.mean(answers), rel=1e-12)
    assert last.error == pytest.approx(stats.sem(answers), rel=1e-9)
    assert last.noise == pytest.approx(np.std(answers, ddof=1), rel=1e-9)
    assert f"±{last.error:.2g}" in driven.result.detail


def test_the_error_is_honest() -> None:
    """(value − f) / error over many seeds has Student's distribution with 63 degrees, and the noise that of chi."""
    scores, spreads, level = [], [], 0.3
    for seed in range(60):
        truth = sphere(np.array([1.0 + seed / 60]))
        last = estimates(searched(truth, level, box(1), seed))[-1]
        scores.append((last.value - value_at(truth, last.point)) / last.error)
        spreads.append((FINAL - 1) * last.noise**2 / level**2)
    assert stats.kstest(scores, stats.t(FINAL - 1).cdf).pvalue > 1e-3
    assert stats.kstest(spreads, stats.chi2(FINAL - 1).cdf).pvalue > 1e-3


def test_the_winner_lies_where_noise_hides_what_is_lower() -> None:
    """So many values as 16 a candidate tell a quarter of the noise: on average the floor is met nearer than that."""
    for d in (1, 2, 3):
        lost = []
        for seed in range(15):
            center = np.random.default_rng((d, seed)).uniform(-4, 4, d)
            lost.append(
                value_at(sphere(center), estimates(searched(sphere(center), 0.1, box(d), seed))[-1].point) / 0.1
            )
        assert np.mean(lost) <= 1 / np.sqrt(REPEATS)
        assert max(lost) <= 1.0


@pytest.mark.parametrize("apart", [2.0, 4.0])
def test_of_two_valleys_the_lower_wins_if_means_can_tell(apart: float) -> None:
    """Floors that differ by eight or sixteen errors of a candidate's mean; the start lies in the higher valley.

    All populations of a run may pass the lower one by, but in few runs.
    """
    level, found = 0.1, 0
    for seed in range(40):
        sides = 1.0 if seed % 2 else -1.0

        def valleys(p: np.ndarray) -> np.ndarray:
            x = sides * p[..., 0]
            return np.minimum((x - 3) ** 2, (x + 2) ** 2 + apart * level)

        best = estimates(searched(valleys, level, box(1), seed, np.array([-2.0 * sides])))[-1]
        assert min(abs(sides * best.point[0] - 3), abs(sides * best.point[0] + 2)) < 0.4
        found += sides * best.point[0] > 0
    assert found >= 36


@some
@given(st.floats(-100, 100), st.floats(0.01, 10), seeds)
def test_on_a_plain_luck_lowers_no_answer(height: float, level: float, seed: int) -> None:
    """Hundreds of values of noise alone: the lowest is three deviations low, the answer is the plain's own height."""
    driven = searched(lambda p: np.full(len(p), height), level, box(2), seed)
    last = estimates(driven)[-1]
    assert driven.best < height - 2 * level
    assert abs(last.value - height) <= 5 * level / np.sqrt(FINAL)


@pytest.mark.parametrize("far", [3.0, 30.0, 300.0])
def test_without_bounds_the_floor_is_found_at_every_distance(far: float) -> None:
    for seed in range(3):
        center = far * np.array([1.0, -0.6])
        last = estimates(searched(sphere(center), 0.1, Bounds.unbounded(2), seed))[-1]
        assert last.point == pytest.approx(center, abs=0.3)


@some
@given(st.lists(st.floats(0.1, 30), min_size=1, max_size=3), st.booleans(), seeds)
def test_no_question_leaves_the_bounds_and_a_minimum_on_them_is_met(widths: list, half_open: bool, seed: int) -> None:
    d = len(widths)
    bounds = Bounds(np.zeros(d), np.full(d, np.inf) if half_open else np.array(widths))
    # Falls by ten deviations of the noise over the width, towards the corner at the origin.
    slope = 1.0 / np.array(widths)

    def f(p: np.ndarray) -> np.ndarray:
        return p @ slope + 0.2 * (p**2 @ slope**2)

    driven = searched(f, 0.1, bounds, seed, np.array(widths) / 2)
    assert bounds.contain(driven.points)
    assert value_at(f, estimates(driven)[-1].point) <= 0.1


@some
@given(st.integers(1, 2), seeds)
def test_every_landing_has_been_asked_often_and_is_blurred_by_its_own_error(d: int, seed: int) -> None:
    driven = searched(sphere(np.full(d, 1.5)), 0.2, box(d), seed)
    assert ENOUGH + 1 <= len(driven.landings) <= MOST + 1
    asked = dict[bytes, list[float]]()
    for point, value in zip(driven.points, driven.values, strict=True):
        asked.setdefault(point.tobytes(), []).append(value)
    for landing in driven.landings[1:]:
        values = asked[landing.point.tobytes()][:16]
        assert len(values) == REPEATS == 16
        assert landing.value == pytest.approx(np.mean(values), rel=1e-9)
        assert landing.blur == pytest.approx(2 * AGREE * stats.sem(values), rel=1e-9)
        assert landing.settled
        assert landing.origin == "population"


@some
@given(st.integers(1, 2), seeds)
def test_searches_that_ended_together_are_counted(d: int, seed: int) -> None:
    driven = searched(sphere(np.ones(d)), 0.1, box(d), seed)
    last = estimates(driven)[-1]
    low = [one for one in driven.landings if one.value - last.value <= one.blur + AGREE * last.error]
    assert driven.result.detail.startswith(f"{len(low)} of {len(driven.landings)} searches ended at the lowest mean")
    assert "highest mean" in driven.result.mirrored


def test_failures_are_walked_around_and_a_function_that_only_fails_keeps_what_was_heard() -> None:
    bowl = sphere(np.array([2.0, 1.0]))
    holes = searched(lambda p: np.where(p[..., 0] < 0.5, np.nan, bowl(p)), 0.1, box(2), 0, np.ones(2))
    assert estimates(holes)[-1].point == pytest.approx([2.0, 1.0], abs=0.4)
    heard = Noise(np.ones(2), np.array([3.0, 5.0, 4.0, 4.0]))
    driven = drive(noisy_search(heard, box(2), np.random.default_rng(0)), lambda p: np.full(len(p), np.nan))
    last = estimates(driven)[-1]
    assert last.point.tolist() == [1.0, 1.0]
    assert (last.value, last.error) == (4.0, pytest.approx(stats.sem(heard.values)))


@pytest.mark.parametrize("d", [1, 2, 4])
def test_some_thousands_of_values_are_enough_whatever_the_noise(d: int) -> None:
    for level in (1e-6, 1e-2, 1.0, 100.0):
        driven = searched(sphere(np.full(d, 1.0)), level, box(d), 0)
        assert driven.evaluations <= 3000 * d


def test_without_bounds_some_populations_look_much_farther_than_f_is_seen_to_change() -> None:
    """A bowl a few units wide at the start, and a wider and lower one a hundred units away."""
    found = 0
    for seed in range(5):

        def bowls(p: np.ndarray) -> np.ndarray:
            return np.minimum(np.sum(p**2, axis=-1), np.sum((p - 100) ** 2, axis=-1) / 100 - 9)

        best = estimates(searched(bowls, 0.1, Bounds.unbounded(1), seed))[-1]
        found += abs(best.point[0] - 100) < 10
    assert found >= 4


@pytest.mark.parametrize("seed", range(3))
def test_noise_that_vanishes_is_followed_down_to_where_there_is_none(seed: int) -> None:
    """Populations that once stopped where noise was all they saw ended a thousandth of the box away."""
    rng = np.random.default_rng((seed, 1))
    center = np.array([2.0, -1.0])

    def f(points: np.ndarray) -> np.ndarray:
        return sphere(center)(points) * (1 + 0.2 * rng.standard_normal(len(points)))

    x = np.array([-4.0, 4.0])
    heard = Noise(x, f(np.repeat(x[np.newaxis, :], HEARD, axis=0)))
    driven = drive(noisy_search(heard, box(2), np.random.default_rng(seed)), f, limit=6000)
    assert sphere(center)(estimates(driven)[-1].point[np.newaxis])[0] < 1e-10
