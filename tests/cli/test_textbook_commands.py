"""`gradient`, `descend`, `rates` and `compare` as a person and as a program use them."""

import csv
from pathlib import Path

import numpy as np
import pytest

from tests.cli import functions
from tests.cli.command import pack, run

ROOT = Path(__file__).parents[2]
WAVE = ROOT / "challenges" / "bowl-and-wave" / "challenge.pkl"


def test_gradient_tells_the_contract(tmp_path: Path) -> None:
    path = pack(tmp_path / "c.pkl", functions.bowl)
    told = run(
        "gradient", path, "--at", "3,-1", "--direction", "1,1", "--hessian", "--check", "0,0", "--json", state=tmp_path
    ).json
    keys = {
        "schema", "x", "value", "method", "gradient", "error", "evaluations", "directional", "hessian", "eigenvalues",
        "kind", "check",
    }  # fmt: skip
    assert set(told) >= keys
    assert told["schema"] == "blackbox.gradient/1"
    assert told["kind"] == "minimum"
    assert np.allclose(told["hessian"], [[2, 0], [0, 4]], atol=1e-5)
    assert np.all(np.abs(told["gradient"]) <= told["error"])
    assert set(told["directional"]) == {"direction", "value", "error"}
    assert told["check"]["holds"] is True
    assert told["check"]["fault"] is None


@pytest.mark.parametrize("method", ["neighbour", "forward", "backward", "central", "richardson"])
def test_every_gradient_method_works_over_a_worker(tmp_path: Path, method: str) -> None:
    path = pack(tmp_path / "c.pkl", functions.bowl)
    told = run("gradient", path, "--at", "1,2", "--method", method, "--json", state=tmp_path).json
    error = np.abs(np.subtract(told["gradient"], [-4, 12]))
    assert np.all(error <= np.array(told["error"]) + 1e-9)
    assert told["kind"] == "not-critical"
    assert told["hessian"] is None


def test_a_complex_step_over_a_worker_is_exact_to_rounding(tmp_path: Path) -> None:
    told = run("gradient", "x**3*y + 2*x", "--at", "1,2", "--method", "complex-step", "--json", state=tmp_path).json
    assert told["method"] == "complex-step"
    assert np.all(np.abs(np.subtract(told["gradient"], [8, 1])) <= told["error"])
    assert max(told["error"]) < 1e-13
    assert told["notes"] == []


def test_a_complex_step_of_an_expression_knows_the_usual_functions(tmp_path: Path) -> None:
    text = "sin(x)*y + log(x, 3) + sqrt(y)"
    told = run("gradient", text, "--at", "1,2", "--method", "complex-step", "--json", state=tmp_path).json
    wanted = [2 * np.cos(1) + 1 / np.log(3), np.sin(1) + 1 / np.sqrt(8)]
    assert np.all(np.abs(np.subtract(told["gradient"], wanted)) <= told["error"])


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["math.sin(x) * y"], "needs a function that takes complex numbers: TypeError"),
        (["x * y", "--step", "0.1"], "step=0.1: a complex step takes neither"),
    ],
)
def test_a_complex_step_of_what_takes_no_complex_numbers_is_refused_honestly(tmp_path: Path, words, complaint) -> None:
    ran = run("gradient", *words, "--at", "1,2", "--method", "complex-step", state=tmp_path)
    assert ran.code == 2
    assert complaint in ran.err


def test_a_point_without_a_number_is_exit_code_5_and_json_all_the_same(tmp_path: Path) -> None:
    ran = run("gradient", "sqrt(x) + y", "--at", "-1,2", "--json", state=tmp_path)
    assert ran.code == 5
    assert ran.json["gradient"] == ran.json["error"] == [None, None]
    assert ran.json["value"] is None
    assert "no finite number" in ran.json["notes"][0]
    rates = run("rates", "sqrt(x) + y", "--start", "-1,2", "--json", state=tmp_path)
    assert rates.code == 5
    assert all(rate["steps"] == [] for rate in rates.json["rates"])


def test_a_study_that_is_cut_short_keeps_the_walks_so_far(tmp_path: Path) -> None:
    words = ["rates", "(x - 1)**2 + 0.1", "--start", "-0.8", "--budget", "60"]
    told = run(*words, "--json", state=tmp_path).json
    assert [rate["learning_rate"] for rate in told["rates"]] == [1.1, 1.0]
    assert len(told["rates"][0]["steps"]) == 11
    assert 0 < len(told["rates"][1]["steps"]) < 11
    assert told["stop"] == "budget"
    assert told["evaluations"] == 60
    assert "2 of 7 rates: the budget of 60 evaluations is spent" in run(*words, state=tmp_path).out


def test_a_wrong_claim_is_explained(tmp_path: Path) -> None:
    path = pack(tmp_path / "c.pkl", functions.bowl)
    ran = run("gradient", path, "--at", "1,2", "--check", "4,-12", state=tmp_path)
    assert ran.code == 0
    assert "FAILS: the sign of x1, x2 is wrong" in ran.out


def test_descend_reproduces_the_16_step_table(tmp_path: Path) -> None:
    words = ["descend", WAVE, "--start", "3,1", "--learning-rate", "0.1", "--target", "1e-2"]
    ran = run(*words, "--csv", tmp_path / "walk.csv", state=tmp_path)
    lines = ran.out.splitlines()
    assert "(0.105553, 0.063481)  0.015166" in lines[16]
    assert "(0.084442, 0.050819)  0.009711" in lines[17]
    assert "target after 16 steps" in lines[18]
    with (tmp_path / "walk.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 17
    assert float(rows[0]["x1"]) == 3
    assert rows[0]["learning_rate"] == ""
    told = run(*words, "--json", state=tmp_path).json
    assert told["schema"] == "blackbox.walk/1"
    assert told["stop"] == "target"
    assert [step["value"] for step in told["steps"]] == [float(row["value"]) for row in rows]
    assert set(told["steps"][0]) == {"step", "x", "value", "slope", "learning_rate"}
    assert set(told) == {"schema", "method", "steps", "stop", "reason", "evaluations"}


@pytest.mark.parametrize(("name", "magic"), [("walk.png", b"\x89PNG"), ("walk.svg", b"<?xml")])
def test_descend_draws_the_walk(tmp_path: Path, name: str, magic: bytes) -> None:
    ran = run("descend", WAVE, "--start", "3,1", "--steps", "5", "--plot", tmp_path / name, state=tmp_path)
    assert ran.code == 0
    assert (tmp_path / name).read_bytes().startswith(magic)


def test_the_picture_costs_the_walk_no_evaluations_and_its_name_must_fit(tmp_path: Path) -> None:
    words = ["descend", WAVE, "--start", "3,1", "--steps", "5"]
    drawn = run(*words, "--json", "--plot", tmp_path / "a.svg", state=tmp_path)
    assert drawn.json == run(*words, "--json", state=tmp_path).json
    wrong = run(*words, "--plot", tmp_path / "a.gif", state=tmp_path)
    assert wrong.code == 2
    assert "must end in .png or .svg" in wrong.err


def test_an_unknown_method_lists_those_there_are(tmp_path: Path) -> None:
    ran = run("descend", WAVE, "--start", "3,1", "--method", "levitation", state=tmp_path)
    assert ran.code == 2
    assert "nelder-mead" in ran.err


def test_a_start_that_gives_no_number_is_exit_code_5(tmp_path: Path) -> None:
    path = pack(tmp_path / "c.pkl", functions.half_missing)
    ran = run("descend", path, "--start", "1,1", "--json", state=tmp_path)
    assert ran.code in (3, 5)


def test_rates_names_each_kind_and_recommends_one(tmp_path: Path) -> None:
    path = pack(tmp_path / "c.pkl", functions.shifted_square)
    words = ["rates", path, "--start", "-0.8"]
    told = run(*words, "--json", "--plot", tmp_path / "rates.png", state=tmp_path).json
    assert told["schema"] == "blackbox.rates/1"
    kinds = [rate["kind"] for rate in told["rates"]]
    assert kinds == ["diverges", "oscillates", "alternates", "alternates", "converges", "converges", "slow"]
    assert told["recommended"] in (0.4, 0.6)
    assert len(told["rates"][0]["steps"]) == 11
    assert (tmp_path / "rates.png").read_bytes().startswith(b"\x89PNG")
    assert "← recommended" in run(*words, state=tmp_path).out


def test_compare_tells_the_contract_and_shows_failures(tmp_path: Path) -> None:
    words = ["compare", WAVE, "--methods", "blackbox,bfgs,scipy:direct", "--budget", "150", "--start", "3,1"]
    told = run(*words, "--json", state=tmp_path).json
    assert told["schema"] == "blackbox.comparison/1"
    assert [method["name"] for method in told["methods"]] == ["blackbox", "bfgs", "scipy:direct"]
    assert all(method["evaluations"] <= 150 for method in told["methods"])
    assert "finite bounds" in told["methods"][2]["error"]
    boxed = run(*words, "--bounds", "-5:5", state=tmp_path)
    assert boxed.code == 0
    assert "scipy:direct" in boxed.out
    assert "scipy:direct …" in boxed.err


def test_restarts_tell_each_walk_and_each_basin(tmp_path: Path) -> None:
    words = ["descend", "x**4/20 - x**2 + 0.4*x + sin(3*x)", "--start", "0", "--bounds", "-5:5", "--restarts", "6"]
    words += ["--learning-rate", "0.05", "--slope", "1e-5"]
    ran = run(*words, "--csv", tmp_path / "walks.csv", "--plot", tmp_path / "walks.png", state=tmp_path)
    assert ran.code == 0
    assert "basins from 6 walks" in ran.out.splitlines()[-1]
    assert (tmp_path / "walks.png").read_bytes().startswith(b"\x89PNG")
    told = run(*words, "--json", state=tmp_path).json
    assert set(told) == {"schema", "method", "steps", "stop", "reason", "evaluations", "restarts", "basins"}
    assert [len(one["start"]) for one in told["restarts"]] == [1] * 6
    assert set(told["restarts"][0]) == {"start", "x", "value", "stop", "reason", "evaluations", "basin", "steps"}
    assert sum(basin["hits"] for basin in told["basins"]) == 6
    for one in told["restarts"]:
        basin = told["basins"][one["basin"]]
        assert one["value"] >= basin["value"]
        assert abs(one["x"][0] - basin["x"][0]) < 0.01
    assert told["steps"] == min(told["restarts"], key=lambda one: one["value"])["steps"]
    with (tmp_path / "walks.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["walk"]) for row in rows] == sorted(int(row["walk"]) for row in rows)
    assert len(rows) == sum(len(one["steps"]) for one in told["restarts"])
    assert all(int(row["basin"]) == told["restarts"][int(row["walk"])]["basin"] for row in rows)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["descend", WAVE, "--start", "3,1", "--restarts", "0"], "restarts=0: must be a whole number, at least 1"),
        (["descend", WAVE, "--start", "3,1", "--diagonals"], "only neighbour-descent does"),
        (["gradient", WAVE, "--at", "3,1", "--diagonals"], "only neighbour does"),
        (["gradient", WAVE, "--at", "3,1,2"], "at=[3.0, 1.0, 2.0]: must be one number for each input: the function"),
        (["gradient", WAVE, "--at", "3,nan"], "at=[3.0, nan]: must be finite numbers"),
        (["gradient", WAVE, "--at", "3,1", "--bounds", "0:1"], "at[0]=3.0: must lie within its bounds 0:1"),
        (["gradient", WAVE, "--at", "3,1", "--check", "nan,1"], "check=[nan, 1.0]: must be 2 finite numbers"),
        (["descend", WAVE, "--start", "3"], "start=[3.0]: must be one number for each input: the function"),
        (["descend", WAVE, "--start", "3,1", "--step", "0"], "step=0.0: must be positive"),
        (["rates", WAVE, "--start", "3,1", "--learning-rates", "-1"], "learning-rate=-1.0: must be positive"),
        (["compare", WAVE, "--start", "3"], "start=[3.0]: must be one number for each input: the function"),
        (["compare", WAVE, "--repeats", "0"], "repeats=0: must be a whole number, at least 1"),
        (["compare", WAVE, "--plot", "contest.gif"], "must end in .png or .svg"),
    ],
)
def test_what_makes_no_sense_is_one_sentence_and_exit_code_2(tmp_path: Path, words, complaint: str) -> None:
    ran = run(*words, state=tmp_path)
    assert ran.code == 2
    assert complaint in ran.err
    assert len(ran.err.splitlines()) == 1


def test_diagonals_are_looked_along(tmp_path: Path) -> None:
    told = run(
        "gradient", "x**2 + y**2", "--at", "3,2", "--method", "neighbour", "--diagonals", "--json", state=tmp_path
    ).json
    assert told["notes"] == ["the steepest drop is 8, to (2, 1)"]
    walk = run(
        "descend", "x**2 + y**2", "--start", "3,2", "--method", "neighbour-descent", "--diagonals", "--json",
        state=tmp_path,
    ).json  # fmt: skip
    assert [step["x"] for step in walk["steps"]] == [[3, 2], [2, 1], [1, 0], [0, 0]]


def test_compare_repeats_over_seeds_and_draws_the_curves(tmp_path: Path) -> None:
    words = ["compare", WAVE, "--methods", "blackbox,random-search", "--budget", "90", "--start", "3,1"]
    words += ["--bounds", "-5:5", "--repeats", "3", "--seed", "4"]
    told = run(*words, "--json", "--plot", tmp_path / "contest.svg", state=tmp_path).json
    for method in told["methods"]:
        assert [one["seed"] for one in method["runs"]] == [4, 5, 6]
        assert method["value"] == sorted(one["value"] for one in method["runs"])[1]
    assert len({one["value"] for one in told["methods"][1]["runs"]}) == 3
    picture = (tmp_path / "contest.svg").read_text(encoding="utf-8")
    assert 'id="curve blackbox"' in picture
    assert 'id="band random-search"' in picture
    assert "median value" in run(*words, state=tmp_path).out
