"""Every stated minimum of the applied functions is one, and the same instance is the same problem."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import differential_evolution, minimize, nnls

from benchmarks.problem import Problem, unit_of
from benchmarks.suites.applied import catalogue as applied
from benchmarks.suites.applied import counts, penalties
from benchmarks.suites.applied.polishing import held_by_limits
from benchmarks.suites.shrinking import seeded

ALL = [(name, d) for name, function in applied.APPLIED.items() for d in function.dimensions]
CASES = pytest.mark.parametrize(("name", "d"), ALL)

CLOSE = 1e-12
"""Times max(1, |minimum|)."""

REACHED = 1e-7
SEARCHES = 20
DIFFERENCE = 1e-6
"""Of an input, for the slopes that searches are given."""

DESIGNS = [penalties.truss, penalties.spring, penalties.vessel, penalties.welded_beam]

SEARCHED = [
    *(("gaussians", d) for d in (2, 3, 5)),
    *(("narrow_wells", d) for d in (2, 3)),
    *(("singular_log", d) for d in (3, 5)),
    *(("lennard_jones", d) for d in (3, 6, 9)),
    *(("thomson", d) for d in (5, 9)),
    *(("double_wells", d) for d in (5, 10)),
    *(("slalom", d) for d in (5, 10)),
]
"""Smooth ones whose minimum is not 0: what a search of the whole box finds must be it."""


def sample(problem: Problem, size: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return problem.lower + rng.random((size, problem.dimension)) * (problem.upper - problem.lower)


def around(problem: Problem, point: np.ndarray, seed: int = 0) -> np.ndarray:
    """50 points at each of ten distances from a point, in the box: some along single axes, some in all directions."""
    rng = np.random.default_rng(seed)
    directions = rng.standard_normal((10, 50, problem.dimension))
    directions[:, ::2] *= rng.random(directions[:, ::2].shape) < 1 / problem.dimension
    away = 10.0 ** np.arange(-10, 0)[:, np.newaxis, np.newaxis] * (problem.upper - problem.lower) * directions
    return np.clip(point + away, problem.lower, problem.upper).reshape(-1, problem.dimension)


def value_at(problem: Problem, point: np.ndarray) -> float:
    return float(problem.surface(point[np.newaxis])[0])


def check(name: str, d: int, instance: int, seed: int) -> None:
    """The minimiser is in the box and has the stated value; all else is higher, and no value is infinite."""
    problem, best = applied.problem(name, d, instance), applied.minimiser(name, d, instance)
    close = CLOSE * unit_of(problem.minimum)
    assert (problem.lower <= best).all()
    assert (best <= problem.upper).all()
    assert value_at(problem, best) == pytest.approx(problem.minimum, abs=close)
    for points in (sample(problem, 500, seed), around(problem, best, seed)):
        values = problem.surface(points)
        assert values.shape == (len(points),)
        assert not np.isinf(values).any()
        assert np.nanmin(values) >= problem.minimum - close


def test_groups_and_dimensions_are_those_of_the_functions() -> None:
    assert len(applied.APPLIED) == sum(map(len, applied._GROUPS.values()))
    assert set(applied.DIMENSIONS) == {d for _, d in ALL}
    for d in applied.DIMENSIONS:
        for name in applied.functions(d):
            problem = applied.problem(name, d, 1)
            assert problem.dimension == d
            assert problem.group == applied.GROUPS[name]
            assert (problem.lower < problem.upper).all()
    assert sum(len(applied.functions(d)) for d in applied.DIMENSIONS) == len(ALL)


def test_only_the_offset_does_not_count_into_the_precision_asked() -> None:
    for name, d in ALL:
        problem = applied.problem(name, d, 1)
        assert problem.unit == (1.0 if name == "offset" else max(1.0, abs(problem.minimum)))


@CASES
def test_the_minimiser_has_the_minimum_and_nothing_sampled_is_lower(name: str, d: int) -> None:
    for instance in (1, 101):
        check(name, d, instance, instance)


@settings(max_examples=60)
@given(st.sampled_from(ALL), st.integers(1, 10**6), st.integers(0, 10**6))
def test_on_any_instance_too(case: tuple[str, int], instance: int, seed: int) -> None:
    check(*case, instance, seed)


@CASES
def test_the_same_instance_is_the_same_problem_and_another_is_another(name: str, d: int) -> None:
    first, other = applied.problem(name, d, 2), applied.problem(name, d, 3)
    points = sample(first, 50)
    values = first.surface(points)
    applied._made.cache_clear()
    again = applied.problem(name, d, 2)
    assert np.array_equal(again.surface(points), values, equal_nan=True)
    assert again.minimum == first.minimum
    assert not np.array_equal(other.surface(points), values, equal_nan=True)


@CASES
def test_a_batch_is_its_points_and_stays_as_it_is(name: str, d: int) -> None:
    problem = applied.problem(name, d, 1)
    points = sample(problem, 20)
    kept = points.copy()
    single = [value_at(problem, point) for point in points]
    assert problem.surface(points) == pytest.approx(single, rel=1e-9, nan_ok=True)
    assert np.array_equal(points, kept)


@CASES
def test_values_are_not_all_alike(name: str, d: int) -> None:
    """Most of the box is above the minimum by more than the last target."""
    problem = applied.problem(name, d, 1)
    values = problem.surface(sample(problem, 500))
    assert np.nanmedian(values) > problem.minimum + 1e-8 * problem.unit
    assert np.isfinite(values).mean() > 0.3


@pytest.mark.parametrize(("name", "d"), SEARCHED)
def test_descents_from_all_over_the_box_end_at_the_minimum_and_never_below(name: str, d: int) -> None:
    problem = applied.problem(name, d, 101)
    points = sample(problem, 4_000)
    starts = points[np.argsort(problem.surface(points))[:SEARCHES]]
    bounds = np.column_stack([problem.lower, problem.upper])
    steps = DIFFERENCE * np.vstack([np.zeros(d), np.eye(d), -np.eye(d)])

    def value_and_slopes(x: np.ndarray) -> tuple[float, np.ndarray]:
        values = problem.surface(x + steps)
        return values[0], (values[1 : d + 1] - values[d + 1 :]) / (2 * DIFFERENCE)

    options = {"ftol": 1e-13, "gtol": 1e-8}
    ends = [minimize(value_and_slopes, x, jac=True, method="L-BFGS-B", bounds=bounds, options=options) for x in starts]
    lowest = min(end.fun for end in ends)
    assert lowest == pytest.approx(problem.minimum, abs=REACHED * problem.unit)
    assert lowest >= problem.minimum - CLOSE * problem.unit


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.__name__)
def test_a_design_under_penalties_is_best_within_its_limits(
    design: Callable[[np.random.Generator], penalties.Design],
) -> None:
    """A population that knows nothing of the limits ends at the same value."""
    name = design.__name__
    (d,) = applied.APPLIED[name].dimensions
    problem = applied.problem(name, d, 101)
    found = differential_evolution(
        lambda columns: problem.surface(columns.T),
        np.column_stack([problem.lower, problem.upper]),
        maxiter=3_000,
        tol=1e-12,
        rng=1,
        polish=False,
        vectorized=True,
        updating="deferred",
    )
    assert found.fun == pytest.approx(problem.minimum, abs=REACHED * problem.unit)
    assert found.fun >= problem.minimum - CLOSE * problem.unit


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.__name__)
@settings(max_examples=4)
@given(st.integers(1, 10**6))
def test_penalties_outweigh_what_exceeding_the_limits_would_yield(
    design: Callable[[np.random.Generator], penalties.Design], instance: int
) -> None:
    """The conditions of Karush, Kuhn & Tucker hold, and no multiplier is near the weight of the penalties."""
    drawn = design(seeded(design.__name__, len(design(np.random.default_rng(0)).low), instance))
    best = held_by_limits(drawn.cost, drawn.limits, np.array(drawn.low), np.array(drawn.high))
    exceeded = np.array([limit(best.point[np.newaxis])[0] for limit in drawn.limits])
    assert (exceeded <= CLOSE).all()
    assert (best.multipliers >= 0).all()
    assert (best.multipliers * exceeded >= -CLOSE).all()
    assert 0 < best.multipliers.max() < drawn.weight / 5


@pytest.mark.parametrize(
    ("name", "d"), [("least_absolute", 3), ("least_absolute", 5), ("max_affine", 2), ("max_affine", 5)]
)
def test_linear_programs_end_where_no_slope_is_left(name: str, d: int) -> None:
    """A convex function is lowest where 0 is a mean of the slopes around."""
    for instance in (1, 101):
        problem, best = applied.problem(name, d, instance), applied.minimiser(name, d, instance)
        near = best + 1e-4 * np.random.default_rng(0).standard_normal((3_000, d))
        steps = 1e-7 * np.eye(d)
        slopes = np.column_stack([problem.surface(near + step) - problem.surface(near - step) for step in steps]) / 2e-7
        means, left = nnls(np.vstack([slopes.T, np.ones(len(slopes))]), np.append(np.zeros(d), 1.0))
        assert left < 1e-6
        assert means.sum() == pytest.approx(1)


def test_known_values() -> None:
    """Of the literature: Cambridge Cluster Database, Thomson's problem, points in a square."""
    known = {
        ("lennard_jones", 9): -9.103852,
        ("thomson", 5): 3.674234614,
        ("thomson", 9): 9.985281374,
        ("packing", 6): -1.035276180,
        ("packing", 8): -1.0,
        ("packing", 10): -0.707106781,
        ("chebyshev", 5): 0.0625,
    }
    for (name, d), value in known.items():
        assert applied.problem(name, d, 1).minimum == pytest.approx(value, abs=1e-6), name


class Told(np.random.Generator):
    """Randomness that is told what to draw."""

    def __init__(self, drawn: float) -> None:
        super().__init__(np.random.PCG64())
        self.drawn = drawn

    def uniform(self, *_: float) -> float:
        return self.drawn


def test_the_standard_designs_cost_what_they_do_in_the_literature() -> None:
    def cost(design: penalties.Design) -> float:
        return held_by_limits(design.cost, design.limits, np.array(design.low), np.array(design.high)).value

    shorter = replace(penalties.vessel(Told(1.0)), high=(5, 5, 100, 200))
    assert cost(penalties.truss(Told(2.0))) == pytest.approx(263.8958434, rel=1e-8)
    assert cost(penalties.spring(Told(1.0))) == pytest.approx(1.26652328, rel=1e-8)
    assert cost(shorter) == pytest.approx(5.8853328, rel=1e-7)
    assert cost(penalties.welded_beam(Told(1.0))) == pytest.approx(1.724852309, rel=1e-8)


def test_the_gears_of_the_literature_are_found() -> None:
    """Sandgren's ratio of 1 to 6.931: 16 and 19 teeth against 43 and 49."""
    made = counts.gears(Told(1 / 6.931))
    assert made.minimum == pytest.approx(2.700857e-12, rel=1e-6)
    assert made.minimiser.tolist() == [16, 19, 43, 49]


def test_beyond_the_brink_and_where_atoms_meet_there_is_no_value() -> None:
    brink = applied.problem("brink", 2, 1)
    best = applied.minimiser("brink", 2, 1)
    circle = best + np.array([[np.cos(a), np.sin(a)] for a in np.linspace(0, 2 * np.pi, 100, endpoint=False)])
    assert np.isnan(brink.surface(circle)).sum() == 50
    cliff = applied.problem("cliff", 2, 1)
    ring = circle - best + applied.minimiser("cliff", 2, 1)
    assert (cliff.surface(ring) > 9).sum() == 50
    atoms = applied.problem("lennard_jones", 3, 1)
    moved = seeded("lennard_jones", 3, 1).uniform(-0.3, 0.3, 3)
    assert np.isnan(value_at(atoms, -moved))
    charges = applied.problem("thomson", 5, 1)
    moved = seeded("thomson", 5, 1).uniform(-0.5, 0.5, 5)
    assert np.isnan(value_at(charges, -moved))


@pytest.mark.parametrize("name", ["rounded", "rounded_rotated", "gears", "mixed"])
def test_counts_are_flat_between_whole_numbers(name: str) -> None:
    for d in applied.APPLIED[name].dimensions:
        problem = applied.problem(name, d, 1)
        whole = np.round(sample(problem, 100))
        whole = np.clip(whole, np.ceil(problem.lower), np.floor(problem.upper))
        moved = whole.copy()
        moved[:, ::2] += 0.3
        assert np.array_equal(problem.surface(moved), problem.surface(whole))
        moved[:, 0] = whole[:, 0] + np.where(whole[:, 0] > 0, -1, 1)
        assert not np.array_equal(problem.surface(moved), problem.surface(whole))
