"""Error bars that hold, at any scale, for every estimator of the gradient."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Asking, Floats
from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError
from blackbox.gradients.catalogue import COMPLEX_STEP, NAMES, gradient, method
from blackbox.gradients.complex_step import complex_step
from blackbox.gradients.directional import Directional, directional_derivative
from blackbox.gradients.estimate import Estimate
from blackbox.gradients.place import survey
from tests.fakes.drive import drive, finish
from tests.gradients.test_differences import Smooth

LADDERS = ("forward", "backward", "central", "richardson")
seeds = st.integers(0, 2**32 - 1)


def estimate(f, x: Floats, name: str = "central", bounds: Bounds | None = None, step: float | None = None) -> Estimate:
    return finish(gradient(x, bounds or Bounds.unbounded(x.size), name, step), f)


def slope_towards(f, x: Floats, direction: Floats, bounds: Bounds | None = None) -> Directional:
    def asking() -> Asking[Directional]:
        place = yield from survey(x, bounds or Bounds.unbounded(x.size))
        return (yield from directional_derivative(place, direction))

    return finish(asking(), f)


@pytest.mark.parametrize("name", LADDERS)
def test_the_true_error_lies_within_the_bar_and_the_bar_is_no_excuse(name: str) -> None:
    """In 95 of 100 components at least; in the median the bar is at most 100 true errors. d to 50, scales to 1e±8."""
    rng = np.random.default_rng(2024)
    within, excess = [], []
    for case in range(36):
        d = (1, 2, 3, 5, 10, 50)[case % 6]
        f = Smooth(d, 10 ** rng.uniform(-8, 8), 10 ** rng.uniform(-8, 8), int(rng.integers(2**31)))
        if case % 4 == 0:
            f.x = np.where(rng.random(d) < 0.5, 0.0, f.x)
        found = estimate(f, f.x, name)
        error = np.abs(found.gradient - f.gradient(f.x))
        within += list(error <= found.error)
        excess += list(found.error / np.maximum(error, 1e-300))
    assert np.mean(within) >= 0.95
    assert np.median(excess) <= 100


@given(d=st.integers(1, 6), scale=st.floats(-8, 8), amount=st.floats(-8, 8), seed=seeds, name=st.sampled_from(LADDERS))
def test_no_error_is_far_outside_its_bar(d: int, scale: float, amount: float, seed: int, name: str) -> None:
    f = Smooth(d, 10**scale, 10**amount, seed)
    found = estimate(f, f.x, name)
    assert np.all(np.abs(found.gradient - f.gradient(f.x)) <= 3 * found.error)
    assert found.notes == ()


@pytest.mark.parametrize(("name", "digits"), [("forward", 6), ("backward", 6), ("central", 8.5), ("richardson", 10)])
def test_each_method_has_the_digits_that_its_order_allows(name: str, digits: float) -> None:
    f = Smooth(3, 1.0, 1.0, 5)
    found = estimate(f, f.x, name)
    assert found.error.max() < 10**-digits * np.linalg.norm(f.gradient(f.x))


@pytest.mark.parametrize("noise", [1e-3, 1e-6, 1e-9])
def test_under_noise_the_bar_holds_all_the_same(noise: float) -> None:
    within, bars = [], []
    for seed in range(30):
        f, rng = Smooth(1 + seed % 5, 1.0, 1.0, seed), np.random.default_rng(seed)
        found = estimate(lambda p: f(p) + noise * rng.standard_normal(len(np.atleast_2d(p))), f.x)
        within += list(np.abs(found.gradient - f.gradient(f.x)) <= found.error)
        bars += list(found.error)
    assert np.mean(within) >= 0.9
    assert np.median(bars) < 100 * noise ** (2 / 3)


@pytest.mark.parametrize(("name", "gain"), [("forward", 2), ("backward", 2), ("central", 4), ("richardson", 16)])
def test_halving_a_given_step_divides_the_error_by_the_order(name: str, gain: float) -> None:
    f = Smooth(3, 1.0, 1.0, 11)
    wide, half = (
        np.linalg.norm(estimate(f, f.x, name, step=step).gradient - f.gradient(f.x)) for step in (2.0**-5, 2.0**-6)
    )
    assert wide / half == pytest.approx(gain, rel=0.3)


@pytest.mark.parametrize("name", LADDERS)
def test_the_textbooks_partial_derivatives(name: str) -> None:
    found = estimate(lambda p: p[..., 0] ** 2 + 3 * p[..., 0] * p[..., 1] + p[..., 1] ** 2, np.array([1.0, 2.0]), name)
    assert np.allclose(found.gradient, [8, 7], rtol=0, atol=found.error + 1e-12)
    assert found.error.max() < 1e-5
    x = np.array([1.0, 2.0])
    inverse = estimate(lambda p: 1 / np.sum(p**2, axis=-1), x, name)
    assert np.all(np.abs(inverse.gradient + 2 * x / 25) <= inverse.error)


def test_at_a_bound_it_uses_the_side_inside_and_says_so() -> None:
    box = Bounds.from_pairs([(0, 1), (0, 1)], 2)
    driven = drive(gradient(np.array([0.0, 1.0]), box), lambda p: np.exp(p[..., 0]) + np.sin(p[..., 1]))
    found = driven.result
    assert found is not None
    assert found.side.tolist() == [1, -1]
    assert np.all(np.abs(found.gradient - [1, np.cos(1)]) <= found.error)
    assert all("only the side" in note for note in found.notes)
    assert box.contain(driven.points)


def test_at_the_edge_of_a_hole_it_uses_the_side_it_can_and_says_so() -> None:
    found = estimate(lambda p: np.where(p[..., 0] < 2, np.nan, p[..., 0] ** 2), np.array([2.0]))
    assert found.side.tolist() == [1]
    assert abs(found.gradient[0] - 4) <= found.error[0] < 1e-5
    assert "only the side above" in found.notes[0]


def test_between_holes_it_says_that_nothing_is_known() -> None:
    found = estimate(lambda p: np.where(p[..., 0] != 2, np.nan, 1.0), np.array([2.0]))
    assert np.isnan(found.gradient[0])
    assert np.isinf(found.error[0])
    assert "neither side" in found.notes[0]


@given(x=st.floats(-100, 100).filter(lambda v: abs(v) > 1e-3), left=st.integers(-5, 5), right=st.integers(-5, 5))
def test_on_a_kink_it_tells_both_slopes(x: float, left: int, right: int) -> None:
    def bent(p: Floats) -> Floats:
        u = p[..., 0] - x
        return np.where(u < 0, left, right) * u + u**2

    found = estimate(bent, np.array([x]))
    if left == right:
        assert found.notes == ()
        return
    assert "a kink" in found.notes[0]
    assert found.gradient[0] == pytest.approx(right, abs=0.01)
    assert found.error[0] == pytest.approx(abs(right - left), abs=0.02)


def test_a_nearby_kink_is_no_kink_here() -> None:
    found = estimate(lambda p: np.abs(p[..., 0] - 1), np.array([1.01]))
    assert found.notes == ()
    assert abs(found.gradient[0] - 1) <= found.error[0] < 1e-6


@given(angle=st.floats(0, 2 * np.pi), seed=seeds)
def test_a_directional_derivative_is_the_gradient_times_the_direction(angle: float, seed: int) -> None:
    f, u = Smooth(2, 1.0, 1.0, seed), np.array([np.cos(angle), np.sin(angle)])
    found = slope_towards(f, f.x, 7 * u)
    assert np.allclose(found.direction, u)
    assert abs(found.value - f.gradient(f.x) @ u) <= 3 * found.error


def test_of_360_directions_the_steepest_points_along_the_gradient() -> None:
    f = Smooth(2, 1.0, 1.0, 3)
    slopes = []
    for degree in range(360):
        u = np.array([np.cos(np.radians(degree)), np.sin(np.radians(degree))])
        slopes.append(slope_towards(f, f.x, u).value)
    g = f.gradient(f.x)
    turn = abs(np.degrees(np.arctan2(g[1], g[0])) % 360 - int(np.argmax(slopes)))
    assert min(turn, 360 - turn) <= 1
    assert max(slopes) == pytest.approx(np.linalg.norm(g), rel=1e-3)


@given(d=st.integers(1, 20), scale=st.floats(-8, 8), seed=seeds)
def test_a_complex_step_is_exact_to_rounding(d: int, scale: float, seed: int) -> None:
    f = Smooth(d, 10**scale, 1.0, seed)
    found = _complex(f, f.x)
    assert np.allclose(found.gradient, f.gradient(f.x), rtol=1e-11, atol=1e-13 / 10**scale)
    assert found.notes == ()


def test_a_complex_step_notices_a_function_that_fools_it() -> None:
    found = _complex(lambda p: np.abs(p[..., 0]) ** 2, np.array([2.0]))
    assert np.isinf(found.error[0])
    assert "not analytic" in found.notes[0]


def test_a_complex_step_asks_complex_points_and_has_no_place_among_the_differences() -> None:
    with pytest.raises(OptionError, match="it asks complex points"):
        method(COMPLEX_STEP)
    with pytest.raises(OptionError, match="must be one of neighbour, forward"):
        method("sideways")
    assert len(NAMES) == 6


@given(slopes=st.lists(st.integers(-9, 9), min_size=1, max_size=4), step=st.sampled_from([0.5, 1.0, 2.0]))
def test_the_neighbour_method_tells_the_steepest_drop_and_every_tie(slopes: list[int], step: float) -> None:
    plane = np.array(slopes, dtype=np.float64)
    found = estimate(lambda p: p @ plane, np.ones(plane.size), "neighbour", step=step)
    largest = np.abs(plane).max()
    if largest == 0:
        assert found.notes == ("no neighbour is lower",)
        return
    assert np.linalg.norm(found.gradient) == largest
    ties = int(np.sum(np.abs(plane) == largest))
    assert ("the water divides" in found.notes[0]) == (ties > 1)
    assert f"{step * largest:g}" in found.notes[0]


def _complex(f, x: Floats) -> Estimate:
    asking = complex_step(x, Bounds.unbounded(x.size))
    question = next(asking)
    try:
        asking.send(f(question))
    except StopIteration as finished:
        return finished.value
    raise AssertionError("one batch is enough")


@pytest.mark.parametrize(("name", "longest"), [("forward", 2.0**-30), ("backward", 2.0**-30), ("central", 2.0**-22)])
def test_below_the_best_step_rounding_wins_and_the_error_grows_again(name: str, longest: float) -> None:
    """Twenty functions on average: a step 2^10 times shorter errs 2^10 times as much, give or take a factor 4."""
    sizes = []
    for step in (longest, longest / 2**10):
        errors = [
            np.abs(estimate(f, f.x, name, step=step).gradient - f.gradient(f.x)).max()
            for f in (Smooth(2, 1.0, 1.0, seed) for seed in range(20))
        ]
        sizes.append(np.median(errors))
    assert 2**8 < sizes[1] / sizes[0] < 2**12


@given(slopes=st.lists(st.integers(-9, 9), min_size=1, max_size=4).filter(any), step=st.sampled_from([0.5, 1.0, 2.0]))
def test_on_a_plane_the_steepest_diagonal_drops_by_the_step_times_the_sum_of_the_slopes(
    slopes: list[int], step: float
) -> None:
    plane = np.array(slopes, dtype=np.float64)
    box = Bounds.unbounded(plane.size)
    found = finish(gradient(np.ones(plane.size), box, "neighbour", step, diagonals=True), lambda p: p @ plane)
    drop = step * np.abs(plane).sum()
    assert f"{drop:.10g}" in found.notes[0]
    away = -found.gradient / np.linalg.norm(found.gradient)
    assert drop == pytest.approx(np.linalg.norm(found.gradient) * step * np.sqrt(np.count_nonzero(plane)))
    assert np.all(np.sign(np.round(away, 9)) == -np.sign(plane))
    with pytest.raises(OptionError, match="only neighbour does"):
        finish(gradient(np.ones(plane.size), box, "central", diagonals=True), lambda p: p @ plane)


def test_ten_inputs_have_too_many_diagonals_to_ask() -> None:
    with pytest.raises(OptionError, match="too many to ask"):
        finish(gradient(np.ones(10), Bounds.unbounded(10), "neighbour", diagonals=True), lambda p: p.sum(axis=-1))


def test_in_a_corner_that_a_direction_leaves_on_both_sides_the_axes_tell_its_slope() -> None:
    corner = Bounds.from_pairs([(0, 1), (0, 1)], 2)
    found = slope_towards(
        lambda p: np.exp(p[..., 0]) + 3 * p[..., 1], np.array([0.0, 1.0]), np.array([1.0, 1.0]), corner
    )
    assert abs(found.value - 4 / np.sqrt(2)) <= found.error < 1e-5
    assert "slopes along the axes" in found.note


@pytest.mark.parametrize("name", LADDERS)
def test_at_0_the_unit_of_x_is_found_from_the_function_alone(name: str) -> None:
    """At x = 0 nothing tells that f lives on a scale of 1e-8: steps of the usual size stride over all of it."""
    for k in range(1, 9):
        found = estimate(lambda p, k=k: np.exp(-((p[..., 0] * 10.0**k - 0.5) ** 2)), np.zeros(1), name)
        assert (
            abs(found.gradient[0] / (np.exp(-0.25) * 10.0**k) - 1) <= found.error[0] / (np.exp(-0.25) * 10.0**k) < 1e-5
        )


@pytest.mark.parametrize("name", LADDERS)
def test_the_gradient_of_rounded_values_is_not_that_of_one_stair(name: str) -> None:
    rng = np.random.default_rng(4)
    within = []
    for digits in (2, 4, 6):
        for _ in range(12):
            x = rng.uniform(0.5, 3, 2)
            found = estimate(lambda p, n=digits: np.round(p[..., 0] ** 2 + 3 * p[..., 0] * p[..., 1], n), x, name)
            within += list(np.abs(found.gradient - [2 * x[0] + 3 * x[1], 3 * x[0]]) <= 1.5 * found.error)
    assert np.mean(within) >= 0.9


def test_a_complex_step_stays_inside_the_bounds_with_its_real_parts() -> None:
    box = Bounds.from_pairs([(1, 5), (-1, 2)], 2)
    asking = complex_step(np.array([1.0, 2.0]), box)
    points = next(asking)
    assert box.contain(points.real)
    try:
        asking.send(np.exp(points[:, 0]) * points[:, 1] ** 2)
    except StopIteration as finished:
        found = finished.value
    assert np.all(np.abs(found.gradient - [4 * np.e, 4 * np.e]) <= found.error)
    assert found.error.max() < 1e-12
    assert found.notes == ()
