"""The worked numbers of the textbook, and the law of each walk."""

from itertools import islice

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st

from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError
from blackbox.descent.catalogue import METHODS
from blackbox.descent.gradient_descent import gradient_descent
from blackbox.descent.ground import Here, Kit, gradient_at
from blackbox.descent.learning_rates import RateKind, learning_rates
from blackbox.descent.line_search import Search, armijo, exact, strong_wolfe
from blackbox.descent.momentum import momentum
from blackbox.descent.restarts import random_starts, restarts
from blackbox.descent.stopping import Rules, WalkStop
from tests.fakes.drive import drive, finish, value_at
from tests.fakes.functions import bowl_and_wave, ill_conditioned, quadratic, rosenbrock, sphere, two_basins
from tests.fakes.textbook import ended, go

seeds = st.integers(0, 2**32 - 1)
MAP = Bounds.from_pairs([(0, 1000), (0, 1000)], 2)


def square(p):
    return p[..., 0] ** 2


def test_x_squared_from_1_2_with_rate_0_3() -> None:
    driven = go("gradient-descent", square, [1.2], Rules(target=1e-3), learning_rate=0.3)
    assert [step.point[0] for step in driven.steps] == pytest.approx([1.2, 0.48, 0.192, 0.0768, 0.03072], abs=1e-9)
    shown = [f"{step.value:.6f}" for step in driven.steps[1:]]
    assert shown == ["0.230400", "0.036864", "0.005898", "0.000944"]
    assert ended(driven).stop is WalkStop.TARGET
    assert ended(driven).steps == 4


def test_bowl_and_wave_from_3_1_with_rate_0_1_takes_16_steps() -> None:
    driven = go("gradient-descent", bowl_and_wave, [3, 1], Rules(target=1e-2), learning_rate=0.1)
    assert ended(driven).steps == 16
    shown = [f"{step.value:.6f}" for step in driven.steps]
    assert shown[:2] == ["9.708073", "6.382415"]
    assert shown[15:] == ["0.015166", "0.009711"]
    assert driven.steps[15].point == pytest.approx([0.105553, 0.063481], abs=1e-6)
    assert driven.steps[16].point == pytest.approx([0.084442, 0.050819], abs=1e-6)


def test_ascent_is_the_same_walk_on_the_function_upside_down() -> None:
    down = go("gradient-descent", bowl_and_wave, [3, 1], Rules(target=1e-2), learning_rate=0.1)
    up = go("gradient-ascent", lambda p: -bowl_and_wave(p), [3, 1], Rules(target=-1e-2, ascending=True))
    assert [step.point.tolist() for step in up.steps] == [step.point.tolist() for step in down.steps]
    assert [-step.value for step in up.steps] == [step.value for step in down.steps]
    assert ended(up).stop is WalkStop.TARGET


@given(seed=seeds, d=st.integers(1, 4), rate=st.sampled_from([0.5, 0.125]))
def test_sign_descent_moves_every_coordinate_by_the_rate_against_its_slope(seed: int, d: int, rate: float) -> None:
    start = np.random.default_rng(seed).uniform(1, 3, d) * np.random.default_rng(seed + 1).choice([-1, 1], d)
    driven = go("sign-descent", sphere(np.zeros(d)), start, Rules(steps=1), learning_rate=rate)
    assert driven.steps[1].point == pytest.approx(start - rate * np.sign(start), abs=1e-12)


@given(seed=seeds)
def test_line_search_keeps_the_lowest_of_the_lengths_it_tries(seed: int) -> None:
    start = np.random.default_rng(seed).uniform(-1.5, 1.5, 2)
    driven = go("line-search", rosenbrock, start, Rules(steps=1))
    tried = [values.min() for values in driven.answers if len(values) == 9]
    assert driven.steps[1].value == tried[-1]


def study(rates, steps=10, f=None, start=-0.8):
    f = f or (lambda p: (p[..., 0] - 1) ** 2 + 0.1)
    point = np.array([start])
    kits = [Kit(Bounds.unbounded(1), learning_rate=rate) for rate in rates]
    return finish(learning_rates(gradient_descent, point, rates, kits, steps), f)


def test_the_learning_rate_study() -> None:
    rates = [1.1, 1.0, 0.8, 0.6, 0.4, 0.2, 0.1]
    found = study(rates)
    for walk in found.walks:
        k = np.arange(len(walk.steps))
        path = [step.point[0] for step in walk.steps]
        assert path == pytest.approx(1 - 1.8 * (1 - 2 * walk.learning_rate) ** k, abs=1e-6)
    kinds = [walk.kind for walk in found.walks]
    assert kinds[:4] == [RateKind.DIVERGES, RateKind.OSCILLATES, RateKind.ALTERNATES, RateKind.ALTERNATES]
    assert kinds[4:] == [RateKind.CONVERGES, RateKind.CONVERGES, RateKind.SLOW]
    assert {round(step.point[0], 6) for step in found.walks[1].steps} == {-0.8, 2.8}
    assert abs(found.walks[4].steps[4].point[0] - 1) < 5e-3
    assert found.recommended in (0.4, 0.6)


@given(curvature=st.floats(-3, 3).map(lambda e: 10.0**e), product=st.floats(0.02, 2.5), start=st.floats(-5, -0.5))
def test_the_kind_is_what_the_factor_says_for_every_quadratic(curvature: float, product: float, start: float) -> None:
    if min(abs(product - edge) for edge in (0.3, 1.0, 2.0)) < 0.05:
        return
    found = study([product / curvature], 20, lambda p: curvature / 2 * (p[..., 0] - 1) ** 2, start)
    kind = found.walks[0].kind
    if product > 2:
        assert kind is RateKind.DIVERGES
    elif product > 1:
        assert kind is RateKind.ALTERNATES
    elif product > 0.3:
        assert kind is RateKind.CONVERGES
    else:
        assert kind in (RateKind.CONVERGES, RateKind.SLOW)
        assert kind is RateKind.SLOW or product > 0.1


@given(curvature=st.floats(-2.5, 2.5).map(lambda e: 10.0**e), seed=seeds, d=st.integers(1, 4))
@settings(max_examples=15)
def test_tuning_picks_a_rate_that_converges_for_every_quadratic(curvature: float, seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    f = quadratic(curvature * ill_conditioned(d, 5.0, rng), rng.uniform(-1, 1, d))
    driven = go("tuned-descent", f, rng.uniform(-3, 3, d), Rules(steps=40))
    assert driven.steps[-1].value <= 1e-3 * driven.steps[0].value + 1e-12


@pytest.mark.parametrize(
    ("rules", "stop"),
    [
        (Rules(target=0.5), WalkStop.TARGET),
        (Rules(tolerance=1e-3), WalkStop.SMALL_STEP),
        (Rules(slope=1e-3), WalkStop.SMALL_SLOPE),
        (Rules(steps=5), WalkStop.STEPS),
        (Rules(target=0.5, tolerance=1e-3, slope=1e-3, patience=3, steps=500), WalkStop.TARGET),
        (Rules(target=-1, tolerance=1e-9, slope=1e-3, patience=3, steps=500), WalkStop.SMALL_SLOPE),
        (Rules(target=-1, tolerance=1e-3, slope=1e-9, patience=3, steps=500), WalkStop.SMALL_STEP),
        (Rules(target=-1, tolerance=1e-9, slope=1e-9, patience=3, steps=7), WalkStop.STEPS),
    ],
)
def test_each_stopping_rule_alone_and_together(rules: Rules, stop: WalkStop) -> None:
    driven = go("gradient-descent", bowl_and_wave, [3, 1], rules)
    assert ended(driven).stop is stop
    last, before = driven.steps[-1], driven.steps[-2]
    if stop is WalkStop.TARGET:
        assert last.value < 0.5 <= before.value
    if stop is WalkStop.SMALL_STEP:
        assert np.abs(last.point - before.point).max() < 1e-3
    if stop is WalkStop.SMALL_SLOPE:
        assert last.slope < 1e-3 <= before.slope


def test_no_improvement_and_divergence_end_a_walk_too() -> None:
    hopping = go("sign-descent", square, [1.03], Rules(patience=4), learning_rate=0.1)
    assert ended(hopping).stop is WalkStop.NO_IMPROVEMENT
    away = go("gradient-descent", square, [1.0], Rules(), learning_rate=1.1)
    assert ended(away).stop is WalkStop.DIVERGED
    assert ended(away).steps < 100


@pytest.mark.parametrize("field", ["tolerance", "slope", "patience", "steps"])
def test_rules_that_make_no_sense_are_named(field: str) -> None:
    with pytest.raises(OptionError, match=f"{field}="):
        Rules(**{field: 0})


@pytest.mark.parametrize("options", [{"learning_rate": 0.0}, {"momentum": 1.0}, {"stride": -1.0}, {"step": 0.0}])
def test_options_that_make_no_sense_are_named(options) -> None:
    with pytest.raises(OptionError, match="must"):
        Kit(Bounds.unbounded(1), **options)


def rays(search: Search, f, x, first: float):
    kit = Kit(Bounds.unbounded(x.size), difference="central")

    def asking():
        value = value_at(f, x)
        gradient = yield from gradient_at(x, value, kit)
        here = Here(x, value, gradient)
        ray = yield from search(here, -gradient, first, kit)
        assert ray is not None
        end = yield from gradient_at(ray.point, ray.value, kit)
        return here, ray, end

    return finish(asking(), f)


@given(seed=seeds, first=st.floats(-4, 2).map(lambda e: 10.0**e), d=st.integers(2, 5))
def test_line_searches_keep_their_promises(seed: int, first: float, d: int) -> None:
    x = np.random.default_rng(seed).uniform(-1.5, 1.5, d)
    here, ray, _ = rays(armijo, rosenbrock, x, first)
    slope = -(here.slope**2)
    assert ray.value <= here.value + 1e-4 * ray.t * slope
    here, ray, end = rays(strong_wolfe, rosenbrock, x, first)
    assert ray.value <= here.value + 1e-4 * ray.t * slope
    assert abs(end @ here.gradient) <= 0.9 * here.slope**2 * 1.0001
    here, ray, end = rays(exact, rosenbrock, x, first)
    assert abs(end @ here.gradient) <= 1e-3 * here.slope * np.linalg.norm(end) + 1e-4 * here.slope**2


def dip(p):
    """A slope of the bowl with a shallow dip at 2."""
    x = p[..., 0]
    return 0.5 * x**2 - 0.4 * np.exp(-((x - 2.2) ** 2) / 0.02) + 0.0 * x


@pytest.mark.parametrize(("name", "rate"), [("momentum", 0.01), ("nesterov", 0.01), ("adam", 0.1)])
def test_memory_crosses_a_dip_that_plain_descent_stops_in(name: str, rate: float) -> None:
    rules = Rules(steps=400)
    plain = go("gradient-descent", dip, [5.0], rules, learning_rate=0.01)
    heavy = go(name, dip, [5.0], rules, learning_rate=rate, momentum=0.9)
    assert plain.steps[-1].point[0] == pytest.approx(2.2, abs=0.1)
    assert abs(heavy.steps[-1].point[0]) < 0.1


@pytest.mark.parametrize("name", ["momentum", "nesterov", "adam"])
def test_on_an_ill_conditioned_quadratic_memory_saves_evaluations(name: str) -> None:
    f = quadratic(np.diag([1.0, 400.0]), np.zeros(2))
    rate = {"adam": 0.3}.get(name, 0.002)
    goal = {"target": 1e-3, "steps": 20_000}
    plain = go("gradient-descent", f, [10.0, 1.0], Rules(**goal), learning_rate=0.002)
    heavy = go(name, f, [10.0, 1.0], Rules(**goal), learning_rate=rate, momentum=0.9)
    assert ended(plain).stop is ended(heavy).stop is WalkStop.TARGET
    assert heavy.evaluations < plain.evaluations


@given(seed=seeds, d=st.integers(1, 5))
def test_newton_needs_one_step_on_a_quadratic(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    center = rng.uniform(-2, 2, d)
    driven = go("newton", quadratic(ill_conditioned(d, 10.0, rng), center), rng.uniform(-3, 3, d), Rules(steps=1))
    assert driven.steps[1].point == pytest.approx(center, abs=1e-3)


@pytest.mark.parametrize("start", [(0.0, 0.0), (0.1, 0.0), (1e-6, 0.0)])
def test_newton_leaves_a_saddle_downhill(start) -> None:
    def saddle(p):
        return p[..., 0] ** 2 - p[..., 1] ** 2 + p[..., 1] ** 4 / 4

    end = ended(go("newton", saddle, start, Rules(steps=60)))
    assert end.best is not None
    assert end.best.value == pytest.approx(-1, abs=1e-6)


CLASSICS = {"bfgs": "BFGS", "conjugate-gradient": "CG", "nelder-mead": "Nelder-Mead", "pattern": "Powell"}


@pytest.mark.parametrize("name", CLASSICS)
@pytest.mark.parametrize("seed", range(6))
def test_the_classics_agree_with_scipy(name: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    turn, center, start = ill_conditioned(3, 20.0, rng), rng.uniform(-1, 1, 3), rng.uniform(-2, 2, 3)

    def f(p):
        u = p - center
        return np.einsum("...i,ij,...j->...", u, turn, u) / 2 + np.sum(u**4, axis=-1)

    options = {"xatol": 1e-9, "fatol": 1e-14} if name == "nelder-mead" else {}
    theirs = scipy.optimize.minimize(f, start, method=CLASSICS[name], tol=1e-10, options=options)
    end = ended(go(name, f, start, Rules(steps=2000, slope=1e-8), limit=50_000))
    assert end.best is not None
    assert end.best.point == pytest.approx(theirs.x, abs=1e-5)


@pytest.mark.parametrize("name", ["bfgs", "conjugate-gradient", "newton", "nelder-mead", "pattern"])
def test_the_classics_follow_a_curved_valley_to_its_end(name: str) -> None:
    end = ended(go(name, rosenbrock, [-1.2, 1.0], Rules(steps=3000, slope=1e-7), limit=100_000))
    assert end.best is not None
    assert end.best.point == pytest.approx([1, 1], abs=1e-4)


def test_neighbour_descent_from_the_origin_stops_in_the_pond_and_with_restarts_it_finds_the_lake() -> None:
    pond = ended(go("neighbour-descent", two_basins, [0, 0], bounds=MAP))
    assert pond.stop is WalkStop.NO_LOWER_NEIGHBOUR
    assert pond.best is not None
    assert pond.best.value > -50
    for seed in range(5):
        kit = Kit(MAP, np.random.default_rng(seed), stride=10.0)
        starts = list(islice(random_starts(np.zeros(2), kit), 12))
        found = finish(restarts(METHODS["neighbour-descent"].walk, starts, kit, Rules(steps=None)), two_basins)
        assert found[0].value < -99.9
        assert sum(one.hits for one in found) == 12


def test_restarts_tell_the_minima_apart() -> None:
    def wells(p):
        return (p[..., 0] ** 2 - 4) ** 2 / 8 + 0.2 * p[..., 0]

    kit = Kit(Bounds.from_pairs([(-4, 4)], 1), np.random.default_rng(1), learning_rate=0.05)
    starts = islice(random_starts(np.array([3.0]), kit), 10)
    found = finish(restarts(METHODS["gradient-descent"].walk, starts, kit, Rules(slope=1e-6)), wells)
    assert len(found) == 2
    assert found[0].point[0] == pytest.approx(-2, abs=0.1)
    assert found[1].point[0] == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("seed", range(4))
def test_one_sided_slopes_lead_a_walk_as_well(seed: int) -> None:
    center = np.random.default_rng(seed).uniform(-1, 1, 2)
    for difference in ("forward", "backward", "central"):
        driven = go("gradient-descent", sphere(center), [3, 1], Rules(steps=100), difference=difference)
        assert driven.steps[-1].point == pytest.approx(center, abs=1e-4)
        assert driven.evaluations == len(driven.steps) * (3 if difference != "central" else 5)
    coarse = go("gradient-descent", sphere(center), [3, 1], Rules(steps=100), difference="forward", step=0.5)
    assert coarse.steps[-1].point == pytest.approx(center - 0.25, abs=1e-4)


def test_the_drive_of_a_walk_ends_with_its_budget() -> None:
    kit = Kit(Bounds.unbounded(1))
    assert drive(gradient_descent(np.array([1.0]), kit), square, limit=30).evaluations <= 32


def test_a_ball_that_turns_back_far_from_the_bottom_has_not_arrived_and_passing_by_is_no_arrival() -> None:
    rates = [0.4, 0.2, 0.1]
    point = np.array([-0.8])
    kits = [Kit(Bounds.unbounded(1), learning_rate=rate) for rate in rates]
    found = finish(learning_rates(momentum, point, rates, kits, 10), lambda p: (p[..., 0] - 1) ** 2 + 0.1)
    assert [walk.kind for walk in found.walks] == [RateKind.SLOW] * 3
    assert found.recommended == min(found.walks, key=lambda walk: walk.steps[-1].value).learning_rate == 0.1
