"""Regions are finite boxes inside the bounds."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.bounds import Bounds
from blackbox.search.regions import Region, level, whole

seeds = st.integers(0, 2**32 - 1)


@given(d=st.integers(1, 5), seed=seeds)
def test_samples_lie_inside_and_fill_the_region(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    lower = rng.standard_normal(d) * 10 ** rng.uniform(-3, 9, d)
    region = Region(lower, lower + 10 ** rng.uniform(-3, 3, d))
    points = region.sample(400, rng)
    assert points.shape == (400, d)
    assert np.all((points >= region.lower) & (points <= region.upper))
    assert np.all(np.ptp(points, axis=0) >= 0.8 * region.width)


@given(d=st.integers(1, 4), seed=seeds, k=st.integers(0, 24))
def test_every_level_is_a_finite_box_inside_the_bounds_that_holds_the_one_before(d: int, seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    center, reach = rng.standard_normal(d), 10 ** rng.uniform(-6, 9, d)
    lower = np.where(rng.random(d) < 0.5, -np.inf, center - rng.random(d))
    upper = np.where(rng.random(d) < 0.5, np.inf, center + rng.random(d))
    bounds = Bounds(lower, upper)
    inner, outer = level(center, reach, k, bounds), level(center, reach, k + 1, bounds)
    assert np.isfinite(inner.lower).all()
    assert np.isfinite(inner.upper).all()
    assert bounds.contain(np.vstack([inner.lower, inner.upper]))
    assert np.all(outer.lower <= inner.lower)
    assert np.all(outer.upper >= inner.upper)
    assert np.all((inner.lower <= center) & (center <= inner.upper))


def test_the_region_of_finite_bounds_is_the_box_itself() -> None:
    bounds = Bounds.from_pairs([(-1, 2), (0, 5)], 2)
    region = whole(bounds)
    assert region.width.tolist() == [3.0, 5.0]
    assert region.terrain(bounds).scale.tolist() == [3.0, 5.0]
