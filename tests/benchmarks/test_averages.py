from functools import partial

import numpy as np
import pytest

from benchmarks.figures.averages import interval, mean, virtual_best, wins
from benchmarks.figures.board import arrange
from benchmarks.figures.markdown import board_tables
from benchmarks.figures.scores import reached
from tests.benchmarks.surfaces import record

SOON = partial(reached, budget=10.0)


def paces(*functions: list[list[float]]) -> dict[tuple[str, int], np.ndarray]:
    return {(f"f{number}", 2): np.array(runs) for number, runs in enumerate(functions, start=1)}


def test_every_function_weighs_the_same_however_often_it_was_run() -> None:
    assert mean(paces([[1], [1], [1]], [[99]]), SOON) == pytest.approx(0.5)


def test_the_virtual_best_takes_each_target_from_whoever_is_best_at_it() -> None:
    first, second = paces([[1, 99]], [[99, 99]]), paces([[99, 1]], [[99, 1]])
    assert mean(first, SOON) == pytest.approx(0.25)
    assert mean(second, SOON) == pytest.approx(0.5)
    assert virtual_best([first, second], SOON) == pytest.approx(0.75)


def test_wins_are_shared_and_nobody_wins_where_nobody_gets_anywhere() -> None:
    table = {"a": paces([[1]], [[1]], [[99]]), "b": paces([[1]], [[99]], [[99]])}
    assert wins(table, SOON) == {"a": 1.5, "b": 0.5}


def test_the_interval_holds_the_mean_and_vanishes_without_variation() -> None:
    same = paces([[1], [1]], [[99], [99]])
    assert interval(same, SOON) == (0.5, 0.5)
    mixed = paces(*[[[1], [99], [1], [99]] for _ in range(20)])
    low, high = interval(mixed, SOON)
    assert low < 0.5 < high
    assert high - low == pytest.approx(2 * 1.96 * 0.25 / np.sqrt(20), rel=0.25)


def test_only_problems_that_all_solvers_met_are_compared() -> None:
    records = [
        record("a", {1: 0.0}, instance=1),
        record("a", {1: 50.0}, instance=2),
        record("b", {2: 0.0}, instance=1),
    ]
    board = arrange(records, ["a", "b", "c"])
    assert board.solvers == ["a", "b"]
    assert (board.problems, board.left_out) == (1, 1)
    assert board.paces["a"]["bowl", 2].tolist() == [[0.5] * 51]
    assert board.paces["b"]["bowl", 2].tolist() == [[1.0] * 51]


def test_of_several_budgets_the_largest_is_taken() -> None:
    small = record("a", {1: 5.0}, budget=10)
    large = record("a", {1: 5.0, 80: 0.0}, budget=100)
    board = arrange([large, small], ["a"])
    assert board.horizon["a"] == 50
    assert board.solved["a"]["bowl", 2].tolist() == [[40.0]]


def test_solved_is_relative_to_the_minimum_and_not_to_the_unit() -> None:
    lone = record("a", {10: 1000 + 2e-3, 20: 1000 + 0.9e-3}, minimum=1000.0, unit=1.0)
    other = record("b", {10: 1000 + 2e-3, 20: 1000 + 0.9e-3}, minimum=1000.0, unit=1000.0)
    board = arrange([lone, other], ["a", "b"])
    assert board.solved["a"]["bowl", 2].tolist() == [[10.0]]
    assert board.solved["b"]["bowl", 2].tolist() == [[10.0]]


def test_the_table_shows_no_figure_beyond_a_solvers_budget() -> None:
    records = [record("ours", {1: 0.0}, budget=2000), record("peer", {1: 0.0, 2: 0.0}, budget=200)]
    text = board_tables(arrange(records, ["ours", "peer"]))
    rows = {line.split("|")[1].strip(): line for line in text.splitlines() if line.startswith("|")}
    ecdf = next(line for line in text.splitlines() if line.startswith("| peer |"))
    assert "virtual best" in text
    assert "**ours**" in rows
    assert ecdf.count("–") == 4
