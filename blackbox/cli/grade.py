"""`blackbox grade SUBMISSIONS`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from blackbox.grading.grade import Observer
    from blackbox.grading.report import Report

INTERRUPTED = 130
BELOW = 6
"""Exit code where a submission has less than `--fail-under`."""


@click.command(
    "grade",
    epilog="""\b
Examples:
  python -m blackbox grade submissions/
  python -m blackbox grade submissions/ --suite exam.toml --out results/ --workers 4
  python -m blackbox grade submissions/ --suite exam.toml --out results/ --resume
  python -m blackbox grade solution.py --fail-under 60

\b
Exit codes:
  0  graded                      4  a solution cannot be locked in on this system
  1  a fault of blackbox         6  a submission has less than --fail-under
  2  wrong usage                 130  interrupted; --resume goes on
  3  a challenge of the suite cannot be used""",
)
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--suite", type=click.Path(path_type=Path), help="What is asked and what it is worth [a default suite].")
@click.option("--out", type=click.Path(path_type=Path), default=Path("results"), show_default=True, help="Results.")
@click.option("--workers", type=int, default=1, show_default=True, metavar="N", help="Submissions judged at a time.")
@click.option("--resume", is_flag=True, help="Go on with the grading in --out; finished items are not repeated.")
@click.option("--seed", type=int, metavar="N", help="Other instances than those of the suite's own seed.")
@click.option("--fail-under", type=float, metavar="P", help="Exit code 6 where a score is below P percent.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object, and nothing else.")
@click.option("--i-trust-this-candidate", "trusted", is_flag=True, help="Run it without the kernel's lock.")
def command(
    submissions: Path,
    suite: Path | None,
    out: Path,
    workers: int,
    resume: bool,
    seed: int | None,
    fail_under: float | None,
    as_json: bool,
    trusted: bool,
) -> int:
    """Grade SUBMISSIONS, a file, a folder of files or a folder of folders, against secret functions.

    Each call of a solution runs in a locked process of its own, which sees answers only. Results go item by item into
    OUT/results.sqlite; OUT also gets report.json, scores.csv, items.csv, junit.xml, Gradescope's results.json and a
    page for each submission.
    """
    import json

    from blackbox.grading.grade import GradeOptions, grade
    from blackbox.grading.suite import DEFAULT
    from blackbox.loading.sandbox import Sandbox

    sandbox = Sandbox.BASIC if trusted else Sandbox.STRICT
    options = GradeOptions(suite or DEFAULT, out, workers, resume, seed, sandbox)
    try:
        report = grade(submissions, options, _observer(hidden=as_json))
    except KeyboardInterrupt:
        click.echo(f"blackbox: interrupted; what is finished is in {out}, and --resume goes on from there", err=True)
        return INTERRUPTED
    if as_json:
        click.echo(json.dumps(report.plain(), allow_nan=False))
    else:
        _print(report, out)
    limit = 0.0 if fail_under is None else fail_under / 100
    return BELOW if any(g.score < limit * g.max_score for g in report.submissions) else 0


def _observer(hidden: bool) -> "Observer":
    """Progress on standard error, where a person looks at it."""
    import sys

    def show(done: int, jobs: int, what: str) -> None:
        if not hidden and sys.stderr.isatty():
            click.echo(f"\r\x1b[K{done}/{jobs} {what}", nl=done == jobs, err=True)

    return show


def _print(report: "Report", out: Path) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from blackbox.grading.report import lost

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("name", "score", "of", "verdict"):
        table.add_column(name, justify="right" if name in ("score", "of") else "left", no_wrap=True)
    table.add_column("most points lost", overflow="fold")
    for graded in report.submissions:
        missed = lost(graded)
        told = graded.problem or (f"{missed[0].label}: {missed[0].mark.reason}" if missed else "")
        row = [graded.name, f"{graded.score:.2f}", f"{graded.max_score:g}", graded.verdict.value, told]
        table.add_row(*(Text(cell) for cell in row))
    console = Console(highlight=False)
    with console.capture() as captured:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))
    click.echo(f"{out}: report.json, scores.csv, items.csv, junit.xml, gradescope/, pages/, results.sqlite")
