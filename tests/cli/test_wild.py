"""Functions without bounds, scale or manners, through the real command and the real worker."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli import wild_functions
from tests.cli.command import pack, run


def solved(tmp_path: Path, challenge: Any, *words: str, code: int = 0) -> dict[str, Any]:
    target = challenge if isinstance(challenge, str) else pack(tmp_path / "challenge.pkl", challenge)
    ran = run("solve", target, "--json", *words, state=tmp_path)
    assert ran.code == code, ran.err
    return ran.json


# ------------------------------------------------------------------------------------------- no bounds and no scale


@pytest.mark.parametrize("scale", ["1e-6", "1e-3", "1", "1e3", "1e6", "1e9"])
def test_a_minimum_at_any_distance_is_found_without_bounds(tmp_path: Path, scale: str) -> None:
    answer = solved(tmp_path, f"(x/{scale} - 2.3)**2 + 3*(y/{scale} + 1.7)**2")
    assert answer["stop"] == "converged"
    assert answer["x"] == pytest.approx([2.3 * float(scale), -1.7 * float(scale)], rel=1e-4)


def test_axes_whose_scales_differ_by_a_million(tmp_path: Path) -> None:
    answer = solved(tmp_path, wild_functions.five_scales)
    assert answer["x"] == pytest.approx([1e-3, 0.3, 1.0, 30.0, 1e3], rel=1e-4)


def test_of_two_basins_the_far_one_is_found_from_the_bottom_of_the_near_one(tmp_path: Path) -> None:
    answer = solved(tmp_path, wild_functions.far_wells)
    assert answer["x"] == pytest.approx([750, 500], abs=1e-3)
    assert answer["value"] == pytest.approx(-100)


@pytest.mark.parametrize(
    ("formula", "x"),
    [
        ("1 - exp(-((x-40)**2 + (y+30)**2)/9)", [40, -30]),
        ("min((x-40)**2 + (y-40)**2, 100)", [40, 40]),
        ("min((x-400)**2, 100)", [400]),
    ],
)
def test_a_start_on_a_plateau_is_left(tmp_path: Path, formula: str, x: list[float]) -> None:
    assert solved(tmp_path, formula)["x"] == pytest.approx(x, rel=1e-4)


def test_the_region_that_was_looked_at_is_told(tmp_path: Path) -> None:
    answer = solved(tmp_path, "(x - 3)**2 + y**2")
    region = answer["region"]
    assert all(low <= v <= high for low, v, high in zip(region["lower"], answer["x"], region["upper"], strict=True))
    assert max(region["upper"]) >= 1e4
    assert "looked at" in run("solve", "(x - 3)**2 + y**2", state=tmp_path).out


# ------------------------------------------------------------------------------------------------------------ bounds


@pytest.mark.parametrize(
    ("formula", "bounds", "x"),
    [
        ("x + (y-1)**2 + (z-1)**2", "-1:2", [-1, 1, 1]),
        ("x + y + (z-1)**2", "-1:2", [-1, -1, 1]),
        ("1*x - y + z", "-1:2", [-1, 2, -1]),
        ("(x-.3)**2 + y**2 + (z-.5)**2", "-1:2,1:1,-1:2", [0.3, 1, 0.5]),
        ("(x-.3)**2 + (y-9)**2", "1:inf,-inf:5", [1, 5]),
    ],
)
def test_faces_edges_corners_points_and_half_open_boxes(
    tmp_path: Path, formula: str, bounds: str, x: list[float]
) -> None:
    answer = solved(tmp_path, formula, "--bounds", bounds)
    assert answer["x"] == pytest.approx(x, abs=1e-6)


# ------------------------------------------------------------------------------------------------ hidden constraints


def test_a_minimum_on_the_edge_of_where_it_has_values_is_exact_and_does_not_cost_the_whole_budget(
    tmp_path: Path,
) -> None:
    answer = solved(tmp_path, "sqrt(x-5) + (y-2)**2")
    assert answer["stop"] == "converged"
    assert answer["evaluations"] < 40_000
    assert answer["x"] == pytest.approx([5, 2], abs=1e-7)


@pytest.mark.long
def test_an_edge_across_the_axes_is_followed(tmp_path: Path) -> None:
    answer = solved(tmp_path, "x**2 + (y-1)**2 + 0*sqrt(x+y-3)", "--bounds", "-7:9")
    assert answer["x"] == pytest.approx([1, 2], abs=1e-6)


def test_a_start_that_fails_is_left_for_where_values_are(tmp_path: Path) -> None:
    answer = solved(tmp_path, wild_functions.start_fails)
    assert answer["x"] == pytest.approx([41, 8], abs=1e-5)
    assert answer["failed_evaluations"] > 0


@pytest.mark.long
def test_a_thin_tube_is_walked_along(tmp_path: Path) -> None:
    answer = solved(tmp_path, wild_functions.tube)
    assert answer["x"][0] == pytest.approx(0.375, abs=0.02)
    assert answer["value"] == pytest.approx(0.018375, abs=1e-3)


def test_a_thin_tube_is_followed_where_it_bends(tmp_path: Path) -> None:
    answer = solved(tmp_path, wild_functions.bent_tube, "--start", "0,0")
    assert answer["x"][0] == pytest.approx(3, abs=1e-4)
    assert answer["value"] == pytest.approx(0, abs=1e-8)


# ------------------------------------------------------------------------------------------------------------- noise


@pytest.mark.parametrize("maximize", [False, True])
def test_noise_is_averaged_and_the_value_comes_with_its_error(tmp_path: Path, maximize: bool) -> None:
    fun = wild_functions.noisy_hill if maximize else wild_functions.noisy_bowl
    answer = solved(tmp_path, fun, *(["--maximize"] if maximize else []))
    assert answer["stop"] == "converged"
    assert answer["evaluations"] < 10_000
    assert answer["x"] == pytest.approx([0.7, -1.2], abs=0.1)
    assert 0.005 < answer["noise"] < 0.02
    assert 0 < answer["value_error"] < 0.005
    assert abs(answer["value"] - 3) < 5 * answer["value_error"] + 0.003
    told = run("solve", tmp_path / "challenge.pkl", *(["--maximize"] if maximize else []), state=tmp_path).out
    assert "±" in told


def test_noise_in_proportion_is_averaged_too(tmp_path: Path) -> None:
    answer = solved(tmp_path, wild_functions.noisy_in_proportion, "--bounds", "-10:10")
    assert answer["x"] == pytest.approx([2], abs=0.1)
    assert abs(answer["value"] - 1) < 5 * answer["value_error"] + 1e-3


# ------------------------------------------------------------------------------------------------------------- rough


@pytest.mark.parametrize(
    ("fun", "words", "value"),
    [
        (wild_functions.kink, (), 0.0),
        (wild_functions.jump, ("--bounds", "-3:4"), 0.0),
        (wild_functions.staircase, (), 0.0),
        (wild_functions.funnel, ("--bounds", "-10:12"), -3.0),
    ],
)
@pytest.mark.long
def test_kinks_jumps_stairs_and_deceptive_funnels(
    tmp_path: Path, fun: Any, words: tuple[str, ...], value: float
) -> None:
    assert solved(tmp_path, fun, *words)["value"] == pytest.approx(value, abs=1e-6)


def test_a_box_of_whole_numbers_is_asked_in_full_and_at_whole_numbers(tmp_path: Path) -> None:
    answer = solved(tmp_path, wild_functions.whole_numbers, "--bounds", "-40:40,-20:20")
    assert answer["x"] == [float(round(v)) for v in answer["x"]]
    best = min((n - 31) ** 2 + (m + 17) ** 2 + (n * m) % 5 for n in range(-40, 41) for m in range(-20, 21))
    assert answer["value"] == best
    assert "every one of the 3,321" in answer["reason"]


def test_a_small_box_of_whole_numbers_is_settled_within_twenty_questions_checks_included(tmp_path: Path) -> None:
    words = ("--bounds", "0:6", "--call", "scalars+integers", "--budget", "20")
    answer = solved(tmp_path, wild_functions.wants_whole_numbers, *words)
    assert (answer["x"], answer["value"]) == ([5.0], 1.0)
    assert answer["stop"] == "converged"
    assert answer["evaluations"] <= 20
    assert answer["confidence"]["global_probability"] == 0.99
    assert "every point there is was asked" in answer["confidence"]["statement"]


def test_a_needle_is_said_to_be_unlikely_to_be_found(tmp_path: Path) -> None:
    answer = solved(tmp_path, wild_functions.needle, "--bounds", "-3:4")
    assert any("needle" in remark and "not have been found" in remark for remark in answer["remarks"])


# ------------------------------------------------------------------------------------------------- unbounded, infimum


@pytest.mark.parametrize(
    "formula",
    [
        "x1 - 2*x2", "0 - log(x)", "0 - sqrt(x)", "0 - log(log(x))", "y**2 - log(x)", "x - y**2", "y**2 - x*sin(x)",
        "(y - x**2)**2 - x", "a + b + c + d - 1e-3*e", "1/x",
    ],
)  # fmt: skip
def test_what_falls_for_ever_is_unbounded(tmp_path: Path, formula: str) -> None:
    answer = solved(tmp_path, formula, code=5)
    assert answer["stop"] == "unbounded"
    if formula != "1/x":
        assert max(abs(part) for part in answer["ray"]) == 1


@pytest.mark.parametrize("formula", ["2.5**x", "exp(-x) + y**2", "atan(x)", "1/(1 + exp(-x))", "1/(1 + x**2)"])
def test_what_is_never_reached_is_an_infimum(tmp_path: Path, formula: str) -> None:
    answer = solved(tmp_path, formula, code=5)
    assert answer["stop"] == "infimum"
    assert len(answer["ray"]) == len(answer["x"])


@pytest.mark.parametrize(
    ("formula", "stop"), [("(x-1e9)**2 + (y-1e9)**2", "converged"), ("log(1 + abs(x-1e6))", "converged")]
)
def test_a_minimum_far_away_is_no_runaway(tmp_path: Path, formula: str, stop: str) -> None:
    answer = solved(tmp_path, formula)
    assert (answer["stop"], answer["ray"]) == (stop, None)


@pytest.mark.parametrize(("formula", "stop"), [("0 - log(x)", "unbounded"), ("1/x", "infimum"), ("1*x", "converged")])
def test_half_open_boxes_have_all_three(tmp_path: Path, formula: str, stop: str) -> None:
    answer = solved(tmp_path, formula, "--bounds", "1:inf", code=0 if stop == "converged" else 5)
    assert answer["stop"] == stop


def test_a_maximum_that_is_none_is_told_in_the_functions_own_sign(tmp_path: Path) -> None:
    unbounded = solved(tmp_path, "2*x2 - x1", "--maximize", code=5)
    assert unbounded["stop"] == "unbounded"
    assert "rises" in unbounded["reason"]
    assert unbounded["value"] > 0
    never = solved(tmp_path, "atan(x)", "--maximize", code=5)
    assert never["stop"] == "infimum"
    assert "towards 1.5708" in never["reason"]


# ------------------------------------------------------------------------------------------------- few questions, 1-D


FEW = ("--call", "scalars")
"""No question is spent on how the function is called."""


@pytest.mark.parametrize("budget", [3, 5, 10, 20, 40])
def test_few_questions_of_one_input_are_worth_those_of_fibonacci_less_one(tmp_path: Path, budget: int) -> None:
    answer = solved(tmp_path, wild_functions.steep_and_shallow, *FEW, "--bounds", "-10:10", "--budget", str(budget))
    fibonacci = [1, 1]
    while len(fibonacci) < budget:
        fibonacci.append(fibonacci[-1] + fibonacci[-2])
    assert answer["evaluations"] <= budget
    assert abs(answer["x"][0] - 2.337) <= 20 / fibonacci[-1]


def test_smooth_functions_of_one_input_need_far_fewer(tmp_path: Path) -> None:
    answer = solved(tmp_path, "(x - 2.337)**2 + 1", *FEW, "--bounds", "-10:10", "--budget", "14")
    assert answer["x"] == pytest.approx([2.337], abs=1e-4)  # Fibonacci: 0.03


def test_whole_numbers_are_searched_by_fibonacci(tmp_path: Path) -> None:
    path = tmp_path / "f.py"
    path.write_text("TABLE = [abs(k - 613) for k in range(987)]\n\ndef f(n):\n    return TABLE[n]\n")
    answer = solved(tmp_path, f"{path}:f", "--bounds", "0:985", "--budget", "16", "--call", "scalars+integers")
    assert (answer["x"], answer["value"]) == ([613.0], 0.0)


# ------------------------------------------------------------------------------------------------- stateful oracles


@pytest.mark.parametrize(
    ("fun", "value"),
    [
        (wild_functions.says_a_word, 0.5),
        (wild_functions.raises_at_last, 0.5),
        (wild_functions.zero_at_last, 0.5),
        (wild_functions.low_constant_at_last, None),
    ],
)
def test_an_oracle_whose_own_budget_is_spent_ends_the_run(tmp_path: Path, fun: Any, value: float | None) -> None:
    answer = solved(tmp_path, fun)
    assert answer["stop"] == "budget"
    assert "own budget" in answer["reason"]
    assert answer["evaluations"] < 400
    assert answer["value"] >= 0.5
    assert value is None or answer["value"] == pytest.approx(value, abs=1e-6)
    assert all(minimum["value"] >= 0.5 for minimum in answer["minima"])
