"""Pattern search finishes what slopes cannot: kinks, stairs, rims of holes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackbox.core.asking import Floats
from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError
from blackbox.descent.pattern import Pattern, pattern
from tests.fakes.drive import value_at
from tests.fakes.foresight import watch
from tests.fakes.functions import kink, quadratic, sphere, stairs, taxicab, with_holes
from tests.fakes.walks import is_honest, pattern_walk, terrain

seeds = st.integers(0, 2**32 - 1)


@given(start=st.floats(-1000, 1000), scale=st.floats(1, 4).map(lambda e: 10.0**e))
def test_a_kink_is_found_to_nine_digits_from_anywhere(start: float, scale: float) -> None:
    driven = pattern_walk(kink, np.array([start]), terrain(1, scale=scale))
    assert driven.result is not None
    assert abs(driven.result.value - 2) < 1e-9
    assert abs(driven.result.point[0] - 123.456) < 1e-9


@settings(max_examples=15)
@given(d=st.integers(1, 6), seed=seeds)
def test_the_taxicab_distance_is_minimised(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    f, start = taxicab(rng.standard_normal(d)), rng.standard_normal(d)
    driven = pattern_walk(f, start, None, Pattern(evaluations=50_000), seed=seed)
    assert driven.result is not None
    assert driven.result.value < 1e-6
    assert not driven.result.smooth
    assert is_honest(driven, value_at(f, start))


@pytest.mark.parametrize(("d", "lowest"), [(1, 25), (2, 22), (4, 18)])
def test_stairs_are_climbed_down_to_the_lowest_cell_from_most_starts(d: int, lowest: int) -> None:
    """Of 25 seeded starts; a first stride as wide as the terrain sees past most steps, not past all of them."""
    reached = 0
    for seed in range(25):
        rng = np.random.default_rng(seed)
        center, start = rng.uniform(-20, 20, d), rng.uniform(-20, 20, d)
        driven = pattern_walk(stairs(center), start, terrain(d, scale=10.0), Pattern(first_stride=1.0), seed=seed)
        reached += driven.best == 0
    assert reached >= lowest


@pytest.mark.parametrize("steepness", [2, 5])
def test_a_valley_with_a_kinked_floor_across_the_axes_needs_turned_directions(steepness: float) -> None:
    """Along the floor x = y it falls, along either axis it rises."""

    def ravine(p: Floats) -> Floats:
        return steepness * np.abs(p[..., 0] - p[..., 1]) + np.abs(p[..., 0] + p[..., 1] - 2)

    turned = [pattern_walk(ravine, np.zeros(2), seed=seed).best for seed in range(10)]
    fixed = pattern_walk(ravine, np.zeros(2), None, Pattern(turn=False)).best
    assert max(turned) < 1e-6
    assert fixed > 1.9


@settings(max_examples=15)
@given(d=st.integers(1, 4), seed=seeds)
def test_smooth_bowls_too(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    center = rng.standard_normal(d)
    driven = pattern_walk(quadratic(np.diag(rng.uniform(1, 10, d)), center), np.zeros(d), seed=seed)
    assert driven.result is not None
    assert driven.result.value < 1e-15


@settings(max_examples=15)
@given(d=st.integers(1, 4), seed=seeds)
def test_no_question_lies_outside_the_bounds_and_minima_on_faces_are_exact(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    box, center = Bounds(np.full(d, -1.0), np.ones(d)), 3 * rng.standard_normal(d)
    driven = pattern_walk(taxicab(center), rng.uniform(-1, 1, d), terrain(d, box), seed=seed)
    assert driven.result is not None
    assert box.contain(driven.points)
    nearest = np.clip(center, -1, 1)
    assert driven.result.value <= value_at(taxicab(center), nearest) + 1e-6
    faces = nearest != center
    assert np.allclose(driven.result.point[faces], nearest[faces], rtol=0, atol=1e-6)


def test_a_box_without_room_costs_nothing() -> None:
    box = Bounds(np.array([2.0]), np.array([2.0]))
    driven = pattern_walk(kink, np.array([2.0]), terrain(1, box))
    assert driven.evaluations == 0
    assert driven.result is not None
    assert driven.result.point.tolist() == [2.0]


def test_failures_are_higher_than_everything() -> None:
    rim = with_holes(sphere(np.zeros(2)), lambda p: np.sum(p**2, axis=-1) < 1)
    driven = pattern_walk(rim, np.array([3.0, 4.0]), None, Pattern(evaluations=5000))
    assert driven.result is not None
    assert 1 <= driven.result.value < 1 + 1e-6


@given(cap=st.integers(1, 300), d=st.integers(1, 6))
def test_it_keeps_to_its_evaluations_up_to_one_poll(cap: int, d: int) -> None:
    driven = pattern_walk(sphere(np.full(d, 1e6)), np.zeros(d), None, Pattern(evaluations=cap))
    assert driven.result is not None
    assert driven.evaluations == driven.result.evaluations
    assert driven.evaluations < cap + 2 * d
    assert not driven.result.settled


def test_the_same_seed_walks_the_same_path() -> None:
    one, again, other = (pattern_walk(taxicab(np.ones(3) / 3), np.zeros(3), seed=seed) for seed in (5, 5, 6))
    assert np.array_equal(one.points, again.points)
    assert not np.array_equal(one.points[: len(other.points)], other.points[: len(one.points)])


@pytest.mark.parametrize(
    ("field", "value"), [("last_stride", 0.0), ("last_stride", 1.0), ("last_stride", float("nan")), ("evaluations", 0)]
)
def test_impossible_options_are_named(field: str, value: float) -> None:
    with pytest.raises(OptionError, match=f"{field}="):
        Pattern(**{field: value})


@pytest.mark.parametrize("d", [1, 2, 4])
def test_while_polls_fail_the_next_poll_is_foreseen_to_the_last_bit_however_its_directions_turn(d: int) -> None:
    at = np.full(d, 0.3)
    walk = pattern(at, 0.0, terrain(d), np.random.default_rng(4), Pattern(evaluations=20 * d, last_stride=1e-9))
    watched = watch(walk, taxicab(at))
    assert len(watched.told) == 10 * d
    assert all(one.likely <= one.asked for one in watched.told)
    assert all(one.perhaps and one.perhaps <= one.asked for one in watched.told[:-d])
