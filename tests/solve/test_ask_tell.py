"""Ask and tell is the same search, with somebody else as the function."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import blackbox
from blackbox.core.errors import OptionError, UsageError
from blackbox.core.stops import Stop
from tests.fakes.functions import siam_4, sphere, with_holes
from tests.fakes.plans import search as whole_search

holed = with_holes(siam_4, lambda x: x[..., 0] > 1)


def converse(search: blackbox.Search, f: Any, limit: int, rng: np.random.Generator | None = None) -> np.ndarray:
    """Answer until the end or `limit` points; with an `rng` in random portions and any order."""
    asked = []
    count = 0
    while not search.done and count < limit:
        points = search.ask()
        asked.append(points)
        count += len(points)
        order = np.arange(len(points)) if rng is None else rng.permutation(len(points))
        while len(order):
            portion, order = (
                (order, order[:0]) if rng is None else np.split(order, [int(rng.integers(1, len(order) + 1))])
            )
            search.tell(points[portion], f(points[portion]))
    return np.vstack(asked)


@given(seed=st.integers(0, 1000))
@settings(max_examples=8)
def test_it_asks_what_minimize_asks_in_whatever_order_and_portions_it_is_told(seed: int) -> None:
    calls: list[np.ndarray] = []

    def f(x: np.ndarray) -> float:
        calls.append(x.copy())
        return float(holed(x))

    blackbox.minimize(f, x0=[0.5, 0.5], seed=seed, budget=400)
    for rng in (None, np.random.default_rng(seed)):
        asked = converse(blackbox.Search(x0=[0.5, 0.5], seed=seed), holed, 600, rng)
        n = 300
        assert np.array_equal(asked[:n], np.array(calls)[:n])


@pytest.mark.parametrize("maximize", [False, True])
def test_told_to_the_end_it_converges_to_the_minimum(maximize: bool) -> None:
    sign = -1.0 if maximize else 1.0
    f = sphere(np.array([1.0, -2.0]))
    search = blackbox.Search(2, bounds=[(-5, 5)], maximize=maximize)
    converse(search, lambda x: sign * f(x), 50_000)
    assert search.done
    assert search.ask().shape == (0, 2)
    answer = search.answer()
    assert answer.stop is Stop.CONVERGED
    assert np.allclose(answer.x, [1, -2], atol=1e-6)
    assert sign * answer.fun < 1e-10
    assert answer.minima[0].value == answer.fun


def test_asking_again_before_telling_answers_the_same_points() -> None:
    search = blackbox.Search(3)
    one, again = search.ask(), search.ask()
    assert np.array_equal(one, again)
    one[:] = 99
    assert np.array_equal(search.ask(), again)


def test_n_points_can_be_asked_at_a_time() -> None:
    search = blackbox.Search(3, bounds=[(0, 1)])
    whole = whole_search(lambda x: np.sum(x**2, axis=-1), 3, [(0, 1)], limit=300).points
    asked = []
    while len(asked) < 300:
        points = search.ask(1)
        assert points.shape == (1, 3)
        asked.append(points[0])
        search.tell(points[0], np.sum(points**2))
    assert np.array_equal(np.array(asked), whole[:300])


def test_failures_may_be_told_as_nan_infinity_or_none() -> None:
    asked = []
    for failure in (float("nan"), float("inf"), -float("inf"), None):
        search = blackbox.Search(2)
        points = []
        while len(points) < 60:
            batch = search.ask()
            points.extend(batch.tolist())
            values = [failure if x[0] > 0.5 else float(np.sum(x**2)) for x in batch]
            search.tell(batch, values)
        asked.append(points)
        assert search.answer().failed_evaluations > 0
        assert np.isfinite(search.answer().fun)
    assert asked[0] == asked[1] == asked[2] == asked[3]


def test_before_anything_is_told_there_is_an_answer_without_a_point() -> None:
    answer = blackbox.Search(2).answer()
    assert answer.x is None
    assert answer.evaluations == 0
    assert answer.stop is Stop.INTERRUPTED


def test_the_answer_on_the_way_is_the_best_told() -> None:
    search = blackbox.Search(2)
    asked = converse(search, siam_4, 500)
    answer = search.answer()
    assert answer.fun == np.nanmin(siam_4(asked))
    assert answer.nfev == len(asked)
    assert answer.stop is Stop.INTERRUPTED


@pytest.mark.parametrize(
    ("points", "values"),
    [
        ([[9.0, 9.0]], [1.0]),
        ([[0.0, 0.0]], [1.0, 2.0]),
        ([[0.0, 0.0]], []),
        ([[0.0, 0.0], [0.0, 0.0]], [1.0, 1.0]),
        ([[0.0, 0.0, 0.0]], [1.0]),
        ([["a", "b"]], [1.0]),
        ([[0.0, 0.0]], ["high"]),
    ],
)
def test_what_was_not_asked_or_does_not_fit_is_refused_and_nothing_is_recorded(points: Any, values: Any) -> None:
    search = blackbox.Search(2)
    waiting = search.ask()
    assert waiting.tolist() == [[0.0, 0.0]]
    with pytest.raises(UsageError):
        search.tell(points, values)
    assert search.answer().evaluations == 0
    assert np.array_equal(search.ask(), waiting)


def test_a_point_cannot_be_told_twice() -> None:
    search = blackbox.Search(2, bounds=[(0, 1)], seed=3)
    while len(search.ask()) < 2:
        points = search.ask()
        search.tell(points, siam_4(points))
    first = search.ask(1)
    search.tell(first, [1.0])
    with pytest.raises(UsageError, match="not yet told"):
        search.tell(first, [2.0])


def test_impossible_options_are_named_at_birth() -> None:
    with pytest.raises(OptionError, match="start"):
        blackbox.Search(2, x0=[1, 2, 3])
    with pytest.raises(OptionError, match="seed"):
        blackbox.Search(2, seed=-1)
    with pytest.raises(UsageError, match="n must be"):
        blackbox.Search(2).ask(0)
    with pytest.raises(UsageError):
        blackbox.Search()
