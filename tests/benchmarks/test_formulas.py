"""Every stated minimum is one: the value is right, nothing nearby is lower, and no search finds anything lower."""

import numpy as np
import pytest
from scipy.optimize import minimize

from benchmarks.problem import unit_of
from benchmarks.suites.formulas.catalogue import CLASSICS, GROUPS
from benchmarks.suites.formulas.classic_function import LARGER, Classic

CASES = [
    pytest.param(function, d, id=f"{name}-{d}") for name, function in CLASSICS.items() for d in function.dimensions
]

CLOSE = 1e-10
"""Times max(1, |minimum|): a hundredth of the last target."""

SAMPLE = 20_000
POLISHED = 3
FAR = 4_000


@pytest.fixture(autouse=True)
def _quiet() -> object:
    with np.errstate(all="ignore"):
        yield


def slack(function: Classic, d: int) -> float:
    return CLOSE * unit_of(function.minimum(d))


def test_there_are_enough_and_each_names_its_source() -> None:
    assert len(CLASSICS) >= 100
    assert set(GROUPS) == set(CLASSICS)
    assert sum(function.free for function in CLASSICS.values()) >= 100
    for function in CLASSICS.values():
        assert any(character.isdigit() for character in function.source) or "," in function.source


@pytest.mark.parametrize(("function", "d"), CASES)
def test_the_minimiser_lies_in_the_box_and_has_the_stated_value(function: Classic, d: int) -> None:
    lower, upper = function.box(d)
    x = function.minimiser(d)
    assert lower.shape == upper.shape == x.shape == (d,)
    assert (lower <= x).all()
    assert (x <= upper).all()
    assert function.formula(x) == pytest.approx(function.minimum(d), abs=slack(function, d))


@pytest.mark.parametrize("d", LARGER)
def test_in_large_dimensions_too(d: int) -> None:
    large = [function for function in CLASSICS.values() if function.exists(d)]
    assert len(large) >= 60
    for function in large:
        lower, upper = function.box(d)
        x = function.minimiser(d)
        assert (lower <= x).all(), function.name
        assert (x <= upper).all(), function.name
        assert function.formula(x) == pytest.approx(function.minimum(d), abs=slack(function, d)), function.name
        points = lower + np.random.default_rng(d).random((100, d)) * (upper - lower)
        assert (function.formula(points) >= function.minimum(d)).all(), function.name


@pytest.mark.parametrize(("function", "d"), CASES)
def test_nothing_nearby_is_lower(function: Classic, d: int) -> None:
    """64 random directions at each of ten distances, axis by axis in proportion to the box."""
    lower, upper = function.box(d)
    rng = np.random.default_rng([d, *function.name.encode()])
    distances = 10.0 ** np.arange(-10, 0)[:, np.newaxis, np.newaxis]
    away = distances * (upper - lower) * rng.standard_normal((10, 64, d))
    points = np.clip(function.minimiser(d) + away, lower, upper)
    assert np.nanmin(function.formula(points)) >= function.minimum(d) - slack(function, d)


@pytest.mark.parametrize(("function", "d"), CASES)
def test_a_batch_is_its_points(function: Classic, d: int) -> None:
    lower, upper = function.box(d)
    points = lower + np.random.default_rng(d).random((2, 3, d)) * (upper - lower)
    together = function.formula(points)
    assert together.shape == (2, 3)
    alone = [[float(function.formula(point)) for point in row] for row in points]
    assert together == pytest.approx(np.array(alone), rel=1e-9, abs=1e-12, nan_ok=True)


@pytest.mark.long
@pytest.mark.parametrize(("function", "d"), CASES)
def test_a_search_of_the_whole_box_finds_nothing_lower(function: Classic, d: int) -> None:
    lower, upper = function.box(d)
    points = lower + np.random.default_rng(d).random((SAMPLE, d)) * (upper - lower)
    values = function.formula(points)
    starts = [function.minimiser(d), *points[np.argsort(np.where(np.isnan(values), np.inf, values))[:POLISHED]]]
    for start in starts:
        found = minimize(
            lambda x: float(np.nan_to_num(function.formula(x), nan=np.inf, posinf=np.inf)),
            start,
            method="Nelder-Mead",
            bounds=list(zip(lower, upper, strict=True)),
            options={"maxfev": 100 * d, "xatol": 1e-12, "fatol": 1e-14},
        )
        assert found.fun >= function.minimum(d) - slack(function, d), found.x


@pytest.mark.long
@pytest.mark.parametrize(("function", "d"), [case for case in CASES if case.values[0].free])
def test_nothing_outside_the_box_is_lower_where_it_says_so(function: Classic, d: int) -> None:
    lower, upper = function.box(d)
    rng = np.random.default_rng([d, *function.name.encode()])
    reach = 10 ** rng.uniform(-1, 4, (FAR, 1)) * (upper - lower)
    points = function.minimiser(d) + reach * rng.standard_normal((FAR, d))
    values = function.formula(points)
    assert np.nanmin(np.where(np.isnan(values), np.inf, values)) >= function.minimum(d) - slack(function, d)
