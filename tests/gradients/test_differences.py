"""Finite differences: their order, their sides, and their truth against closed forms and SciPy."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from blackbox.core.asking import Floats
from blackbox.core.bounds import Bounds
from blackbox.gradients.differences import Slope, central_difference, forward_difference
from blackbox.gradients.steps import MACHINE, central_step, forward_step, rounding_of
from tests.fakes.drive import drive, finish, value_at
from tests.fakes.functions import rotation

Function = Callable[[Floats], Floats]
seeds = st.integers(0, 2**32 - 1)
dimensions = st.integers(1, 6)
scales = st.floats(-6, 6).map(lambda exponent: 10.0**exponent)


class Smooth:
    """amount · (e^(a·u) + sin(b·u) / 2 + (c·u)³) with u = R (x − c) / scale: value and gradient in closed form."""

    def __init__(self, d: int, scale: float, amount: float, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.turn, self.scale, self.amount = rotation(d, rng), scale, amount
        self.center = scale * rng.uniform(-1, 1, d)
        self.a, self.b, self.c = (rng.uniform(0.5, 1.5, d) * rng.choice([-1, 1], d) / np.sqrt(d) for _ in range(3))
        self.x = self.center + scale * rng.uniform(-0.5, 0.5, d)

    def __call__(self, x: Floats) -> Floats:
        u = (x - self.center) / self.scale @ self.turn.T
        return self.amount * (np.exp(u @ self.a) + np.sin(u @ self.b) / 2 + (u @ self.c) ** 3)

    def gradient(self, x: Floats) -> Floats:
        u = (x - self.center) / self.scale @ self.turn.T
        inner = np.exp(u @ self.a) * self.a + np.cos(u @ self.b) * self.b / 2 + 3 * (u @ self.c) ** 2 * self.c
        return self.amount / self.scale * inner @ self.turn

    def curvature(self, x: Floats) -> Floats:
        u = (x - self.center) / self.scale @ self.turn.T
        a, b, c = self.a @ self.turn, self.b @ self.turn, self.c @ self.turn
        inner = np.exp(u @ self.a) * a**2 - np.sin(u @ self.b) * b**2 / 2 + 6 * (u @ self.c) * c**2
        return self.amount / self.scale**2 * inner


smooth = st.builds(Smooth, dimensions, scales, scales, seeds)


def central(f: Function, x: Floats, step: Floats, bounds: Bounds | None = None) -> Slope:
    return finish(central_difference(x, value_at(f, x), step, bounds or Bounds.unbounded(x.size)), f)


def forward(
    f: Function, x: Floats, step: Floats, curvature: Floats | None = None, bounds: Bounds | None = None
) -> Slope:
    known = np.zeros(x.size) if curvature is None else curvature
    return finish(forward_difference(x, value_at(f, x), step, known, bounds or Bounds.unbounded(x.size)), f)


def error(f: Smooth, slope: Slope) -> float:
    return float(np.linalg.norm(slope.gradient - f.gradient(f.x)))


@given(f=smooth)
def test_halving_a_central_step_quarters_the_error(f: Smooth) -> None:
    step = np.full(f.x.size, 0.02 * f.scale)
    wide, half = error(f, central(f, f.x, step)), error(f, central(f, f.x, step / 2))
    assume(wide > 1e-6 * f.amount / f.scale)
    assert 3.8 < wide / half < 4.2


@given(f=smooth)
def test_halving_a_forward_step_halves_the_error(f: Smooth) -> None:
    step = np.full(f.x.size, 1e-4 * f.scale)
    wide, half = error(f, forward(f, f.x, step)), error(f, forward(f, f.x, step / 2))
    assume(wide > 1e-6 * f.amount / f.scale)
    assert 1.95 < wide / half < 2.05


@given(f=smooth)
def test_a_known_curvature_lifts_a_forward_difference_to_second_order(f: Smooth) -> None:
    step, curvature = np.full(f.x.size, 0.01 * f.scale), f.curvature(f.x)
    wide, half = error(f, forward(f, f.x, step, curvature)), error(f, forward(f, f.x, step / 2, curvature))
    assume(wide > 1e-6 * f.amount / f.scale)
    assert 3.6 < wide / half < 4.4


@given(f=smooth)
def test_with_the_chosen_step_a_forward_gradient_is_as_good_as_scipys(f: Smooth) -> None:
    value, scale = value_at(f, f.x), np.full(f.x.size, f.scale)
    step = forward_step(f.x, scale, np.abs(f.curvature(f.x)), rounding_of(value))
    ours = error(f, forward(f, f.x, step))
    scipys = approx_fprime(f.x, f, f.scale * MACHINE**0.5)
    rounding = 100 * MACHINE**0.5 * f.amount / f.scale
    assert ours <= 2 * np.linalg.norm(scipys - f.gradient(f.x)) + rounding


@given(f=smooth)
def test_with_the_chosen_step_a_central_gradient_has_nine_digits_at_any_scale(f: Smooth) -> None:
    value, scale = value_at(f, f.x), np.full(f.x.size, f.scale)
    slope = central(f, f.x, central_step(f.x, scale, rounding_of(value), value))
    assert error(f, slope) <= 1e-9 * 10 * f.amount / f.scale
    assert slope.known.all()


@given(f=smooth)
def test_central_curvatures_are_the_second_derivatives(f: Smooth) -> None:
    slope = central(f, f.x, np.full(f.x.size, 1e-3 * f.scale))
    assert np.allclose(slope.curvature, f.curvature(f.x), rtol=0, atol=1e-4 * f.amount / f.scale**2)


@pytest.mark.parametrize(
    ("f", "x", "truth"),
    [
        (lambda p: p[..., 0] ** 2 + 3 * p[..., 0] * p[..., 1] + p[..., 1] ** 2, [1.0, 2.0], [8.0, 7.0]),
        (lambda p: 1 / np.sum(p**2, axis=-1), [1.0, 2.0], [-2 / 25, -4 / 25]),
        (lambda p: 1 / np.sum(p**2, axis=-1), [-0.5, 0.25], [1 / 0.3125**2, -0.5 / 0.3125**2]),
    ],
)
def test_the_textbooks_partial_derivatives(f: Function, x: list[float], truth: list[float]) -> None:
    point = np.array(x)
    value = value_at(f, point)
    slope = central(f, point, central_step(point, np.ones(2), rounding_of(value), value))
    assert np.allclose(slope.gradient, truth, rtol=1e-9)
    step = forward_step(point, np.ones(2), np.ones(2), rounding_of(value))
    assert np.allclose(forward(f, point, step).gradient, truth, rtol=1e-6)


@given(d=dimensions, seed=seeds)
def test_a_forward_difference_costs_d_evaluations_and_a_central_one_twice_that(d: int, seed: int) -> None:
    f = Smooth(d, 1.0, 1.0, seed)
    step, value, space = np.full(d, 1e-3), value_at(f, f.x), Bounds.unbounded(d)
    assert drive(forward_difference(f.x, value, step, np.zeros(d), space), f).evaluations == d
    assert drive(central_difference(f.x, value, step, space), f).evaluations == 2 * d


@st.composite
def cramped(draw: st.DrawFn) -> tuple[Bounds, Floats, Floats]:
    """A box, a point in it (on a face now and then) and steps that may be longer than the box is wide."""
    rng = np.random.default_rng(draw(seeds))
    d = draw(dimensions)
    ends = np.sort(rng.standard_normal((2, d)) * 10 ** rng.uniform(-3, 3, (2, d)), axis=0)
    ends[0, rng.random(d) < 0.2] = -np.inf
    lower, upper = ends
    at = rng.choice([0.0, 1.0, 0.5, rng.random()], d)
    finite_lower = np.where(np.isfinite(lower), lower, upper - 1)
    x = np.clip(finite_lower + at * (upper - finite_lower), lower, upper)
    return Bounds(lower, upper), x, (upper - finite_lower) * 10 ** rng.uniform(-3, 1, d)


@given(case=cramped(), hole=st.sampled_from(["none", "above", "below"]))
def test_a_difference_never_asks_outside_the_bounds(case: tuple[Bounds, Floats, Floats], hole: str) -> None:
    bounds, x, step = case

    def f(p: Floats) -> Floats:
        side = {"none": p < -np.inf, "above": p > x, "below": p < x}[hole]
        return np.where(side.any(axis=-1), np.nan, np.sum(p, axis=-1))

    for asking in (
        forward_difference(x, float(np.sum(x)), step, np.zeros(x.size), bounds),
        central_difference(x, float(np.sum(x)), step, bounds),
    ):
        for question in drive(asking, f).questions:
            assert bounds.contain(question), f"asked {question.tolist()} outside {bounds.pairs()}"


@given(d=dimensions, seed=seeds, side=st.sampled_from([-1.0, 1.0]))
def test_beside_a_hole_or_a_bound_the_other_side_tells_the_slope(d: int, seed: int, side: float) -> None:
    rng = np.random.default_rng(seed)
    slope, x = rng.standard_normal(d), rng.uniform(-1, 1, d)
    step = np.full(d, 2.0**-10)

    def plane(p: Floats) -> Floats:
        return p @ slope

    def holed(p: Floats) -> Floats:
        return np.where(np.any(side * (p - x) > 0, axis=-1), np.nan, plane(p))

    ends = np.where(side > 0, [np.full(d, -np.inf), x], [x, np.full(d, np.inf)])
    wall = Bounds(ends[0], ends[1])
    for found in (forward(holed, x, step), central(holed, x, step)):
        assert np.allclose(found.gradient, slope, atol=1e-9)
        assert found.known.all()
    for found in (forward(plane, x, step, None, wall), central(plane, x, step, wall)):
        assert np.allclose(found.gradient, slope, atol=1e-9)
        assert found.known.all()


def test_between_two_holes_a_component_is_unknown_and_zero_and_the_others_are_right() -> None:
    def slit(p: Floats) -> Floats:
        return np.where(p[..., 0] != 0.5, np.nan, 3 * p[..., 1])

    x, step = np.array([0.5, 0.25]), np.full(2, 2.0**-10)
    for found in (forward(slit, x, step), central(slit, x, step)):
        assert found.known.tolist() == [False, True]
        assert found.gradient.tolist() == [0.0, 3.0]


def test_an_axis_without_room_has_no_slope() -> None:
    bounds = Bounds.from_pairs([(2, 2), (0, 1)], 2)
    x, step = np.array([2.0, 0.5]), np.full(2, 2.0**-10)
    for found in (
        forward(lambda p: p[..., 0] + p[..., 1], x, step, None, bounds),
        central(lambda p: p[..., 0] + p[..., 1], x, step, bounds),
    ):
        assert found.gradient.tolist() == [0.0, 1.0]
        assert found.known.tolist() == [False, True]
