"""A formula whose large terms cancel is wrong by far more than rounding; the walk hears it and steps wider."""

import numpy as np
import pytest

from blackbox.core.asking import Floats
from blackbox.core.bounds import Bounds
from blackbox.descent.quasi_newton import quasi_newton
from blackbox.descent.terrain import Terrain
from tests.fakes.drive import drive, value_at
from tests.fakes.functions import ill_conditioned


@pytest.mark.parametrize("d", [2, 5, 10])
def test_a_quadratic_of_condition_1e6_in_expanded_form_is_walked_to_its_noise(d: int) -> None:
    for seed in range(10):
        rng = np.random.default_rng(seed)
        matrix, center = ill_conditioned(d, 1e6, rng), rng.uniform(-4, 4, d)

        def f(x: Floats, matrix: Floats = matrix, center: Floats = center) -> Floats:
            away = x - center
            return np.einsum("...i,ij,...j->...", away, matrix, away) / 2

        start = rng.uniform(-5, 5, d)
        terrain = Terrain(Bounds(np.full(d, -5.0), np.full(d, 5.0)), np.full(d, 10.0))
        driven = drive(quasi_newton(start, value_at(f, start), terrain), f, limit=1000 * d)
        assert driven.best < 1e-4


def test_noise_is_listened_for_only_once() -> None:
    """A noisy paraboloid: the walk measures the noise, steps wide, and ends within it."""
    rng = np.random.default_rng(0)

    def f(x: Floats) -> Floats:
        return np.sum((x - 1.0) ** 2, axis=-1) + 1e-6 * rng.standard_normal(x.shape[:-1])

    terrain = Terrain(Bounds.unbounded(3), np.ones(3))
    driven = drive(quasi_newton(np.array([4.0, -3.0, 2.0]), 30.0, terrain), f, limit=5000)
    assert driven.result is not None
    assert np.allclose(driven.result.point, 1.0, atol=3e-2)
    assert sum(len(question) == 7 for question in driven.questions) == 1
