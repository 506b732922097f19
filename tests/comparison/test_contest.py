"""Every method of a contest gets the same counted evaluations, and what fails is shown."""

import json
from dataclasses import replace

import numpy as np
import pytest

from blackbox.comparison.contest import Contest, Result, Run, best_known, compare, known_methods
from blackbox.comparison.report import comparison_json, comparison_table
from blackbox.core.bounds import Bounds
from blackbox.core.errors import OptionError
from tests.fakes.executors import Counting
from tests.fakes.functions import sphere

BOX = Bounds.from_pairs([(-5, 5)], 2)
BOWL = sphere(np.array([1.0, -2.0]))


def test_every_method_keeps_its_budget_and_its_evaluations_are_the_real_ones() -> None:
    for name in known_methods():
        place = Counting(BOWL)
        (result,) = compare(place, Contest(BOX, np.array([3.0, 3.0]), 120), [name])
        assert result.name == name
        result = result.median
        assert result.error is None
        assert result.evaluations == place.evaluations <= 120
        assert result.x is not None
        assert result.value == pytest.approx(float(BOWL(result.x)))
        assert result.value < float(BOWL(np.array([3.0, 3.0])))
        assert result.curve[-1, 1] == result.value


def test_failures_are_shown_not_hidden() -> None:
    contest = Contest(Bounds.unbounded(2), np.zeros(2), 50)
    results = compare(Counting(BOWL), contest, ["scipy:direct", "bfgs"])
    assert results[0].median.error == "UsageError: it needs finite bounds: give --bounds"
    assert np.isnan(results[0].median.value)
    assert "finite bounds" in str(comparison_table(results, False))
    told = json.loads(comparison_json(results, False))
    assert told["schema"] == "blackbox.comparison/1"
    assert told["methods"][0]["value"] is None
    assert set(told["methods"][1]) >= {"name", "x", "value", "evaluations", "evaluations_to", "error"}
    assert set(told["methods"][1]["evaluations_to"]) == {"1e-2", "1e-6"}


def test_maxima_are_compared_as_maxima() -> None:
    results = compare(
        Counting(lambda p: -BOWL(p)), Contest(BOX, np.zeros(2), 200, maximize=True), ["bfgs", "random-search"]
    )
    assert best_known(results, True) == pytest.approx(0, abs=1e-6)
    assert comparison_table(results, True)[1][0].strip() == "bfgs"
    assert results[0].median.evaluations_to(-1e-2, True) is not None
    assert results[1].median.evaluations_to(1.0, True) is None


def test_an_unknown_method_is_named() -> None:
    with pytest.raises(OptionError, match="methods='simplex'"):
        compare(Counting(BOWL), Contest(BOX, np.zeros(2), 10), ["simplex"])


def run(seed: int, value: float, count: int) -> Run:
    return Run(seed, np.zeros(1), value, count, np.array([[1, value + 5], [count, value]], dtype=np.float64), None)


def test_a_method_speaks_by_its_median_run() -> None:
    failed = Run(9, None, float("nan"), 3, np.empty((0, 2)), "ValueError: no")
    result = Result("bfgs", (run(0, 3.0, 10), failed, run(2, 1.0, 12), run(3, 2.0, 11), run(4, 1.0, 8)), False)
    assert [one.seed for one in result.ranked] == [4, 2, 3, 0, 9]
    assert result.median.seed == 3
    highest = Result("bfgs", (run(0, 3.0, 10), run(2, 1.0, 12)), True)
    assert highest.ranked[0].seed == 0


def test_each_repeat_has_its_own_seed_and_the_first_is_that_of_a_single_run() -> None:
    contest = Contest(BOX, np.array([3.0, 3.0]), 60, seed=5)
    (single,) = compare(Counting(BOWL), contest, ["random-search"])
    (several,) = compare(Counting(BOWL), replace(contest, repeats=3), ["random-search"])
    assert [one.seed for one in several.runs] == [5, 6, 7]
    assert several.runs[0].value == single.median.value
    assert len({one.value for one in several.runs}) == 3
    with pytest.raises(OptionError, match="repeats=0"):
        compare(Counting(BOWL), replace(contest, repeats=0), ["random-search"])
