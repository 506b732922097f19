"""`blackbox solve CHALLENGE`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from blackbox.cli.options import sandbox_options, search_options

if TYPE_CHECKING:
    from blackbox.answer.answer import Answer


@click.command(
    "solve",
    epilog="""\b
Examples:
  python -m blackbox solve challenge.pkl
  python -m blackbox solve challenge.pkl --bounds -5:5,0:10 --budget 2000
  python -m blackbox solve challenge.pkl --maximize --start 1,2 --json
  python -m blackbox solve challenge.pkl --resume        # go on after a crash or Ctrl-C

\b
Exit codes: 0 an answer · 2 wrong usage · 3 the file cannot be used · 4 stopped for safety ·
5 no usable minimum (unbounded, infimum, no-finite-value)""",
)
@click.argument("challenge", type=click.Path(path_type=Path))
@search_options
@sandbox_options
@click.option("--entry", metavar="NAME", help="Which callable, where the file holds several.")
@click.option("--journal", type=click.Path(path_type=Path), help="Where every answer is kept [your state folder].")
@click.option("--resume", is_flag=True, help="Go on with the journal of the same run; asks nothing again.")
@click.option("--json", "as_json", is_flag=True, help="The answer as one JSON object, and nothing else.")
@click.option("--quiet", is_flag=True, help="No progress; only the answer's value and point.")
def command(challenge: Path, as_json: bool, quiet: bool, **options: Any) -> int:
    """Find the global minimum of the function in the file CHALLENGE.

    The file runs in a locked process of its own; nothing of it is ever loaded here.
    Ctrl-C keeps and prints the best so far.
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
    """The value, then the coordinates, in full precision, on one line."""
    if answer.x is not None:
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
        style = "bold red" if "FAILS" in text or "NO MINIMUM" in text else style
        table.add_row("" if label == previous else label, Text(text, style=style))
        previous = label
    Console(highlight=False, soft_wrap=False).print(table)
