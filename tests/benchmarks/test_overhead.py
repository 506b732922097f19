"""What is timed is the search and nothing else: the run that is replayed is the run that was made."""

from collections.abc import Callable

import numpy as np
import pytest

from benchmarks.overhead import BATCH, Cost, cost, in_batches, one_at_a_time, record, replay
from benchmarks.problem import Problem
from benchmarks.suites import classic
from blackbox.core.asking import Asking, Points

EVALUATIONS = 600


@pytest.fixture(name="problem")
def _problem() -> Problem:
    return classic.problem("rosenbrock", 2, 101)


@pytest.mark.parametrize("search", [one_at_a_time, in_batches])
def test_a_replay_asks_the_questions_of_the_record(
    search: Callable[[Problem], Asking[object]], problem: Problem
) -> None:
    told = record(search(problem), problem, EVALUATIONS)
    asked: list[Points] = []

    def listening() -> Asking[object]:
        asking = search(problem)
        question = next(asking)
        while True:
            if isinstance(question, np.ndarray):
                asked.append(question)
                question = asking.send((yield question))
            else:
                yield question
                question = next(asking)

    replay(listening(), told.answers)
    assert len(asked) >= len(told.questions)
    assert all(np.array_equal(one, other) for one, other in zip(asked, told.questions, strict=False))


def test_a_record_ends_with_the_question_that_reaches_its_evaluations(problem: Problem) -> None:
    told = record(in_batches(problem), problem, 2 * BATCH + 1)
    assert [len(question) for question in told.questions] == [BATCH] * 3
    assert told.evaluations == 3 * BATCH


def test_the_ratio_is_that_to_the_empty_loop(problem: Problem) -> None:
    assert Cost(6.0, 2.0).times == 3.0
    measured = cost(one_at_a_time, problem, EVALUATIONS, repeats=1)
    assert measured.times * measured.empty == pytest.approx(measured.search)
