import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.problem import Problem
from benchmarks.suites import bbob, classic, unbounded, wild
from benchmarks.suites.catalogue import SUITES
from benchmarks.suites.formulas.catalogue import CLASSICS
from benchmarks.suites.shrinking import CENTRAL, shrink
from blackbox.core.errors import OptionError

ROUNDING = 1e-12
"""Of a share of a box that was shifted by its own width."""

OWN = ["classic", "plain", "unbounded", "wild"]


def sample(problem: Problem, size: int = 400) -> np.ndarray:
    rng = np.random.default_rng(0)
    return problem.lower + rng.random((size, problem.dimension)) * (problem.upper - problem.lower)


@given(st.integers(0, 10**6), st.floats(0, 1))
def test_a_shrunk_box_lies_in_the_box_holds_the_minimiser_and_has_it_off_centre(seed: int, share: float) -> None:
    lower, upper = np.array([-3.0]), np.array([7.0])
    minimiser = lower + share * (upper - lower)
    low, high = shrink(lower, upper, minimiser, np.random.default_rng(seed))
    assert lower - 1e-12 <= low <= minimiser <= high <= upper + 1e-12
    assert abs((minimiser - low) / (high - low) - 0.5)[0] > CENTRAL


@pytest.mark.parametrize("suite", OWN)
def test_the_same_instance_is_the_same_problem_and_another_is_another(suite: str) -> None:
    made = SUITES[suite].problem
    name = SUITES[suite].functions(2)[0]
    first, again, other = made(name, 2, 101), made(name, 2, 101), made(name, 2, 103)

    def place(problem: Problem) -> np.ndarray:
        return problem.lower if problem.boxed else problem.start

    assert np.array_equal(place(first), place(again))
    assert not np.array_equal(place(first), place(other))


def test_no_minimiser_of_a_classic_function_is_central_in_any_axis() -> None:
    for name, function in CLASSICS.items():
        for d in function.dimensions:
            lower, upper, shift = classic.placed(name, d, 101)
            share = (function.minimiser(d) + shift - lower) / (upper - lower)
            assert (np.abs(share - 0.5) > CENTRAL).all(), name
            assert (share >= -ROUNDING).all()
            assert (share <= 1 + ROUNDING).all()


def test_shifted_classic_functions_keep_their_minimum_and_leave_the_origin() -> None:
    moved = 0
    for name, function in CLASSICS.items():
        for d in function.dimensions:
            *_, shift = classic.placed(name, d, 101)
            problem = classic.problem(name, d, 101)
            found = float(problem.surface((function.minimiser(d) + shift)[np.newaxis])[0])
            assert abs(found - problem.minimum) <= 1e-8 * problem.unit, name
            moved += bool((shift != 0).all())
    assert moved > 0.95 * sum(len(function.dimensions) for function in CLASSICS.values())


@pytest.mark.parametrize("d", unbounded.DIMENSIONS)
def test_without_bounds_the_start_has_a_value_and_it_is_not_the_minimum(d: int) -> None:
    names = unbounded.functions(d)
    assert len(names) >= 60
    for name in names:
        for instance in (1, 2):
            problem = unbounded.problem(name, d, instance)
            assert problem.start is not None
            assert not problem.boxed
            value = float(problem.surface(problem.start[np.newaxis])[0])
            assert np.isfinite(value)
            assert value >= problem.minimum


@pytest.mark.parametrize("instance", [1, 2])
def test_without_bounds_scales_and_shifts_are_what_they_should_be(instance: int) -> None:
    """A sphere gives them away: along each axis it is ((x − shift) / scale)², so three values are enough."""
    problem = unbounded.problem("sphere", 3, instance)
    origin = float(problem.surface(np.zeros((1, 3)))[0])
    for axis in range(3):
        h = 10.0 ** np.arange(-3, 4)[:, np.newaxis] * np.eye(3)[axis]
        ahead, behind = problem.surface(h), problem.surface(-h)
        curvature = (ahead + behind - 2 * origin)[-1] / (2 * h[-1, axis] ** 2)
        scale = curvature**-0.5
        shift = (behind - ahead)[-1] / (4 * h[-1, axis] * curvature)
        assert 1e-3 <= scale <= 1e3
        assert abs(shift) <= 1000.001 * scale
        assert abs(shift) > 1e-3 * scale


def test_wild_functions_are_forty_and_have_their_minimum_at_the_minimiser() -> None:
    assert len(set(wild.functions(2))) == 40
    for name in wild.functions(5):
        problem = wild.problem(name, 5, 101)
        at_best = float(problem.surface(wild.minimiser(name, 5, 101)[np.newaxis])[0])
        assert at_best <= problem.minimum + 1e-9 * problem.unit, name
        values = problem.surface(sample(problem))
        assert np.nanmin(values) >= at_best - 1e-9 * problem.unit, name


def test_holes_take_their_share_and_noise_keeps_its_size() -> None:
    holes = wild.problem("sphere+holes", 5, 101)
    assert np.isnan(holes.surface(sample(holes))).mean() == pytest.approx(wild.HOLES, abs=0.1)
    noisy = wild.problem("sphere+noise", 5, 101)
    assert noisy.disturb is not None
    shown = noisy.disturb(np.zeros(10_000), np.random.default_rng(0))
    assert shown.std() == pytest.approx(noisy.minimum, rel=0.05)


def test_stairs_are_flat_and_halve() -> None:
    stairs = wild.problem("sphere+stairs", 2, 101)
    values = stairs.surface(sample(stairs)) - stairs.minimum
    assert np.allclose(np.log2(values), np.round(np.log2(values)))


def test_bbob_ends_where_coco_does() -> None:
    for d in (1, 41):
        with pytest.raises(OptionError, match="2 to 40 inputs"):
            bbob.functions(d)


def test_bbob_knows_its_minimum_on_any_instance() -> None:
    pytest.importorskip("cocoex", reason="needs coco-experiment: make bench-setup")
    for d in (2, 5, 40):
        assert len(bbob.functions(d)) == 24
        for name in bbob.functions(d):
            problem = bbob.problem(name, d, 987_654)
            assert (problem.surface(sample(problem, 50)) > problem.minimum).all()
    groups = [bbob.problem(name, 2, 1).group for name in bbob.functions(2)]
    assert [groups.count(group) for _, group in bbob.GROUPS] == [5, 4, 5, 5, 5]
