"""CMA-ES: it converges, adapts, and sees nothing but the order of values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackbox.core.bounds import Bounds
from blackbox.search.population import Cloud, Colony, colonise, default_size
from blackbox.search.regions import Region
from tests.fakes.drive import Driven, Surface, drive
from tests.fakes.functions import ill_conditioned, quadratic, rastrigin, rotation, sphere

seeds = st.integers(0, 2**32 - 1)


def run(
    f: Surface, d: int, seed: int, size: int | None = None, region: Region | None = None, bounds: Bounds | None = None
) -> Driven[Colony]:
    rng = np.random.default_rng(seed)
    cloud = Cloud(rng.random(d), 0.2, size or default_size(d))
    box = region or Region(np.full(d, -5.0), np.full(d, 5.0))
    return drive(colonise(cloud, box, bounds or Bounds.unbounded(d), rng), f)


@pytest.mark.parametrize("d", [1, 2, 3, 5, 10])
def test_on_a_sphere_it_converges_linearly(d: int) -> None:
    for seed in range(5):
        center = np.random.default_rng(seed).uniform(-4, 4, d)
        driven = run(sphere(center), d, seed)
        assert driven.result is not None
        assert driven.result.value < 1e-8
        assert np.allclose(driven.result.point, center, atol=1e-4)
        assert driven.evaluations < 400 * (d + 2)
        assert driven.result.evaluations == driven.evaluations


def test_it_learns_a_rotated_ill_conditioned_shape() -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        driven = run(quadratic(ill_conditioned(5, 1e6, rng), rng.uniform(-2, 2, 5)), 5, seed)
        assert driven.best < 1e-4


@settings(max_examples=15)
@given(d=st.integers(1, 5), seed=seeds, power=st.integers(-8, 8))
def test_only_the_order_of_values_matters(d: int, seed: int, power: int) -> None:
    """Until a run ends (for which differences of values count), f and any rising function of it ask the same points."""
    f = sphere(np.random.default_rng(seed).uniform(-3, 3, d))
    plain = run(f, d, seed)
    for rising in (lambda v: np.exp(v / 50), lambda v: v**3, lambda v: 2.0**power * v - 7):
        other = run(lambda x, rising=rising: rising(f(x)), d, seed)
        n = min(len(plain.questions), len(other.questions), 20)
        for one, two in zip(plain.questions[:n], other.questions[:n], strict=True):
            assert np.array_equal(one, two)


@settings(max_examples=15)
@given(d=st.integers(1, 5), seed=seeds, shift=st.integers(-1000, 1000), power=st.integers(-10, 10))
def test_a_shifted_and_stretched_region_shifts_and_stretches_the_run(d: int, seed: int, shift: int, power: int) -> None:
    unit, center = 2.0**power, np.random.default_rng(seed).uniform(-3, 3, d)
    plain = run(sphere(center), d, seed)
    region = Region(np.full(d, unit * (shift - 5.0)), np.full(d, unit * (shift + 5.0)))
    moved = run(lambda x: sphere(center)(x / unit - shift), d, seed, region=region)
    for one, two in zip(plain.answers[:20], moved.answers[:20], strict=True):
        assert np.allclose(one, two, rtol=1e-6, atol=1e-8)


def test_the_cloud_widens_on_a_slope_and_narrows_in_a_bowl() -> None:
    slope = run(lambda x: x[..., 0], 3, 0)
    widths = [float(np.std(question, axis=0).max()) for question in slope.questions]
    assert max(widths) > 1e3 * widths[0]
    bowl = run(sphere(np.zeros(3)), 3, 0)
    widths = [float(np.std(question, axis=0).max()) for question in bowl.questions]
    assert widths[-1] < 1e-3 * widths[0]


def test_a_rotated_rastrigin_in_3_d_is_solved_by_most_runs_of_60() -> None:
    solved = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        f = rastrigin(rng.uniform(-3, 3, 3), rotation(3, rng))
        solved += run(f, 3, seed, size=60, bounds=Bounds(np.full(3, -5.0), np.full(3, 5.0))).best < 1e-6
    assert solved >= 11


@settings(max_examples=12)
@given(d=st.integers(1, 4), seed=seeds)
def test_no_question_lies_outside_the_bounds(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    lower = rng.standard_normal(d)
    box = Bounds(lower, lower + 10 ** rng.uniform(-3, 3, d))
    driven = run(lambda x: x @ np.ones(d), d, seed, region=Region(box.lower, box.upper), bounds=box)
    assert box.contain(driven.points)


@settings(max_examples=15)
@given(seed=seeds)
def test_failures_rank_behind_everything_and_failures_alone_end_the_run(seed: int) -> None:
    half = run(lambda x: np.where(x[..., 0] < 0, np.nan, np.sum(x**2, axis=-1)), 2, seed)
    assert half.result is not None
    assert half.result.value == half.best
    dead = run(lambda x: np.nan * x[..., 0], 2, seed)
    assert dead.result is not None
    assert not np.isfinite(dead.result.value)
    assert dead.evaluations < 5000


def test_a_plateau_ends_the_run() -> None:
    assert run(lambda x: 0 * x[..., 0], 3, 0).evaluations < 2000


def test_on_a_plateau_it_spreads_until_it_sees_the_rim() -> None:
    """A pond a thousand times wider than the cloud, in a bowl: values say nothing until points lie outside."""

    def pond(x: np.ndarray) -> np.ndarray:
        return np.maximum(np.sum(x * x, axis=-1), 1.0)

    d = 3
    cloud = Cloud(np.full(d, 0.5), 1e-4, default_size(d))
    region = Region(np.full(d, -5.0), np.full(d, 5.0))
    driven = drive(colonise(cloud, region, Bounds.unbounded(d), np.random.default_rng(1)), pond, limit=400)
    seen = np.array([values.max() for values in driven.answers])
    assert np.all(seen[:3] == 1.0)
    assert seen.max() > 1.0
