"""A product of functions of one variable each gives up its best basin, whatever its signs."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Floats
from blackbox.search.axis_search import PARABOLAS, ROUNDS
from blackbox.search.landing import Start
from blackbox.search.product_search import lowest_product, product_search
from blackbox.search.regions import Region
from tests.fakes.drive import Driven, Surface, drive, value_at

seeds = st.integers(0, 2**32 - 1)

Factor = Callable[[Floats], Floats]


def factors(d: int, rng: np.random.Generator) -> list[Factor]:
    """Waves of both signs, or of one, each higher on one side."""

    def factor(tilt: float, wave: float, phase: float, lift: float) -> Factor:
        return lambda t: lift + (1 + tilt * t) * np.sin(wave * t + phase)

    return [
        factor(rng.uniform(0.02, 0.08), rng.uniform(0.5, 2), rng.uniform(0, 6), rng.choice([0.0, 2.0]))
        for _ in range(d)
    ]


def surface_of(parts: list[Factor]) -> Surface:
    return lambda x: np.prod([part(x[..., axis]) for axis, part in enumerate(parts)], axis=0)


def search(f: Surface, d: int, seed: int) -> Driven[Start]:
    rng = np.random.default_rng(seed)
    start = rng.uniform(-5, 5, d)
    begin = Start(start, value_at(f, start))
    return drive(product_search(begin, Region(np.full(d, -5.0), np.full(d, 5.0)), rng), f)


@given(seed=seeds, d=st.integers(2, 6))
def test_the_lowest_product_is_found(seed: int, d: int) -> None:
    parts = factors(d, np.random.default_rng(seed))
    grid = np.linspace(-5, 5, 20_001)
    ends = [(float(part(grid).min()), float(part(grid).max())) for part in parts]
    lowest = min(float(np.prod(choice)) for choice in product(*ends))
    driven = search(surface_of(parts), d, seed)
    assert driven.result is not None
    assert driven.result.value <= lowest + 1e-3 * abs(lowest)
    assert driven.result.value == driven.best == value_at(surface_of(parts), driven.result.point)
    assert driven.evaluations <= (3 + sum(ROUNDS) + PARABOLAS * len(ROUNDS)) * d + len(ROUNDS)
    assert np.all(np.abs(driven.points) <= 5)


def test_what_is_no_product_is_left_early() -> None:
    driven = search(lambda x: np.sum(x**2, axis=-1) + x[..., 0] * x[..., 1], 3, 1)
    assert driven.result is not None
    assert driven.evaluations < 60
    assert driven.result.value == driven.best


@pytest.mark.parametrize("offset", [1e3, 1e6, 1e9])
def test_beside_a_large_constant_what_is_no_product_is_left_early(offset: float) -> None:
    driven = search(lambda x: offset + x[..., 0] * x[..., 1] + (x[..., 2] - x[..., 0] ** 2) ** 2, 3, 1)
    assert driven.evaluations < 60


@given(seed=seeds)
def test_what_is_a_product_in_half_the_box_or_has_no_value_there_loses_nothing(seed: int) -> None:
    def elsewhere(other: Surface) -> Surface:
        return lambda x: np.where(x[..., 0] + x[..., 1] > 0, other(x), np.prod(x, axis=-1))

    for other in (lambda x: np.sum(x**2, axis=-1), lambda x: np.full(x.shape[:-1], np.nan)):
        f = elsewhere(other)
        driven = search(f, 3, seed)
        assert driven.result is not None
        lowest = min(driven.best, value_at(f, np.random.default_rng(seed).uniform(-5, 5, 3)))
        assert np.isnan(lowest) or driven.result.value <= lowest or np.isnan(driven.result.value)


@pytest.mark.parametrize("unit", [1e-300, 1e300, -1e300])
def test_numbers_near_the_ends_of_floats_do_no_harm(unit: float) -> None:
    driven = search(lambda x: unit * np.prod(np.sin(3 * x) * (1 + x / 20), axis=-1), 3, 2)
    assert driven.result is not None
    assert driven.result.value == driven.best


@pytest.mark.parametrize("f", [lambda x: 0 * x[..., 0], lambda x: np.full(x.shape[:-1], np.nan)])
def test_where_there_is_nothing_to_multiply_the_incumbent_is_kept(f: Surface) -> None:
    driven = search(f, 2, 0)
    assert driven.result is not None
    assert driven.result.point.tolist() == np.random.default_rng(0).uniform(-5, 5, 2).tolist()


def test_a_product_that_is_no_number_is_not_the_lowest() -> None:
    places, _ = lowest_product(1e-300, [((0.0, 1e10), (1.0, 1e20)), ((0.0, 0.0), (1.0, 1e-300))])
    assert places[1] == 1.0


@given(
    value=st.floats(0.1, 10).flatmap(lambda v: st.sampled_from([v, -v])),
    ends=st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=1, max_size=7),
)
def test_of_all_combinations_of_ends_the_lowest_is_chosen(value: float, ends: list[tuple[float, float]]) -> None:
    extremes = [((0.0, min(pair)), (1.0, max(pair))) for pair in ends]
    places, values = lowest_product(value, extremes)
    assert [dict(line)[place] for line, place in zip(extremes, places, strict=True)] == values
    lowest = min(value * float(np.prod(np.array(choice) / value)) for choice in product(*ends))
    assert value * float(np.prod(np.array(values) / value)) == pytest.approx(lowest, rel=1e-9, abs=1e-12)


def test_a_line_whose_lowest_value_is_0_tells_no_factor() -> None:
    """What is found there may be a little more than the product, and is divided by nothing."""

    def f(x: Floats) -> Floats:
        low = np.all(np.abs(x) < 4, axis=-1)
        return np.where(low, 1e-12, np.prod(np.maximum(np.abs(x) - 4, 0), axis=-1))

    for seed in range(20):
        rng = np.random.default_rng(seed)
        start = rng.choice([-1, 1], 3) * rng.uniform(4.5, 5, 3)
        region = Region(np.full(3, -5.0), np.full(3, 5.0))
        driven = drive(product_search(Start(start, value_at(f, start)), region, rng), f)
        assert driven.result is not None
        assert driven.result.value == driven.best
