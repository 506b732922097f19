"""The contest of campaigns: tens of evaluations in all. `python -m benchmarks.campaign_contest`, or `make bench-ask`.

Each contestant is told 10 to 40 random points and their values, then answers 13 questions one at a time. The figure is
the simple regret after them over the regret before them: 1 is no gain, 0 the maximum itself.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.campaign.functions import SETS
from benchmarks.campaign.peers import CONTESTANTS
from benchmarks.campaign.play import FIRST_SEEDS, append, load, play
from benchmarks.campaign.table import table
from benchmarks.provenance import commit

HERE = Path(__file__).parent


def main(words: Sequence[str] | None = None) -> int:
    """Play what was not played yet, then write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.campaign_contest", description=__doc__)
    parser.add_argument("--set", choices=sorted(SETS), default="reported")
    parser.add_argument("--contestants", default=",".join(CONTESTANTS), help="names, separated by commas")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--out", type=Path, default=HERE / "runs" / "campaign", help="folder of the records")
    parser.add_argument("--save", type=Path, help="where to write the table, besides printing it")
    options = parser.parse_args(words)
    names = options.contestants.split(",")
    for name in names:
        _play_all(name, options.set, options.seeds, _records(options.out, name))
    records = [record for name in names for record in load(_records(options.out, name))]
    wanted = range(FIRST_SEEDS[options.set], FIRST_SEEDS[options.set] + options.seeds)
    text = table([record for record in records if record.seed in wanted], SETS[options.set])
    print(text)
    if options.save is not None:
        options.save.write_text(text, encoding="utf-8")
    return 0


def _records(folder: Path, name: str) -> Path:
    """Peers' records are kept from commit to commit, ours are made anew."""
    return folder / (f"{name}-{commit()}.jsonl" if name == "blackbox" else f"{name}.jsonl")


def _play_all(name: str, which: str, seeds: int, path: Path) -> None:
    known = {(record.function, record.seed) for record in load(path)}
    for seed in range(FIRST_SEEDS[which], FIRST_SEEDS[which] + seeds):
        for function in SETS[which]:
            if (function.name, seed) not in known:
                record = play(name, function, seed)
                append(path, record)
                gain = record.regrets[-1] / record.regrets[0]
                told = f"{name} {function.name} {seed}: {gain:.3g} in {record.seconds:.1f} s {record.failure or ''}"
                print(told, file=sys.stderr, flush=True)


if __name__ == "__main__":
    np.seterr(all="ignore")
    sys.exit(main())
