"""Instances are the same landscape elsewhere: what goes out comes back in, and turning keeps lengths."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.errors import OptionError
from blackbox.judging.instance import TRANSFORMS, WIDEST, Instance

seeds = st.integers(0, 2**31)
dimensions = st.integers(1, 6)


@given(seeds, dimensions)
def test_what_goes_out_comes_back_in(seed: int, dimension: int) -> None:
    instance = Instance.drawn(dimension, [seed], TRANSFORMS, 3.0)
    points = np.random.default_rng(seed).standard_normal((5, dimension))
    assert np.allclose(instance.inward(instance.outward(points)), points)


@given(seeds, dimensions)
def test_distances_are_stretched_by_one_factor_within_its_limits(seed: int, dimension: int) -> None:
    instance = Instance.drawn(dimension, [seed], TRANSFORMS, 3.0)
    a, b = np.random.default_rng(seed).standard_normal((2, 1, dimension))
    ratio = np.linalg.norm(instance.outward(a) - instance.outward(b)) / np.linalg.norm(a - b)
    assert ratio == pytest.approx(instance.scale)
    assert 1 / WIDEST <= instance.scale <= WIDEST
    assert 1 / WIDEST <= instance.stretch <= WIDEST


@given(seeds)
def test_leaving_one_change_out_changes_no_other(seed: int) -> None:
    whole = Instance.drawn(2, [seed], TRANSFORMS, 3.0)
    part = Instance.drawn(2, [seed], ("shift", "value"), 3.0)
    assert (part.shift == whole.shift).all()
    assert (part.stretch, part.lift) == (whole.stretch, whole.lift)
    assert (part.rotation == np.eye(2)).all()
    assert part.scale == 1


@given(seeds)
def test_a_point_is_inside_the_box_on_both_sides_or_on_none(seed: int) -> None:
    instance = Instance.drawn(2, [seed], ("shift", "scale", "value"), 3.0)
    box = ((-1.0, 2.0), (0.0, 5.0))
    low, high = np.array(instance.bounds(box)).T
    for point in np.random.default_rng(seed).uniform(-6, 8, (20, 2)):
        here = all(a <= v <= b for v, (a, b) in zip(point, box, strict=True))
        there = instance.outward(point[np.newaxis, :])[0]
        assert here == bool(((there >= low) & (there <= high)).all())


def test_an_unknown_change_is_named() -> None:
    with pytest.raises(OptionError, match="twist"):
        Instance.drawn(2, [1], ("twist",), 1.0)
