"""Noise is told apart from memory."""

import numpy as np
import pytest

from blackbox.answer.repeats import MORE, Repeats, ask_again
from tests.fakes.drive import drive


def asked(answers: list[float]) -> Repeats:
    """What asking again says of a function that gives these answers in turn, the first one known already."""
    left = iter(answers[1:])
    driven = drive(ask_again(np.zeros(2), answers[0]), lambda points: np.array([next(left) for _ in points]))
    assert driven.result is not None
    return driven.result


def test_a_function_that_repeats_itself_is_asked_once() -> None:
    found = asked([1.5, 1.5])
    assert found.check.holds
    assert found.spread == 0


@pytest.mark.parametrize("seed", range(200))
def test_noise_is_never_taken_for_memory(seed: int) -> None:
    answers = np.random.default_rng(seed).normal(3.0, 0.1, 2 + MORE)
    found = asked(answers.tolist())
    assert not found.check.holds
    assert "noisy" in found.check.detail
    assert 0.01 < found.spread < 0.4


@pytest.mark.parametrize(
    "answers",
    [
        [float(k) for k in range(2 + MORE)],
        [-float(k) for k in range(2 + MORE)],
        [1.0, *[99.0] * (1 + MORE)],
        [1.0, *[float("nan")] * (1 + MORE)],
        [1.0, 2.0, 3.0, *[4.0] * (MORE - 1)],
    ],
)
def test_counters_drifts_and_spent_budgets_are_memory(answers: list[float]) -> None:
    found = asked(answers)
    assert not found.check.holds
    assert "remembers" in found.check.detail
    assert found.spread == 0
