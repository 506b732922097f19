"""`blackbox.minimize` is used as SciPy's is, and keeps the promises of the product."""

import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

import blackbox
from blackbox.answer.certificate import Kind
from blackbox.answer.claim import SUREST
from blackbox.core.errors import OptionError, UsageError
from blackbox.core.stops import Stop
from tests.fakes.functions import SIAM_4, kink, rosenbrock, siam_4, two_basins


def bowl(x: np.ndarray) -> float:
    return float(np.sum((x - [1.0, -2.0]) ** 2) + 3)


def recorded(fun: Any) -> tuple[Any, list[np.ndarray]]:
    """The function, and the list of points it will have been called with."""
    calls: list[np.ndarray] = []

    def wrapped(x: np.ndarray) -> Any:
        calls.append(x.copy())
        return fun(x)

    return wrapped, calls


def test_it_is_called_with_arrays_of_shape_d_of_float64() -> None:
    def strict(x: Any) -> float:
        assert isinstance(x, np.ndarray)
        assert x.shape == (2,)
        assert x.dtype == np.float64
        return bowl(x)

    answer = blackbox.minimize(strict, x0=[0, 0], budget=300)
    assert answer.failed_evaluations == 0


@pytest.mark.parametrize(
    "options",
    [
        {"x0": [0.0, 0.0]},
        {"x0": (0, 0)},
        {"x0": np.zeros(2, dtype=np.float32)},
        {"dimension": 2},
        {"bounds": [(-5, 5), (-5, 5)]},
        {"bounds": [(-5, 5)], "dimension": 2},
        {"bounds": optimize.Bounds([-5, -5], [5, 5])},
        {"bounds": optimize.Bounds(-5, 5), "x0": [0, 0]},
        {"bounds": [(None, 5), (-5, None)]},
        {"bounds": [(-np.inf, 5), (-5, np.inf)]},
        {"bounds": ((-5, 5), (-5, 5)), "x0": [2, 2]},
        {"bounds": np.array([[-5, 5], [-5, 5]])},
    ],
)
def test_however_the_problem_is_put_the_minimum_is_the_same(options: dict[str, Any]) -> None:
    answer = blackbox.minimize(bowl, **options)
    assert answer.success
    assert answer.fun == pytest.approx(3, abs=1e-12)
    assert np.allclose(answer.x, [1, -2], atol=1e-6)


@pytest.mark.parametrize(
    ("f", "options", "lowest"),
    [
        (two_basins, {"x0": [0, 0]}, -100),
        (siam_4, {"dimension": 2}, SIAM_4),
        (kink, {"dimension": 1}, 2),
        (rosenbrock, {"dimension": 5}, 0),
    ],
)
def test_the_answer_is_the_global_minimum(f: Any, options: dict[str, Any], lowest: float) -> None:
    answer = blackbox.minimize(f, **options)
    assert answer.fun == pytest.approx(lowest, abs=1e-9)
    assert f(answer.x) == answer.fun


@given(seed=st.integers(0, 1000))
@settings(max_examples=5)
def test_the_same_seed_gives_the_same_answer_bit_for_bit(seed: int) -> None:
    one, again = (blackbox.minimize(siam_4, dimension=2, seed=seed, budget=700) for _ in range(2))
    ours, theirs = dict(one), dict(again)
    for name in ("x", "value", "evaluations", "stop", "reason", "failures"):
        assert np.array_equal(ours[name], theirs[name])
    assert np.array_equal(one.history.x, again.history.x)
    assert np.array_equal(one.history.values, again.history.values)
    assert one.checks == again.checks
    assert one.confidence == again.confidence
    assert [(m.x.tolist(), m.value, m.hits) for m in one.minima] == [
        (m.x.tolist(), m.value, m.hits) for m in again.minima
    ]


@pytest.mark.parametrize("seed", range(3))
def test_maximising_f_is_minimising_its_opposite_in_fs_own_sign(seed: int) -> None:
    def opposite(x: np.ndarray) -> float:
        return -bowl(x)

    low, calls_low = recorded(bowl)
    high, calls_high = recorded(opposite)
    least = blackbox.minimize(low, dimension=2, seed=seed)
    most = blackbox.minimize(high, dimension=2, seed=seed, maximize=True)
    assert np.array_equal(np.array(calls_low), np.array(calls_high))
    assert most.fun == -least.fun
    assert np.array_equal(most.x, least.x)
    assert [minimum.value for minimum in most.minima] == [-minimum.value for minimum in least.minima]
    assert most.history.values.tolist() == [-value for value in least.history.values]
    assert {check.name: check.holds for check in most.checks} == {check.name: check.holds for check in least.checks}


@given(budget=st.integers(1, 2000))
@settings(max_examples=12)
def test_the_budget_is_never_exceeded_not_even_by_the_checks(budget: int) -> None:
    f, calls = recorded(lambda x: float(siam_4(x)))
    answer = blackbox.minimize(f, dimension=2, budget=budget)
    assert len(calls) == answer.nfev <= budget
    assert answer.fun == min(float(siam_4(x)) for x in calls)
    assert answer.stop is Stop.BUDGET


@pytest.mark.parametrize(("maximize", "target"), [(False, 3.5), (True, -3.5)])
def test_a_target_ends_the_search_at_once(maximize: bool, target: float) -> None:
    sign = -1 if maximize else 1
    answer = blackbox.minimize(lambda x: sign * bowl(x), dimension=2, maximize=maximize, target=target)
    assert answer.stop is Stop.TARGET
    assert sign * answer.fun <= sign * target
    assert answer.nfev < 200


def test_a_callback_is_given_the_best_point_as_an_array() -> None:
    seen: list[np.ndarray] = []
    answer = blackbox.minimize(bowl, x0=[0, 0], callback=lambda xk: seen.append(xk))
    assert len(seen) > 3
    assert all(point.shape == (2,) for point in seen)
    heights = [bowl(point) for point in seen]
    assert heights == sorted(heights, reverse=True)
    assert bowl(seen[-1]) == answer.fun


def test_a_callback_that_wants_the_intermediate_result_is_given_it() -> None:
    seen: list[tuple[float, int]] = []

    def callback(intermediate_result: Any) -> None:
        assert bowl(intermediate_result.x) == intermediate_result.fun == intermediate_result["fun"]
        seen.append((intermediate_result.fun, intermediate_result.nfev))

    answer = blackbox.minimize(bowl, x0=[0, 0], callback=callback)
    assert seen[-1][0] == answer.fun
    assert [nfev for _, nfev in seen] == sorted(nfev for _, nfev in seen)


def test_a_callback_may_keep_and_change_what_it_is_given() -> None:
    plain = blackbox.minimize(siam_4, dimension=2, budget=500)

    def spoil(xk: np.ndarray) -> None:
        xk[:] = 1e9

    assert np.array_equal(blackbox.minimize(siam_4, dimension=2, budget=500, callback=spoil).x, plain.x)


def test_a_function_may_change_the_array_it_is_given() -> None:
    def rude(x: np.ndarray) -> float:
        value = bowl(x)
        x[:] = 1e9
        return value

    assert np.array_equal(blackbox.minimize(rude, x0=[0, 0]).x, blackbox.minimize(bowl, x0=[0, 0]).x)


@pytest.mark.parametrize("after", [1, 5])
def test_a_callback_that_raises_stop_iteration_stops_and_keeps_the_best(after: int) -> None:
    calls = 0

    def callback(xk: np.ndarray) -> None:
        nonlocal calls
        calls += 1
        if calls == after:
            raise StopIteration

    answer = blackbox.minimize(bowl, x0=[0, 0], callback=callback)
    assert calls == after
    assert answer.stop is Stop.INTERRUPTED
    assert not answer.success
    assert answer.x is not None
    assert bowl(answer.x) == answer.fun


def test_an_error_in_the_callback_is_the_callers_and_goes_through() -> None:
    def callback(xk: np.ndarray) -> None:
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        blackbox.minimize(bowl, x0=[0, 0], callback=callback)


@pytest.mark.parametrize("maximize", [False, True])
def test_ctrl_c_inside_the_function_keeps_the_best_of_everything_answered(maximize: bool) -> None:
    """Each answer is better than all before, so the last one given is the best one."""
    forgotten = []
    for at in range(2, 60):
        values: list[float] = []

        def mortal(x: np.ndarray) -> float:
            if len(values) + 1 == at:
                raise KeyboardInterrupt
            values.append(float(len(values)) if maximize else -float(len(values)))
            return values[-1]

        answer = blackbox.minimize(mortal, bounds=[(-5, 5)] * 4, maximize=maximize)
        assert answer.stop is Stop.INTERRUPTED
        if answer.fun != values[-1]:
            forgotten.append((at, answer.fun, values[-1]))
    assert forgotten == []


@pytest.mark.parametrize(
    "answer_of",
    [
        lambda _: 1 / 0,
        lambda _: None,
        lambda _: "ReachFunctionLimit",
        lambda _: float("nan"),
        lambda _: float("inf"),
        lambda _: 1j,
        lambda _: np.zeros(3),
        lambda _: (_ for _ in ()).throw(StopIteration),
    ],
)
def test_a_function_that_never_answers_a_number_is_told_so(answer_of: Any) -> None:
    answer = blackbox.minimize(answer_of, dimension=2)
    assert answer.stop is Stop.NO_FINITE_VALUE
    assert answer.x is None
    assert np.isnan(answer.fun)
    assert answer.failed_evaluations == answer.nfev > 0
    assert sum(answer.failures.values()) == answer.nfev
    assert not answer.success
    assert repr(answer)


def test_failures_are_part_of_the_landscape() -> None:
    def steep(x: np.ndarray) -> float:
        if x[0] < 0:
            raise ValueError("math domain error")
        return float(np.sqrt(x[0]) + (x[1] - 3) ** 2)

    answer = blackbox.minimize(steep, x0=[4, 0])
    assert answer.fun < 1e-4
    assert answer.failed_evaluations > 0
    assert any("math domain error" in reason for reason in answer.failures)


def test_warnings_and_state_of_numpy_are_left_alone() -> None:
    before = np.geterr()
    state = np.random.get_state()[1].tolist()
    blackbox.minimize(bowl, x0=[0, 0])
    assert np.geterr() == before
    assert np.random.get_state()[1].tolist() == state


def test_it_brings_in_no_scipy() -> None:
    import subprocess

    code = "import sys, blackbox; blackbox.minimize(lambda x: x @ x, dimension=2); print('scipy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"bounds": [(1, 0)]}, r"bounds\[0\]"),
        ({"bounds": [(0, 1)] * 3, "dimension": 2}, "bounds"),
        ({"bounds": []}, "bounds"),
        ({"bounds": 5}, "bounds"),
        ({"bounds": "ab"}, "bounds"),
        ({"x0": ["a"]}, "start"),
        ({"x0": [np.nan]}, "start"),
        ({"x0": [[1, 2], [3, 4]]}, "start"),
        ({"x0": [1, 2], "dimension": 3}, "start"),
        ({"x0": [5], "bounds": [(0, 1)]}, r"start\[0\]"),
        ({"dimension": 0}, "dimension"),
        ({"dimension": 2, "budget": 0}, "budget"),
        ({"dimension": 2, "time": 0}, "time"),
        ({"dimension": 2, "target": float("nan")}, "target"),
        ({"dimension": 2, "seed": -1}, "seed"),
        ({"dimension": 2, "seed": 1.5}, "seed"),
        ({"dimension": 2, "seed": True}, "seed"),
        ({"dimension": 2.5}, "dimension"),
        ({"dimension": 2, "budget": 1.5}, "budget"),
        ({"dimension": 2, "budget": "many"}, "budget"),
    ],
)
def test_an_option_that_makes_no_sense_is_named(options: dict[str, Any], named: str) -> None:
    with pytest.raises(OptionError, match=named):
        blackbox.minimize(bowl, **options)


def test_an_unknown_dimension_and_a_non_function_are_wrong_usage() -> None:
    with pytest.raises(UsageError, match="bounds, x0 or dimension"):
        blackbox.minimize(bowl)
    with pytest.raises(UsageError, match="callable"):
        blackbox.minimize(5, dimension=2)


@pytest.mark.parametrize("d", [1, 3])
def test_one_point_bounds_fix_a_coordinate(d: int) -> None:
    pairs = [(-5, 5)] * d + [(2, 2)]
    answer = blackbox.minimize(lambda x: float(np.sum((x - 1) ** 2)), bounds=pairs)
    assert answer.x is not None
    assert answer.x.shape == (d + 1,)
    assert answer.x[-1] == 2
    assert answer.fun == pytest.approx(1, abs=1e-12)
    assert all(minimum.x.shape == (d + 1,) for minimum in answer.minima)


def test_a_coordinate_that_is_zero_but_for_rounding_makes_no_stairs_of_a_parabola() -> None:
    answer = blackbox.minimize(lambda x: (x[1] - x[0] - 0.3) ** 2, dimension=2, budget=4000)
    assert answer.stop is Stop.CONVERGED
    assert answer.certificate is not None
    assert answer.certificate.kind is not Kind.STAIRS


def test_cells_that_were_only_guessed_leave_a_doubt_though_all_were_asked() -> None:
    found = blackbox.minimize(
        lambda x: float((np.rint(x[0]) - 3) ** 2 + abs(np.rint(x[1]) + 2)), [(-6, 7), (-6, 7)], seed=1
    )
    assert found.value == 0
    assert "integer" in found.assumed
    assert "whole-number points within the bounds was asked" in found.reason
    assert found.confidence.global_probability < SUREST


def test_what_turns_out_to_be_no_sum_is_not_said_to_rest_on_one() -> None:
    """A well that takes 3 % of the box, beside which f is a sum."""

    def f(x: np.ndarray) -> float:
        return float(min(0.05 * np.sum((x - 2.0) ** 2), np.sum((x + 2.0) ** 2) / 0.36 - 1))

    for seed in range(4):
        found = blackbox.minimize(f, [(-5.5, 5.5)] * 2, seed=seed, budget=6000)
        assert found.value > -0.5 or "separable" not in found.assumed
