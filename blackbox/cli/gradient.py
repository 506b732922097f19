"""`blackbox gradient CHALLENGE --at X`."""

from dataclasses import replace
from typing import Any

import click

from blackbox.cli.asking import challenge_options, open_at, opening_of
from blackbox.cli.options import POINT


@click.command(
    "gradient",
    epilog="""\b
Examples:
  python -m blackbox gradient challenge.pkl --at 1,2
  python -m blackbox gradient challenge.pkl --at 1,2 --method richardson --hessian
  python -m blackbox gradient challenge.pkl --at 1,2 --check 8.4,7 --direction 1,1

\b
Exit codes: 0 an answer · 2 wrong usage · 3 the file cannot be used · 4 stopped for safety ·
5 the function gives no number at the point""",
)
@challenge_options
@click.option("--at", type=POINT, required=True, help="The point.")
@click.option(
    "--method",
    default="central",
    show_default=True,
    metavar="NAME",
    help="neighbour, forward, backward, central, richardson, or complex-step for functions of complex numbers.",
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
    from blackbox.report.gradient import gradient_json, gradient_lines, nothing_json
    from blackbox.solve.calculus import NoNumber, study_on

    direction, claimed = (
        None if options[name] is None else np.array(options[name], dtype=np.float64)
        for name in ("direction", "claimed")
    )
    method = options["method"]
    wish = Wish(method, options["step"], options["diagonals"], direction, options["hessian"], claimed)
    _check(wish)
    opening = opening_of(options, len(at))
    with open_at(challenge, opening, "at", at) as opened:
        spent = opened.calling.trials
        try:
            known, asked = _by_complex_steps(opened, at, options["bounds"]) if method == COMPLEX_STEP else (None, 0)
            study, evaluations = study_on(opened.executor, at, options["bounds"], replace(wish, known=known), "at")
        except NoNumber as nothing:
            if as_json:
                click.echo(nothing_json(at, method, nothing.evaluations + spent, str(nothing)))
            else:
                click.echo(f"blackbox: {nothing}", err=True)
            return 5
    if as_json:
        click.echo(gradient_json(study, method, evaluations + asked + spent))
    else:
        for label, text in gradient_lines(study, evaluations + asked + spent):
            click.echo(f"{label:>12}  {text}")
    return 0


COMPLEX_STEP = "complex-step"


def _check(wish: Any) -> None:
    """Raises `OptionError` before anything is opened."""
    from blackbox.core.errors import OptionError
    from blackbox.gradients.estimate import read_step

    read_step(wish.step, 1)
    if wish.method != COMPLEX_STEP:
        wish.estimator()
        return
    for name, value in (("step", wish.step), ("diagonals", wish.diagonals or None)):
        if value is not None:
            raise OptionError(name, value, "a complex step takes neither: it is exact to rounding with a tiny one")


def _by_complex_steps(opened: Any, at: list[float], bounds: Any) -> tuple[Any, int]:
    from blackbox.core.errors import OptionError
    from blackbox.solve.calculus import complex_step_on

    if opened.imaginary is None:
        raise OptionError("method", COMPLEX_STEP, "this challenge takes no complex numbers")
    return complex_step_on(opened.executor, opened.imaginary, at, bounds, "at")
