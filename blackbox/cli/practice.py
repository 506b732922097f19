"""`blackbox practice`: learn by doing."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from blackbox.practice.folder import Folder

NOT_YET = 6
"""Exit code of a check that does not pass."""


@click.group(
    "practice",
    epilog="""\b
Examples:
  python -m blackbox practice init learning && cd learning
  python -m blackbox practice next
  python -m blackbox practice check
  python -m blackbox practice watch        # checks again whenever you save

\b
Exit codes: 0 done, passed · 2 wrong usage · 4 a solution cannot be locked in here · 6 not passed yet""",
)
def command() -> None:
    """Learn by doing: nineteen exercises from the first slope to the whole interview."""


def _here() -> "Folder":
    from blackbox.practice.folder import find

    return find(Path.cwd())


@command.command("init")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("blackbox-practice"), required=False)
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Your instances of the exercises [drawn].")
def init(folder: Path, seed: int | None) -> None:
    """Make FOLDER with a stub for every exercise, notes, and the state in plain JSON [blackbox-practice]."""
    from blackbox.practice.exercise import exercises
    from blackbox.practice.folder import create

    made = create(folder, seed)
    first = exercises()[0]
    click.echo(f"{folder}: {len(exercises())} exercises, NOTES.md and practice.json")
    click.echo(f"read {made.path / first.folder / 'README.md'}, write {made.solution(first)}, then, in {folder}:")
    click.echo("python -m blackbox practice check")


@command.command("list")
def list_() -> None:
    """All exercises by stage, with your points."""
    click.echo("\n".join(listing(_here())))


def listing(folder: "Folder") -> list[str]:
    """Lines for a person."""
    from blackbox.practice.exercise import STAGES, exercises

    lines: list[str] = []
    stage = 0
    for found in exercises():
        if found.stage > stage:
            stage = found.stage
            lines.append(f"{stage}  {STAGES[stage - 1]}")
        record = folder.of(found.id)
        mark = "passed" if record["passed"] else "begun" if record["checks"] else ""
        here = "▸" if found.id == folder.current else " "
        lines.append(f" {here} {found.folder:<22} {record['score']:>2} of {found.max_score:>2}  {mark}".rstrip())
    return lines


@command.command("start")
@click.argument("name", metavar="ID")
def start(name: str) -> None:
    """Work on exercise ID from now on, and read its statement."""
    from blackbox.practice.folder import statement

    folder = _here()
    found = folder.chosen(name)
    folder.start(found)
    click.echo(statement(found))
    click.echo(f"write {folder.solution(found)}")


@command.command("next")
@click.pass_context
def next_(context: click.Context) -> None:
    """Go on to the first exercise that is not passed."""
    found = _here().next_open()
    if found is None:
        click.echo("All exercises are passed. Grade yourself: python -m blackbox grade 19-whole-interview/solution.py")
    else:
        context.invoke(start, name=found.id)


@command.command("check")
@click.argument("name", metavar="[ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help="The checks as one JSON object, and nothing else.")
def check(name: str | None, as_json: bool) -> int:
    """Judge your solution of ID, or of the exercise that you are working on."""
    import json

    from blackbox.practice.checks import check as judge
    from blackbox.practice.text import verdict_json, verdict_lines

    folder = _here()
    found = folder.chosen(name)
    verdict = judge(found, folder.source(found), folder.seed)
    folder.note_check(verdict)
    click.echo(json.dumps(verdict_json(verdict)) if as_json else "\n".join(verdict_lines(verdict)))
    return 0 if verdict.passed else NOT_YET


@command.command("hint")
@click.argument("name", metavar="[ID]", required=False)
def hint(name: str | None) -> None:
    """A hint; each one is stronger than the last, and there are three."""
    folder = _here()
    number, text = folder.hint(folder.chosen(name))
    click.echo(f"hint {number} of 3: {text}")


@command.command("solution")
@click.argument("name", metavar="[ID]", required=False)
@click.option("--give-up", is_flag=True, help="Show it although you have not passed.")
def solution(name: str | None, give_up: bool) -> None:
    """A solution to compare yours with, once you have passed."""
    from blackbox.core.errors import UsageError

    folder = _here()
    found = folder.chosen(name)
    record = folder.of(found.id)
    if not record["passed"] and not give_up:
        raise UsageError(f"{found.id} is not passed yet: --give-up shows a solution all the same.")
    record["gave_up"] = record["gave_up"] or not record["passed"]
    folder.save()
    click.echo(found.solution, nl=False)


@command.command("reset")
@click.argument("name", metavar="[ID]", required=False)
def reset(name: str | None) -> None:
    """Put the stub back; what you had is kept beside it."""
    folder = _here()
    found = folder.chosen(name)
    kept = folder.reset(found)
    click.echo(f"{folder.solution(found)} is the stub again" + (f"; yours is {kept.name}" if kept else ""))


@command.command("watch")
def watch() -> None:
    """Check again whenever you save; keys h, l, n, r, q."""
    from blackbox.practice.watching import changes_below, watch_folder

    folder = _here()
    with _Keyboard() as keyboard:
        for lines in watch_folder(folder, changes_below(folder.path), keyboard.key, listing):
            click.echo("\n".join(lines) + "\n")


class _Keyboard:
    """Single keys of a terminal; none where there is no terminal."""

    def __init__(self) -> None:
        self._restore: Callable[[], None] = lambda: None

    def __enter__(self) -> "_Keyboard":
        import sys

        if sys.stdin.isatty():
            try:
                import termios
                import tty
            except ImportError:
                return self
            before = termios.tcgetattr(sys.stdin)
            tty.setcbreak(sys.stdin)
            self._restore = lambda: termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
        return self

    def __exit__(self, *_: object) -> None:
        self._restore()

    def key(self) -> str:
        """The key that was pressed since, or nothing."""
        import select
        import sys

        if select.select([sys.stdin], [], [], 0)[0]:
            return sys.stdin.read(1) or "q"  # the end of the input is the end of the watch
        return ""
