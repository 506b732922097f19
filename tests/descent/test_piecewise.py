"""The walk along kinks, against linear programmes and closed forms."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from blackbox.core.asking import Floats
from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError
from blackbox.descent.corner import Plan, Stand
from blackbox.descent.doubt import doubt
from blackbox.descent.pieces import Piece, Pieces
from blackbox.descent.piecewise import Piecewise, piecewise
from blackbox.descent.samples import NEAREST, Sample
from blackbox.descent.terrain import Descent, Terrain
from tests.fakes.drive import Driven, Surface, drive, value_at
from tests.fakes.functions import rotation, with_holes
from tests.fakes.walks import is_honest, terrain

seeds = st.integers(0, 2**32 - 1)
dims = st.integers(1, 8)

few_examples = settings(max_examples=8)
"""A walk is hundreds of programmes."""

ROUNDS = 6
"""A walk on planes ends within so many times (d + 1)² evaluations, bar one in ten: 1.4 is the middle."""


def room(d: int, half: float = 5.0) -> Terrain:
    return terrain(d, Bounds(np.full(d, -half), np.full(d, half)), 2 * half)


def sample(f: Surface, x: Floats, ground: Terrain) -> Sample:
    """As a quasi-Newton walk measures it."""
    steps = np.where(x + 1e-6 * ground.scale <= ground.bounds.upper, 1e-6, -1e-6) * ground.scale
    value = value_at(f, x)
    return Sample(x, value, (f(x + np.diag(steps)) - value) / steps * ground.scale)


def walk(f: Surface, x: Floats, ground: Terrain, options: Piecewise | None = None) -> Driven[Descent]:
    return drive(piecewise([sample(f, x, ground)], ground, options), f)


def end_of(driven: Driven[Descent]) -> Descent:
    assert driven.result is not None
    return driven.result


def planes(d: int, rng: np.random.Generator) -> tuple[Surface, float]:
    """The highest of d + 1 to 3 d + 2 random planes, and its minimum in the box by SciPy."""
    m = int(rng.integers(d + 1, 3 * d + 3))
    slopes, heights = rng.standard_normal((m, d)), rng.standard_normal(m)
    return lambda x: np.max(x @ slopes.T + heights, axis=-1), lowest_of(slopes, heights, 5.0)


def lowest_of(slopes: Floats, heights: Floats, half: float) -> float:
    d = slopes.shape[1]
    rows, limits = np.c_[slopes, -np.ones(len(heights))], [*([(-half, half)] * d), (None, None)]
    return float(linprog(np.append(np.zeros(d), 1.0), A_ub=rows, b_ub=-heights, bounds=limits).fun)


def most_reach(gaps: Sequence[float], within: float, but: float) -> bool:
    """Whether all but a part do: a walk may give up, which it says, and another goes on."""
    return float(np.mean(np.array(gaps) > within)) <= but


@pytest.mark.parametrize("d", range(1, 9))
def test_the_lowest_vertex_of_planes_is_that_of_a_linear_programme(d: int) -> None:
    gaps = list[float]()
    for seed in range(10):
        rng = np.random.default_rng(seed)
        f, lowest = planes(d, rng)
        driven = walk(f, rng.uniform(-5, 5, d), room(d))
        end = end_of(driven)
        gaps.append(end.value - lowest if driven.first_below(lowest + 1e-6) <= ROUNDS * (d + 1) ** 2 else np.inf)
        assert not end.smooth or end.value <= lowest + 1e-6
        assert end.smooth or not end.settled or end.value > lowest - 1e-9
    assert most_reach(gaps, 1e-6, but=0.1)


@pytest.mark.parametrize("d", [1, 2, 3, 4, 5, 6])
def test_the_monic_polynomial_that_stays_nearest_to_0_is_chebyshevs(d: int) -> None:
    """Of degree d on [−1, 1] it is 2^(1 − d) high; d + 1 points touch the top. A grid of extrema has the same one."""
    grid = np.unique(np.concatenate([np.cos(np.pi * np.arange(d + 1) / d), np.linspace(-1, 1, 41)]))
    powers = np.vander(grid, d, increasing=True)
    gaps = list[float]()
    for seed in range(6):
        start = np.random.default_rng(seed).uniform(-3, 3, d)
        end = end_of(walk(lambda a: np.max(np.abs(grid**d + a @ powers.T), axis=-1), start, room(d, 3.0)))
        gaps.append(end.value - 2.0 ** (1 - d))
        assert not end.smooth or gaps[-1] <= 1e-6
    assert np.median(gaps) <= 1e-8
    assert max(gaps) <= 1e-3


@pytest.mark.parametrize("d", [1, 2, 3, 5])
def test_the_middle_of_a_turned_taxicab_distance_is_found(d: int) -> None:
    gaps = list[float]()
    for seed in range(8):
        rng = np.random.default_rng(seed)
        turned = rotation(d, rng) * np.exp(rng.uniform(-1, 1, d))[:, np.newaxis]
        center, cap = rng.uniform(-2, 2, d), Piecewise(evaluations=20 * (d + 1) ** 2)
        end = end_of(
            walk(lambda x: np.sum(np.abs((x - center) @ turned.T), axis=-1), rng.uniform(-5, 5, d), room(d), cap)
        )
        gaps.append(end.value)
        assert not end.smooth or end.value <= 1e-4
    assert np.median(gaps) <= 1e-6


@pytest.mark.parametrize("d", [1, 2, 3, 5, 7])
def test_the_point_of_a_ball_that_lies_farthest_down_is_found_by_an_exact_penalty(d: int) -> None:
    """c · x + w max(|x|² − r², 0) with w > |c| / 2r has its minimum −r |c| on the sphere: one curved wall."""
    gaps = list[float]()
    for seed in range(6):
        rng = np.random.default_rng(seed)
        slope, radius = rng.standard_normal(d), rng.uniform(0.5, 2)
        steep = float(np.linalg.norm(slope))
        weight = steep / (2 * radius) * rng.uniform(2, 20)
        start = rng.standard_normal(d)
        start *= 0.4 / np.linalg.norm(start)
        driven = walk(lambda x: x @ slope + weight * np.maximum(np.sum(x * x, axis=-1) - radius**2, 0), start, room(d))
        end = end_of(driven)
        gaps.append((end.value + radius * steep) / steep)
        assert not end.smooth or gaps[-1] <= 1e-6
    assert np.median(gaps) <= 1e-8
    assert most_reach(gaps, 1e-6, but=0.25)


@few_examples
@given(d=dims, seed=seeds)
def test_every_question_lies_within_the_bounds_and_every_step_leads_down(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    f, _ = planes(d, rng)
    ground, start = room(d), rng.uniform(-5, 5, d)
    start[rng.random(d) < 0.3] = 5.0
    driven = walk(f, start, ground, Piecewise(evaluations=20 * (d + 1) ** 2))
    assert all(ground.bounds.contain(question) for question in driven.questions)
    heights = [value_at(f, start), *(step.value for step in driven.steps)]
    assert all(later < earlier for earlier, later in pairwise(heights))
    assert is_honest(driven, heights[0])
    assert end_of(driven).evaluations == driven.evaluations


@few_examples
@given(d=st.integers(1, 6), seed=seeds)
def test_where_it_says_that_the_corner_is_lowest_no_point_around_is_lower(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    f, _ = planes(d, rng)
    ground = room(d)
    end = end_of(walk(f, rng.uniform(-5, 5, d), ground, Piecewise(evaluations=30 * (d + 1) ** 2)))
    if end.smooth:
        around = rng.standard_normal((500, d)) * 10 ** rng.uniform(-6, 0, (500, 1))
        assert f(ground.bounds.clip(end.point + around)).min() >= end.value - 1e-7


@few_examples
@given(d=dims, seed=seeds, cap=st.integers(1, 200))
def test_the_evaluations_are_kept_up_to_one_round(d: int, seed: int, cap: int) -> None:
    rng = np.random.default_rng(seed)
    f, _ = planes(d, rng)
    driven = walk(f, rng.uniform(-5, 5, d), room(d), Piecewise(evaluations=cap))
    # A round asks again for every piece of a corner, measures those that do not hold, and then takes its step.
    assert driven.evaluations <= cap + (d + 3) * (d + 2)
    assert driven.evaluations < cap or not end_of(driven).settled


@few_examples
@given(d=st.integers(1, 5), seed=seeds)
def test_the_same_is_asked_again(d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    f, _ = planes(d, rng)
    start = rng.uniform(-5, 5, d)
    one, other = (walk(f, start, room(d), Piecewise(evaluations=300)) for _ in range(2))
    assert np.array_equal(one.points, other.points)


@few_examples
@given(d=st.integers(1, 5), seed=seeds)
def test_places_that_fail_are_kept_away_from(d: int, seed: int) -> None:
    """Half the space fails, and the minimum may lie there: the walk goes down as far as it can, and ends."""
    rng = np.random.default_rng(seed)
    f, _ = planes(d, rng)
    normal, start = rng.standard_normal(d), rng.uniform(-5, 5, d)
    edge = float(start @ normal) + 0.1
    driven = walk(with_holes(f, lambda x: x @ normal > edge), start, room(d), Piecewise(evaluations=400))
    end = end_of(driven)
    assert np.isfinite(end.value)
    assert end.value <= value_at(f, start)
    assert end.point @ normal <= edge


def test_an_island_among_failures_is_not_left() -> None:
    here = Sample(np.zeros(2), 1.0, np.ones(2))
    driven = drive(piecewise([here], terrain(2), Piecewise(evaluations=500)), lambda x: np.full(len(x), np.nan))
    assert np.array_equal(end_of(driven).point, np.zeros(2))
    assert end_of(driven).value == 1.0
    assert driven.evaluations <= 505


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("wrong", [False, True])
def test_a_piece_at_home_that_is_alone_in_its_corner_is_judged_by_the_tangent(d: int, wrong: bool) -> None:
    """What is left of the weight may lie with pieces that each have too little of it to be of the corner."""
    x, slope = np.zeros(d), np.arange(1.0, d + 1)
    here, home = Sample(x, 0.0, slope), Piece(x, 0.0, slope, 2 * np.eye(d))
    plan = Plan(np.full(d, -NEAREST), 1e-6, {home: 0.999})
    f = (lambda y: 1 - y @ slope) if wrong else (lambda y: y @ slope + np.sum(y * y, axis=-1))
    driven = drive(doubt(Pieces(home), terrain(d), Stand(here, 0.1, {}), plan), f)
    assert driven.result == (0.1 if wrong else None, 1 + d if wrong else 1)
    assert home.sure != wrong


def test_gradients_known_beforehand_save_theirs() -> None:
    """Told both sides of a kink the first step leads onto it."""
    f, ground = (lambda x: np.abs(x[..., 0]) + 0.1 * np.abs(x[..., 1])), room(2)
    places = [np.array([-1.0, 0.3]), np.array([1.0, 0.3])]
    told = drive(piecewise([sample(f, place, ground) for place in places], ground, Piecewise(0.5)), f)
    assert abs(told.points[0, 0]) < 1e-6


@few_examples
@given(d=st.integers(1, 5), seed=seeds, power=st.integers(-8, 8))
def test_the_unit_of_x_changes_next_to_nothing(d: int, seed: int, power: int) -> None:
    rng = np.random.default_rng(seed)
    slopes, heights, unit = rng.standard_normal((2 * d + 1, d)), rng.standard_normal(2 * d + 1), 4.0**power

    def run(unit: float) -> Driven[Descent]:
        ground = terrain(d, Bounds(np.full(d, -4 * unit), np.full(d, 4 * unit)), 8 * unit)
        return walk(lambda x: np.max((x / unit) @ slopes.T + heights, axis=-1), start * unit, ground, few)

    start, few = rng.uniform(-4, 4, d), Piecewise(evaluations=300)
    one, other = run(1.0), run(unit)
    assert np.array_equal(one.points * unit, other.points)


@pytest.mark.parametrize(
    ("field", "value"), [("first_radius", 0.0), ("first_radius", 0.6), ("first_radius", np.nan), ("evaluations", 0)]
)
def test_impossible_options_are_named(field: str, value: float) -> None:
    with pytest.raises(OptionError, match=f"{field}="):
        Piecewise(**{field: value})
