"""`blackbox solve` as a person and as a program use it: the real command, the real worker."""

import bz2
import gzip
import json
import lzma
from pathlib import Path

import dill
import numpy as np
import pytest

from blackbox.core.stops import Stop
from tests.cli import functions
from tests.cli.command import pack, run

ROOT = Path(__file__).parents[2]
VALLEY = ROOT / "challenges" / "valley" / "challenge.pkl"
CONTRACT = {
    "schema", "challenge", "direction", "x", "value", "stop", "reason", "evaluations", "failed_evaluations", "seconds",
    "seed", "minima", "checks", "confidence", "noise", "bounds",
}  # fmt: skip


def test_the_valley_is_solved_from_nothing_but_the_file(tmp_path: Path) -> None:
    ran = run("solve", VALLEY, "--json", state=tmp_path)
    answer = ran.json
    assert ran.code == 0
    assert set(answer) >= CONTRACT
    assert answer["schema"] == "blackbox.answer/1"
    assert answer["value"] == pytest.approx(-100, abs=1e-9)
    assert answer["x"] == pytest.approx([750, 500], abs=1e-4)
    assert answer["stop"] == "converged"
    assert answer["challenge"]["call"] == "f(x1, x2)"
    assert answer["challenge"]["dimension"] == 2
    assert len(answer["minima"]) >= 2
    assert all(check["holds"] for check in answer["checks"])
    assert 0 < answer["confidence"]["unseen_minimum_probability"] < 0.01


def test_a_person_sees_the_minimum_where_it_lies_and_how_sure_it_is(tmp_path: Path) -> None:
    ran = run("solve", VALLEY, state=tmp_path)
    assert ran.code == 0
    assert ran.err == ""
    for told in ("minimum", "-100", "f(x1, x2), 2 inputs", "converged", "evaluations", "restarts", "holds"):
        assert told in ran.out


@pytest.mark.parametrize("wrap", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_compressed_files_open_like_plain_ones(tmp_path: Path, wrap) -> None:
    path = pack(tmp_path / "challenge.pkl", functions.bowl)
    path.write_bytes(wrap(path.read_bytes()))
    answer = run("solve", path, "--json", state=tmp_path).json
    assert answer["value"] == pytest.approx(0.5)
    assert answer["x"] == pytest.approx([3, -1], abs=1e-6)


def test_dill_files_open(tmp_path: Path) -> None:
    path = tmp_path / "challenge.pkl"
    namespace: dict[str, object] = {"__name__": "__main__"}
    exec("def f(a, b):\n    return (a - 1) ** 2 + (b + 2) ** 2", namespace)
    path.write_bytes(dill.dumps(namespace["f"], recurse=True))
    answer = run("solve", path, "--json", state=tmp_path).json
    assert answer["challenge"]["format"] == "dill"
    assert answer["x"] == pytest.approx([1, -2], abs=1e-6)


def test_the_same_seed_gives_the_same_answer_bit_for_bit(tmp_path: Path) -> None:
    path = pack(tmp_path / "challenge.pkl", functions.slow_two_wells)
    first, second = (run("solve", path, "--json", "--budget", "600", "--seed", "4", state=tmp_path).json for _ in "ab")
    for answer in (first, second):
        del answer["seconds"]
    assert first == second


def test_maximize_speaks_in_the_functions_own_sign(tmp_path: Path) -> None:
    answer = run("solve", pack(tmp_path / "c.pkl", functions.hill), "--maximize", "--json", state=tmp_path).json
    assert answer["direction"] == "maximize"
    assert answer["value"] == pytest.approx(5)
    assert answer["minima"][0]["value"] == pytest.approx(5)
    assert answer["x"] == pytest.approx([1, 2], abs=1e-6)


def test_a_budget_is_kept_to_the_evaluation(tmp_path: Path) -> None:
    path = pack(tmp_path / "c.pkl", functions.bowl)
    for budget in (1, 7, 100, 333):
        answer = run("solve", path, "--budget", str(budget), "--json", state=tmp_path).json
        assert answer["stop"] == "budget"
        assert answer["evaluations"] == budget


def test_a_target_ends_the_search_at_once(tmp_path: Path) -> None:
    answer = run("solve", pack(tmp_path / "c.pkl", functions.bowl), "--target", "2", "--json", state=tmp_path).json
    assert answer["stop"] == "target"
    assert answer["value"] <= 2
    assert answer["evaluations"] < 60


def test_time_ends_the_search_with_the_best_so_far(tmp_path: Path) -> None:
    path = pack(tmp_path / "c.pkl", functions.very_slow)
    answer = run("solve", path, "--time", "1.5", "--json", state=tmp_path).json
    assert answer["stop"] == "time"
    assert answer["x"] is not None
    assert answer["evaluations"] <= 1.5 / 0.05 + 2


def test_bounds_and_start_are_respected(tmp_path: Path) -> None:
    path = pack(tmp_path / "c.pkl", functions.bowl)
    answer = run("solve", path, "--bounds", "-1:2,0:", "--start", "0,5", "--json", state=tmp_path).json
    assert answer["x"] == pytest.approx([2, 0], abs=1e-9)
    assert answer["bounds"] == [[-1, 2], [0, None]]
    assert answer["value"] == pytest.approx(1 + 2 + 0.5)


def test_holes_are_data_and_counted_by_reason(tmp_path: Path) -> None:
    path = pack(tmp_path / "c.pkl", functions.half_missing)
    answer = run("solve", path, "--json", state=tmp_path).json
    assert answer["x"] == pytest.approx([4, 1], abs=1e-5)
    assert answer["failed_evaluations"] > 0
    assert sum(answer["failures"].values()) == answer["failed_evaluations"]
    assert any("math domain error" in reason for reason in answer["failures"])


def test_quiet_prints_one_line_of_numbers(tmp_path: Path) -> None:
    ran = run("solve", pack(tmp_path / "c.pkl", functions.bowl), "--quiet", state=tmp_path)
    value, *x = (float(word) for word in ran.out.split())
    assert ran.out.count("\n") == 1
    assert value == pytest.approx(0.5)
    assert x == pytest.approx([3, -1], abs=1e-6)


def test_an_unbounded_function_is_said_to_be_one(tmp_path: Path) -> None:
    ran = run("solve", pack(tmp_path / "c.pkl", functions.falls_for_ever), "--json", state=tmp_path)
    assert (ran.code, ran.json["stop"]) == (5, "unbounded")


def test_an_infimum_is_said_to_be_one(tmp_path: Path) -> None:
    ran = run("solve", pack(tmp_path / "c.pkl", functions.only_approached), "--json", state=tmp_path)
    assert (ran.code, ran.json["stop"]) == (5, "infimum")


def test_every_number_in_the_json_is_finite_or_null(tmp_path: Path) -> None:
    ran = run("solve", pack(tmp_path / "c.pkl", functions.not_a_number), "--json", state=tmp_path)

    def refuse(word: str) -> None:
        raise AssertionError(word)

    answer = json.loads(ran.out, parse_constant=refuse)
    assert (ran.code, answer["stop"], answer["value"], answer["x"]) == (5, "no-finite-value", None, None)


def test_the_known_minimum_never_reaches_the_search() -> None:
    """The packed file is all that solve reads: nothing beside it is opened, so a copy elsewhere is solved alike."""
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory() as elsewhere:
        copy = Path(elsewhere) / "a.pkl"
        shutil.copy(VALLEY, copy)
        answer = run("solve", copy, "--json", state=Path(elsewhere)).json
    assert answer["value"] == pytest.approx(-100, abs=1e-9)


def test_a_plain_descent_from_the_origin_stops_in_the_other_basin_of_the_valley() -> None:
    import pickle

    from blackbox.core.bounds import Bounds
    from blackbox.descent.neighbour_descent import neighbour_descent
    from blackbox.descent.quasi_newton import quasi_newton
    from blackbox.descent.terrain import Terrain
    from tests.fakes.drive import drive

    valley = pickle.loads(VALLEY.read_bytes())
    origin = np.zeros(2)
    terrain = Terrain(Bounds.unbounded(2), np.ones(2))
    for walk in (neighbour_descent, quasi_newton):
        driven = drive(
            walk(origin, valley(0.0, 0.0), terrain), lambda points: np.array([valley(*point) for point in points])
        )
        assert np.linalg.norm(driven.result.point - [30.26, 21.35]) < 1
        assert driven.result.value > -100 + 1


def test_stops_are_those_of_the_contract() -> None:
    words = "converged target budget time unbounded infimum interrupted no-finite-value"
    assert {stop.value for stop in Stop} == set(words.split())


def test_time_ends_even_a_function_that_never_returns(tmp_path: Path) -> None:
    ran = run("solve", pack(tmp_path / "c.pkl", functions.never), "--time", "0.5", "--json", state=tmp_path)
    assert (ran.code, ran.json["stop"]) == (5, "no-finite-value")
    assert ran.json["evaluations"] <= 3
