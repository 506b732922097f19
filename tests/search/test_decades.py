"""A box that spans decades is searched by logarithm where f changes from decade to decade, and only there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Floats
from blackbox.core.bounds import Bounds
from blackbox.search.decades import Axes, Decades, by_decades, spanning
from blackbox.search.default import default_search
from blackbox.search.parts import Part
from tests.fakes.drive import Driven, Surface, drive

seeds = st.integers(0, 2**32 - 1)
dims = st.integers(1, 6)


def spans(rng: np.random.Generator, d: int, least: float = 3.2, most: float = 9.0) -> Bounds:
    """Bounds over so many decades, some of them below zero."""
    low = 10.0 ** rng.uniform(-9, 3, d)
    high = low * 10.0 ** rng.uniform(least, most, d)
    below = rng.random(d) < 0.3
    return Bounds(np.where(below, -high, low), np.where(below, -low, high))


def by_logarithm(target: Floats) -> Surface:
    """A bowl in decades."""
    return lambda x: np.sum(np.log10(np.abs(x) / np.abs(target)) ** 2, axis=-1)


def inside(rng: np.random.Generator, bounds: Bounds) -> Floats:
    """A point at even chances in every decade."""
    low, high = np.log(np.abs(bounds.lower)), np.log(np.abs(bounds.upper))
    return np.sign(bounds.lower) * np.exp(low + rng.uniform(0.05, 0.95, low.size) * (high - low))


@given(seed=seeds, d=dims)
def test_the_lens_shows_every_point_where_it_is_and_the_bounds_to_the_last_digit(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    bounds = spans(rng, d)
    axes = rng.random(d) < 0.7
    lens = Decades(bounds, axes)
    x = inside(rng, bounds)
    assert lens.outward(lens.inward(x)[np.newaxis])[0] == pytest.approx(x, rel=1e-13)
    ends = {tuple(row) for row in lens.outward(np.array([lens.bounds.lower, lens.bounds.upper])).T.tolist()}
    assert ends <= {tuple(pair) for pair in bounds.pairs()} | {tuple(pair[::-1]) for pair in bounds.pairs()}
    questions = lens.bounds.lower + rng.random((50, d)) * (lens.bounds.upper - lens.bounds.lower)
    assert bounds.contain(lens.outward(questions))
    step = 1e-6 * rng.random(d) * np.where(axes, 1.0, np.abs(x))
    moved = lens.outward((lens.inward(x) + step)[np.newaxis])[0]
    error = np.abs(moved - x) - lens.lengths(lens.inward(x), step)
    assert np.all(np.abs(error) <= 1e-11 * np.abs(x))


def test_only_wide_boxes_on_one_side_of_zero_span_decades() -> None:
    pairs = [(1e-3, 1.0), (1e-3, 0.9), (-1e4, -1.0), (-1.0, 1e9), (0.0, 1e9), (5.0, 5.0)]
    assert spanning(Bounds.from_pairs(pairs, 6)).tolist() == [True, False, True, False, False, False]
    assert not spanning(Bounds.from_pairs([(1e-3, 1.0), (1e-3, None)], 2)).any()


def told(f: Surface, bounds: Bounds, base: Floats) -> Driven[tuple[Axes, Floats]]:
    return drive(by_decades(base, spanning(bounds), bounds), f)


def test_of_inputs_whose_lower_decades_matter_most_are_told() -> None:
    """Not where the minimum lies midway between two of the places, which then have equal values."""
    rng, d = np.random.default_rng(1), 400
    bounds = spans(rng, d, least=4.0)
    driven = told(by_logarithm(inside(rng, bounds)), bounds, inside(rng, bounds))
    assert driven.result is not None
    axes, best = driven.result
    assert np.mean(axes) >= 0.9
    assert driven.evaluations == 5 * d
    assert driven.best_point is not None
    assert best.tolist() == driven.best_point.tolist()


@given(seed=seeds, d=dims, waves=st.booleans())
def test_a_small_lower_bound_that_only_keeps_zero_out_is_none_of_them(seed: int, d: int, waves: bool) -> None:
    rng = np.random.default_rng(seed)
    bounds = Bounds(np.full(d, 10.0 ** rng.uniform(-12, -8)), rng.uniform(1, 10, d))
    middle = rng.uniform(0.3, 0.9, d) * bounds.upper

    def even(x: Floats) -> Floats:
        return np.sum((x - middle) ** 2 + waves * np.sin(20 * (x - middle) / bounds.upper) ** 2, axis=-1)

    driven = told(even, bounds, bounds.upper / 2)
    assert driven.result is not None
    assert not driven.result[0].any()


def test_where_f_fails_on_lower_decades_nothing_is_told() -> None:
    bounds = Bounds.from_pairs([(1e-4, 1e4)], 2)
    f = by_logarithm(np.array([1.0, 1.0]))
    driven = told(lambda x: np.where(x[:, 0] < 1e-3, np.nan, f(x)), bounds, np.array([1.0, 1.0]))
    assert driven.result is not None
    assert driven.result[0].tolist() == [False, True]


@given(seed=seeds, d=st.integers(2, 6))
def test_a_bowl_in_decades_takes_as_little_as_any_bowl(seed: int, d: int) -> None:
    """Without the lens it takes hundreds of evaluations an input."""
    rng = np.random.default_rng(seed)
    bounds = spans(rng, d, least=6.0)
    target = inside(rng, bounds)
    f = by_logarithm(target)
    driven = drive(default_search(bounds, None, np.random.default_rng(seed)), f, limit=60 * d, enough=1e-6 * d)
    assert driven.topics[0] == "decades"
    assert bounds.contain(driven.points)
    assert driven.evaluations <= 40 * d
    plain = default_search(bounds, None, np.random.default_rng(seed), [Part.DECADES])
    assert driven.evaluations < drive(plain, f, limit=60 * d, enough=1e-6 * d).evaluations
