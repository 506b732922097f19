"""`blackbox rates CHALLENGE --start X`."""

from pathlib import Path
from typing import Any

import click

from blackbox.cli.asking import challenge_options, ground_of, keep, open_at, opening_of, picture_kind, walk_options
from blackbox.cli.options import POINT


@click.command(
    "rates",
    epilog="""\b
Examples:
  python -m blackbox rates challenge.pkl --start -0.8
  python -m blackbox rates challenge.pkl --start 3,1 --learning-rates 1.1,0.4,0.1 --steps 20 --plot rates.png

\b
Exit codes: 0 a study · 2 wrong usage · 3 the file cannot be used · 4 stopped for safety ·
5 the start gave no number""",
)
@challenge_options
@walk_options
@click.option("--learning-rates", type=POINT, default="1.1,1,0.8,0.6,0.4,0.2,0.1", show_default=True, help="To try.")
@click.option("--steps", type=int, default=10, show_default=True, metavar="N", help="Steps at each.")
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE.png|svg", help="Draw them side by side.")
def command(
    challenge: str, start: list[float], learning_rates: list[float], as_json: bool, plot: Path | None, **options: Any
) -> int:
    """The same walk at several learning rates: where each ends, what kind it is, and which to take."""
    from blackbox.report.walk import lines_of, rates_json, rates_table
    from blackbox.solve.walks import WalkOptions, study_rates

    opening = opening_of(options, len(start))
    kind = None if plot is None else picture_kind(plot)
    wish = WalkOptions(**options)
    with open_at(challenge, opening, "start", start) as opened:
        study, evaluations = study_rates(opened.executor, start, learning_rates, wish, opened.calling.trials)
        if plot is not None and kind is not None:
            from blackbox.report.pictures import rates_picture

            grounds = [ground_of(opened.executor, walk.steps, wish.bounds) for walk in study.walks]
            keep(plot, rates_picture(study, grounds, kind))
    if as_json:
        click.echo(rates_json(study, evaluations))
    else:
        for line in lines_of(rates_table(study)):
            click.echo(line.rstrip())
        best = "none of them converges" if study.recommended is None else f"recommended: {study.recommended:g}"
        cut = f"; {len(study.walks)} of {len(learning_rates)} rates: {study.reason}" if study.stop else ""
        click.echo(f"{best}; {evaluations} evaluations{cut}")
    return 0 if any(walk.steps for walk in study.walks) else 5
