"""Waves are told from basins by what the curvature promises and the far points keep."""

import numpy as np
import pytest

from blackbox.core.bounds import Bounds
from blackbox.descent.quasi_newton import QuasiNewton, quasi_newton
from blackbox.descent.terrain import Descent, Terrain
from blackbox.search.additivity import draw
from blackbox.search.landscape import LATEST, Landscape, Referee
from blackbox.search.regions import whole
from tests.fakes.drive import Driven, Surface, drive, finish, value_at
from tests.fakes.functions import ill_conditioned, quadratic, rastrigin, rosenbrock, rotation, sphere, stairs


def walk(f: Surface, d: int, seed: int) -> tuple[Landscape, Driven[Descent]]:
    rng = np.random.default_rng(seed)
    bounds = Bounds(np.full(d, -5.0), np.full(d, 5.0))
    terrain = Terrain(bounds, np.full(d, 10.0))
    referee = Referee(finish(draw(whole(bounds), rng), f), terrain)
    start = rng.uniform(-5, 5, d)
    driven = drive(quasi_newton(start, value_at(f, start), terrain, QuasiNewton(give_up=referee)), f)
    assert driven.result is not None
    return referee.verdict(driven.result), driven


def weierstrass(x: np.ndarray) -> np.ndarray:
    k = np.arange(12)
    return np.sum(0.5**k * np.cos(2 * np.pi * 3.0**k * (x[..., np.newaxis] + 0.5)), axis=(-1, -2))


@pytest.mark.parametrize("d", [2, 3, 5, 10])
def test_smooth_basins_are_smooth_whatever_their_condition(d: int) -> None:
    told = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        center = rng.uniform(-4, 4, d)
        for f in (sphere(center), quadratic(ill_conditioned(d, 1e6, rng), center), rosenbrock):
            told.append(walk(f, d, seed)[0])
    assert Landscape.RUGGED not in told
    assert told.count(Landscape.SMOOTH) >= 29


@pytest.mark.parametrize("d", [3, 5, 10])
def test_a_rotated_rastrigin_is_wavy(d: int) -> None:
    told = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        told.append(walk(rastrigin(rng.uniform(-3, 3, d), rotation(d, rng)), d, seed)[0])
    assert sum(kind in (Landscape.WAVY, Landscape.RUGGED) for kind in told) >= 18


def test_most_descents_on_a_weierstrass_are_given_up_at_once() -> None:
    given_up = 0
    for seed in range(10):
        kind, driven = walk(weierstrass, 5, seed)
        assert driven.result is not None
        if not driven.result.settled:
            given_up += 1
            assert kind is Landscape.RUGGED
            assert driven.result.evaluations <= (LATEST + 6) * 5 + 30
    assert given_up >= 4


def test_a_kink_stalls_a_walk() -> None:
    assert walk(lambda x: np.sum(np.abs(x - 1.0), axis=-1), 4, 0)[0] in (Landscape.STALLED, Landscape.WAVY)


@pytest.mark.parametrize("d", [2, 3, 5])
def test_a_walk_that_ends_on_a_plateau_has_met_steps(d: int) -> None:
    for seed in range(10):
        center = np.random.default_rng(seed).uniform(-4, 4, d)
        assert walk(stairs(center), d, seed)[0] is Landscape.STEPS


def test_without_draws_nothing_is_said() -> None:
    kind, _ = walk(lambda x: np.cos(40 * x[..., 0]), 1, 0)
    assert kind is Landscape.SMOOTH
