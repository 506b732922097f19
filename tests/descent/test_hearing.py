"""Listening where a line search came to nothing: what it will ask is known before."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.bounds import Bounds
from blackbox.descent.hearing import after_nothing, listen
from blackbox.descent.probing import Iterate, slope_at
from blackbox.descent.terrain import Terrain
from tests.fakes.drive import drive
from tests.fakes.functions import sphere


@given(d=st.integers(1, 5), seed=st.integers(0, 10_000), precision=st.integers(0, 1), heard=st.booleans())
def test_what_comes_after_nothing_is_what_is_then_asked(d: int, seed: int, precision: int, heard: bool) -> None:
    rng = np.random.default_rng(seed)
    f, x = sphere(np.zeros(d)), rng.uniform(-1, 1, d)
    terrain = Terrain(Bounds(np.full(d, -1.0), np.full(d, 1.0)), np.full(d, 2.0))
    measured = 0.0 if heard else None
    now = Iterate(x, float(f(x[np.newaxis, :])[0]), rng.standard_normal(d), np.eye(d), 1.0, precision, 0, measured)
    asked = [] if heard else drive(listen(now, terrain), f).questions
    closer = now._replace(precision=precision + 1)
    asked += drive(slope_at(now.x, now.value, closer, terrain), f).questions
    assert np.array_equal(after_nothing(now, terrain), np.vstack(asked))


@pytest.mark.parametrize("level", [0.0, 1e-6])
def test_noise_is_heard_where_there_is_some_and_only_there(level: float) -> None:
    rng = np.random.default_rng(3)

    def f(points: np.ndarray) -> np.ndarray:
        return 1.0 + (points**2).sum(axis=-1) + level * rng.standard_normal(len(points))

    now = Iterate(np.full(3, 0.5), 1.75, np.ones(3), np.eye(3), 1.0, 0)
    heard = drive(listen(now, Terrain(Bounds.unbounded(3), np.ones(3))), f).result
    assert heard is not None
    measured = heard[0].measured
    assert measured is not None
    assert level / 10 <= measured <= 10 * level
