"""Which landings are the same minimum."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.asking import Landing
from blackbox.search.basins import distinct, value_levels

seeds = st.integers(0, 2**32 - 1)
counts = st.integers(1, 40)


def landings(seed: int, n: int, d: int = 2, minima: int = 5) -> list[Landing]:
    """Landings in a few places far apart, each met with a tiny error."""
    rng = np.random.default_rng(seed)
    places, heights = rng.uniform(-100, 100, (minima, d)), np.round(rng.uniform(-5, 5, minima), 2)
    made = []
    for which in rng.integers(0, minima, n):
        error = 1e-9 * rng.random()
        made.append(Landing(places[which] + error, float(heights[which] + 1e-13 * error), 1e-12, True, "restart"))
    return made


@given(seed=seeds, n=counts)
def test_the_hits_add_up_to_the_landings(seed: int, n: int) -> None:
    made = landings(seed, n)
    assert sum(basin.hits for basin in distinct(made)) == n
    assert sum(value_levels(made)) == n


@given(seed=seeds, n=counts)
def test_the_order_of_landing_does_not_matter(seed: int, n: int) -> None:
    made = landings(seed, n)
    shuffled = [made[i] for i in np.random.default_rng(seed).permutation(n)]
    assert value_levels(shuffled) == value_levels(made)
    one, other = distinct(made), distinct(shuffled)
    assert [(basin.value, basin.hits) for basin in one] == [(basin.value, basin.hits) for basin in other]
    assert all(np.allclose(a.point, b.point) for a, b in zip(one, other, strict=True))


@given(seed=seeds, n=counts)
def test_minima_come_lowest_first_and_are_as_many_as_there_are(seed: int, n: int) -> None:
    made = landings(seed, n)
    basins = distinct(made)
    truly = {tuple(np.round(landing.point, 3)) for landing in made}
    assert [basin.value for basin in basins] == sorted(basin.value for basin in basins)
    assert len(basins) == len(truly)
    assert basins[0].value == min(landing.value for landing in made)


def test_symmetric_copies_are_minima_apart_but_one_level() -> None:
    made = [Landing(np.array([side, 0.0]), 3.0, 1e-12, True, "restart") for side in (-1.0, 1.0, -1.0)]
    assert sorted(basin.hits for basin in distinct(made)) == [1, 2]
    assert value_levels(made) == [3]


def test_levels_count_from_the_lowest_value() -> None:
    values = [2.0, 1.0, 3.0, 1.0, 1.0, 3.0]
    assert value_levels([Landing(np.zeros(1), value, 0.0, True, "restart") for value in values]) == [3, 1, 2]


def test_a_wide_blur_joins_what_a_narrow_one_tells_apart() -> None:
    def levels(blur: float) -> int:
        made = [Landing(np.zeros(1), value, blur, True, "restart") for value in (1.0, 1.001)]
        return len(value_levels(made))

    assert levels(0.0) == 2
    assert levels(0.01) == 1


def test_no_landing_no_minimum() -> None:
    assert distinct([]) == []
    assert value_levels([]) == []
