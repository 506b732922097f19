"""`blackbox descend CHALLENGE --method M --start X`."""

from pathlib import Path
from typing import Any

import click

from blackbox.cli.asking import challenge_options, ground_of, keep, open_at, opening_of, picture_kind, walk_options


@click.command(
    "descend",
    epilog="""\b
Examples:
  python -m blackbox descend challenge.pkl --start 3,1 --learning-rate 0.1 --target 1e-2
  python -m blackbox descend challenge.pkl --start 3,1 --method momentum --plot walk.png
  python -m blackbox descend challenge.pkl --start 0,0 --method neighbour-descent --step 1 --csv walk.csv
  python -m blackbox descend challenge.pkl --start 0,0 --bounds -5:5 --restarts 20 --slope 1e-6 --plot basins.png

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
@click.option("--diagonals", is_flag=True, help="neighbour-descent looks along the diagonals, too: 3^d − 1 neighbours.")
@click.option(
    "--restarts",
    type=int,
    metavar="N",
    help="N walks, the first from --start, the others from random points in the bounds (without bounds "
    "within 10, or 10 × --step, of it), and the basins they end in.",
)
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE.png|svg", help="Draw the walk.")
@click.option("--csv", "table", type=click.Path(path_type=Path), metavar="FILE", help="Every step, full precision.")
def command(
    challenge: str, start: list[float], as_json: bool, plot: Path | None, table: Path | None, **options: Any
) -> int:
    """One textbook walk on the function in the file CHALLENGE, step by step, and why it stopped."""
    from blackbox.report.walk import descend_lines, walk_csv, walk_json
    from blackbox.solve.walks import WalkOptions, walk_on

    opening = opening_of(options, len(start))
    kind = None if plot is None else picture_kind(plot)
    wish = WalkOptions(**options)
    with open_at(challenge, opening, "start", start) as opened:
        trail = walk_on(opened.executor, start, wish, opened.calling.trials)
        if plot is not None and kind is not None:
            keep(plot, _picture(trail, opened.executor, wish.bounds, kind))
    if table is not None:
        keep(table, walk_csv(trail).encode())
    if as_json:
        click.echo(walk_json(trail))
    else:
        for line in descend_lines(trail):
            click.echo(line)
    return 0 if trail.steps else 5


def _picture(trail: Any, executor: Any, bounds: Any, kind: str) -> bytes:
    from blackbox.report.pictures import restarts_picture, walk_picture

    if not trail.walks:
        ground = ground_of(executor, trail.steps, bounds)
        return walk_picture(trail.steps, f"{trail.method}: {trail.reason}", ground, kind)
    there = [walk for walk in trail.walks if walk.stop.value != "diverged"] or trail.walks
    ground = ground_of(executor, [step for walk in there for step in walk.steps], bounds)
    title = f"{trail.method}: {len(trail.walks)} starts, {len(trail.basins)} basins"
    return restarts_picture(trail, title, ground, kind)
