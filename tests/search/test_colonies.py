"""Populations restart: doubled, and small ones in between."""

import numpy as np
import pytest

from blackbox.core.asking import Landing
from blackbox.core.bounds import Bounds
from blackbox.search.colonies import LARGEST, colonies
from blackbox.search.ground import Ground
from blackbox.search.population import default_size
from tests.fakes.drive import Driven, drive
from tests.fakes.functions import rastrigin, sphere

BOX = Bounds(np.full(3, -5.0), np.full(3, 5.0))
GROUND = Ground(BOX, np.zeros(3), np.full(3, 10.0))
FIRST = Landing(np.full(3, 4.0), 1e6, 0.0, True, "start")


def sizes(driven: Driven[None]) -> list[int]:
    """Population sizes in the order of their runs: questions of the descents in between are smaller."""
    found: list[int] = []
    for question in driven.questions:
        if len(question) >= default_size(3) and (not found or found[-1] != len(question)):
            found.append(len(question))
    return found


@pytest.mark.parametrize("first", [1, 2, 4])
def test_large_populations_double_from_the_first_size_on(first: int) -> None:
    f = rastrigin(np.array([0.3, -1.2, 2.1]))
    driven = drive(colonies(GROUND, [FIRST], np.random.default_rng(0), first), f, limit=30_000)
    seen = sizes(driven)
    assert seen[0] == first * default_size(3)
    large = [first * default_size(3) * 2**k for k in range(4)]
    assert set(seen) >= {size for size in large if size <= max(seen)}
    assert max(seen) <= LARGEST * default_size(3)


def test_every_run_ends_in_a_landing_finished_by_a_descent() -> None:
    driven = drive(colonies(GROUND, [FIRST], np.random.default_rng(0)), sphere(np.ones(3)), limit=8000)
    assert len(driven.landings) >= 3
    assert all(landing.origin == "population" for landing in driven.landings)
    assert driven.best < 1e-20


def test_near_the_first_population_alone_begins_around_the_best_point() -> None:
    low = Landing(np.array([-3.0, 2.0, 1.0]), -1.0, 0.0, True, "start")
    apart = {True: list[float](), False: list[float]()}
    for seed in range(40):
        for near, found in apart.items():
            asking = colonies(GROUND, [FIRST, low], np.random.default_rng(seed), near=near)
            first = drive(asking, rastrigin(np.zeros(3)), limit=1).questions[0]
            found.append(float(np.abs(first.mean(axis=0) - low.point).max()))
    assert max(apart[True]) < 3.0 < np.median(apart[False])


def test_stairs_that_halve_are_gone_down_to_the_last() -> None:
    """Seen from a cloud they lie in a bowl, but a walk out of it ends where it began: on a plateau, not at a bottom."""

    def halving(x: np.ndarray) -> np.ndarray:
        return 2.0 ** np.floor(np.log2(np.maximum(sphere(np.array([1.0, -2.0, 0.5]))(x), 1e-300)))

    for seed in range(3):
        driven = drive(colonies(GROUND, [FIRST], np.random.default_rng(seed)), halving, limit=3000)
        assert driven.landings[0].value < 1e-12


def test_questions_stay_inside() -> None:
    driven = drive(colonies(GROUND, [FIRST], np.random.default_rng(0)), sphere(np.full(3, 9.0)), limit=8000)
    assert np.all(np.abs(driven.points) <= 5.0)
