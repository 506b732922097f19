"""A class is graded, submissions of every quality and hostile ones: each has the score and the verdict it must have."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from blackbox.grading.jobs import BASELINE, Job, do_baseline
from blackbox.grading.suite import read_suite
from tests.grading.classroom import SUITE, graded, once, report
from tests.grading.hostile import HOSTILE
from tests.grading.hostile_too import HOSTILE_TOO
from tests.grading.quality import ITEMS, QUALITY, Case
from tests.locks import needs_lock

CASES = QUALITY | HOSTILE
PLAY = 1e-9


@pytest.fixture(scope="module")
def submissions(tmp_path_factory) -> dict[str, dict[str, Any]]:
    base = tmp_path_factory.getbasetemp()  # one for each process of pytest-xdist, whose parent is the run's
    place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "class"
    found = report(once(place, lambda place: graded(place, CASES)) / "out")
    assert found["finished"]
    return {submission["name"]: submission for submission in found["submissions"]}


def hold(found: dict[str, Any], case: Case) -> None:
    _, verdict, parts = case
    assert found["verdict"] == verdict, json.dumps(found, indent=1)
    assert [item["name"] for item in found["items"]] == list(ITEMS)
    for item in found["items"]:
        expected = parts.get(item["name"], 0.0)
        low, high = expected if isinstance(expected, tuple) else (expected, expected)
        assert low - PLAY <= item["score"] / item["max_score"] <= high + PLAY, json.dumps(item)


@pytest.mark.long
@needs_lock
def test_more_attacks_cost_their_own_items_alone(tmp_path) -> None:
    graded(tmp_path, HOSTILE_TOO)
    found = report(tmp_path / "out")["submissions"]
    assert [submission["name"] for submission in found] == sorted(HOSTILE_TOO)
    for submission in found:
        hold(submission, HOSTILE_TOO[submission["name"]])
        assert "FOUND" not in json.dumps(submission)


def test_there_are_enough_of_both_kinds() -> None:
    assert len(QUALITY) >= 20
    assert len(HOSTILE) >= 25


@needs_lock
@pytest.mark.parametrize("name", CASES)
def test_the_score_and_the_verdict_are_the_expected_ones(submissions, name: str) -> None:
    hold(submissions[name], CASES[name])
    assert "FOUND" not in json.dumps(submissions[name]) or name == "caches-between-items"


@needs_lock
def test_every_point_lost_has_a_reason_that_is_safe_to_show(submissions) -> None:
    for found in submissions.values():
        for item in found["items"]:
            assert bool(item["reason"]) == (item["score"] < item["max_score"])
            assert item["reason"].isprintable()
            assert len(item["reason"]) < 1000


@needs_lock
def test_a_solution_that_remembers_meets_a_fresh_process_at_every_instance(submissions) -> None:
    reasons = {item["name"]: item["reason"] for item in submissions["caches-between-items"]["items"]}
    assert all("FOUND" not in reasons[name] for name in ("descent", "global", "hidden"))
    assert "FOUND" in reasons["gradient-accuracy"]  # two places of one item are asked in one process


@needs_lock
def test_whoever_knows_the_public_answer_by_heart_earns_nothing_where_it_is_hidden(tmp_path) -> None:
    suite = read_suite(SUITE)
    public = suite.challenge("public-basins")
    answer = do_baseline(suite, Job("", public.id, 0, BASELINE))["at"]
    source = f"def minimize(f, bounds, budget):\n    return {answer}\n"
    graded(tmp_path, {"by-heart": (source, "graded", {})}, workers=1)
    (found,) = report(tmp_path / "out")["submissions"]
    scores = {item["name"]: item["score"] / item["max_score"] for item in found["items"]}
    assert scores["global"] == 1.0
    assert scores["hidden"] < 0.05


@needs_lock
def test_no_attack_left_a_file_behind(submissions) -> None:
    assert submissions
    assert not Path("/tmp/blackbox-hostile").exists()
