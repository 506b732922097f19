"""Tables from stored records: `python -m benchmarks.table DIR … --save benchmarks/results/NAME.md`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures.board import arrange
from benchmarks.figures.markdown import board_tables, function_table
from benchmarks.figures.origins import origins_text
from benchmarks.figures.scores import FROM, TO
from benchmarks.item import Record
from benchmarks.run import numbers
from benchmarks.store import read


def main(words: Sequence[str] | None = None) -> int:
    """Read, compute, print, and save where asked."""
    options = _parser().parse_args(words)
    records = [record for record in read(options.folders) if _wanted(record, options)]
    if not records:
        print(f"No records in {', '.join(map(str, options.folders))} match.", file=sys.stderr)
        return 2
    text = document(records, options)
    print(text)
    if options.save:
        options.save.parent.mkdir(parents=True, exist_ok=True)
        options.save.write_text(text + "\n")
    return 0


def document(records: Sequence[Record], options: argparse.Namespace) -> str:
    """One section for each suite and dimension, one for all dimensions together, and where it comes from."""
    low, high = options.area
    parts: list[str] = []
    for suite in sorted({record.item.suite for record in records}):
        of_suite = [record for record in records if record.item.suite == suite]
        dimensions = sorted({record.item.dimension for record in of_suite})
        sections = [[d] for d in dimensions] + ([dimensions] if len(dimensions) > 1 else [])
        for chosen in sections:
            if options.together and chosen != dimensions:
                continue
            part = [record for record in of_suite if record.item.dimension in chosen]
            board = arrange(part, _present_in_all(part, chosen))
            title = f"d = {chosen[0]}" if len(chosen) == 1 else "d = " + ", ".join(map(str, chosen)) + " together"
            parts += [f"## {suite}, {title}", board_tables(board, low, high)]
            if options.per_function:
                parts += ["**Area by function**", function_table(board, low, high)]
    parts.append(origins_text(options.folders, {record.item.solver for record in records}))
    return "\n\n".join(parts)


def _present_in_all(records: Sequence[Record], dimensions: Sequence[int]) -> list[str]:
    """Solvers that have run in every one of the dimensions."""
    seen = {(record.item.solver, record.item.dimension) for record in records}
    return sorted({solver for solver, _ in seen if all((solver, d) in seen for d in dimensions)})


def _wanted(record: Record, options: argparse.Namespace) -> bool:
    item = record.item
    return (
        (not options.suite or item.suite == options.suite)
        and (not options.dimensions or item.dimension in numbers(options.dimensions))
        and (not options.instances or item.instance in numbers(options.instances))
        and (not options.solvers or item.solver in options.solvers.split(","))
        and (not options.functions or item.function in options.functions.split(","))
    )


def _range(text: str) -> tuple[float, float]:
    low, _, high = text.partition(":")
    return float(low), float(high)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.table", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", help="folders given to benchmarks.run as --out")
    parser.add_argument("--suite", default="")
    parser.add_argument("--dimensions", default="")
    parser.add_argument("--instances", default="")
    parser.add_argument("--functions", default="")
    parser.add_argument("--solvers", default="", help="names separated by commas (default: all)")
    parser.add_argument("--area", type=_range, default=(FROM, TO), help="evaluations / d, such as 10:1000")
    parser.add_argument("--together", action="store_true", help="only the section of all dimensions")
    parser.add_argument("--per-function", action="store_true", help="a row for every function, too")
    parser.add_argument("--save", type=Path, help="also write the tables to this file")
    return parser


if __name__ == "__main__":
    sys.exit(main())
