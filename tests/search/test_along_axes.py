"""Sums, products and increasing functions of sums are searched axis by axis."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Floats
from blackbox.core.bounds import Bounds
from blackbox.search.along_axes import SWEPT, axes_by_themselves
from blackbox.search.ground import Ground
from blackbox.search.landing import Start
from tests.fakes.drive import Surface, drive, value_at
from tests.fakes.plans import search

seeds = st.integers(0, 2**32 - 1)


def shubert(x: Floats) -> Floats:
    """760 local minima in a box of 20, a product of two sums of waves; −186.7309 at 18 places. (Shubert 1972.)"""
    terms = [k * np.cos((k + 1) * x + k) for k in range(1, 6)]
    return np.prod(np.sum(terms, axis=0), axis=-1)


@pytest.mark.parametrize("seed", range(10))
def test_a_product_of_waves_in_a_box_is_solved_before_the_first_descent_ends(seed: int) -> None:
    driven = search(shubert, 2, [(-10.3, 9.1)], seed=seed, enough=-186.7309 + 1e-3)
    assert driven.best <= -186.7309 + 1e-3
    assert driven.evaluations <= 420


@pytest.mark.parametrize("seed", range(5))
def test_without_bounds_products_are_searched_after_the_first_descent(seed: int) -> None:
    driven = search(lambda x: shubert(x / 30), 2, seed=seed, enough=-186.7309 + 1e-3)
    assert driven.best <= -186.7309 + 1e-3
    assert driven.evaluations <= 1000


@pytest.mark.parametrize("seed", range(5))
def test_a_product_whose_start_is_0_is_searched_from_a_draw(seed: int) -> None:
    """Alpine's second function (Clerc 1999), −2.808^d at 7.917; where an input is 0 no factor can be told."""

    def f(x: Floats) -> Floats:
        return -np.prod(np.sqrt(np.abs(x)) * np.sin(x), axis=-1)

    driven = search(f, 3, [(0, 10)], start=[0, 0, 0], seed=seed, enough=-(2.808**3) + 0.01)
    assert driven.best <= -(2.808**3) + 0.01
    assert driven.evaluations <= 500


def _begin(f: Surface, start: Floats) -> tuple[Ground, Start]:
    bounds = Bounds(np.full(start.size, -5.0), np.full(start.size, 5.0))
    return Ground(bounds, start, bounds.upper - bounds.lower), Start(start, value_at(f, start))


@given(seed=seeds, d=st.integers(1, 8))
def test_the_axes_of_a_bowl_tell_its_bottom_and_a_part_of_its_curvatures(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    bend, bottom = 10 ** rng.uniform(-2, 4, d), rng.uniform(2, 4, d)
    ground, begin = _begin(lambda x: np.sum(bend * (x - bottom) ** 2, axis=-1), rng.uniform(-4, 0, d))
    driven = drive(axes_by_themselves(begin, ground), lambda x: np.sum(bend * (x - bottom) ** 2, axis=-1))
    assert driven.result is not None
    reached, hessian = driven.result
    assert hessian is not None
    assert np.diag(hessian) == pytest.approx(SWEPT * 2 * bend * 10**2, rel=1e-3)
    assert reached.point == pytest.approx(bottom, abs=0.1)


@given(seed=seeds, d=st.integers(2, 6))
def test_an_axis_that_does_not_bend_is_taken_to_bend_as_the_others_do(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    bottom = rng.uniform(2, 4, d)

    def f(x: Floats) -> Floats:
        return -((x[..., 0] + 5) ** 2) / 9 + np.sum((x[..., 1:] - bottom[1:]) ** 2, axis=-1)

    wide = 10 ** rng.uniform(-3, 3, d)
    start = rng.uniform(-4, 0, d) * wide
    ground = Ground(Bounds(-5 * wide, 5 * wide), start, 10 * wide)
    driven = drive(axes_by_themselves(Start(start, value_at(f, start / wide)), ground), lambda x: f(x / wide))
    assert driven.result is not None
    _, hessian = driven.result
    assert hessian is not None
    assert np.diag(hessian) == pytest.approx(np.full(d, SWEPT * 2 * 10**2), rel=1e-3)


@given(seed=seeds, d=st.integers(5, 10))
def test_where_the_axes_are_coupled_the_walk_begins_where_it_would_have_begun(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    across, bottom = rng.choice([-1, 1], d) * rng.uniform(0.5, 1, d), rng.uniform(-2, 2, d)

    def f(x: Floats) -> Floats:
        return 1e8 * ((x - bottom) @ across) ** 2 + np.sum((x - bottom) ** 2, axis=-1)

    ground, begin = _begin(f, rng.uniform(-2, 2, d))
    driven = drive(axes_by_themselves(begin, ground), f)
    assert driven.result == (begin, None)
