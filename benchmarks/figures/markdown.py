"""A board as Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.figures.averages import Paces, Score, interval, mean, only, virtual_best, wins
from benchmarks.figures.board import Board, Function
from benchmarks.figures.scores import FROM, TO, credit, reached
from benchmarks.solvers import is_ours

BUDGETS = (10, 20, 50, 100, 200, 500, 1000, 10_000)
"""Evaluations / d at which the ECDF is shown."""

SOLVED_BUDGETS = (50, 100, 300, 1000, 3000, 10_000)


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """One figure of every solver."""

    title: str
    paces: Mapping[str, Paces]
    score: Score
    budget: float = 0.0
    """Solvers whose runs were shorter have no such figure."""
    intervals: bool = False


def board_tables(board: Board, low: float = FROM, high: float = TO) -> str:
    """Area and ECDF, solved fractions and wins, groups."""
    high = min([high, *board.horizon.values()])
    area = partial(credit, low=low, high=high)
    order = sorted(board.solvers, key=lambda name: -mean(board.paces[name], area))
    parts = [
        f"{board.problems} problems" + (f" ({board.left_out} left out: not met by all)" if board.left_out else ""),
        f"**Area {low:g} d to {high:g} d**, 95 % interval, and ECDF (share of the 51 targets met) by evaluations / d",
        _ecdf_table(board, order, area),
        "**Solved** (best − minimum ≤ 1e−6 max(1, |minimum|)) by evaluations / d, and functions won by area",
        _solved_table(board, order, area),
        "**Area by group**",
        _group_table(board, order, area),
    ]
    return "\n\n".join(parts)


def function_table(board: Board, low: float = FROM, high: float = TO) -> str:
    """Area of every solver on every function."""
    high = min([high, *board.horizon.values()])
    area = partial(credit, low=low, high=high)
    rows = [
        [f"{name}, d = {d}", *(_three(float(area(board.paces[solver][name, d]).mean())) for solver in board.solvers)]
        for name, d in sorted(board.groups, key=_by_number)
    ]
    return table(["function", *board.solvers], rows)


def _ecdf_table(board: Board, order: Sequence[str], area: Score) -> str:
    columns = [_Column("area", board.paces, area, intervals=True)]
    columns += [_Column(f"{k} d", board.paces, partial(reached, budget=k), k) for k in BUDGETS]
    more = {name: [f"{1e6 * board.overhead[name]:.1f}", str(board.failures[name])] for name in order}
    return _table(board, order, columns, ["µs own", "failed"], more)


def _solved_table(board: Board, order: Sequence[str], area: Score) -> str:
    columns = [_Column(f"{k} d", board.solved, partial(reached, budget=k), k) for k in SOLVED_BUDGETS]
    won = wins(board.paces, area)
    return _table(board, order, columns, ["wins"], {name: [f"{won[name]:.1f}"] for name in order})


def _group_table(board: Board, order: Sequence[str], area: Score) -> str:
    columns: list[_Column] = []
    for group in dict.fromkeys(board.groups[function] for function in sorted(board.groups, key=_by_number)):
        members = [function for function, its in board.groups.items() if its == group]
        columns.append(_Column(group, {name: only(board.paces[name], members) for name in order}, area))
    return _table(board, order, columns, [], {name: [] for name in order})


def _table(
    board: Board, order: Sequence[str], columns: Sequence[_Column], titles: Sequence[str], more: Mapping[str, list[str]]
) -> str:
    """A row for each solver, then how ours stands against the peers."""
    rows = [[_name(name), *(_cell(board, column, name) for column in columns), *more[name]] for name in order]
    rows += [[*row, *("" for _ in titles)] for row in _comparisons(board, order, columns)]
    return table(["solver", *(column.title for column in columns), *titles], rows)


def _comparisons(board: Board, order: Sequence[str], columns: Sequence[_Column]) -> list[list[str]]:
    peers = [name for name in order if not is_ours(name)]
    if not peers:
        return []
    virtual = [_virtual(board, column, peers) for column in columns]
    rows = [["*virtual best of the peers*", *map(_three, virtual)]]
    own = next((name for name in order if is_ours(name)), None)
    if own is not None:
        best = [np.max([_value(board, column, name) for name in peers]) for column in columns]
        found = [_value(board, column, own) for column in columns]
        rows.append([f"*{own} − best peer*", *(_signed(a - b) for a, b in zip(found, best, strict=True))])
        shares = (a / b if b else np.nan for a, b in zip(found, virtual, strict=True))
        rows.append([f"*{own} ÷ virtual best*", *(_three(share) for share in shares)])
    return rows


def _virtual(board: Board, column: _Column, peers: Sequence[str]) -> float:
    if column.budget > min(board.horizon[name] for name in peers):
        return np.nan
    return virtual_best([column.paces[name] for name in peers], column.score)


def _value(board: Board, column: _Column, name: str) -> float:
    return mean(column.paces[name], column.score) if column.budget <= board.horizon[name] else np.nan


def _cell(board: Board, column: _Column, name: str) -> str:
    shown = _three(_value(board, column, name))
    if column.intervals:
        low, high = interval(column.paces[name], column.score)
        shown += f" [{_three(low)}, {_three(high)}]"
    return shown


def _by_number(function: Function) -> tuple[int, str, int]:
    """f2 before f10; names by the alphabet."""
    name, dimension = function
    digits = name.removeprefix("f")
    return (int(digits) if digits.isdigit() else 0, name, dimension)


def _name(solver: str) -> str:
    return f"**{solver}**" if is_ours(solver) else solver


def _three(value: float) -> str:
    if np.isnan(value):
        return "–"
    return f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.3f}"


def _signed(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:+.3f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
