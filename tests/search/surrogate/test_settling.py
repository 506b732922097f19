"""The batched descent finds minima within its box."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from blackbox.search.surrogate.settling import settle


@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_a_bowl_is_settled_at_its_lowest_point_within_the_box(seed: int, p: int) -> None:
    rng = np.random.default_rng(seed)
    weights, centre = 10.0 ** rng.uniform(-1, 1, p), rng.uniform(-0.5, 1.5, p)

    def bowl(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        away = points - centre
        return (away**2) @ weights, 2 * weights * away

    points, values = settle(bowl, rng.random((3, p)), (np.zeros(p), np.ones(p)), 60)
    assert np.allclose(points, np.clip(centre, 0, 1), atol=1e-3)
    assert np.allclose(values, bowl(points)[0])


@given(st.integers(0, 2**32 - 1))
def test_no_descent_ends_above_its_start_or_outside(seed: int) -> None:
    rng = np.random.default_rng(seed)
    turns = rng.uniform(1, 30, 3)

    def waves(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.sin(turns * points).sum(axis=1), turns * np.cos(turns * points)

    starts = rng.random((5, 3))
    points, values = settle(waves, starts, (np.zeros(3), np.ones(3)), 15)
    assert np.all(values <= waves(starts)[0])
    assert np.all((points >= 0) & (points <= 1))


def test_values_that_are_not_finite_are_no_progress() -> None:
    def cliff(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values = np.where(points[:, 0] < 0.5, np.nan, points[:, 0])
        return values, np.ones_like(points)

    points, values = settle(cliff, np.array([[0.9]]), (np.zeros(1), np.ones(1)), 60)
    assert 0.5 <= points[0, 0] < 0.9
    assert values[0] == points[0, 0]
