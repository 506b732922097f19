"""Functions with a structure are solved by it, in a box and without bounds; others lose little by the look for it."""

from collections import Counter

import numpy as np
import pytest

from blackbox.core.asking import Asking, Effort, Floats
from blackbox.descent.terrain import Descent
from blackbox.search.along_rings import in_a_trough
from blackbox.search.finish import Finish
from blackbox.solve.run import search_of
from tests.fakes.directions import mixing
from tests.fakes.drive import Surface
from tests.fakes.functions import rosenbrock
from tests.fakes.plans import plan, search


def rotated_rastrigin(d: int, seed: int) -> Surface:
    """Waves along hidden axes on a bowl; 0 at the bottom. (Rastrigin 1974; Mühlenbein, Schomisch & Born 1991.)"""
    rng = np.random.default_rng(seed)
    turn, bottom = np.linalg.qr(rng.standard_normal((d, d)))[0], rng.uniform(-2, 3, d)

    def f(x: Floats) -> Floats:
        z = (x - bottom) @ turn.T
        return np.sum(z**2 + 10 * (1 - np.cos(2 * np.pi * z)), axis=-1)

    return f


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("d", [2, 3, 5, 10])
def test_waves_along_hidden_axes_cost_no_more_than_250_evaluations_an_input(d: int, seed: int) -> None:
    driven = search(rotated_rastrigin(d, seed), d, [(-5.12, 5.12)], seed=seed, enough=1e-8, limit=1000 * d)
    assert driven.best <= 1e-8
    assert driven.evaluations <= 250 * d


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("d", [2, 3, 5, 10])
def test_a_product_of_waves_on_a_bowl_costs_no_more_than_100_evaluations_an_input(d: int, seed: int) -> None:
    """Its wells lie half a wave along two inputs apart as well. (Griewank 1981.)"""
    rng = np.random.default_rng(seed)
    bottom, roots = rng.uniform(-100, 200, d), np.sqrt(np.arange(1, d + 1))

    def f(x: Floats) -> Floats:
        z = x - bottom
        return np.sum(z**2, axis=-1) / 4000 + 1 - np.prod(np.cos(z / roots), axis=-1)

    driven = search(f, d, [(-600, 500)], seed=seed, enough=1e-8, limit=1000 * d)
    assert driven.best <= 1e-8
    assert driven.evaluations <= 100 * d
    assert "waves" in driven.topics


@pytest.mark.parametrize("seed", [0, 2, 3])
def test_a_sum_along_skewed_directions_is_solved_along_them(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, bottom = mixing(4, rng), rng.uniform(-2, 2, 4)

    def f(x: Floats) -> Floats:
        t = (x - bottom) @ rows.T
        return np.sum(t**4 / 50 - t**2 / 2 + np.abs(t - 3.5) ** 3 / 100 + 1.5 * np.sin(2 * t), axis=-1)

    lowest = 4 * min(f(bottom + np.outer(np.linspace(-9, 9, 100_001), np.linalg.inv(rows)[:, 0]))) - 3 * f(bottom)
    driven = search(f, 4, [(-8, 9)], seed=seed, limit=600)
    assert driven.first_below(lowest + 1e-6) <= 400
    assert "hidden axes" in driven.topics


@pytest.mark.parametrize("bounds", [[(-110, 90)], None])
@pytest.mark.parametrize("d", [2, 5, 10])
def test_the_tip_of_a_rippled_cone_is_found(d: int, bounds: list[tuple[float, float]] | None) -> None:
    tip = np.linspace(-20, 35, d)

    def f(x: Floats) -> Floats:
        r = np.linalg.norm(x - tip, axis=-1)
        return 1 - np.cos(2 * np.pi * r) + r / 10

    driven = search(f, d, bounds, seed=1, limit=300 * d + 300)
    assert driven.first_below(1e-6) <= 300 * d
    assert "rings" in driven.topics


@pytest.mark.parametrize("d", [2, 5, 10])
def test_where_there_is_no_structure_the_look_for_it_costs_what_it_says(d: int) -> None:
    """On smooth ground two Hessians, and six evaluations more where they agree; two inputs end in a trough."""
    spent = spent_by_part(search_of(plan(d, [(-5, 6)], seed=1)), rosenbrock, 3000)
    assert spent["first descent"] > 0
    hessians = 2 * (d * d + d + 1) if d > 2 else 0
    assert hessians <= spent["hidden axes"] <= hessians + 6 * (d > 2)
    assert spent["rings"] == (9 if d == 2 else 0)


def spent_by_part(asking: Asking[Finish], f: Surface, limit: int) -> Counter[str]:
    spent, part = Counter[str](), ""
    question = next(asking)
    while spent.total() < limit:
        try:
            if isinstance(question, np.ndarray):
                spent[part] += len(question)
                question = asking.send(f(question))
                continue
            part = question.part if isinstance(question, Effort) else part
            question = next(asking)
        except StopIteration:
            break
    return spent


def test_a_walk_whose_curvatures_are_no_floats_ends_in_no_trough() -> None:
    walk = Descent(np.zeros(2), 1.0, True, True, 0.0, np.array([[np.inf, 0.0], [0.0, 1.0]]), 0, np.zeros(2))
    assert not in_a_trough(walk)


@pytest.mark.parametrize("unit", [1e-250, 1e160, 1e303])
def test_numbers_near_the_ends_of_floats_do_no_harm(unit: float) -> None:
    for f in (rotated_rastrigin(2, 1), lambda x: np.sum((x - 0.3) ** 2, axis=-1) + np.sin(x[..., 0] + x[..., 1]) / 2):
        with np.errstate(all="ignore"):  # as a run is
            driven = search(lambda x, f=f: unit * f(x), 2, [(-5, 5)], seed=1, limit=2000)
        assert np.isfinite(driven.points).all()
        assert np.abs(driven.points).max() <= 5
