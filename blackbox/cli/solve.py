"""`blackbox solve CHALLENGE`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from blackbox.cli.options import EXIT_CODES, challenge_options, search_options

if TYPE_CHECKING:
    from blackbox.answer.answer import Answer


@click.command(
    "solve",
    epilog=f"""\b
Examples:
  python -m blackbox solve challenge.pkl
  python -m blackbox solve challenge.pkl --bounds -5:5,0:10 --budget 2000
  python -m blackbox solve challenge.pkl --maximize --start 1,2 --json
  python -m blackbox solve challenge.pkl --resume        # go on after a crash or Ctrl-C
  python -m blackbox solve model.joblib --bounds 0:1
  python -m blackbox solve slow.pkl --workers 8
  python -m blackbox solve function.py:height
  python -m blackbox solve "(x - 2.5)**2 + abs(y)"

{EXIT_CODES}""",
)
@click.argument("challenge")
@search_options
@challenge_options
@click.option("--journal", type=click.Path(path_type=Path), help="Where every answer is kept [your state folder].")
@click.option("--resume", is_flag=True, help="Go on with the journal of the same run; asks nothing again.")
@click.option(
    "--workers",
    type=int,
    default=1,
    show_default=True,
    metavar="N",
    help="Processes that share the evaluations; the answer is the same for any N.",
)
@click.option("--json", "as_json", is_flag=True, help="The answer as one JSON object, and nothing else.")
@click.option("--quiet", is_flag=True, help="No progress; only the answer's value and point.")
def command(challenge: str, as_json: bool, quiet: bool, **options: Any) -> int:
    """Find the global minimum of the function CHALLENGE.

    CHALLENGE is a file in any form (pickle, cloudpickle, dill, joblib, compressed, .py, .pyc, library, program, or the
    .toml of an HTTP oracle), FILE.py:NAME, module:NAME, an expression or an http(s):// address; see docs/files.md.

    It runs in a locked process of its own; nothing of it is ever loaded here. Ctrl-C keeps and prints the best so far.
    """
    from blackbox.cli.progress import Progress
    from blackbox.report.contract import answer_json
    from blackbox.solve.challenge import solve

    with Progress(hidden=quiet or as_json, budget=options["budget"]) as progress:
        answer = solve(challenge, observer=progress.observe, warn=progress.say, **options)
    if as_json:
        click.echo(answer_json(answer))
    elif quiet:
        _print_bare(answer)
    else:
        _print_for_person(answer)
    return 0 if answer.stop.usable and answer.x is not None else 5


def _print_bare(answer: "Answer") -> None:
    """The value, then the coordinates, in full precision, on one line; without any, the reason on standard error."""
    if answer.x is None:
        click.echo(f"blackbox: {answer.reason}", err=True)
    else:
        click.echo(" ".join([f"{answer.value:.17g}", *(f"{value:.17g}" for value in answer.x)]))


def _print_for_person(answer: "Answer") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from blackbox.report.text import answer_lines

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    previous = ""
    for label, text in answer_lines(answer):
        style = "bold green" if label in ("minimum", "maximum") and answer.x is not None else ""
        failing = (label == "check" and text.startswith("FAILS")) or (label == "stopped" and not answer.stop.usable)
        style = "bold red" if failing else style
        table.add_row("" if label == previous else label, Text(text, style=style))
        previous = label
    console = Console(highlight=False)
    with console.capture() as captured:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))
