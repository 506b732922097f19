"""Are the claims true? `python -m benchmarks.calibration [--fit] [--table]`

Runs the search on the suite with every budget, keeps what it claimed and whether that was true, and prints how often
claims of each size were. With `--fit` the weights of the claim are fitted anew on one half of the functions first, and
written to `blackbox/answer/claim_weights.py`. With `--table` nothing is run: the stored records are used.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.calibration_fit import fit, weights_module
from benchmarks.calibration_records import RunRecord, read, run_suite, write
from benchmarks.calibration_suite import items
from benchmarks.calibration_table import document

HERE = Path(__file__).parent
RECORDS = HERE / "results" / "calibration.csv"
TABLE = HERE / "results" / "calibration.md"
WEIGHTS = HERE.parent / "blackbox" / "answer" / "claim_weights.py"


def main(words: Sequence[str] | None = None) -> int:
    """Run, fit where asked, print and save."""
    options = _parser().parse_args(words)
    records = read(RECORDS) if options.table else _run(options.every)
    intercept_weights = None
    if options.fit:
        intercept_weights = fit(records)
        WEIGHTS.write_text(weights_module(*intercept_weights), encoding="utf-8")
    text = document(records, intercept_weights)
    print(text)
    TABLE.write_text(text + "\n", encoding="utf-8")
    return 0


def _run(every: int) -> list[RunRecord]:
    suite = items(every)
    records: list[RunRecord] = []
    for number, item in enumerate(suite, 1):
        records += run_suite([item])
        write(RECORDS, records)
        print(f"\r{number} of {len(suite)} functions", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return records


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration", description=__doc__)
    parser.add_argument("--fit", action="store_true", help="fit the weights of the claim anew")
    parser.add_argument("--table", action="store_true", help="use the stored records")
    parser.add_argument("--every", type=int, default=1, help="run only every n-th function")
    return parser


if __name__ == "__main__":
    sys.exit(main())
