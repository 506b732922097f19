"""The jobs of the Makefile: `python -m benchmarks.campaigns quick|deep|large|full|ablation`.

Peers' records are kept from one commit to the next; ours are made anew for every commit.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import ours, run, table
from benchmarks.provenance import commit

HERE = Path(__file__).parent
RUNS = HERE / "runs"
RESULTS = HERE / "results"

GOOD_AND_FAST = "biteopt,nlopt-mlsl,nlopt-bobyqa,nlopt-crs2,nlopt-sbplx,scipy-slsqp,scipy-powell"
"""Peers that lead somewhere and take microseconds: enough for a look at the classic functions."""

WITHOUT_BOUNDS = "biteopt,nlopt-bobyqa,nlopt-sbplx,scipy-powell,scipy-nelder-mead"
"""… and those that need no box, and BiteOpt, at functions without bounds."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One suite in some dimensions, up to a budget."""

    suite: str
    dimensions: str
    instances: str
    budget: str
    peers: str
    seeds: int = 1
    ours: bool = True


QUICK = (
    Stage("bbob", "2,3,5", "101-102", "1000d", GOOD_AND_FAST),
    Stage("classic", "2,5", "101", "1000d", GOOD_AND_FAST),
    Stage("plain", "2,5", "101", "1000d", GOOD_AND_FAST),
    Stage("unbounded", "2,5", "101-102", "1000d", WITHOUT_BOUNDS),
    Stage("applied", "", "101-102", "1000d", GOOD_AND_FAST),
)

DEEP = (Stage("bbob", "2,3,5", "101-102", "10000d", "biteopt,nlopt-mlsl,nlopt-crs2"),)
"""What peers that take microseconds reach in the end."""

LARGE = (Stage("bbob", "10,20", "101", "1000d", "biteopt,scipy-slsqp,bipop"),)

FULL = (
    Stage("bbob", "2,3,5", "101-105", "10000d", "fast-peers,bipop"),
    Stage("bbob", "10", "101-105", "10000d", "fast-peers,bipop"),
    Stage("bbob", "20,40", "101-103", "1000d", "fast-peers,bipop"),
    Stage("classic", "", "101-102", "1000d", "fast-peers,bipop"),
    Stage("classic", "", "101", "10000d", "fast-peers"),
    Stage("plain", "", "101-102", "1000d", "fast-peers,bipop"),
    Stage("unbounded", "2,3,5,10", "101-102", "5000d", "fast-peers,bipop"),
    Stage("wild", "2,5,10", "101-102", "10000d", "fast-peers,bipop"),
    Stage("applied", "", "101-103", "1000d", "fast-peers,bipop"),
    Stage("bbob", "2,3,5", "101", "1000d", "peers", ours=False),
)

ABLATION = (
    Stage("bbob", "2,5", "1-2", "1000d", ""),
    Stage("classic", "2,5", "1", "300d", ""),
)

COMPARED = {"quick": QUICK, "deep": DEEP, "large": LARGE, "full": FULL}


def main(words: Sequence[str] | None = None) -> int:
    """Run a campaign, then write its table to `benchmarks/results`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.campaigns", description=__doc__)
    parser.add_argument("name", choices=[*COMPARED, "ablation"])
    parser.add_argument("--jobs", default="2", help="processes")
    options = parser.parse_args(words)
    if options.name == "ablation":
        return _ablation(options.jobs)
    return _compare(options.name, COMPARED[options.name], options.jobs)


def _compare(name: str, stages: Sequence[Stage], jobs: str) -> int:
    peers, own = RUNS / "peers", _own_folder(name)
    for stage in stages:
        if stage.ours:
            _run(stage, "ours", own, jobs)
        _run(stage, stage.peers, peers, jobs)
    return _tables(name, stages, [peers, own], "")


def _ablation(jobs: str) -> int:
    parts = ours.parts()
    if not parts:
        print("The search of this version names no parts to switch off.", file=sys.stderr)
        return 2
    own = _own_folder("ablation")
    solvers = ",".join(["ours", *(f"ours-without-{part}" for part in parts)])
    for stage in ABLATION:
        _run(stage, solvers, own, jobs)
    return _tables("ablation", ABLATION, [own], solvers)


def _run(stage: Stage, solvers: str, folder: Path, jobs: str) -> None:
    words = ["--suite", stage.suite, "--instances", stage.instances, "--budget", stage.budget]
    words += ["--solvers", solvers, "--seeds", str(stage.seeds), "--jobs", jobs, "--out", str(folder)]
    if stage.dimensions:
        words += ["--dimensions", stage.dimensions]
    print(f"{stage.suite}, d = {stage.dimensions or 'all'}, {stage.budget}: {solvers}", flush=True)
    run.main(words)


def _tables(name: str, stages: Sequence[Stage], folders: Sequence[Path], solvers: str) -> int:
    """One file a suite."""
    for suite in dict.fromkeys(stage.suite for stage in stages):
        asked = [stage for stage in stages if stage.suite == suite]
        instances = ",".join(dict.fromkeys(stage.instances for stage in asked))
        words = [*map(str, folders), "--suite", suite, "--instances", instances, "--solvers", solvers]
        if all(stage.dimensions for stage in asked):
            words += ["--dimensions", ",".join(dict.fromkeys(stage.dimensions for stage in asked))]
        table.main([*words, "--save", str(RESULTS / f"{name}-{suite}.md")])
    return 0


def _own_folder(name: str) -> Path:
    """A folder for this commit; records of changed files are worth nothing a moment later."""
    folder = RUNS / f"{name}-{commit()}"
    if folder.name.endswith("+") and folder.exists():
        shutil.rmtree(folder)
    return folder


if __name__ == "__main__":
    sys.exit(main())
