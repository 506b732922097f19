"""A walk that runs to a known minimum is recognised before it arrives; any other goes on to its end."""

import numpy as np
import pytest

from blackbox.core.asking import Landing
from blackbox.core.bounds import Bounds
from blackbox.descent.quasi_newton import QuasiNewton, quasi_newton
from blackbox.descent.terrain import Terrain
from blackbox.search.ground import Ground
from blackbox.search.recognition import Known, Recognition
from blackbox.search.restarts import restarts
from tests.fakes.drive import drive, value_at
from tests.fakes.functions import ill_conditioned, quadratic, rosenbrock, two_basins

BOX = Bounds(np.full(3, -5.0), np.full(3, 5.0))
TERRAIN = Terrain(BOX, np.full(3, 10.0))


def landing(point: np.ndarray, value: float, *, settled: bool = True) -> Landing:
    return Landing(point, value, 0.0, settled, "restart")


@pytest.mark.parametrize("seed", range(8))
def test_a_walk_into_a_known_basin_ends_early_and_in_no_other(seed: int) -> None:
    rng = np.random.default_rng(seed)
    center, start = rng.uniform(-3, 3, 3), rng.uniform(-5, 5, 3)
    f = quadratic(ill_conditioned(3, 100.0, rng), center)
    walked = {}
    for name, minimum in (("known", center), ("near", center + 0.05), ("none", None)):
        known = Known([] if minimum is None else [landing(minimum, 0.0)])
        known.update()
        recognition = Recognition(known, TERRAIN)
        options = QuasiNewton(give_up=recognition)
        walked[name] = drive(quasi_newton(start, value_at(f, start), TERRAIN, options), f).evaluations
        assert (recognition.found is not None) == (name == "known")
    assert walked["known"] < walked["none"] == walked["near"]


def test_the_same_place_at_another_value_is_another_minimum() -> None:
    known = Known([landing(np.ones(3), 5.0)])
    known.update()
    assert known.at(np.ones(3), 4.0, np.full(3, 0.1), 0.5) is None
    assert known.at(np.ones(3), 5.2, np.full(3, 0.1), 0.5) is not None


def test_walks_that_were_cut_short_are_no_minima() -> None:
    known = Known([landing(np.ones(3), 5.0, settled=False)])
    known.update()
    assert known.at(np.ones(3), 5.0, np.ones(3), 1.0) is None


def test_restarts_reach_the_digits_of_a_minimum_once() -> None:
    """Rosenbrock has one minimum: all later walks are told from their model that they come to it again."""
    box = Bounds(np.full(2, -2.0), np.full(2, 2.0))
    landings: list[Landing] = []
    ground = Ground(box, np.zeros(2), np.full(2, 4.0))
    asking = restarts(ground, landings, 0)
    evaluations, ends = 0, []
    question = next(asking)
    while len(landings) < 12:
        if isinstance(question, np.ndarray):
            evaluations += len(question)
            question = asking.send(rosenbrock(question))
            continue
        if isinstance(question, Landing):
            landings.append(question)
            ends.append(evaluations)
        question = next(asking)
    assert all(np.allclose(one.point, 1.0, atol=1e-6) for one in landings)
    assert sum(one.point is landings[0].point for one in landings[1:]) >= 8


def test_a_lower_basin_beside_a_known_one_is_still_found() -> None:
    origin = np.zeros(2)
    known = [landing(origin, float(two_basins(origin[np.newaxis, :])[0]))]
    ground = Ground(Bounds.unbounded(2), origin, np.ones(2))
    driven = drive(restarts(ground, known, 1), two_basins, enough=-100 + 1e-9, limit=20_000)
    assert driven.best <= -100 + 1e-9
