"""A plateau is left where f first differs, within the questions promised; where it differs nowhere, that is told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from blackbox.core.asking import Remark
from blackbox.core.bounds import Bounds
from blackbox.descent.terrain import Descent
from blackbox.search.plateau import DRAWS, leave
from blackbox.search.regions import LEVEL_GROWTH, LEVELS
from tests.fakes.drive import Driven, Surface, drive

LEVEL = 5.0
"""The value of every plateau here."""

seeds = st.integers(0, 2**32 - 1)


def left(f: Surface, bounds: Bounds, seed: int, start: np.ndarray | None = None) -> Driven[Descent | None]:
    first = bounds.clip(np.zeros(bounds.dimension)) if start is None else start
    return drive(leave(first, LEVEL, bounds, np.random.default_rng(seed)), f)


def box(d: int) -> Bounds:
    return Bounds(np.zeros(d), np.ones(d))


def step(center: np.ndarray, half: float, height: float) -> Surface:
    """Another constant on a cube."""
    return lambda p: np.where(np.abs(p - center).max(axis=-1) < half, LEVEL + height, LEVEL)


def well(center: np.ndarray, half: float, depth: float) -> Surface:
    """A bowl with its minimum LEVEL − depth at `center`, as high as the plateau on the sphere of radius `half`."""

    def surface(p: np.ndarray) -> np.ndarray:
        return LEVEL + depth * np.minimum(np.sum((p - center) ** 2, axis=-1) / half**2 - 1, 0.0)

    return surface


@given(
    st.lists(st.sampled_from([(-1.0, 3.0), (None, None), (0.5, None), (None, -2.0)]), min_size=1, max_size=3),
    seeds,
)
def test_a_constant_costs_what_was_promised_and_no_question_leaves_the_bounds(pairs: list, seed: int) -> None:
    d = len(pairs)
    bounds = Bounds.from_pairs(pairs, d)
    driven = left(lambda p: np.full(len(p), LEVEL), bounds, seed)
    assert driven.result is None
    assert driven.evaluations == DRAWS * (d + 2)
    assert driven.topics == ["plateau"]
    assert bounds.contain(driven.points)


@pytest.mark.parametrize("d", [1, 3])
def test_the_remark_names_the_size_of_a_needle_that_one_run_in_twenty_would_have_missed(d: int) -> None:
    driven = left(lambda p: np.full(len(p), LEVEL), box(d), 0)
    remark = next(event for event in driven.events if isinstance(event, Remark))
    asked = DRAWS * (d + 2)
    size = float(remark.detail.split("less than about ")[1].split(" ")[0])
    assert f"{asked:,} random points" in remark.detail
    assert (1 - size) ** asked == pytest.approx(0.05, rel=0.05)


@pytest.mark.parametrize(("d", "share"), [(1, 0.01), (2, 0.003), (3, 0.001)])
def test_the_draws_until_a_step_is_met_are_those_of_chance(d: int, share: float) -> None:
    """Uniform draws meet a step of this share after n with probability share (1 − share)^(n − 1), wherever it is."""
    half = share ** (1 / d) / 2
    met = []
    for seed in range(60):
        center = np.random.default_rng(seed).uniform(half, 1 - half, d)
        met.append(left(step(center, half, -1.0), box(d), 1000 + seed).first_below(LEVEL - 1))
    met = np.array(met)
    seen = met[np.isfinite(met)]
    # Met within the batch as well as before it: the whole law is judged, not only its mean.
    judged = stats.kstest(seen, lambda n: stats.geom.cdf(n, share))
    assert judged.pvalue > 1e-4
    missed = stats.binom.sf(np.isinf(met).sum() - 1, met.size, (1 - share) ** (DRAWS * (d + 2)))
    assert missed > 1e-4


@given(st.integers(1, 2), st.floats(0.1, 0.4), st.floats(1e-6, 1e6), seeds)
def test_a_well_in_a_box_is_descended_to_its_bottom(d: int, half: float, depth: float, seed: int) -> None:
    center = np.random.default_rng(seed).uniform(half, 1 - half, d)
    driven = left(well(center, half, depth), box(d), seed)
    assert driven.result is not None
    assert driven.result.point == pytest.approx(center, abs=1e-6)
    assert driven.result.value == pytest.approx(LEVEL - depth, abs=1e-12 * (LEVEL + depth))
    assert driven.topics == []


@given(st.integers(1, 2), st.integers(0, LEVELS - 1), st.floats(-3, 3), seeds)
def test_without_bounds_a_well_is_met_at_every_distance(d: int, k: int, at: float, seed: int) -> None:
    """The well takes up a ninth or more of the box of its own level, wherever that is."""
    start = np.full(d, at)
    reach = np.maximum(1.0, np.abs(start)) * LEVEL_GROWTH**k
    sides = np.where(np.random.default_rng(seed).random(d) < 0.5, -1.0, 1.0)
    center = start + sides * 0.6 * reach
    driven = left(well(center, 0.38 * float(reach.min()), 2.0), Bounds.unbounded(d), seed, start)
    assert driven.result is not None
    assert driven.result.value == pytest.approx(LEVEL - 2, abs=1e-9)
    assert driven.result.point == pytest.approx(center, abs=1e-5 * reach.max())


@given(seeds, st.floats(-50, 50))
def test_without_bounds_near_and_far_take_turns(seed: int, at: float) -> None:
    start = np.array([at, 0.0])
    driven = left(lambda p: np.full(len(p), LEVEL), Bounds.unbounded(2), seed, start)
    for turn, question in enumerate(driven.questions):
        reach = np.array([max(1.0, abs(at)), 1.0]) * LEVEL_GROWTH ** (turn % LEVELS)
        away = np.abs(question - start) / reach
        assert away.max() <= 1 + 1e-12
        # 32 uniform coordinates all in the inner half: one question in 10^9.
        assert away.max(axis=0).min() > 0.5


@given(seeds)
def test_the_lowest_of_the_first_that_differ_is_where_the_descent_sets_off(seed: int) -> None:
    """Terraces with a different height each: the descent asks beside the lowest one met, and ends no higher."""
    driven = left(lambda p: np.where(p[:, 0] < 0.5, LEVEL, np.ceil(40 * p[:, 0]) - 30), box(1), seed)
    drawn = driven.answers[0]
    assert driven.result is not None
    assert driven.result.value <= drawn.min() < LEVEL
    lowest = driven.questions[0][int(np.argmin(drawn))]
    assert np.abs(driven.questions[1] - lowest).max() <= 0.25 + 1e-12


@given(seeds)
def test_a_hill_is_a_way_off_the_plateau_as_well(seed: int) -> None:
    """Half of the box is a slope that is higher than the plateau but for its last thousandth."""
    driven = left(lambda p: np.where(p[:, 0] < 0.5, LEVEL, LEVEL + 9.99 - 20 * (p[:, 0] - 0.5)), box(1), seed)
    assert driven.answers[0].max() > LEVEL
    assert len(driven.questions[1]) < len(driven.questions[0])
    assert driven.result is not None
    assert driven.result.value == pytest.approx(LEVEL - 0.01, abs=1e-9)


def test_failures_are_no_way_off() -> None:
    nothing = left(lambda p: np.full(len(p), np.nan), box(2), 0)
    assert nothing.result is None
    assert nothing.evaluations == DRAWS * 4
    center = np.array([0.7, 0.3])
    holes = left(lambda p: np.where(p[:, 0] < 0.5, np.nan, well(center, 0.15, 1.0)(p)), box(2), 0)
    assert holes.result is not None
    assert holes.result.value == pytest.approx(LEVEL - 1, abs=1e-9)
