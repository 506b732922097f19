"""Directions along which f is a sum are told by Hessians alone; other functions have none."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Floats
from blackbox.descent.terrain import Descent
from blackbox.search.hidden_axes import DRAWS, Bend, Vicinity, directions_of, in_a_well
from blackbox.search.regions import Region
from tests.fakes.directions import box, mixing
from tests.fakes.drive import Surface, drive, value_at
from tests.fakes.functions import rosenbrock

seeds = st.integers(0, 2**32 - 1)
dims = st.integers(2, 7)


def waves(rows: Floats, rng: np.random.Generator) -> Surface:
    """A wave of its own along each row."""
    length, phase, height = rng.uniform(1, 3, len(rows)), rng.uniform(0, 6, len(rows)), rng.uniform(1, 2, len(rows))
    return lambda x: np.sum(height * np.sin(length * (x @ rows.T) + phase), axis=-1)


def bowl(d: int, rng: np.random.Generator) -> Surface:
    """A parabola whose axes are no others'."""
    matrix, bottom = mixing(d, rng), rng.uniform(-1, 1, d)
    return lambda x: np.sum(((x - bottom) @ matrix.T) ** 2, axis=-1)


def landing(point: Floats, value: float, curvature: Floats) -> Descent:
    d = point.size
    return Descent(point, value, True, True, 0.0, np.diag(curvature), 0, np.zeros(d))


def vicinity_of(f: Surface, d: int, rng: np.random.Generator) -> Vicinity:
    center = rng.uniform(-4, 4, d)
    vicinity = Vicinity.of(landing(center, value_at(f, center), np.full(d, 400.0)), box(d))
    assert vicinity is not None
    return vicinity


def bends(f: Surface, vicinity: Vicinity, count: int, rng: np.random.Generator) -> list[Bend]:
    found = [drive(vicinity.bend(rng), f).result for _ in range(count)]
    assert all(bend is not None for bend in found)
    return [bend for bend in found if bend is not None]


def off_diagonal(rows: Floats, directions: Floats) -> float:
    """How far each direction is from changing one of the sums alone."""
    mixed = np.abs(rows @ directions)
    mixed /= mixed.max(axis=0)
    return float(np.sort(mixed, axis=0)[:-1].max())


@given(seed=seeds, d=dims)
def test_the_hessian_is_that_of_a_parabola(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.standard_normal((d, d))
    vicinity = vicinity_of(lambda x: np.sum((x @ matrix.T) ** 2, axis=-1), d, rng)
    driven = drive(vicinity.bend(rng), lambda x: np.sum((x @ matrix.T) ** 2, axis=-1))
    assert driven.result is not None
    assert driven.evaluations == d * d + d + 1
    exact = 2 * matrix.T @ matrix * 100  # the box is ten wide
    assert driven.result.hessian == pytest.approx(exact, abs=1e-4 * np.abs(exact).max())


@given(seed=seeds, d=dims)
def test_two_hessians_of_a_sum_tell_its_directions(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    rows = mixing(d, rng)
    f = waves(rows, rng)
    vicinity = vicinity_of(f, d, rng)
    one, other = bends(f, vicinity, 2, rng)
    directions = directions_of(one.hessian, other.hessian)
    if directions is None:  # two of its waves bend alike at both places
        return
    driven = drive(vicinity.adds_up(directions, one, rng, widely=True), f)
    assert driven.evaluations <= 3 * DRAWS
    if driven.result:
        assert off_diagonal(rows, directions) < 0.1


def test_they_mostly_do() -> None:
    def told(seed: int, *, beside_a_bowl: bool) -> bool:
        rng = np.random.default_rng(seed)
        d = 2 + seed % 4
        rows = mixing(d, rng)
        sum_of_waves, parabola = waves(rows, rng), bowl(d, rng)
        f: Surface = (lambda x: sum_of_waves(x) + parabola(x)) if beside_a_bowl else sum_of_waves
        vicinity = vicinity_of(f, d, rng)
        one, other, third = (bend.hessian for bend in bends(f, vicinity, 3, rng))
        directions = directions_of(one - other, other - third) if beside_a_bowl else directions_of(one, other)
        return directions is not None and off_diagonal(rows, directions) < 0.05

    assert sum(told(seed, beside_a_bowl=False) for seed in range(100)) >= 95
    assert sum(told(seed, beside_a_bowl=True) for seed in range(100)) >= 90


def test_other_functions_are_hardly_ever_taken_for_a_sum() -> None:
    """Of 1,000 places; at those few the search along the directions finds out by its first steps."""

    def twisted(x: Floats) -> Floats:
        return np.sin(np.sum(x**2, axis=-1)) + np.exp(np.sin(x[..., 0] * x[..., 1]))

    def banana(x: Floats) -> Floats:
        return np.log1p(rosenbrock(x))

    taken = seen = 0
    for seed in range(500):
        for f in (twisted, banana):
            rng = np.random.default_rng(seed)
            vicinity = vicinity_of(f, 2, rng)
            one, other = (drive(vicinity.bend(rng), f).result for _ in range(2))
            if one is None or other is None:
                continue
            seen += 1
            directions = directions_of(one.hessian, other.hessian)
            taken += directions is not None and bool(
                drive(vicinity.adds_up(directions, one, rng, widely=True), f).result
            )
    assert seen > 800
    assert taken <= 10


@given(seed=seeds, d=dims)
def test_what_a_bowl_mixes_is_told_from_what_waves_mix(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    rows = mixing(d, rng)
    sum_of_waves, parabola = waves(rows, rng), bowl(d, rng)

    def f(x: Floats) -> Floats:
        return sum_of_waves(x) + parabola(x)

    vicinity = vicinity_of(f, d, rng)
    (at,) = bends(f, vicinity, 1, rng)
    assert drive(vicinity.adds_up(np.linalg.inv(rows), at, rng), f).result is True


@pytest.mark.parametrize("f", [lambda x: np.where(x[..., 0] > -9, np.nan, 0), lambda x: np.sum(np.sqrt(np.abs(x)), -1)])
def test_where_f_fails_or_is_rough_there_is_no_hessian(f: Callable[[Floats], Floats]) -> None:
    vicinity = Vicinity.of(landing(np.zeros(3), 0.0, np.full(3, 1e-3)), box(3))
    assert vicinity is not None
    assert drive(vicinity.bend(np.random.default_rng(1)), f).result is None


@pytest.mark.parametrize("curvature", [np.array([1.0, other]) for other in (0.0, np.nan, -1.0, np.inf)])
def test_a_landing_that_bends_nowhere_has_no_vicinity(curvature: Floats) -> None:
    assert Vicinity.of(landing(np.zeros(2), 1.0, curvature), box(2)) is None


@given(seed=seeds, d=dims)
def test_every_question_lies_in_the_region(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    region = box(d)
    corner = np.where(rng.random(d) < 0.5, region.lower, region.upper)
    f = waves(mixing(d, rng), rng)
    vicinity = Vicinity.of(landing(corner, value_at(f, corner), np.full(d, 100.0)), region)
    assert vicinity is not None
    driven = drive(vicinity.bend(rng), f)
    assert np.all(np.abs(driven.points) <= 5)
    assert driven.result is not None
    tested = drive(vicinity.adds_up(np.eye(d), driven.result, rng, widely=True), f)
    assert np.all(np.abs(tested.points) <= 5)


@given(seed=seeds, d=dims)
def test_in_a_well_no_curvature_is_negative(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    directions, bend = mixing(d, rng), rng.uniform(0.5, 3, d) * np.where(rng.random(d) < 0.5, -1, 1)
    back = np.linalg.inv(directions)
    well = in_a_well(directions, back.T @ np.diag(bend) @ back)
    assert well == pytest.approx(back.T @ np.diag(np.abs(bend)) @ back)
    assert np.all(np.linalg.eigvalsh(well) > 0)


@given(seed=seeds, d=dims, width=st.sampled_from([1e-12, 1e-11, 1e-9]))
def test_in_a_tiny_box_no_rounding_leads_outside(seed: int, d: int, width: float) -> None:
    rng = np.random.default_rng(seed)
    lower = np.ones(d)  # below a power of two floats are twice as dense
    region = Region(lower, lower + width * rng.uniform(1, 9, d))
    corner = np.where(rng.random(d) < 0.5, region.lower, region.upper)
    vicinity = Vicinity.of(landing(corner, 1.0, np.ones(d)), region)
    assert vicinity is not None
    for _ in range(10):
        driven = drive(vicinity.bend(rng), lambda x: np.sum((x - lower) ** 2, axis=-1) / width**2)
        assert np.all((driven.points >= region.lower) & (driven.points <= region.upper))
