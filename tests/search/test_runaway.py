"""What falls for ever is told apart from what lies far away."""

from collections.abc import Callable

import numpy as np
import pytest

from blackbox.core.asking import Landing
from blackbox.core.bounds import Bounds
from blackbox.core.stops import Stop
from blackbox.search.runaway import DOUBLINGS, FAR, HALVINGS, LAST, NO_RUNAWAY, Runaway, distance, look_beyond
from tests.fakes.drive import drive

COST = HALVINGS + DOUBLINGS + 1


def beyond(
    f: Callable[[np.ndarray], np.ndarray], point: list[float], bounds: Bounds | None = None
) -> tuple[Runaway, int]:
    x = np.array(point)
    landing = Landing(x, float(f(x[np.newaxis, :])[0]), 0.0, True, "start")
    driven = drive(look_beyond(np.zeros(x.size), landing, bounds or Bounds.unbounded(x.size)), f)
    assert driven.result is not None
    return driven.result, driven.evaluations


@pytest.mark.parametrize(
    "f",
    [
        lambda p: p[:, 0] - 2 * p[:, 1],
        lambda p: -np.sqrt(np.abs(p[:, 0])),
        lambda p: -np.log1p(np.abs(p[:, 0])),
        lambda p: -np.sum(p**2, axis=1),
        lambda p: p[:, 0] * np.sin(p[:, 0]),
    ],
)
def test_what_falls_steadily_is_unbounded(f: Callable[[np.ndarray], np.ndarray]) -> None:
    verdict, cost = beyond(f, [-1e4, 1e4])
    assert verdict.stop is Stop.UNBOUNDED
    assert cost == COST


@pytest.mark.parametrize(
    "f", [lambda p: np.exp(-p[:, 0] / 50), lambda p: 1 / (1 + p[:, 0] ** 2), lambda p: 3 - np.arctan(p[:, 0] / 100)]
)
def test_what_falls_ever_more_slowly_is_an_infimum(f: Callable[[np.ndarray], np.ndarray]) -> None:
    assert beyond(f, [800.0])[0].stop is Stop.INFIMUM


@pytest.mark.parametrize("far", [20.0, 1e3, 1e6, 1e9])
def test_a_minimum_far_away_is_a_minimum_and_the_far_end_of_the_ray_tells(far: float) -> None:
    verdict, cost = beyond(lambda p: np.sum((p - far) ** 2, axis=1), [far, far])
    assert verdict.stop is None
    assert cost == LAST


def test_a_deeper_basin_on_the_way_is_no_runaway() -> None:
    def wells(p: np.ndarray) -> np.ndarray:
        return -np.exp(-((p[:, 0] - 20) ** 2)) - 5 * np.exp(-(((p[:, 0] - 320) / 200) ** 2)) + 1e-6 * p[:, 0] ** 2

    assert beyond(wells, [20.0])[0].stop is None


def test_a_plateau_that_is_reached_is_a_minimum() -> None:
    assert beyond(lambda p: np.maximum(p[:, 0] + 3, 0.0), [-50.0])[0].stop is None


def test_values_too_large_for_a_float_do_not_hide_a_fall() -> None:
    def saddle(p: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            value = p[:, 0] * p[:, 1] ** 9
        return np.where(np.isfinite(value), value, np.nan)

    assert beyond(saddle, [-1e28, 1e28])[0].stop is Stop.UNBOUNDED


def test_near_landings_and_boxes_cost_nothing() -> None:
    assert beyond(lambda p: p[:, 0], [-FAR / 2]) == (NO_RUNAWAY, 0)
    box = Bounds.from_pairs([(-1e6, 1e6)], 1)
    assert beyond(lambda p: p[:, 0], [-1e6], box) == (NO_RUNAWAY, 0)


def test_distance_is_in_units_of_the_starts_own_size() -> None:
    assert distance(np.array([0.0, 0.0]), np.array([3.0, -7.0])) == 7
    assert distance(np.array([1000.0]), np.array([4000.0])) == 3
