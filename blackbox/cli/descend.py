"""`blackbox descend CHALLENGE --method M --start X`."""

from pathlib import Path
from typing import Any

import click

from blackbox.cli.asking import challenge_options, ground_of, keep, opening_of, picture_kind, walk_options


@click.command(
    "descend",
    epilog="""\b
Examples:
  python -m blackbox descend challenge.pkl --start 3,1 --learning-rate 0.1 --target 1e-2
  python -m blackbox descend challenge.pkl --start 3,1 --method momentum --plot walk.png
  python -m blackbox descend challenge.pkl --start 0,0 --method neighbour-descent --step 1 --csv walk.csv

\b
Exit codes: 0 a walk · 2 wrong usage · 3 the file cannot be used · 4 stopped for safety ·
5 the start gave no number""",
)
@challenge_options
@walk_options
@click.option("--learning-rate", type=float, default=0.1, show_default=True, metavar="E", help="η of θ ← θ − η ∇J.")
@click.option("--target", type=float, metavar="V", help="Stop when the value has passed it.")
@click.option("--tolerance", type=float, metavar="E", help="Stop when every |η ∂J/∂θ| is below it.")
@click.option("--slope", type=float, metavar="G", help="Stop when the norm of the gradient is below it.")
@click.option("--patience", type=int, metavar="N", help="Stop after so many steps without a better value.")
@click.option("--steps", type=int, default=1000, show_default=True, metavar="N", help="Steps at most.")
@click.option("--halvings", type=int, default=0, metavar="N", help="Of the grid of neighbour-descent.")
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE.png|svg", help="Draw the walk.")
@click.option("--csv", "table", type=click.Path(path_type=Path), metavar="FILE", help="Every step, full precision.")
def command(
    challenge: str, start: list[float], as_json: bool, plot: Path | None, table: Path | None, **options: Any
) -> int:
    """One textbook walk on the function in the file CHALLENGE, step by step, and why it stopped."""
    from blackbox.report.walk import lines_of, walk_csv, walk_json, walk_table
    from blackbox.solve.opening import open_challenge
    from blackbox.solve.walks import WalkOptions, walk_on

    opening = opening_of(options, len(start))
    kind = None if plot is None else picture_kind(plot)
    wish = WalkOptions(**options)
    with open_challenge(challenge, opening) as opened:
        trail = walk_on(opened.executor, start, wish, opened.calling.trials)
        if plot is not None and kind is not None:
            from blackbox.report.pictures import walk_picture

            ground = ground_of(opened.executor, trail.steps, wish.bounds)
            keep(plot, walk_picture(trail.steps, f"{trail.method}: {trail.reason}", ground, kind))
    if table is not None:
        keep(table, walk_csv(trail.steps).encode())
    if as_json:
        click.echo(walk_json(trail))
    else:
        for line in lines_of(walk_table(trail.steps)) if trail.steps else []:
            click.echo(line)
        steps = max(len(trail.steps) - 1, 0)
        click.echo(f"{trail.stop.value} after {steps} steps and {trail.evaluations} evaluations: {trail.reason}")
    return 0 if trail.steps else 5
