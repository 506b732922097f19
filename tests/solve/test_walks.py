"""`descend` and `learning_rates` on live callables: the oracle's limits, signs and reasons."""

import time

import numpy as np
import pytest

import blackbox
from blackbox.core.errors import OptionError, UsageError
from blackbox.descent.stopping import WalkStop


def bowl(p):
    return p[0] ** 2 + np.sin(p[1]) ** 2


def test_the_whole_walk_comes_back() -> None:
    walk = blackbox.descend(bowl, [3, 1], learning_rate=0.1, target=1e-2)
    assert len(walk.steps) == 17
    assert walk.stop is WalkStop.TARGET
    assert walk.point == pytest.approx([0.084442, 0.050819], abs=1e-6)
    assert walk.evaluations == 17 * 5


def test_maximize_walks_up_and_shows_the_functions_own_values() -> None:
    walk = blackbox.descend(lambda p: 5 - bowl(p), [3, 1], learning_rate=0.1, target=4.99, maximize=True)
    ascent = blackbox.descend(lambda p: 5 - bowl(p), [3, 1], "gradient-ascent", learning_rate=0.1, target=4.99)
    assert walk.stop is ascent.stop is WalkStop.TARGET
    assert [step.value for step in walk.steps] == pytest.approx([step.value for step in ascent.steps])
    assert walk.value > 4.99
    with pytest.raises(OptionError, match="climbs already"):
        blackbox.descend(bowl, [3, 1], "gradient-ascent", maximize=True)


def test_budget_and_time_end_a_walk_with_their_reason() -> None:
    short = blackbox.descend(bowl, [3, 1], budget=23)
    assert short.stop is WalkStop.BUDGET
    assert short.evaluations <= 23
    assert "budget" in short.reason
    slow = blackbox.descend(lambda p: (time.sleep(0.005), bowl(p))[1], [3, 1], "random-local-search", time=0.1)
    assert slow.stop is WalkStop.TIME


def test_a_start_without_a_number_is_told() -> None:
    walk = blackbox.descend(lambda _: float("nan"), [1.0])
    assert walk.steps == ()
    assert walk.reason == "the start gave no number"


def test_what_makes_no_sense_is_named() -> None:
    with pytest.raises(UsageError, match="callable"):
        blackbox.descend(3, [1.0])
    with pytest.raises(OptionError, match="method="):
        blackbox.descend(bowl, [1.0, 1.0], "levitation")
    with pytest.raises(OptionError, match="learning-rate="):
        blackbox.descend(bowl, [1.0, 1.0], learning_rate=-1)
    with pytest.raises(OptionError, match="start"):
        blackbox.descend(bowl, [9.0, 1.0], bounds=[(0, 1), (0, 1)])


def test_learning_rates_from_python() -> None:
    study = blackbox.learning_rates(lambda p: (p[0] - 1) ** 2 + 0.1, -0.8, [1.1, 1, 0.4, 0.1])
    assert [walk.kind.value for walk in study.walks] == ["diverges", "oscillates", "converges", "slow"]
    assert study.recommended == 0.4
    climb = blackbox.learning_rates(lambda p: -((p[0] - 1) ** 2), -0.8, [0.4], maximize=True)
    assert climb.walks[0].steps[-1].value == pytest.approx(0, abs=1e-3)


def wells(p):
    return (p[0] ** 2 - 4) ** 2 / 8 + 0.2 * p[0]


def test_with_restarts_the_best_walk_comes_back_with_all_of_them_and_their_basins() -> None:
    options = {"learning_rate": 0.05, "slope": 1e-6, "bounds": [(-4, 4)]}
    found = blackbox.descend(wells, [3.0], restarts=8, **options)
    assert len(found.walks) == len(found.starts) == 8
    assert found.starts[0].tolist() == [3.0]
    assert [basin.value for basin in found.basins] == pytest.approx([-0.4049, 0.3949], abs=1e-3)
    assert sum(basin.hits for basin in found.basins) == 8
    assert found.value == min(walk.value for walk in found.walks)
    assert found.evaluations >= sum(walk.evaluations for walk in found.walks)
    alone = blackbox.descend(wells, [3.0], **options)
    assert [step.value for step in found.walks[0].steps] == [step.value for step in alone.steps]
    assert alone.walks == alone.basins == ()
    again = blackbox.descend(wells, [3.0], restarts=8, **options)
    assert [walk.value for walk in again.walks] == [walk.value for walk in found.walks]


def test_restarts_uphill_have_the_highest_first_in_the_functions_own_sign() -> None:
    found = blackbox.descend(
        lambda p: -wells(p), [3.0], restarts=8, maximize=True, learning_rate=0.05, slope=1e-6, bounds=[(-4, 4)]
    )
    assert [basin.value for basin in found.basins] == pytest.approx([0.4049, -0.3949], abs=1e-3)
    assert found.value == max(walk.value for walk in found.walks)


def test_a_budget_that_ends_among_the_walks_keeps_what_was_walked() -> None:
    found = blackbox.descend(wells, [3.0], restarts=8, budget=150, learning_rate=0.05, slope=1e-6, bounds=[(-4, 4)])
    assert found.evaluations == 150
    assert 1 <= len(found.walks) < len(found.starts) == 8
    assert found.walks[-1].stop is WalkStop.BUDGET
    assert sum(basin.hits for basin in found.basins) == len(found.walks)


def test_diagonals_from_python() -> None:
    straight = blackbox.descend(lambda p: p @ p, [3.0, 2.0], "neighbour-descent", diagonals=True)
    assert straight.point.tolist() == [0.0, 0.0]
    assert len(straight.steps) == 4
    with pytest.raises(OptionError, match="only neighbour-descent"):
        blackbox.descend(bowl, [1.0, 1.0], diagonals=True)
    with pytest.raises(OptionError, match="restarts="):
        blackbox.descend(bowl, [1.0, 1.0], restarts=0)
