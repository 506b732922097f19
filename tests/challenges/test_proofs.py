"""Why nothing anywhere is lower than what the manifests state: closed forms, convexity, and interval arithmetic.

The closed forms are written down here a second time, from the manifests' sources and not from the functions.
"""

import itertools
import math
import pickle

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import minimize, rosen

from challenges.catalogue import ROOT, read

# Wide enough to see every feature of every challenge, narrow enough that squares lose no digits that matter.
COORDINATES = st.floats(-1e4, 1e4)
UNITS = st.floats(-10, 10)
SLACK = 1e-12  # relative rounding allowed in an inequality between two ways to compute one number


def challenge(name: str):
    told = read(ROOT / name)
    return pickle.loads(told.packed.read_bytes()), told.known


def arrays(size: int, numbers=UNITS):
    return st.lists(numbers, min_size=size, max_size=size).map(np.array)


def at_least(value: float, bound: float) -> bool:
    return value >= bound - SLACK * max(1.0, abs(bound), abs(value))


@given(x=COORDINATES, y=COORDINATES)
def test_valley_is_nowhere_lower_than_a_bowl_that_touches_it_at_the_stated_place(x, y):
    f, known = challenge("valley")
    (a, b) = known.at[0]
    u = (x - a) / 250
    v = (y - b) / 250 - 0.3 * math.sin(1.5 * u)
    bowl = math.sqrt(1 + u * u + 2 * v * v) - 1
    # The pond takes at most 0.6 of the bowl away.
    assert at_least(f(x, y), known.value + 40 * 0.4 * bowl)
    assert at_least(known.value + 40 * bowl, f(x, y))


def steepest_neighbour_descent(f, start, step):
    """The published walk: to the lowest of the four neighbours, until none is lower."""
    here = start
    while True:
        moves = ((step, 0), (-step, 0), (0, step), (0, -step))
        there = min(((here[0] + a, here[1] + b) for a, b in moves), key=lambda place: f(*place))
        if f(*there) >= f(*here):
            return here
        here = there


def test_valley_traps_the_walk_from_the_origin_and_lets_walks_from_elsewhere_through():
    f, known = challenge("valley")
    trapped = steepest_neighbour_descent(f, (0.0, 0.0), 1.0)
    assert math.hypot(*trapped) < 60
    assert f(*trapped) > known.value + 50
    for start in ((700.0, 520.0), (760.0, 480.0), (800.0, 600.0), (1000.0, 1000.0), (0.0, 1000.0), (1000.0, 0.0)):
        assert steepest_neighbour_descent(f, start, 1.0) == known.at[0]


def test_valley_has_the_stated_trap_and_a_ridge_in_front_of_it():
    f, _ = challenge("valley")
    pond = minimize(lambda p: f(*p), [0.0, 0.0], method="BFGS")
    assert pond.x == pytest.approx([30.3, 21.3], abs=0.1)
    assert pond.fun == pytest.approx(-46.1, abs=0.1)
    straight = [f(*(pond.x + t * (np.array([750.0, 500.0]) - pond.x))) for t in np.linspace(0, 1, 200)]
    assert max(straight) > pond.fun + 10


@given(x=st.floats(-1e12, 1e12))
def test_kink_is_a_distance_and_a_constant(x):
    f, known = challenge("kink")
    assert f(x) == abs(x - known.at[0][0]) + known.value


@given(x=COORDINATES, y=COORDINATES)
def test_bowl_and_wave_is_a_sum_of_two_squares(x, y):
    f, known = challenge("bowl-and-wave")
    assert f(x, y) >= known.value + x * x
    assert f(x, y) == pytest.approx(x * x + (1 - math.cos(2 * y)) / 2, rel=1e-9, abs=1e-12)


def test_bowl_and_wave_takes_the_textbook_walk():
    f, _ = challenge("bowl-and-wave")
    x, y, values = 3.0, 1.0, []
    for _ in range(16):
        x, y = x - 0.1 * 2 * x, y - 0.1 * math.sin(2 * y)
        values.append(f(x, y))
    assert values[14:] == pytest.approx([0.015166, 0.009711], abs=1e-6)
    assert values[14] > 0.01 > values[15]


@given(x=arrays(10))
def test_rosenbrock_is_the_published_sum_of_squares(x):
    f, known = challenge("rosenbrock-10")
    assert f(x) == pytest.approx(rosen(x), rel=1e-12)
    assert f(x) >= known.value


def test_rosenbrock_has_the_second_minimum_that_its_pitfalls_speak_of():
    f, _ = challenge("rosenbrock-10")
    second = minimize(f, [-1.0] + [1.0] * 9, method="BFGS")
    assert second.fun == pytest.approx(3.99, abs=0.01)
    assert second.x == pytest.approx([-1.0] + [1.0] * 9, abs=0.05)


@given(x=arrays(5))
def test_rastrigin_is_nowhere_lower_than_a_bowl_around_the_shift(x):
    f, known = challenge("rastrigin-shifted")
    z = x - known.at[0]
    assert at_least(f(x), known.value + z @ z)
    assert at_least(known.value + z @ z + 100, f(x))


@given(x=arrays(4, COORDINATES))
def test_ill_conditioned_lies_between_its_flattest_and_its_steepest_bowl(x):
    f, known = challenge("ill-conditioned")
    z = x - known.at[0]
    assert at_least(f(x), known.value + 0.5 * z @ z)
    assert at_least(known.value + 0.5e5 * z @ z, f(x))


def test_ill_conditioned_has_condition_1e5_and_no_axis_of_its_own():
    f, known = challenge("ill-conditioned")
    centre, axes = np.array(known.at[0]), np.eye(4)
    rise = [[f(centre + a + b) - f(centre + a) - f(centre + b) + f(centre) for b in axes] for a in axes]
    # The function is quadratic, so the differences are exact but for rounding.
    curvatures, directions = np.linalg.eigh(rise)
    assert curvatures == pytest.approx(10 ** np.linspace(0, 5, 4), rel=1e-6)
    assert np.abs(directions[:, 0]).max() < 0.9


def test_few_queries_is_convex_with_slope_zero_exactly_between_the_stated_places():
    f, known = challenge("few-queries")
    (left,), (right,) = known.at
    grid = np.linspace(0, 1000, 4001)
    slopes = np.diff([f(x) for x in grid])
    assert (np.diff(slopes) >= -1e-9).all()
    flat = grid[:-1][np.abs(slopes) < 1e-9]
    assert (flat[0], flat[-1]) == (left, right - 0.25)
    assert {f(x) for x in np.arange(left, right + 0.25, 0.25)} == {known.value}
    assert f(left - 1e-3) > known.value < f(right + 1e-3)


@pytest.mark.parametrize("x", [-1e-9, 1000.0000001, math.inf, math.nan])
def test_few_queries_raises_off_the_road(x):
    f, _ = challenge("few-queries")
    with pytest.raises(ValueError, match="road"):
        f(x)


HOLES_HESSIAN, HOLES_CENTRE, HOLES_WALL = np.array([[4.0, 1.0], [1.0, 6.0]]), np.array([4.0, 3.0]), np.array([1.0, 1.5])


def holes_formula(p):
    z = p - HOLES_CENTRE
    return 0.5 * z @ HOLES_HESSIAN @ z - 0.01 * math.log(5.5 - HOLES_WALL @ p)


def test_holes_is_lowest_where_its_gradient_is_zero():
    f, known = challenge("holes")
    place = np.array(known.at[0])
    pull = np.linalg.solve(HOLES_HESSIAN, HOLES_WALL)
    b, c = 5.5 - HOLES_WALL @ HOLES_CENTRE, 0.01 * HOLES_WALL @ pull
    slack = 2 * c / (math.sqrt(b * b + 4 * c) - b)  # the positive root without cancellation, as b is negative
    assert place == pytest.approx(HOLES_CENTRE - 0.01 / slack * pull, abs=1e-12)
    gradient = HOLES_HESSIAN @ (place - HOLES_CENTRE) + 0.01 * HOLES_WALL / slack
    assert np.abs(gradient).max() < 1e-10
    assert (np.linalg.eigvalsh(HOLES_HESSIAN) > 0).all()  # and minus a logarithm is convex: so is the sum
    assert f(*place) == pytest.approx(known.value, abs=known.tolerance)


@given(p=arrays(2))
def test_holes_raises_behind_the_wall_gives_nan_on_the_patch_and_is_convex_elsewhere(p):
    f, known = challenge("holes")
    x, y = p
    patch = math.hypot(x - 1.7, y - 0.9)
    assume(abs(patch - 0.8) > 1e-9)
    if patch < 0.8:
        assert math.isnan(f(x, y))
    elif x + 1.5 * y >= 5.5:
        assume(x + 1.5 * y > 5.5 + 1e-9)
        with pytest.raises(ValueError, match=r"math domain error|positive"):
            f(x, y)
    elif x + 1.5 * y < 5.5 - 1e-9:
        assert f(x, y) == pytest.approx(holes_formula(p), rel=1e-9)
        assert at_least(f(x, y), known.value)


def siam_formula(x, y):
    return (
        np.exp(np.sin(50 * x))
        + np.sin(60 * np.exp(y))
        + np.sin(70 * np.sin(x))
        + np.sin(np.sin(80 * y))
        - np.sin(10 * (x + y))
        + (x**2 + y**2) / 4
    )


def split(centres, half):
    """Every box of that half-width in its 2**d halves."""
    corners = np.array(list(itertools.product((-0.5, 0.5), repeat=centres.shape[1])))
    return (centres[:, None, :] + half * corners).reshape(-1, centres.shape[1])


def surviving_boxes(lower_bound, known, half, near):
    """Branch and bound: the boxes that may hold a value below the known one, split until all lie near its place."""
    place = np.array(known.at[0])
    centres = np.zeros((1, place.size))
    while np.abs(centres - place).max() + half > near:
        centres = split(centres, half)
        half /= 2
        centres = centres[lower_bound(centres, half) <= known.value]
        assert 0 < len(centres) < 1_000_000
    return centres, half


def test_siam_4_is_lower_than_stated_at_most_within_a_hundredth_of_the_stated_place():
    f, known = challenge("siam-4")
    points = np.random.default_rng(3).uniform(-2, 2, (200, 2))
    assert [f(*p) for p in points] == pytest.approx(siam_formula(*points.T).tolist(), abs=1e-12)
    # exp(sin) >= 1/e, sin(sin) >= -sin 1, the other three >= -1: beyond this radius the last term is too large.
    least = math.exp(-1) - 3 - math.sin(1)
    radius = math.sqrt(4 * (known.value - least))
    assert radius < 0.82
    # Largest slopes along x and y within that radius.
    slopes = 50 * math.e + 70 + 10 + 0.41, 60 * math.exp(0.82) + 80 + 10 + 0.41
    centres, half = surviving_boxes(lambda c, h: siam_formula(*c.T) - h * sum(slopes), known, 0.82, 0.01)
    polished = [
        minimize(lambda p: f(*p), c, method="BFGS", options={"gtol": 1e-4}).fun
        for c in centres[:: len(centres) // 40 + 1]
    ]
    assert min(polished) >= known.value - known.tolerance
    assert max(polished) <= known.value + 1e-6  # one basin
    assert half < 0.01


def test_siam_4_has_no_other_minimum_within_a_tenth_of_the_stated_value():
    _, known = challenge("siam-4")
    axis = np.linspace(-0.82, 0.82, 1641)
    x, y = np.meshgrid(axis, axis, indexing="ij")
    away = np.hypot(x - known.at[0][0], y - known.at[0][1]) > 0.04
    assert siam_formula(x, y)[away].min() > known.value + 0.09


# Centre, depth and width of each crater, and the ground's slope: the second copy of the formula.
CRATERS = np.array(
    [
        [1.3, -0.8, 2.1, 6.0, 0.9],
        [-4.7, 3.9, 1.6, 9.0, 2.2],
        [31.5, 22.4, -27.8, 24.0, 14.0],
        [-58.2, -41.3, 36.9, 31.0, 21.0],
        [-211.7, 263.4, -187.1, 88.0, 125.0],
        [392.6, -148.9, 301.3, 64.0, 95.0],
    ]
)


def far_basins_bound(centres, half):
    """Shape `(n,)`: no value in a box is lower, as each term is least where the box is nearest to its centre."""
    nearest = np.maximum(np.abs(centres) - half, 0)
    bound = 0.05 * np.sqrt(100 + (nearest**2).sum(axis=1))
    for *centre, depth, width in CRATERS:
        nearest = np.maximum(np.abs(centres - centre) - half, 0)
        bound -= depth * np.exp(-(nearest**2).sum(axis=1) / (2 * width**2))
    return bound


def test_far_basins_is_lower_than_stated_at_most_within_a_few_units_of_the_stated_place():
    f, known = challenge("far-basins")
    points = np.random.default_rng(4).uniform(-600, 600, (200, 3))
    assert [f(*p) for p in points] == pytest.approx(far_basins_bound(points, 0.0).tolist(), abs=1e-12)
    # Beyond 2000 the ground is above 100, and the craters, at least 1400 away, are gone.
    edge = np.array([[2000.0, 0.0, 0.0]])
    assert (0.05 * 2000 - 88 * math.exp(-(1400**2) / (2 * 125**2)) * len(CRATERS)) > known.value
    assert far_basins_bound(edge, 0.0)[0] > 99
    centres, _ = surviving_boxes(far_basins_bound, known, 2000.0, 12.0)
    starts = centres[:: len(centres) // 30 + 1]
    polished = [minimize(lambda p: f(*p), start, method="BFGS", options={"gtol": 1e-7}) for start in starts]
    assert min(walk.fun for walk in polished) >= known.value - known.tolerance
    assert max(np.abs(walk.x - known.at[0]).max() for walk in polished) < 0.01  # one basin


def test_far_basins_is_convex_around_the_stated_place():
    _, known = challenge("far-basins")
    place = np.array(known.at[0])
    for corner in itertools.product((-12.0, 0.0, 12.0), repeat=3):
        assert np.linalg.eigvalsh(far_basins_hessian(place + corner))[0] > 0


def far_basins_hessian(p):
    r2 = 100 + p @ p
    hessian = 0.05 * (np.eye(3) / math.sqrt(r2) - np.outer(p, p) / r2**1.5)
    for *centre, depth, width in CRATERS:
        z = (p - centre) / width
        hessian += depth / width**2 * math.exp(-z @ z / 2) * (np.eye(3) - np.outer(z, z))
    return hessian


def test_far_basins_gives_the_lowest_crater_a_fair_share_of_its_own_scale_and_descents_from_the_origin_another():
    f, known = challenge("far-basins")
    rng, hits = np.random.default_rng(5), 0
    for start in rng.uniform(-500, 500, (40, 3)):
        found = minimize(lambda p: f(*p), start, method="BFGS")
        hits += found.fun < known.value + 1e-3
    assert hits >= 4
    assert minimize(lambda p: f(*p), np.zeros(3), method="BFGS").fun > -10
