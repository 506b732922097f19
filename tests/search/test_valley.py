"""Bent valleys are followed: to their end, or as far as it takes to say that there is none."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackbox.core.asking import Landing
from blackbox.core.bounds import Bounds
from blackbox.core.stops import Stop
from blackbox.search.ground import Ground
from blackbox.search.runaway import FAR, NO_RUNAWAY, Runaway
from blackbox.search.valley import LEG, LEGS, MOST_LEGS, PER_AXIS, follow_valley
from tests.fakes.drive import Driven, Surface, drive, value_at

Fall = Callable[[np.ndarray], np.ndarray]

FOR_EVER: dict[str, Fall] = {
    "steadily": lambda x: -x,
    "like a root": lambda x: -np.sqrt(np.abs(x)),
    "like a logarithm": lambda x: -np.log1p(np.abs(x)),
    "ever faster": lambda x: -0.1 * x * np.abs(x),
}
DWINDLING: dict[str, Fall] = {
    "exponential": lambda x: np.exp(-x / 50),
    "hyperbola": lambda x: 1 / (1 + x * x),
    "arc tangent": lambda x: -np.arctan(x / 100),
}

powers, stiffness = st.floats(1.3, 3.0), st.sampled_from([1.0, 10.0, 100.0, 1000.0])
firsts = st.floats(12.0, 40.0)
"""Where the walk was cut short, along the slow coordinate, in units from the start."""

few = settings(max_examples=10)
"""Each follows a valley for some 2,000 evaluations."""


def parabola(power: float, stiff: float, fall: Fall, start: np.ndarray | None = None) -> Surface:
    """Two inputs; the floor is y = |x|^power from the start on, where f is fall(x)."""
    at = np.zeros(2) if start is None else start

    def surface(p: np.ndarray) -> np.ndarray:
        x, y = (p - at).T
        return stiff * (y - np.abs(x) ** power) ** 2 + fall(x)

    return surface


def screw(p: np.ndarray) -> np.ndarray:
    """Three inputs; the floor is (x, x², √x), and falls like −x."""
    x, y, z = p.T
    return (y - x**2) ** 2 + 10 * (z - np.sqrt(np.abs(x))) ** 2 - x


def follow(f: Surface, point: np.ndarray, ground: Ground | None = None, *, settled: bool = False) -> Driven[Runaway]:
    ground = ground or Ground(Bounds.unbounded(point.size), np.zeros(point.size), np.ones(point.size))
    landing = Landing(point, value_at(f, point), 0.0, settled, "start")
    return drive(follow_valley(ground, landing), f)


def on_floor(x: float, power: float) -> np.ndarray:
    return np.array([x, x**power])


def promised(d: int, legs: int) -> float:
    """Evaluations: a descent of 60 (d + 2) and the iterate at which it ends, for each leg and before the first."""
    return (legs + 1) * (PER_AXIS * (d + 2) + 8 * (d + 2))


@few
@given(st.sampled_from(sorted(FOR_EVER)), powers, stiffness, firsts)
def test_a_valley_that_falls_for_ever_is_unbounded(name: str, power: float, stiff: float, first: float) -> None:
    driven = follow(parabola(power, stiff, FOR_EVER[name]), on_floor(first, power))
    verdict = driven.result
    assert verdict is not None
    assert verdict.stop is Stop.UNBOUNDED
    assert "falls" in verdict.told.plain
    assert "rises" in verdict.told.mirrored
    assert driven.evaluations <= promised(2, MOST_LEGS)


@few
@given(powers, stiffness, firsts)
def test_the_ray_points_to_a_place_on_the_floor_as_far_out_as_is_told(power: float, stiff: float, first: float) -> None:
    driven = follow(parabola(power, stiff, FOR_EVER["steadily"]), on_floor(first, power))
    assert driven.result is not None
    ray = driven.result.ray
    assert ray is not None
    assert np.abs(ray).max() == 1 == ray[1]
    # The floor is (x, x^power), so the ray alone tells where on it the walk ended: ray[0] = x^(1 − power).
    x = ray[0] ** (1 / (1 - power))
    told = float(driven.result.told.plain.split("falls ")[1].split(" times")[0])
    assert told >= LEG**LEGS * 0.999
    assert (x / first) ** power >= told / 2
    assert x / first >= 500
    assert driven.best == pytest.approx(-x, rel=1e-2)
    assert driven.best_point is not None
    assert ray == pytest.approx(driven.best_point / driven.best_point[1], rel=1e-9)


def test_a_valley_in_three_dimensions_is_followed() -> None:
    driven = follow(screw, np.array([12.0, 144.0, 3.4]))
    assert driven.result is not None
    assert driven.result.stop is Stop.UNBOUNDED
    assert driven.evaluations <= promised(3, MOST_LEGS)
    assert driven.best_point is not None
    x, y, z = driven.best_point
    assert y == pytest.approx(x**2, rel=1e-3)
    assert z == pytest.approx(np.sqrt(x), rel=1e-2)


@few
@given(powers, stiffness, firsts, st.floats(100.0, 3000.0), st.sampled_from([1.0, 1e-3]))
def test_a_valley_that_ends_is_not_and_its_end_is_met(
    power: float, stiff: float, first: float, end: float, bend: float
) -> None:
    """On the floor f is a parabola with its bottom at `end`; no leg leads three times farther along x."""
    driven = follow(parabola(power, stiff, lambda x: bend * (x - end) ** 2), on_floor(first, power))
    assert driven.result is NO_RUNAWAY
    assert driven.best_point is not None
    assert end / 3 <= driven.best_point[0] <= 3 * end
    assert driven.best_point[1] == pytest.approx(driven.best_point[0] ** power, rel=0.1)
    assert driven.evaluations <= promised(2, MOST_LEGS)


@pytest.mark.parametrize(("power", "end"), [(2.0, 1.16e4), (2.0, 1.2e4), (2.5, 1.56e4), (3.0, 1.43e4)])
def test_a_last_leg_that_leads_past_the_end_still_gains_and_misleads_nobody(power: float, end: float) -> None:
    driven = follow(parabola(power, 10.0, lambda x: 1e-3 * (x - end) ** 2), on_floor(12.0, power))
    assert driven.best_point is not None
    assert driven.best_point[0] > end
    assert driven.result is NO_RUNAWAY


@pytest.mark.parametrize("name", sorted(DWINDLING))
@pytest.mark.parametrize("power", [1.4, 2.0, 3.0])
def test_a_fall_that_dwindles_is_not_unbounded(name: str, power: float) -> None:
    assert follow(parabola(power, 10.0, DWINDLING[name]), on_floor(20.0, power)).result is NO_RUNAWAY


def test_a_straight_valley_takes_no_more_than_the_fewest_legs() -> None:
    driven = follow(lambda p: 100 * (p[:, 1] - p[:, 0]) ** 2 - np.sqrt(np.abs(p[:, 0])), np.array([20.0, 20.0]))
    assert driven.result is not None
    assert driven.result.stop is Stop.UNBOUNDED
    assert driven.evaluations <= promised(2, LEGS)
    assert "6.55e+04 times" in driven.result.told.plain  # four to the eighth


@pytest.mark.parametrize("home", [0.0, 3.0, -40.0])
def test_a_coordinate_at_home_asks_for_no_more_legs(home: float) -> None:
    def f(p: np.ndarray) -> np.ndarray:
        return (p[:, 2] - home) ** 2 + 100 * (p[:, 1] - p[:, 0]) ** 2 - np.sqrt(np.abs(p[:, 0]))

    driven = follow(f, np.array([20.0, 20.0, home]))
    assert driven.result is not None
    assert driven.result.stop is Stop.UNBOUNDED
    assert "6.55e+04 times" in driven.result.told.plain
    assert driven.result.ray is not None
    assert abs(driven.result.ray[2]) < 1e-3


@settings(max_examples=5)
@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3), st.booleans())
def test_what_counts_is_the_way_from_the_start(x: float, y: float, mirrored: bool) -> None:
    """The same valley elsewhere, or turned around, gets the same verdict and the same ray."""
    start, sides = np.array([x, y]), np.array([1.0, -1.0 if mirrored else 1.0])
    ground = Ground(Bounds.unbounded(2), start, np.ones(2))
    away = on_floor(20.0 * max(1.0, abs(x), abs(y)), 1.5)
    here = follow(parabola(1.5, 10.0, lambda t: -t), away)
    f = parabola(1.5, 10.0, lambda t: -t, start)
    there = follow(lambda p: f(start + (p - start) * sides), start + away * sides, ground)
    assert here.result is not None
    assert there.result is not None
    assert here.result.stop is there.result.stop is Stop.UNBOUNDED
    assert there.result.ray == pytest.approx(here.result.ray * sides, rel=0.05)


def test_walks_that_settled_or_stayed_near_and_boxes_cost_nothing() -> None:
    f, far, near = parabola(2, 10.0, lambda x: -x), on_floor(20.0, 2), np.array([2.0, FAR - 1])
    box = Ground(Bounds.from_pairs([(-1e6, 1e6)], 2), np.zeros(2), np.ones(2))
    for driven in (follow(f, far, settled=True), follow(f, near), follow(f, far, box)):
        assert driven.result is NO_RUNAWAY
        assert driven.evaluations == 0


@pytest.mark.parametrize("wall", [30.0, 1e3, 1e4])
def test_where_f_fails_or_a_bound_stands_on_the_way_there_is_no_verdict(wall: float) -> None:
    f = parabola(2, 10.0, lambda x: -x)
    holes = follow(lambda p: np.where(p[:, 0] > wall, np.nan, f(p)), on_floor(20.0, 2))
    assert holes.result is NO_RUNAWAY
    bounds = Bounds.from_pairs([(None, wall), (0, None)], 2)
    walled = follow(f, on_floor(20.0, 2), Ground(bounds, np.zeros(2), np.ones(2)))
    assert walled.result is NO_RUNAWAY
    assert bounds.contain(walled.points)


def test_a_walk_on_a_plain_ends_after_one_descent() -> None:
    driven = follow(lambda p: np.zeros(len(p)), on_floor(20.0, 2))
    assert driven.result is NO_RUNAWAY
    assert driven.evaluations <= promised(2, 0)
