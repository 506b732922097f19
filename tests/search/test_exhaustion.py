"""A spent oracle is told from a plateau and from a hole."""

import numpy as np
import pytest

from blackbox.core.stops import Stop
from tests.fakes.plans import search


class Tired:
    """Answers like a bowl until so many questions, then always the same."""

    def __init__(self, patience: int, last: float) -> None:
        self.left, self.last = patience, last

    def __call__(self, points: np.ndarray) -> np.ndarray:
        values = []
        for point in points:
            self.left -= 1
            values.append(self.last if self.left < 0 else float(((point - 1) ** 2).sum() + 2))
        return np.array(values)


@pytest.mark.parametrize("last", [-1.0, 0.0, 1e9, np.nan])
@pytest.mark.parametrize("patience", [3, 40, 300])
@pytest.mark.parametrize("pairs", [None, [(-3, 4)]])
def test_what_it_says_from_then_on_is_void(last: float, patience: int, pairs) -> None:
    driven = search(Tired(patience, last), 2, pairs)
    assert driven.result.stop is Stop.BUDGET
    assert driven.evaluations < patience + 80
    assert driven.evaluations - driven.result.void.evaluations <= patience
    assert driven.evaluations - driven.result.void.evaluations >= patience - 3


def test_plateaus_and_holes_are_not_taken_for_it() -> None:
    for f in (
        lambda p: np.minimum((p**2).sum(axis=1), 4.0),
        lambda p: np.where(np.abs(p).max(axis=1) < 0.5, p[:, 0], np.nan),
        lambda p: np.zeros(len(p)),
    ):
        driven = search(f, 2, [(-9, 8)], limit=5_000)
        assert driven.result is None or driven.result.stop is not Stop.BUDGET
