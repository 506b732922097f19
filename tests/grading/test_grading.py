"""Grading as a whole: the same on any number of workers, nothing done twice, reports in every form."""

import csv
import json
import sqlite3
from pathlib import Path
from xml.etree import ElementTree

import pytest

from blackbox.core.errors import UsageError
from blackbox.grading.grade import GradeOptions, grade
from blackbox.grading.outputs import file_name
from blackbox.grading.store import Store
from tests.grading.classroom import SUITE, first_difference, report, write
from tests.grading.quality import ITEMS, QUALITY
from tests.locks import needs_lock

FEW = {name: QUALITY[name] for name in ("careful", "coarse-step", "raises")} | {
    "=HYPERLINK(1)": ("x = 1\n", "graded", {}),
    "broken": ("def f(:\n", "unreadable", {}),
}
BASELINES, ENTRIES = 3, 4
"""Jobs of the small suite: one an instance, and one an entry at an instance."""


def options(out: Path, **more) -> GradeOptions:
    return GradeOptions(suite=SUITE, out=out, **more)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A graded class: `in`, and its results in `out`."""
    place = tmp_path_factory.mktemp("few")
    write(place / "in", FEW)
    (place / "in" / "void").mkdir()
    grade(place / "in", options(place / "out"))
    return place


@needs_lock
def test_any_number_of_workers_comes_to_the_same_report(folder: Path, tmp_path: Path) -> None:
    grade(folder / "in", options(tmp_path / "out", workers=3))
    assert not first_difference(report(folder / "out"), report(tmp_path / "out"))


@needs_lock
def test_a_resumed_grading_does_only_what_is_left(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "in", {"careful": FEW["careful"]})
    done: list[str] = []
    grade(tmp_path / "in", options(tmp_path / "out"), lambda *told: done.append(told[2]))
    assert len(done) == BASELINES + ENTRIES
    grade(tmp_path / "in", options(tmp_path / "out", resume=True), lambda *told: done.append(told[2]))
    assert len(done) == BASELINES + ENTRIES
    write(tmp_path / "in", {"raises": FEW["raises"]})
    grade(tmp_path / "in", options(tmp_path / "out", resume=True), lambda *told: done.append(told[2]))
    assert len(done) == BASELINES + 2 * ENTRIES
    (tmp_path / "in" / "careful.py").write_text(FEW["careful"][0] + "# changed\n")
    found = grade(tmp_path / "in", options(tmp_path / "out", resume=True), lambda *told: done.append(told[2]))
    assert len(done) == BASELINES + 3 * ENTRIES
    assert [graded.verdict for graded in found.submissions] == ["graded", "faulty"]


@needs_lock
def test_the_same_bytes_are_judged_once(tmp_path: Path) -> None:
    write(tmp_path / "in", {"one": FEW["coarse-step"], "two": FEW["coarse-step"]})
    done: list[str] = []
    found = grade(tmp_path / "in", options(tmp_path / "out"), lambda *told: done.append(told[2]))
    assert len(done) == BASELINES + ENTRIES
    assert found.submissions[0].score == found.submissions[1].score > 0


@needs_lock
def test_a_report_exists_before_anything_is_graded(tmp_path: Path) -> None:
    write(tmp_path / "in", {"careful": FEW["careful"]})

    def stop(*_) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade(tmp_path / "in", options(tmp_path / "out"), stop)
    found = report(tmp_path / "out")
    assert not found["finished"]
    assert [submission["verdict"] for submission in found["submissions"]] == ["pending"]


@needs_lock
def test_results_of_another_grading_are_not_mixed_in(folder: Path) -> None:
    with pytest.raises(UsageError, match="go on with --resume"):
        grade(folder / "in", options(folder / "out"))
    with pytest.raises(UsageError, match="suite differ"):
        grade(folder / "in", options(folder / "out", resume=True, seed=77))


def test_two_graders_do_not_write_to_one_folder(tmp_path: Path) -> None:
    with Store(tmp_path, {"suite": "a"}, resume=False), pytest.raises(UsageError, match="Another grader"):
        Store(tmp_path, {"suite": "a"}, resume=True)


@needs_lock
def test_the_database_holds_every_item(folder: Path) -> None:
    with sqlite3.connect(folder / "out" / "results.sqlite") as file:
        assert file.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert file.execute("SELECT count(*) FROM items").fetchone() == (len(ITEMS) * len(FEW),)


@needs_lock
def test_an_unreadable_submission_has_rows_with_its_reason(folder: Path) -> None:
    found = {submission["name"]: submission for submission in report(folder / "out")["submissions"]}
    assert found["void"]["verdict"] == found["broken"]["verdict"] == "unreadable"
    assert len(found["void"]["items"]) == len(ITEMS)
    assert all("no solution.py" in item["reason"] for item in found["void"]["items"])
    assert "SyntaxError" in found["broken"]["reason"]


@needs_lock
def test_every_form_tells_the_same_scores(folder: Path) -> None:
    out = folder / "out"
    told = {submission["name"]: submission for submission in report(out)["submissions"]}
    with (out / "scores.csv").open() as file:
        rows = {row["name"].lstrip("'"): row for row in csv.DictReader(file)}
    cases = ElementTree.parse(out / "junit.xml").getroot()
    for name, found in told.items():
        assert float(rows[name]["score"]) == pytest.approx(found["score"], abs=1e-4)
        assert sum(item["score"] for item in found["items"]) == pytest.approx(found["score"])
        scope = json.loads((out / "gradescope" / file_name(name) / "results.json").read_text())
        assert scope["score"] == found["score"]
        assert {test["visibility"] for test in scope["tests"]} == {"visible", "after_published"}
        page = (out / "pages" / f"{file_name(name)}.md").read_text()
        assert f"{found['score']:.2f} of 100 points" in page
        node = next(suite for suite in cases if suite.get("name") == name)
        passed = [case for case in node if not list(case)]
        assert len(passed) == sum(item["status"] == "pass" for item in found["items"])


@needs_lock
def test_no_cell_is_a_formula_and_no_name_leaves_the_folder(folder: Path) -> None:
    with (folder / "out" / "items.csv").open() as file:
        for row in csv.reader(file):
            assert not row[0].startswith(("=", "+", "-", "@"))
    assert "/" not in file_name("../../etc")
    assert file_name("a b") != file_name("a/b")
    assert file_name("anna") == "anna"


SLOPE = """
schema = "blackbox.suite/1"
seconds = 2
[rubric]
{item} = 10
[[challenges]]
id = "slope"
items = ["{item}"]
dimension = 2
budget = 60
bounds = [[-1.0, 1.0], [-1.0, 1.0]]
source = '''
import os

def f(x):
    if abs(x[0]) > 100:
        os._exit(1)
    return x[0] + x[1]
'''
"""


def only(tmp_path: Path, item: str, source: str):
    """The one item of the one submission."""
    (tmp_path / "suite.toml").write_text(SLOPE.format(item=item))
    write(tmp_path / "in", {"one": (source, "", {})})
    out = tmp_path / "out"
    found = grade(tmp_path / "in", GradeOptions(suite=tmp_path / "suite.toml", out=out))
    (item_found,) = found.submissions[0].items
    return item_found.mark


@needs_lock
@pytest.mark.parametrize("item", ["global", "bounds"])
def test_a_result_outside_the_bounds_is_none_however_low(tmp_path: Path, item: str) -> None:
    mark = only(tmp_path, item, "def minimize(f, bounds, budget):\n    return [-50.0, -50.0]\n")
    assert mark.fraction == 0
    assert "outside the bounds" in mark.reason


@needs_lock
def test_questions_outside_the_bounds_cost_their_part(tmp_path: Path) -> None:
    source = (
        "def minimize(f, bounds, budget):\n    f([-5, 0]), f([0, 0]), f([0, 1]), f([-1, -1])\n    return [-1, -1]\n"
    )
    mark = only(tmp_path, "bounds", source)
    assert mark.fraction == pytest.approx(0.75)
    assert "bounds-left: 1 of the points" in mark.reason


@needs_lock
def test_who_kills_the_secret_function_loses_that_item_alone(tmp_path: Path) -> None:
    source = "def minimize(f, bounds, budget):\n    return [f([1000 + i, 0]) for i in range(9)][:2]\n"
    mark = only(tmp_path, "global", source)
    assert mark.fraction == 0
    assert "the secret function died" in mark.reason
