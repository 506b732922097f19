"""The trial that tells how a function is called is the search's first question, where both can be the same point."""

from pathlib import Path

import numpy as np
import pytest

import blackbox
from blackbox.core.bounds import golden_cut
from blackbox.oracle.journal import Journal

FIBONACCI = [1, 1]
while len(FIBONACCI) < 40:
    FIBONACCI.append(FIBONACCI[-1] + FIBONACCI[-2])


def written(folder: Path, body: str) -> str:
    (folder / "f.py").write_text(f"import math\n\n\ndef f(x):\n    return {body}\n")
    return f"{folder / 'f.py'}:f"


@pytest.mark.parametrize("questions", [6, 9, 14])
@pytest.mark.parametrize("lowest", [0.0, 0.07, 0.3141, 0.5, 0.93, 1.0])
def test_few_questions_are_within_one_of_fibonaccis_promise(tmp_path: Path, lowest: float, questions: int) -> None:
    place = written(tmp_path, f"math.fabs(x - {lowest}) if x < {lowest} else 3 * math.sqrt(x - {lowest})")
    answer = blackbox.solve(place, bounds=[(0, 1)], budget=questions, journal=tmp_path / "run")
    assert answer.evaluations == questions
    assert answer.effort["calling"] == 1  # two inputs at once had to be tried
    assert abs(answer.x[0] - lowest) <= 1 / FIBONACCI[questions - 1]


def test_with_the_number_of_inputs_given_no_question_is_lost(tmp_path: Path) -> None:
    answer = blackbox.solve(
        written(tmp_path, "(x - 1) ** 2"), bounds=[(0, 3)], dimension=1, budget=5, journal=tmp_path / "run"
    )
    assert (answer.evaluations, answer.effort) == (5, {"narrowing": 5})
    with Journal(tmp_path / "run") as journal:
        assert journal.stored().points[0, 0] == golden_cut(0, 3)


def test_a_start_is_asked_once(tmp_path: Path) -> None:
    place = written(tmp_path, "(x[0] - 1) ** 2 + abs(x[1])")
    answer = blackbox.solve(place, start=[4, 5], budget=60, journal=tmp_path / "run")
    assert "calling" not in answer.effort
    with Journal(tmp_path / "run") as journal:
        points = journal.stored().points
    assert np.flatnonzero((points == [4, 5]).all(axis=1)).tolist() == [0]
    again = blackbox.solve(place, start=[4, 5], budget=60, journal=tmp_path / "run", resume=True)
    assert (again.evaluations, again.value, again.x.tolist()) == (answer.evaluations, answer.value, answer.x.tolist())
