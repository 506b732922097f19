"""Rebuilds the packed files from their sources: `python -m challenges.build`, or `--check` to only compare."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from blackbox.core.errors import BlackboxError
from blackbox.loading.packing import load_entry, pack_source, write_atomically
from challenges.catalogue import ROOT, Challenge, catalogue


def pack(challenge: Challenge) -> bytes:
    """What the packed file must hold."""
    entry = load_entry(f"{challenge.source}:{challenge.entry}")
    return pack_source(entry.source, entry.name)


def build(challenge: Challenge, *, write: bool) -> str | None:
    """Bring one packed file up to date, where `write` allows it; what was amiss, or None."""
    fresh = pack(challenge)
    old = challenge.packed.read_bytes() if challenge.packed.exists() else None
    if fresh == old:
        return None
    if write:
        write_atomically(challenge.packed, fresh)
    return "missing" if old is None else f"stale ({len(old)} bytes, now {len(fresh)})"


def main(arguments: Sequence[str]) -> int:
    """Exit code: 0, or 1 where `--check` finds a packed file that is not what its source makes."""
    parser = argparse.ArgumentParser(prog="python -m challenges.build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if any packed file is stale")
    parser.add_argument("--root", type=Path, default=ROOT, help="folder of the challenges")
    options = parser.parse_args(arguments)
    amiss = 0
    try:
        for challenge in catalogue(options.root):
            found = build(challenge, write=not options.check)
            amiss += found is not None
            done = "" if options.check or found is None else ": rebuilt"
            print(f"{challenge.id}: {found or 'unchanged'}{done}")
    except BlackboxError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 1 if options.check and amiss else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
