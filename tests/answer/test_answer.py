"""An answer can be used like SciPy's `OptimizeResult`."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from scipy.optimize import OptimizeResult

import blackbox
from blackbox.answer.answer import Answer
from blackbox.core.stops import Stop


def bowl(x: np.ndarray) -> float:
    return float(np.sum((x - [1.0, -2.0]) ** 2) + 3)


@pytest.fixture(scope="module", name="answer")
def _answer() -> Answer:
    return blackbox.minimize(bowl, x0=[0.0, 0.0])


NAMES = ["x", "fun", "nfev", "success", "message", "status"]


@pytest.mark.parametrize("name", NAMES)
def test_scipys_names_work_as_attributes_and_as_items(answer: Answer, name: str) -> None:
    assert name in answer
    assert name in answer.keys()  # noqa: SIM118 - as a caller of SciPy may write it
    _same(getattr(answer, name), answer[name])
    _same(answer.get(name), answer[name])


def _same(one: Any, other: Any) -> None:
    assert np.array_equal(one, other) if isinstance(one, Iterable) and not isinstance(one, str) else one == other


def test_they_mean_what_they_mean_in_scipy(answer: Answer) -> None:
    assert np.allclose(answer.x, [1, -2], atol=1e-6)
    assert answer.fun == answer.value == pytest.approx(3, abs=1e-12)
    assert answer.nfev == answer.evaluations > 0
    assert answer.success is True
    assert answer.status == 0
    assert answer.message == answer.reason


def test_it_becomes_a_dict_and_scipys_own_result(answer: Answer) -> None:
    as_dict = dict(answer)
    assert set(NAMES) <= set(as_dict)
    result = OptimizeResult(**as_dict)
    assert result.fun == answer.fun
    assert np.array_equal(result.x, answer.x)


def test_unknown_names_are_key_errors_items_and_attribute_errors(answer: Answer) -> None:
    with pytest.raises(KeyError):
        answer["jac"]
    with pytest.raises(AttributeError):
        _ = answer.jac  # pyright: ignore
    assert answer.get("jac") is None
    assert answer.get("jac", 5) == 5
    assert "jac" not in answer


def test_a_methods_name_is_no_item(answer: Answer) -> None:
    for name in ("keys", "get", "__class__", "_replace"):
        assert name not in answer
        with pytest.raises(KeyError):
            answer[name]


def test_printed_it_shows_the_point_the_value_and_how_sure_it_is(answer: Answer) -> None:
    shown = repr(answer)
    for name in ("fun", "x", "nfev", "success", "message", "confidence"):
        assert f"{name}:" in shown
    assert answer.confidence.statement in shown


def test_its_history_only_improves_and_ends_at_the_answer(answer: Answer) -> None:
    history = answer.history
    assert np.all(np.diff(history.values) < 0)
    assert np.all(np.diff(history.evaluations) > 0)
    assert history.x.shape == (len(history.values), 2)
    assert history.values[-1] == answer.value
    assert np.array_equal(history.x[-1], answer.x)
    assert [bowl(x) for x in history.x] == history.values.tolist()


def test_only_a_converged_or_target_stop_is_a_success() -> None:
    spent = blackbox.minimize(bowl, x0=[0.0, 0.0], budget=10)
    assert spent.stop is Stop.BUDGET
    assert not spent.success
    assert spent.status != 0
    reached = blackbox.minimize(bowl, x0=[0.0, 0.0], target=4.0)
    assert reached.stop is Stop.TARGET
    assert reached.success


def test_the_best_minimum_listed_is_the_answer_and_all_checks_hold(answer: Answer) -> None:
    assert answer.minima[0].value == answer.value
    assert np.array_equal(answer.minima[0].x, answer.x)
    assert {check.name for check in answer.checks} >= {"value-repeats", "gradient-is-zero", "inside-bounds"}
    assert all(check.holds for check in answer.checks)
