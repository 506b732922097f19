"""Sounding tells the length over which f changes, in whatever unit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Floats
from blackbox.core.bounds import Bounds
from blackbox.search.sounding import Sounding, sound
from tests.fakes.drive import Driven, Surface, drive, value_at
from tests.fakes.foresight import watch

seeds = st.integers(0, 2**32 - 1)


def sounded(f: Surface, start: list[float], bounds: Bounds | None = None) -> Driven[Sounding]:
    x = np.array(start)
    return drive(sound(x, value_at(f, x), bounds or Bounds.unbounded(x.size)), f)


@given(seed=seeds, width=st.floats(-2, 9).map(lambda e: 10.0**e), d=st.integers(1, 4))
def test_the_scale_of_a_bowl_is_found_within_a_factor_30(seed: int, width: float, d: int) -> None:
    rng = np.random.default_rng(seed)
    center = rng.choice([-1, 1], d) * rng.uniform(0.5, 3, d)
    driven = sounded(lambda x: np.sum((x / width - center) ** 2, axis=-1), [0.0] * d)
    assert driven.result is not None
    assert np.all(driven.result.scale < 30 * width)
    assert np.all(driven.result.scale > width / 30)
    assert not driven.result.flat
    assert driven.evaluations < 40 * d


@given(seed=seeds, width=st.floats(-6, 9).map(lambda e: 10.0**e))
def test_no_axis_is_ever_sounded_far_wider_than_the_narrowest_sight(seed: int, width: float) -> None:
    """A bowl narrower than a thousandth of the first reach is left to the descent; no scale is wider."""
    center = np.random.default_rng(seed).uniform(-3, 3, 2)
    driven = sounded(lambda x: np.sum((x / width - center) ** 2, axis=-1), [0.0, 0.0])
    assert driven.result is not None
    assert np.all(driven.result.scale < 30 * max(width, 1e-2))
    assert np.all(driven.result.scale > 0)


@pytest.mark.parametrize("constant", [0.0, 7.0, -1e300, 1e-300])
def test_a_constant_is_called_flat_with_a_usable_scale(constant: float) -> None:
    driven = sounded(lambda x: 0 * x[..., 0] + constant, [1.0, 2.0])
    assert driven.result is not None
    assert driven.result.flat
    assert np.all(np.isfinite(driven.result.scale) & (driven.result.scale > 0))
    assert driven.evaluations < 100


def test_an_axis_without_influence_does_not_hide_the_others() -> None:
    driven = sounded(lambda x: (x[..., 1] - 500) ** 2, [0.0, 0.0])
    assert driven.result is not None
    assert not driven.result.flat
    assert 500 / 30 < driven.result.scale[1] < 500 * 30


@given(seed=seeds, d=st.integers(1, 3))
def test_the_point_answered_is_the_lowest_met_and_its_value_is_true(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    center = rng.standard_normal(d) * 10 ** rng.uniform(-1, 6, d)

    def f(x: np.ndarray) -> np.ndarray:
        return np.sum(np.abs(x - center), axis=-1)

    driven = sounded(f, [0.0] * d)
    assert driven.result is not None
    assert driven.result.value == value_at(f, driven.result.point)
    assert driven.result.value <= min(driven.best, value_at(f, np.zeros(d)))


@given(seed=seeds, d=st.integers(1, 4))
def test_no_question_lies_outside_half_open_bounds(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    start = rng.standard_normal(d)
    lower = np.where(rng.random(d) < 0.5, -np.inf, start - 10 ** rng.uniform(-6, 3, d))
    upper = np.where(rng.random(d) < 0.5, np.inf, start + 10 ** rng.uniform(-6, 3, d))
    bounds = Bounds(lower, upper)
    slope = rng.standard_normal(d)
    driven = sounded(lambda x: x @ slope, start.tolist(), bounds)
    assert all(bounds.contain(question) for question in driven.questions)


@given(seed=seeds, width=st.floats(-3, 3).map(lambda e: 10.0**e), d=st.integers(1, 5))
def test_a_sum_of_parabolas_is_solved_in_a_few_questions_an_axis(seed: int, width: float, d: int) -> None:
    rng = np.random.default_rng(seed)
    center, bends = width * rng.choice([-1, 1], d) * rng.uniform(2, 1000, d), 10 ** rng.uniform(-3, 3, d)
    driven = sounded(lambda x: np.sum(bends * (x - center) ** 2, axis=-1), [0.0] * d)
    assert driven.result is not None
    tens = np.ceil(np.log10(np.maximum(np.abs(center), 1)))  # each stretch is tenfold at most
    assert driven.evaluations <= np.sum(4 + tens)
    assert driven.result.value <= 1e-6 * np.sum(bends * center**2)
    assert driven.result.curvature == pytest.approx(2 * bends, rel=1e-2)


def test_beyond_the_parabola_it_goes_on_while_that_pays() -> None:
    driven = sounded(lambda x: np.sum((x - 1000.0) ** 4, axis=-1), [0.0])
    assert driven.result is not None
    assert driven.result.value < 1e-3 * 1000.0**4
    assert driven.evaluations <= 12


def test_an_axis_that_has_nothing_to_give_is_as_long_as_the_others() -> None:
    """Else a basin beside it would be looked for no farther than the luck of the start reaches."""
    driven = sounded(lambda x: (x[..., 0] - 300) ** 2 + (x[..., 1] - 0.4) ** 2, [0.0, 0.0])
    assert driven.result is not None
    assert driven.result.scale[0] == pytest.approx(300, rel=0.1)
    assert driven.result.scale[1] >= 1


@pytest.mark.parametrize("height", [1e-300, 1e300])
def test_values_near_the_end_of_the_floats_do_no_harm(height: float) -> None:
    driven = sounded(lambda x: height * np.tanh(np.sum((x - 3) ** 2, axis=-1)), [0.0, 0.0])
    assert driven.result is not None
    assert np.all(np.isfinite(driven.result.scale) & (driven.result.scale > 0))


def test_where_everything_fails_it_gives_up_soon() -> None:
    driven = drive(sound(np.zeros(3), float("nan"), Bounds.unbounded(3)), lambda x: np.nan * x[..., 0])
    assert driven.result is not None
    assert np.isnan(driven.result.value)
    assert driven.evaluations < 100


@given(seed=seeds, d=st.integers(2, 6), boxed=st.booleans())
def test_the_probes_of_every_axis_but_the_first_are_foreseen_to_the_last_bit(seed: int, d: int, boxed: bool) -> None:
    rng = np.random.default_rng(seed)
    at = rng.choice([-1, 1], d) * rng.uniform(0.2, 0.8, d)  # nowhere near a first probe, which would be the last then
    bounds = Bounds.from_pairs([(-5, 5)], d) if boxed else Bounds.unbounded(d)

    def bowl(x: np.ndarray) -> np.ndarray:
        return ((x - at) ** 2).sum(axis=-1)

    watched = watch(sound(np.zeros(d), value_at(bowl, np.zeros(d)), bounds), bowl)
    hits = set[bytes]().union(*(one.likely & one.asked for one in watched.told))
    assert len(hits) >= 2 * (d - 1)


@given(side=st.sampled_from([-1.0, 1.0]), wall=st.floats(0.1, 1e4), power=st.sampled_from([1, 2]))
def test_a_plateau_beside_a_rise_leads_nowhere(side: float, wall: float, power: int) -> None:
    """As where a loss is 0 on one side: what lies out there is no lower than the start."""
    driven = sounded(lambda x: np.maximum(side * x[..., 0] - wall, 0.0) ** power + (x[..., 1] - 2) ** 2, [0.0, 0.0])
    assert driven.result is not None
    assert driven.result.point[0] == 0
    assert driven.result.scale[0] <= 1000 * max(wall, 1.0)


def _box(d: int) -> Bounds:
    return Bounds(np.full(d, -5.0), np.full(d, 5.0))


def _doubting(f: Surface, start: Floats) -> Driven[Sounding]:
    return drive(sound(start, value_at(f, start), _box(start.size), doubting=True), f)


@given(seed=seeds, d=st.integers(5, 12))
def test_where_one_direction_across_the_axes_moves_f_most_it_ends_early(seed: int, d: int) -> None:
    """The first axis comes to the bottom of the ravine, and the next two are there already."""
    rng = np.random.default_rng(seed)
    across = rng.choice([-1, 1], d) * rng.uniform(0.5, 1, d)
    start, bottom = rng.uniform(-2, 2, (2, d))
    driven = _doubting(lambda x: 1e8 * ((x - bottom) @ across) ** 2 + np.sum((x - bottom) ** 2, axis=-1), start)
    assert driven.result is not None
    assert driven.result.coupled
    whole = drive(
        sound(start, 0.0, _box(d)), lambda x: 1e8 * ((x - bottom) @ across) ** 2 + np.sum((x - bottom) ** 2, axis=-1)
    )
    assert whole.result is not None
    assert not whole.result.coupled
    assert driven.evaluations < whole.evaluations


@given(seed=seeds, d=st.integers(1, 12))
def test_axes_that_have_nothing_to_do_with_each_other_are_all_sounded(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    bend = 10 ** rng.uniform(0, 6, d)
    start = rng.uniform(-4, 4, d)
    bottom = np.where(np.abs(start) > 2, -np.sign(start), np.sign(start) + start) * rng.uniform(0.9, 1.0, d)
    driven = _doubting(lambda x: np.sum(bend * (x - bottom) ** 2, axis=-1), start)
    assert driven.result is not None
    assert not driven.result.coupled
    assert np.all(np.isfinite(driven.result.curvature))


@given(seed=seeds, d=st.integers(2, 3))
def test_up_to_three_axes_nothing_is_saved_by_ending_early(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    across, start = rng.uniform(0.5, 1, d), rng.uniform(-2, 2, d)
    driven = _doubting(lambda x: 1e8 * (x @ across) ** 2 + np.sum(x**2, axis=-1), start)
    assert driven.result is not None
    assert not driven.result.coupled


def test_a_start_at_the_bottom_of_all_axes_but_the_last_is_no_ravine() -> None:
    bottom = np.array([0.0, 0.0, 0.0, 0.0, 0.0, -3.0])
    driven = _doubting(lambda x: np.sum((x - bottom) ** 2, axis=-1), np.zeros(6))
    assert driven.result is not None
    assert not driven.result.coupled
    assert driven.result.point == pytest.approx(bottom, abs=1e-6)
