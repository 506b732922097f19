"""Run solvers on suites: `python -m benchmarks.run --help`. What is finished is never run again."""

import argparse
import os
import re
import sys
import time
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from benchmarks.item import Item
from benchmarks.pool import run_all
from benchmarks.provenance import provenance
from benchmarks.solvers import is_ours, solver_named
from benchmarks.store import Store
from benchmarks.suites.catalogue import SUITES
from blackbox.core.errors import BlackboxError, OptionError

SECONDS = 900.0
"""A run takes no longer than this; a record cut short says so."""


def main(words: Sequence[str] | None = None) -> int:
    """Parse, run, and tell what is done; 2 for wrong usage."""
    options = _parser().parse_args(words)
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
    try:
        items = items_of(options)
    except BlackboxError as error:
        print(error, file=sys.stderr)
        return 2
    with Store(options.out) as store:
        store.begin(provenance())
        finished = store.finished(with_failures=not options.again)
        missing = [item for item in items if item not in finished]
        print(f"{len(items)} runs, {len(items) - len(missing)} of them finished before", flush=True)
        began = time.monotonic()
        shown = began
        for done, record in enumerate(run_all(missing, options.jobs, options.seconds), start=1):
            store.add(record)
            if record.end.startswith("failed"):
                print(f"{record.item}: {record.end}", file=sys.stderr, flush=True)
            now = time.monotonic()
            if now - shown > options.every or done == len(missing):
                shown = now
                left = (now - began) / done * (len(missing) - done)
                print(f"{done} of {len(missing)}, {now - began:.0f} s, about {left:.0f} s left", flush=True)
    return 0


def items_of(options: argparse.Namespace) -> list[Item]:
    """Every run that the options ask for, so ordered that an interrupted session is even over the functions."""
    suite = SUITES[options.suite]
    solvers = solvers_of(options.solvers)
    instances = numbers(options.instances) if options.instances else list(suite.instances)
    dimensions = numbers(options.dimensions) if options.dimensions else list(suite.dimensions)
    found: list[Item] = []
    for instance, seed, d in product(instances, range(options.seeds), dimensions):
        budget = budget_of(options.budget, d)
        for function in _chosen(suite.functions(d), options.functions):
            for solver in solvers:
                if practicable(solver, d):
                    found.append(Item(solver, options.suite, function, d, instance, seed, budget))
    return found


def _chosen(functions: Sequence[str], asked: str) -> list[str]:
    if not asked:
        return list(functions)
    wanted = set(asked.split(","))
    return [function for function in functions if function in wanted]


def solvers_of(text: str) -> list[str]:
    """Names; `peers` stands for all peers that are installed, `fast-peers` for those of little overhead."""
    from benchmarks.peers.catalogue import PEERS

    found: list[str] = []
    for name in text.split(","):
        if name in ("peers", "fast-peers"):
            found += [peer for peer, known in PEERS.items() if known.installed and (name == "peers" or known.fast)]
            continue
        if name in PEERS and not PEERS[name].installed:
            raise OptionError("solvers", name, f"needs the library {PEERS[name].module}: make bench-setup")
        solver_named(name)
        found.append(name)
    return found


def practicable(solver: str, dimension: int) -> bool:
    """Whether the solver is run in this dimension at all."""
    from benchmarks.peers.catalogue import PEERS

    return is_ours(solver) or dimension <= PEERS[solver].largest


def numbers(text: str) -> list[int]:
    """`1,3,5-7` → 1, 3, 5, 6, 7. Raises `OptionError`."""
    found: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", part.strip())
        if match is None:
            raise OptionError("numbers", text, "must look like 1,3,5-7")
        first = int(match[1])
        found += range(first, int(match[2] or first) + 1)
    return found


def budget_of(text: str, dimension: int) -> int:
    """`1000d` → 1000 evaluations for each input; `5000` → 5000. Raises `OptionError`."""
    match = re.fullmatch(r"(\d+)(d?)", text)
    if match is None or int(match[1]) < 1:
        raise OptionError("budget", text, "must look like 1000d or 5000")
    return int(match[1]) * (dimension if match[2] else 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--suite", choices=sorted(SUITES), default="bbob")
    parser.add_argument("--dimensions", default="", help="such as 2,3,5 (default: the suite's own)")
    parser.add_argument("--instances", default="", help="such as 1-5 (default: those to tune on)")
    parser.add_argument("--functions", default="", help="names separated by commas (default: all)")
    parser.add_argument("--seeds", type=int, default=1, help="runs with different randomness on each instance")
    parser.add_argument("--budget", default="1000d", help="evaluations: 1000d, or 5000 whatever the dimension")
    parser.add_argument("--solvers", default="ours", help="names; peers: all installed; fast-peers; ours@LABEL")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="one run takes no longer than this")
    parser.add_argument("--again", action="store_true", help="repeat what failed or ran out of time before")
    parser.add_argument("--every", type=float, default=10.0, help="seconds between two lines of progress")
    parser.add_argument("--out", type=Path, required=True, help="folder of the records")
    return parser


if __name__ == "__main__":
    sys.exit(main())
