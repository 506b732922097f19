"""All axes at once, a separable function gives up its best basin."""

import numpy as np
import pytest

from blackbox.core.asking import Asking, Foresight
from blackbox.search.axis_search import PARABOLAS, ROUNDS, SWEEP, Axes, axis_search, sweep
from blackbox.search.regions import Region
from tests.fakes.drive import Driven, Surface, drive, value_at
from tests.fakes.foresight import watch
from tests.fakes.functions import quadratic, rastrigin, rotation, sphere, with_holes

CELLS = 8


def search(f: Surface, d: int, seed: int) -> tuple[Axes, Driven[Axes]]:
    rng = np.random.default_rng(seed)
    start = rng.uniform(-5, 5, d)
    box = Region(np.full(d, -5.12), np.full(d, 5.12))
    driven = drive(axis_search(start, value_at(f, start), box, rng, CELLS), f)
    assert driven.result is not None
    return driven.result, driven


@pytest.mark.parametrize("d", [1, 2, 5, 8])
def test_a_separable_rastrigin_is_solved_to_six_digits(d: int) -> None:
    for seed in range(20):
        center = np.random.default_rng(1000 + seed).uniform(-4, 4, d)
        axes, driven = search(rastrigin(center), d, seed)
        assert np.all(np.abs(axes.point - center) < 1e-4)
        assert axes.additive
        assert driven.evaluations <= (CELLS + 2 + sum(ROUNDS) + PARABOLAS * len(ROUNDS)) * d + len(ROUNDS)


def test_the_answer_was_asked_and_is_the_lowest_of_all() -> None:
    f = rastrigin(np.array([1.0, -2.0, 3.0]))
    axes, driven = search(f, 3, 0)
    assert axes.value == value_at(f, axes.point) == driven.best


def test_the_curvatures_are_those_of_the_function() -> None:
    f = quadratic(np.diag([1.0, 40.0, 900.0]), np.array([0.5, -1.5, 2.0]))
    axes, _ = search(f, 3, 0)
    assert axes.curvature == pytest.approx([1.0, 40.0, 900.0], rel=1e-2)


def test_each_round_asks_every_axis_once() -> None:
    _, driven = search(rastrigin(np.array([1.0, -2.0, 3.0])), 3, 0)
    rounds = [question for question in driven.questions[1:] if len(question) == 3]
    assert len(rounds) >= sum(ROUNDS)
    for question in rounds:
        moved = question != np.median(question, axis=0)
        assert moved.sum(axis=0).tolist() == moved.sum(axis=1).tolist() == [1, 1, 1]


def test_questions_stay_in_the_region() -> None:
    for seed in range(20):
        axes, driven = search(sphere(np.full(3, 9.0)), 3, seed)
        assert np.all(np.abs(driven.points) <= 5.12)
        assert axes.point.tolist() == [5.12] * 3
        assert np.isnan(axes.curvature).all()


def test_a_function_whose_gains_do_not_add_up_is_left_early() -> None:
    rng = np.random.default_rng(0)
    turned = rotation(3, rng)
    f = rastrigin(np.zeros(3))
    for g in (lambda x: f(x @ turned.T), lambda x: np.max(np.abs(x - 1.0), axis=-1), lambda x: np.prod(x, axis=-1)):
        axes, driven = search(g, 3, 1)
        assert not axes.additive
        assert axes.value == driven.best or axes.value == value_at(g, axes.point)
        assert driven.evaluations <= (CELLS + 2 + sum(ROUNDS[:2]) + PARABOLAS * 2) * 3 + 2


def test_failures_on_a_line_are_stepped_over() -> None:
    f = with_holes(rastrigin(np.array([1.0, -2.0])), lambda x: np.any((x > 2) & (x < 3), axis=-1))
    box = Region(np.full(2, -5.0), np.full(2, 5.0))
    driven = drive(axis_search(np.zeros(2), value_at(f, np.zeros(2)), box, np.random.default_rng(0)), f)
    assert driven.result is not None
    assert np.all(np.abs(driven.result.point - [1.0, -2.0]) < 1e-4)


def test_a_line_of_failures_alone_keeps_the_incumbent() -> None:
    f = with_holes(sphere(np.zeros(2)), lambda x: np.any(x != 1, axis=-1))
    box = Region(np.full(2, -5.0), np.full(2, 5.0))
    driven = drive(axis_search(np.ones(2), 2.0, box, np.random.default_rng(0)), f)
    assert driven.result is not None
    assert driven.result.point.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("d", [2, 5])
def test_a_sweep_solves_an_increasing_function_of_a_sum(d: int) -> None:
    """Ackley's form: each axis shows where it is low, wherever the others are, but the gains do not add up."""
    for seed in range(10):
        center = np.random.default_rng(2000 + seed).uniform(-4, 4, d)
        f = rastrigin(center)
        start = np.random.default_rng(seed).uniform(-5, 5, d)
        box = Region(np.full(d, -5.12), np.full(d, 5.12))

        def root(x: np.ndarray, f: Surface = f) -> np.ndarray:
            return np.sqrt(1 + f(x))

        driven = drive(sweep(start, value_at(root, start), box, np.random.default_rng(seed)), root)
        assert driven.result is not None
        assert driven.result.value == driven.best
        assert driven.best <= 1 + 1e-6
        assert driven.evaluations <= 101 * d + SWEEP


def test_most_of_what_is_foretold_for_the_next_round_is_asked_in_it() -> None:
    f, d = rastrigin(np.array([1.0, -2.0, 3.0])), 3
    start = np.array([-4.0, 2.0, 0.5])
    box = Region(np.full(d, -5.12), np.full(d, 5.12))
    foretold: list[set[bytes]] = []
    asked: list[set[bytes]] = []
    asking = axis_search(start, value_at(f, start), box, np.random.default_rng(2), CELLS)

    def listening() -> Asking[Axes]:
        question = next(asking)
        try:
            while True:
                if isinstance(question, np.ndarray):
                    asked.append({point.tobytes() for point in question})
                    foretold.extend([set()] * (len(asked) - len(foretold)))
                    question = asking.send((yield question))
                else:
                    if isinstance(question, Foresight):
                        foretold.append({point.tobytes() for point in question.points()[:d]})
                    question = next(asking)
        except StopIteration as finished:
            return finished.value

    drive(listening(), f)
    pairs = [(soon, next_round) for soon, next_round in zip(foretold[:-1], asked[1:], strict=True) if soon]
    assert all(not soon & now for soon, now in zip(foretold, asked, strict=True))
    assert sum(len(soon & later) for soon, later in pairs) >= 0.8 * sum(len(soon) for soon, _ in pairs) > 0


def test_what_is_foreseen_beside_a_look_at_what_the_lines_add_up_to_is_asked_through_the_new_point() -> None:
    at, d = np.array([1.0, -2.0, 3.0]), 3
    f, start = rastrigin(at), np.array([-4.0, 2.0, 0.5])
    box = Region(np.full(d, -5.12), np.full(d, 5.12))
    watched = watch(axis_search(start, value_at(f, start), box, np.random.default_rng(2), CELLS), f)
    foreseen = set[bytes]().union(*(one.likely for one in watched.told))
    hits = set[bytes]().union(*(one.likely & one.asked for one in watched.told))
    assert len(hits) >= 0.5 * len(foreseen) > 0
    assert len(hits) >= 0.4 * len(watched.asked)
