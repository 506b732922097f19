"""Level ground and jumps, told from a few values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.answer.terraces import LEVEL_OUT_TO, Around, Ledge, find_ledge, look_around
from blackbox.core.bounds import Bounds
from tests.fakes.drive import Surface, drive, finish, value_at

BOX = Bounds(np.full(2, -8.0), np.full(2, 8.0))
EXTENT = np.full(2, 16.0)


def looked(surface: Surface, x: np.ndarray, bounds: Bounds = BOX) -> tuple[Around, Ledge | None]:
    value = value_at(surface, x)
    seen = finish(look_around(x, value, bounds, EXTENT), surface)
    driven = drive(find_ledge(x, value, seen, bounds), surface)
    return seen, driven.result


@given(
    x=st.tuples(st.floats(-0.45, 0.45), st.floats(-0.45, 0.45)).map(np.array),
    height=st.sampled_from([1e-3, 1.0, 1e6]),
)
def test_a_stair_is_told_with_the_height_and_the_place_of_its_edge(x: np.ndarray, height: float) -> None:
    _, ledge = looked(lambda p: height * np.sum(np.floor(np.abs(p) + 0.5), axis=-1) + 2 * height, x)
    assert ledge is not None
    assert ledge.jump == pytest.approx(height, rel=1e-6)
    assert abs(abs(x[ledge.axis]) - 0.5) <= ledge.distance + 1e-6
    assert min(0.5 - abs(x[ledge.axis]), 0.5 + abs(x[ledge.axis])) == pytest.approx(ledge.distance, abs=1e-6)


@given(offset=st.sampled_from([0.0, 1.0, -1e6]), power=st.sampled_from([2, 4, 6]))
def test_a_smooth_bowl_has_no_ledge_however_flat_its_bottom(offset: float, power: int) -> None:
    _, ledge = looked(lambda p: np.sum(p**power, axis=-1) + offset, np.zeros(2))
    assert ledge is None


def test_a_flat_bottom_with_walls_that_rise_steadily_is_level_but_no_stair() -> None:
    seen, ledge = looked(lambda p: np.maximum(np.max(np.abs(p), axis=-1), 1.0), np.array([0.2, -0.3]))
    assert ledge is None
    assert seen.level_out_to >= LEVEL_OUT_TO


def test_a_constant_is_level_as_far_as_was_looked_and_costs_fourteen_an_axis() -> None:
    driven = drive(look_around(np.ones(2), 7.0, BOX, EXTENT), lambda p: np.full(len(p), 7.0))
    assert driven.result is not None
    assert driven.result.level_out_to == np.inf
    assert driven.evaluations <= 28


def test_no_point_outside_the_bounds_is_asked() -> None:
    corner = np.array([8.0, -8.0])
    for surface in (lambda p: np.floor(np.sum(p, axis=-1)), lambda p: np.sum(p**2, axis=-1)):
        driven = drive(look_around(corner, 0.0, BOX, EXTENT), surface)
        assert BOX.contain(driven.points)


def test_a_hole_beside_the_point_is_noticed() -> None:
    seen, _ = looked(lambda p: np.where(p[..., 0] < 1, np.nan, p[..., 0]), np.array([1.0, 0.0]))
    assert seen.holes.tolist() == [False, True, False, False]
    assert seen.level_out_to == 0


@given(c=st.floats(-0.9, 0.9), constant=st.sampled_from([1e9, 1e10, -1e11]))
def test_a_bowl_on_a_large_constant_is_blurred_and_no_plateau(c: float, constant: float) -> None:
    """Its bottom is level for rounding alone: each side rises no faster than a smooth function can."""
    x = np.array([c, -c])
    seen, ledge = looked(lambda p: constant + np.sum((p - x) ** 2, axis=-1), x)
    assert ledge is None
    assert seen.blurred


def test_what_is_level_up_to_walls_or_everywhere_is_not_blurred() -> None:
    for surface in (lambda p: np.maximum(np.max(np.abs(p), axis=-1), 1.0), lambda p: np.full(p.shape[:-1], 7.0)):
        assert not looked(surface, np.array([0.2, -0.3]))[0].blurred
