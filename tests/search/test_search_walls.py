"""Where f jumps, simplexes find the lowest point at the foot of the wall."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Floats
from blackbox.core.bounds import Bounds
from blackbox.descent.terrain import Descent, Terrain
from blackbox.search.landing import Pains, Start, land
from blackbox.search.walls import MOST, along_wall
from tests.fakes.drive import Surface, drive, value_at

seeds = st.integers(0, 2**32 - 1)


def box(d: int) -> Bounds:
    return Bounds(np.full(d, -5.0), np.full(d, 5.0))


def cliff(rng: np.random.Generator, d: int) -> tuple[Surface, Floats]:
    """A bowl whose lowest point lies at the foot of a jump, and that point; its value there is 0."""
    foot, outward = rng.uniform(-2, 2, d), rng.standard_normal(d)
    outward /= np.linalg.norm(outward)

    def f(x: Floats) -> Floats:
        beyond = (x - foot) @ outward
        return np.sum((x - foot) ** 2, axis=-1) + beyond + np.where(beyond < 0, 10.0, 0.0)

    return f, foot


def stuck(f: Surface, at: Floats) -> Descent:
    return Descent(at, value_at(f, at), False, True, 0.0, None, 0, np.ones(at.size), wall=True)


@given(seed=seeds, d=st.integers(2, 4))
def test_simplexes_go_down_along_a_wall(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    f, foot = cliff(rng, d)
    start = foot + rng.uniform(-1, 1, d)
    walk = stuck(f, start)
    driven = drive(along_wall(walk, Terrain(box(d), np.full(d, 10.0))), f)
    assert driven.result is not None
    assert driven.result.value == driven.best <= walk.value
    assert driven.result.evaluations == driven.evaluations <= 10 * (MOST + 4) * d
    assert box(d).contain(driven.points)
    values = [step.value for step in driven.steps]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("d", [2, 3])
def test_the_foot_of_most_walls_is_found(d: int) -> None:
    """A quasi-Newton walk and a pattern search end at some 1e-2 above it."""
    found = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        f, _ = cliff(rng, d)
        start = rng.uniform(-5, 5, d)
        driven = drive(land(Start(start, value_at(f, start)), Terrain(box(d), np.full(d, 10.0)), rng, Pains(200)), f)
        found += driven.best < 1e-5
    assert found >= 12


def test_what_a_simplex_cannot_lower_stays_where_it_is() -> None:
    f, foot = cliff(np.random.default_rng(3), 2)
    driven = drive(along_wall(stuck(f, foot), Terrain(box(2), np.full(2, 10.0))), f)
    assert driven.result is not None
    assert driven.result.point.tolist() == foot.tolist()
    assert driven.result.settled
    assert driven.steps == []
