"""Writes the folders in `practice/` from their specifications: `python -m challenges.exercises`, or `--check`.

A folder holds what a teacher looks at: statement, hints, stub, reference solution, and the functions behind it. The
specifications are in `blackbox/practice/exercises/`, where the package finds them.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from blackbox.practice.exercise import Exercise, exercises
from blackbox.practice.folder import statement

ROOT = Path(__file__).resolve().parent / "practice"


def files_of(found: Exercise) -> Iterator[tuple[str, str]]:
    """Name of each file of a folder, and its text."""
    yield "README.md", statement(found)
    yield "hints.md", "".join(f"{number}. {hint}\n" for number, hint in enumerate(found.hints, start=1))
    yield "stub.py", found.stub
    yield "solution.py", found.solution
    for name, land in found.landscapes.items():
        yield f"function-{name}.py", land.source


def amiss(root: Path = ROOT) -> Iterator[tuple[Path, str]]:
    """Every file that is not what its specification makes, and what it should hold."""
    for found in exercises():
        for name, text in files_of(found):
            path = root / found.folder / name
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                yield path, text


def main(arguments: Sequence[str]) -> int:
    """Exit code: 0, or 1 where `--check` finds a stale file."""
    parser = argparse.ArgumentParser(prog="python -m challenges.exercises", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if any file is stale")
    options = parser.parse_args(arguments)
    stale = list(amiss())
    for path, text in stale:
        print(f"{path.relative_to(ROOT)}: {'stale' if options.check else 'written'}")
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
