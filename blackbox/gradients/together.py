"""Several generators side by side: their questions become one batch, so that many workers can answer at once."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from blackbox.core.asking import Asking, Points

T = TypeVar("T")


def together(askings: Sequence[Asking[T]]) -> Asking[list[T]]:
    """The results in order. Asks exactly what the generators ask; they may announce nothing."""
    results: dict[int, T] = {}
    answers: dict[int, Points | None] = dict.fromkeys(range(len(askings)))
    while answers:
        questions: dict[int, Points] = {}
        for index, answer in answers.items():
            try:
                question = next(askings[index]) if answer is None else askings[index].send(answer)
                assert isinstance(question, np.ndarray)
                questions[index] = question
            except StopIteration as finished:
                results[index] = finished.value
        if not questions:
            break
        values = yield np.ascontiguousarray(np.vstack(list(questions.values())))
        ends = np.cumsum([len(question) for question in questions.values()])
        answers = dict(zip(questions, np.split(values, ends[:-1]), strict=True))
    return [results[index] for index in range(len(askings))]
