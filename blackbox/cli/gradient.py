"""`blackbox gradient CHALLENGE --at X`."""

from typing import Any

import click

from blackbox.cli.asking import challenge_options, opening_of
from blackbox.cli.options import POINT


@click.command(
    "gradient",
    epilog="""\b
Examples:
  python -m blackbox gradient challenge.pkl --at 1,2
  python -m blackbox gradient challenge.pkl --at 1,2 --method richardson --hessian
  python -m blackbox gradient challenge.pkl --at 1,2 --check 8.4,7 --direction 1,1

\b
Exit codes: 0 an answer · 2 wrong usage · 3 the file cannot be used · 4 stopped for safety""",
)
@challenge_options
@click.option("--at", type=POINT, required=True, help="The point.")
@click.option(
    "--method",
    default="central",
    show_default=True,
    metavar="NAME",
    help="neighbour, forward, backward, central, richardson or complex-step (the last from Python only).",
)
@click.option("--step", type=float, metavar="H", help="Of the differences [chosen].")
@click.option("--diagonals", is_flag=True, help="For --method neighbour: the neighbours along the diagonals, too.")
@click.option("--direction", type=POINT, help="The slope along this direction, too.")
@click.option("--hessian", is_flag=True, help="The second derivatives, too.")
@click.option("--check", "claimed", type=POINT, help="A claimed gradient to compare.")
def command(challenge: str, at: list[float], as_json: bool, **options: Any) -> int:
    """The gradient of the function in the file CHALLENGE at a point, with an error bar for each component."""
    import numpy as np

    from blackbox.gradients.point_study import Wish
    from blackbox.report.gradient import gradient_json, gradient_lines
    from blackbox.solve.calculus import study_on
    from blackbox.solve.opening import open_challenge

    direction, claimed = (
        None if options[name] is None else np.array(options[name], dtype=np.float64)
        for name in ("direction", "claimed")
    )
    wish = Wish(options["method"], options["step"], options["diagonals"], direction, options["hessian"], claimed)
    wish.estimator()
    opening = opening_of(options, len(at))
    with open_challenge(challenge, opening) as opened:
        study, evaluations = study_on(opened.executor, at, options["bounds"], wish)
        evaluations += opened.calling.trials
    if as_json:
        click.echo(gradient_json(study, options["method"], evaluations))
    else:
        for label, text in gradient_lines(study, evaluations):
            click.echo(f"{label:>12}  {text}")
    return 0
