"""Second derivatives, what they say of a critical point, and the check of a claimed gradient."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Asking, Floats
from blackbox.core.bounds import Bounds
from blackbox.gradients.check import Fault, GradientCheck, check_gradient
from blackbox.gradients.hessian import Critical, Hessian, critical_point, hessian
from blackbox.gradients.ladder import Kind, climb, read, stand, tabulate
from blackbox.gradients.methods import central
from blackbox.gradients.place import survey
from tests.fakes.drive import drive, finish
from tests.fakes.functions import rotation
from tests.gradients.test_differences import Smooth

seeds = st.integers(0, 2**32 - 1)


def second(f, x: Floats, bounds: Bounds | None = None) -> Hessian:
    def asking() -> Asking[Hessian]:
        place = yield from survey(x, bounds or Bounds.unbounded(x.size))
        return (yield from hessian(place))

    return finish(asking(), f)


def kind(f, *x: float) -> Critical:
    def asking() -> Asking[Critical]:
        place = yield from survey(np.array(x), Bounds.unbounded(len(x)))
        slope = yield from central(place)
        bend = yield from hessian(place)
        return critical_point(slope, bend, place)

    return finish(asking(), f)


def closed_form(f: Smooth, x: Floats) -> Floats:
    u = (x - f.center) / f.scale @ f.turn.T
    a, b, c = f.a @ f.turn, f.b @ f.turn, f.c @ f.turn
    inner = np.exp(u @ f.a) * np.outer(a, a) - np.sin(u @ f.b) * np.outer(b, b) / 2 + 6 * (u @ f.c) * np.outer(c, c)
    return f.amount / f.scale**2 * inner


def test_every_entry_lies_within_its_bar_at_any_scale() -> None:
    rng = np.random.default_rng(7)
    within, excess, relative = [], [], []
    for case in range(50):
        f = Smooth(1 + case % 6, 10 ** rng.uniform(-8, 8), 10 ** rng.uniform(-8, 8), int(rng.integers(2**31)))
        found, truth = second(f, f.x), closed_form(f, f.x)
        error = np.abs(found.matrix - truth)
        within += list((error <= found.error).ravel())
        excess += list((found.error / np.maximum(error, 1e-300)).ravel())
        relative.append(np.linalg.norm(error) / np.linalg.norm(truth))
    assert np.mean(within) >= 0.95
    assert np.median(excess) <= 100
    assert np.median(relative) < 1e-6


@given(d=st.integers(1, 6), seed=seeds)
def test_it_is_symmetric_and_its_eigenvalues_lie_within_their_error(d: int, seed: int) -> None:
    f = Smooth(d, 1.0, 1.0, seed)
    found = second(f, f.x)
    assert np.array_equal(found.matrix, found.matrix.T)
    truth = np.linalg.eigvalsh(closed_form(f, f.x))
    assert np.abs(found.eigenvalues - truth).max() <= 3 * found.eigenvalue_error


def test_at_a_corner_of_the_bounds_it_stays_inside() -> None:
    box = Bounds.from_pairs([(0, 1)], 2)

    def f(p: Floats) -> Floats:
        return np.exp(p[..., 0] + 2 * p[..., 1])

    def asking() -> Asking[Hessian]:
        place = yield from survey(np.zeros(2), box)
        return (yield from hessian(place))

    driven = drive(asking(), f)
    assert box.contain(driven.points)
    assert driven.result is not None
    assert np.all(np.abs(driven.result.matrix - [[1, 2], [2, 4]]) <= driven.result.error)


@pytest.mark.parametrize(
    ("f", "verdict"),
    [
        (lambda p: p[..., 0] ** 2 + p[..., 1] ** 2, Critical.MINIMUM),
        (lambda p: -(p[..., 0] ** 2) - p[..., 1] ** 2, Critical.MAXIMUM),
        (lambda p: p[..., 0] ** 2 - p[..., 1] ** 2, Critical.SADDLE),
        (lambda p: p[..., 0] ** 4 + p[..., 1] ** 4, Critical.INCONCLUSIVE),
        (lambda p: p[..., 0] ** 3 - 3 * p[..., 0] * p[..., 1] ** 2, Critical.INCONCLUSIVE),
    ],
)
def test_the_second_derivative_test(f, verdict: Critical) -> None:
    assert kind(f, 0.0, 0.0) is verdict
    assert kind(lambda p: f(p - np.array([3.0, -2.0])) + 5, 3.0, -2.0) is verdict


@given(seed=seeds, signs=st.lists(st.sampled_from([-1.0, 1.0]), min_size=2, max_size=4))
def test_the_verdict_is_that_of_the_eigenvalues_of_any_turned_quadratic(seed: int, signs: list[float]) -> None:
    rng = np.random.default_rng(seed)
    turn = rotation(len(signs), rng)
    matrix = turn.T @ np.diag(np.array(signs) * rng.uniform(0.5, 2, len(signs))) @ turn
    at = rng.uniform(-3, 3, len(signs))
    verdict = kind(lambda p: np.einsum("...i,ij,...j->...", p - at, matrix, p - at), *at)
    expected = {1.0: Critical.MINIMUM, -1.0: Critical.MAXIMUM}.get(float(np.mean(signs)), Critical.SADDLE)
    assert verdict is expected


def test_where_the_gradient_does_not_vanish_the_point_is_not_critical() -> None:
    assert kind(lambda p: p[..., 0] ** 2 + p[..., 1], 0.0, 0.0) is Critical.NOT_CRITICAL
    assert kind(lambda p: (p[..., 0] - 1) ** 2, 1.01) is Critical.NOT_CRITICAL


def check(claimed: list[float], f=None, x: tuple[float, ...] = (1.0, 2.0)) -> GradientCheck:
    f = f or (lambda p: p[..., 0] ** 2 + 3 * p[..., 0] * p[..., 1] + p[..., 1] ** 2)

    def asking() -> Asking[GradientCheck]:
        place = yield from survey(np.array(x), Bounds.unbounded(len(x)))
        slope = yield from central(place)
        bend = yield from hessian(place)
        return check_gradient(np.array(claimed), slope, np.diag(bend.matrix), place.reach)

    return finish(asking(), f)


@pytest.mark.parametrize(
    ("claimed", "fault"),
    [
        ([8, 7], None),
        ([8 + 1e-7, 7], None),
        ([-8, -7], Fault.WRONG_SIGN),
        ([-8, 7], Fault.WRONG_SIGN),
        ([4, 3.5], Fault.FACTOR_TWO),
        ([16, 14], Fault.FACTOR_TWO),
        ([4, 7], Fault.FACTOR_TWO),
        ([7, 8], Fault.SWAPPED),
        ([8.4, 7], Fault.ONE_SIDED),
        ([8.1, 7.1], Fault.ONE_SIDED),
        ([7.99, 6.99], Fault.ONE_SIDED),
        ([8, 40], Fault.ONE_COORDINATE),
        ([8, 9], Fault.ONE_COORDINATE),
        ([30, -40], Fault.UNEXPLAINED),
    ],
)
def test_a_claimed_gradient_is_judged_and_its_fault_named(claimed: list[float], fault: Fault | None) -> None:
    found = check(claimed)
    assert found.holds == (fault is None)
    assert found.fault is fault
    error = np.linalg.norm(np.subtract(claimed, [8, 7])) / max(np.linalg.norm(claimed), np.linalg.norm([8, 7]))
    assert found.relative_error == pytest.approx(error, abs=1e-8)


@given(seed=seeds, d=st.integers(2, 6))
def test_of_random_functions_each_fault_is_found(seed: int, d: int) -> None:
    f = Smooth(d, 1.0, 1.0, seed)
    truth, size = f.gradient(f.x), np.linalg.norm(f.gradient(f.x))
    order = np.argsort(np.abs(truth))
    i, j = int(order[-1]), int(order[0])
    assert check(list(truth), f, tuple(f.x)).holds
    assert check(list(-truth), f, tuple(f.x)).fault is Fault.WRONG_SIGN
    assert check(list(2 * truth), f, tuple(f.x)).fault is Fault.FACTOR_TWO
    swapped = truth.copy()
    swapped[[i, j]] = truth[[j, i]]
    if min(abs(truth[i] - truth[j]), abs(abs(truth[i]) - abs(truth[j]))) > 0.1 * size and abs(truth[j]) > 0.1 * size:
        assert not check(list(swapped), f, tuple(f.x)).holds


def test_halving_the_step_of_a_second_derivative_quarters_its_error() -> None:
    f = Smooth(1, 1.0, 1.0, 4)
    truth = closed_form(f, f.x)[0, 0]

    def quotients():
        place = yield from survey(f.x, Bounds.unbounded(1))
        rungs = []
        for step in (2.0**-5, 2.0**-6):
            rungs.append((yield from stand(place, np.ones(1), step, Kind.CURVATURE)))
        table = tabulate(rungs, place, Kind.CURVATURE)
        assert table is not None
        return table.values

    wide, half = np.abs(finish(quotients(), f) - truth)
    assert wide / half == pytest.approx(4, rel=0.1)


def test_the_mixed_derivative_does_not_depend_on_how_straight_f_is_along_the_axes() -> None:
    """x³y is a cubic along x and straight along y: curvatures like the longest steps, the mixed one does not."""
    found = second(lambda p: p[..., 0] ** 3 * p[..., 1] + 2 * p[..., 0], np.array([1.0, 2.0]))
    assert abs(found.matrix[0, 1] - 3) <= found.error[0, 1] < 1e-6


@pytest.mark.parametrize("sides", [(1, 1), (1, -1), (-1, 1), (-1, -1), (0, 1), (-1, 0)])
def test_beside_a_hole_the_mixed_derivative_is_that_of_the_quarter_it_names(sides: tuple[int, int]) -> None:
    x = np.array([0.7, -1.2])

    def broken(p: Floats) -> Floats:
        return np.where(np.any((p - x) * np.array(sides) > 0, axis=-1), np.nan, np.exp(p[..., 0]) * np.sin(p[..., 1]))

    found = second(broken, x)
    truth = np.exp(0.7) * np.cos(1.2)
    assert abs(found.matrix[0, 1] - truth) <= found.error[0, 1] < 1e-2
    assert any("x1 and x2: one quarter" in note for note in found.notes)
    assert np.isfinite(found.eigenvalues).all()


@pytest.mark.parametrize("kind", list(Kind))
def test_steps_that_rounding_swallows_tell_nothing_and_hurt_nobody(kind: Kind) -> None:
    def asking():
        place = yield from survey(np.array([0.2]), Bounds.unbounded(1))
        return read((yield from climb(place, np.ones(1), 2.0**-54, kind)), place, kind)

    found = finish(asking(), lambda p: (p[..., 0] - 0.2) ** 2)
    assert not found.error < 1 or abs(found.value - (2 if kind is Kind.CURVATURE else 0)) <= found.error
