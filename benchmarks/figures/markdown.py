"""A board as Markdown."""

from collections.abc import Sequence
from functools import partial

from benchmarks.figures.averages import Paces, Score, interval, mean, only, virtual_best, wins
from benchmarks.figures.board import Board, Function
from benchmarks.figures.scores import FROM, TO, credit, reached
from benchmarks.solvers import is_ours

BUDGETS = (10, 20, 50, 100, 200, 500, 1000, 10_000)
"""Evaluations / d at which ECDF and solved fraction are shown."""

SOLVED_BUDGETS = (50, 100, 300, 1000, 3000, 10_000)

VIRTUAL = "*virtual best of the peers*"


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
    functions = sorted(board.groups, key=_by_number)
    rows = [
        [f"{name}, d = {d}", *(_three(float(area(board.paces[solver][name, d]).mean())) for solver in board.solvers)]
        for name, d in functions
    ]
    return table(["function", *board.solvers], rows)


def _ecdf_table(board: Board, order: Sequence[str], area: Score) -> str:
    rows: list[list[str]] = []
    for name in order:
        paces = board.paces[name]
        low, high = interval(paces, area)
        shown = f"{_three(mean(paces, area))} [{_three(low)}, {_three(high)}]"
        curve = [_at(paces, budget, board.horizon[name]) for budget in BUDGETS]
        rows.append([_name(name), shown, *curve, f"{1e6 * board.overhead[name]:.1f}", str(board.failures[name])])
    peers = _peers(board)
    if peers:
        best = [_best_at(board, peers, budget) for budget in BUDGETS]
        rows.append([VIRTUAL, _three(virtual_best([board.paces[name] for name in peers], area)), *best, "", ""])
    return table(["solver", "area", *(f"{budget} d" for budget in BUDGETS), "µs own", "failed"], rows)


def _solved_table(board: Board, order: Sequence[str], area: Score) -> str:
    won = wins(board.paces, area)
    rows = [
        [
            _name(name),
            *(_at(board.solved[name], budget, board.horizon[name]) for budget in SOLVED_BUDGETS),
            f"{won[name]:.1f}",
        ]
        for name in order
    ]
    peers = _peers(board)
    if peers:
        best = [_best_at(board, peers, budget, solved=True) for budget in SOLVED_BUDGETS]
        rows.append([VIRTUAL, *best, ""])
    return table(["solver", *(f"{budget} d" for budget in SOLVED_BUDGETS), "wins"], rows)


def _group_table(board: Board, order: Sequence[str], area: Score) -> str:
    groups = list(dict.fromkeys(board.groups[function] for function in sorted(board.groups, key=_by_number)))
    members = {group: [f for f, its in board.groups.items() if its == group] for group in groups}
    rows = [
        [_name(name), *(_three(mean(only(board.paces[name], members[group]), area)) for group in groups)]
        for name in order
    ]
    return table(["solver", *groups], rows)


def _by_number(function: Function) -> tuple[int, str, int]:
    """f2 before f10; names by the alphabet."""
    name, dimension = function
    digits = name.removeprefix("f")
    return (int(digits) if digits.isdigit() else 0, name, dimension)


def _peers(board: Board) -> list[str]:
    return [name for name in board.solvers if not is_ours(name)]


def _at(paces: Paces, budget: float, horizon: float) -> str:
    return _three(mean(paces, partial(reached, budget=budget))) if budget <= horizon else "–"


def _best_at(board: Board, peers: Sequence[str], budget: float, *, solved: bool = False) -> str:
    if budget > min(board.horizon[name] for name in peers):
        return "–"
    source = board.solved if solved else board.paces
    return _three(virtual_best([source[name] for name in peers], partial(reached, budget=budget)))


def _name(solver: str) -> str:
    return f"**{solver}**" if is_ours(solver) else solver


def _three(value: float) -> str:
    return f"{value:.3f}".replace("0.", ".", 1) if value < 1 else f"{value:.3f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
