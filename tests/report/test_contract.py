"""The JSON contract and the words for a person, from answers made by hand."""

import json
from dataclasses import replace

import numpy as np
import pytest

import blackbox
from blackbox.answer.answer import Answer, Opened
from blackbox.core.stops import Stop
from blackbox.report.contract import answer_facts, answer_json
from blackbox.report.text import answer_lines, point, seconds


@pytest.fixture(scope="module")
def answer() -> Answer:
    return blackbox.minimize(lambda x: float(np.sum((x - [1.0, 2.0]) ** 2)), bounds=[(-5, None), (0, 4)], budget=2000)


def test_every_key_of_the_contract_is_there_and_in_full_precision(answer: Answer) -> None:
    facts = json.loads(answer_json(answer))
    assert facts["schema"] == "blackbox.answer/1"
    assert facts["x"] == [float(value) for value in answer.x]
    assert facts["value"] == answer.value
    assert facts["bounds"] == [[-5.0, None], [0.0, 4.0]]
    assert facts["direction"] == "minimize"
    assert facts["challenge"] is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_not_finite_is_null(answer: Answer, value: float) -> None:
    facts = json.loads(answer_json(replace(answer, value=value, noise=value)))
    assert facts["value"] is None
    assert facts["noise"] is None


def test_an_answer_without_a_point_says_why(answer: Answer) -> None:
    empty = replace(answer, x=None, value=float("nan"), stop=Stop.NO_FINITE_VALUE, reason="nothing came", minima=())
    assert answer_facts(empty)["x"] is None
    assert dict(answer_lines(empty))["minimum"] == "none: nothing came"


def test_a_maximum_is_called_one(answer: Answer) -> None:
    labels = [label for label, _ in answer_lines(replace(answer, maximize=True))]
    assert labels[0] == "maximum"


def test_failures_are_shown_with_their_reasons(answer: Answer) -> None:
    failing = replace(answer, evaluations=900, failed_evaluations=412, failures={"ValueError: math domain error": 412})
    told = dict(answer_lines(failing))["failed"]
    assert told == "412 of 900 evaluations failed: ValueError: math domain error"


def test_the_call_is_shown_as_found(answer: Answer) -> None:
    opened = Opened("c.pkl", "00", "pickle", None, "f(x)", 1)
    assert dict(answer_lines(replace(answer, challenge=opened)))["call"] == "f(x), 1 input"


def test_what_is_held_at_its_default_is_told_with_what_to_do(answer: Answer) -> None:
    opened = Opened("c.pkl", "00", "pickle", None, "f(x)", 1, held=("y = 2",), widening="--dimension 2")
    told = "f(x), 1 input; held at its default: y = 2; --dimension 2 searches it too"
    assert dict(answer_lines(replace(answer, challenge=opened)))["call"] == told
    assert json.loads(answer_json(replace(answer, challenge=opened)))["challenge"]["held"] == ["y = 2"]
    several = replace(opened, held=("y = 2", "mode = 'abs'"), widening="")
    told = "f(x), 1 input; held at their defaults: y = 2, mode = 'abs'"
    assert dict(answer_lines(replace(answer, challenge=several)))["call"] == told


def test_points_and_times_read_well() -> None:
    assert point(np.array([750.0, 500.0])) == "(750, 500)"
    assert point(np.arange(15.0)).endswith("… 3 more)")
    assert seconds(0.412) == "0.41 s"
    assert seconds(200) == "3 min 20 s"
