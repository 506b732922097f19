"""Records arranged for comparison: solver → function → runs × targets, on the problems that all solvers have met."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.figures.scores import SOLVED_GAP, TARGETS
from benchmarks.item import UNKNOWN, Record
from blackbox.core.asking import Floats

Function = tuple[str, int]
"""Name and dimension."""


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """One suite, one dimension or several."""

    paces: Mapping[str, Mapping[Function, Floats]]
    """Solver → function → evaluations / d to each of the 51 targets, shape `(runs, 51)`."""
    solved: Mapping[str, Mapping[Function, Floats]]
    """Solver → function → evaluations / d until solved, shape `(runs, 1)`."""
    groups: Mapping[Function, str]
    horizon: Mapping[str, float]
    """Solver → evaluations / d up to which all its runs had leave to go."""
    overhead: Mapping[str, float]
    """Solver → median of the CPU seconds of its own for each evaluation."""
    failures: Mapping[str, int]
    """Solver → runs that ended by an exception or for lack of time."""
    problems: int
    left_out: int
    """Problems that some solver here has no record of."""

    @property
    def solvers(self) -> Sequence[str]:
        """Names, in the order given."""
        return list(self.paces)


def arrange(records: Iterable[Record], solvers: Sequence[str]) -> Board:
    """The board of these solvers. Of several budgets on one problem and seed, the largest is taken."""
    by_solver = {name: _largest(record for record in records if record.item.solver == name) for name in solvers}
    by_solver = {name: found for name, found in by_solver.items() if found}
    met = [{_problem(record) for record in found} for found in by_solver.values()]
    common = set[tuple[Function, int]]().union(*met).intersection(*met)
    kept = {name: [record for record in found if _problem(record) in common] for name, found in by_solver.items()}
    return Board(
        paces={name: _paces(found, None) for name, found in kept.items()},
        solved={name: _paces(found, SOLVED_GAP) for name, found in kept.items()},
        groups=_groups(record for found in kept.values() for record in found),
        horizon={
            name: min((record.item.budget / record.item.dimension for record in found), default=0.0)
            for name, found in kept.items()
        },
        overhead={name: float(np.median([r.overhead for r in found] or [np.nan])) for name, found in kept.items()},
        failures={name: sum(r.end not in ("budget", "ended") for r in found) for name, found in kept.items()},
        problems=len(common),
        left_out=len(set[tuple[Function, int]]().union(*met)) - len(common),
    )


def _largest(records: Iterable[Record]) -> list[Record]:
    found: dict[tuple[str, int, int, int], Record] = {}
    for record in records:
        item = record.item
        key = (item.function, item.dimension, item.instance, item.seed)
        if key not in found or found[key].item.budget < item.budget:
            found[key] = record
    return list(found.values())


def _groups(records: Iterable[Record]) -> dict[Function, str]:
    found: dict[Function, str] = {}
    for record in records:
        found[_function(record)] = record.group or found.get(_function(record), UNKNOWN)
    return found


def _function(record: Record) -> Function:
    return record.item.function, record.item.dimension


def _problem(record: Record) -> tuple[Function, int]:
    return _function(record), record.item.instance


def _paces(records: Iterable[Record], gap: float | None) -> dict[Function, Floats]:
    """Runs × targets for each function; with a gap, that times max(1, |minimum|) is the only target."""
    rows: defaultdict[Function, list[Floats]] = defaultdict(list)
    for record in records:
        targets = TARGETS if gap is None else np.array([gap * max(1.0, abs(record.minimum)) / record.unit])
        rows[_function(record)].append(record.evaluations_to(targets) / record.item.dimension)
    return {function: np.array(found) for function, found in sorted(rows.items())}
