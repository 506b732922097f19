"""The certificate as it comes out of the real command: kinds, gradients, curvatures, effort."""

import json
from pathlib import Path
from typing import Any

import pytest

from blackbox.solve.certificates import ALLOWANCE_PART
from tests.cli.command import run

PART_NAMES = {
    "calling", "search", "start", "sounding", "draws", "first descent", "runaway", "axis search", "restarts",
    "populations", "noise", "whole numbers", "narrowing", "plateau", "edge", "polish", "checks", "certificate",
    "simple places", "rings", "waves", "hidden axes", "simplexes", "decades",
}  # fmt: skip


def answered(tmp_path: Path, expression: str, *options: str) -> dict[str, Any]:
    ran = run("solve", expression, *options, "--json", state=tmp_path)
    answer = ran.json
    assert sum(answer["effort"].values()) == answer["evaluations"]
    assert set(answer["effort"]) <= PART_NAMES
    return answer


def best(answer: dict[str, Any]) -> dict[str, Any]:
    assert answer["minima"][0]["kind"] == answer["certificate"]["kind"]
    return answer["certificate"]


def test_an_interior_minimum_has_its_gradient_and_its_curvatures_within_their_errors(tmp_path: Path) -> None:
    found = best(answered(tmp_path, "(x - 1)**2 + 3*(y + 2)**2 + x*y", "--budget", "4000"))
    assert found["kind"] == "interior"
    wanted = [4 - 5**0.5, 4 + 5**0.5]  # of [[2, 1], [1, 6]]
    for told, true in zip(found["hessian_eigenvalues"], wanted, strict=True):
        assert abs(told - true) <= max(found["hessian_eigenvalue_error"], 1e-9)
    assert found["hessian_eigenvalue_error"] < 1e-6
    assert max(map(abs, found["gradient"])) < 1e-6
    assert len(found["gradient_error"]) == 2


@pytest.mark.parametrize(
    ("expression", "bounds", "kind", "gradient", "curvatures"),
    [
        ("x + 2*y + x*x", "0:3,-1:4", "bound", [1, 2], None),
        ("x + (y - 1)**2", "0:3,-1:4", "bound", [1, 0], [2]),
        ("abs(x - 3.25) + (y - 1)**2", "-9:9", "kink", None, None),
        ("floor(abs(x - 3)) + floor(abs(y))", "-9:9", "stairs", None, None),
        ("7 + 0*x", "-9:9", "plateau", [0], None),
        ("max(abs(x - 2), 1)", "-9:9", "plateau", [0], None),
        ("(x - 2)**2 + y*y + 0*sqrt(1 - x)", "-9:9", "edge", [-2, 0], None),
    ],
)
def test_each_kind_of_minimum_is_called_by_its_name(
    tmp_path: Path,
    expression: str,
    bounds: str,
    kind: str,
    gradient: list[float] | None,
    curvatures: list[float] | None,
) -> None:
    found = best(answered(tmp_path, expression, "--bounds", bounds, "--budget", "6000"))
    assert found["kind"] == kind
    if gradient is not None:
        assert found["gradient"] == pytest.approx(gradient, abs=1e-5)
    if curvatures is None:
        assert not found["hessian_eigenvalues"]
    else:
        assert found["hessian_eigenvalues"] == pytest.approx(curvatures, abs=1e-4)


def test_a_maximum_is_certified_in_the_functions_own_sign(tmp_path: Path) -> None:
    answer = answered(tmp_path, "5 - (x - 1)**2 - 2*(y - 2)**2", "--maximize", "--budget", "4000")
    assert best(answer)["hessian_eigenvalues"] == pytest.approx([-4, -2], abs=1e-5)
    assert "a higher value" in answer["confidence"]["statement"]
    corner = answered(tmp_path, "x + 2*y", "--maximize", "--bounds", "0:1", "--dimension", "2", "--budget", "4000")
    assert best(corner)["kind"] == "bound"
    assert best(corner)["gradient"] == pytest.approx([1, 2], abs=1e-6)


def test_every_minimum_shown_has_a_certificate_and_the_allowance_is_kept(tmp_path: Path) -> None:
    budget = 20_000
    answer = answered(
        tmp_path, "(x*x - 1)**2 + (y*y - 4)**2 + x/10 + x*y/20", "--bounds", "-5:5", "--budget", str(budget)
    )
    assert len(answer["minima"]) >= 4
    for minimum in answer["minima"][:2]:
        assert minimum["kind"] == "interior"
        assert min(minimum["hessian_eigenvalues"]) > 1
    assert all(minimum["kind"] in ("interior", "unknown") for minimum in answer["minima"])
    spent = answer["effort"]["certificate"] + answer["effort"]["checks"]
    assert spent <= budget // ALLOWANCE_PART
    assert sum(m["evaluations"] for m in answer["minima"]) == answer["effort"]["certificate"]


def test_a_budget_too_small_for_a_certificate_says_so(tmp_path: Path) -> None:
    answer = answered(tmp_path, "x*x + y*y", "--budget", "100")
    assert answer["effort"].get("certificate", 0) == 0
    assert answer["certificate"]["kind"] == "unknown"
    assert "one in 20 of the budget" in answer["certificate"]["note"]
    assert answer["certificate"]["gradient"] is None


def test_a_target_or_a_runaway_leaves_nothing_to_look_at(tmp_path: Path) -> None:
    met = answered(tmp_path, "x*x + y*y + 1", "--target", "1.5", "--start", "3,3")
    assert met["certificate"]["note"] == "not looked at: the search ends at its target"
    assert 0 < met["confidence"]["global_probability"] < 1
    fallen = answered(tmp_path, "x - 2*y")
    assert fallen["stop"] == "unbounded"
    assert fallen["confidence"]["global_probability"] is None
    assert "no claim" in fallen["confidence"]["statement"]


def test_what_was_assumed_is_told(tmp_path: Path) -> None:
    separable = answered(tmp_path, "(x - 1)**2 + abs(y)", "--bounds", "-3:4", "--budget", "4000")
    assert separable["assumed"] == ["bounded", "separable"]
    smooth = answered(tmp_path, "(x - 1)**2 + x*y + 3*y*y", "--budget", "4000")
    assert smooth["assumed"] == ["smooth"]


def test_a_person_reads_kind_effort_and_doubt_in_lines_of_a_terminal(tmp_path: Path) -> None:
    ran = run("solve", "(x - 1)**2 + x*y + 3*y*y", "--budget", "4000", state=tmp_path)
    assert max(len(line) for line in ran.out.splitlines()) <= 80
    told = " ".join(ran.out.split())
    assert "kind interior; curvatures" in told
    assert "remains unseen with probability about" in told
    assert "spent on restarts" in told or "spent on populations" in told


def test_a_needle_in_a_plateau_is_not_denied(tmp_path: Path) -> None:
    ran = run("solve", "3 + 0*x*y", "--bounds", "0:1", "--budget", "3000", "--json", state=tmp_path)
    told = json.loads(ran.out)["confidence"]
    assert "a needle on this plateau would not have been found" in told["statement"]
    assert told["global_probability"] < 0.7
