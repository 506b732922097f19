"""`blackbox compare CHALLENGE`."""

from pathlib import Path
from typing import Any

import click

from blackbox.cli.asking import challenge_options, keep, open_at, opening_of, picture_kind
from blackbox.cli.options import POINT


@click.command(
    "compare",
    epilog="""\b
Examples:
  python -m blackbox compare challenge.pkl --bounds -5:5 --budget 2000
  python -m blackbox compare challenge.pkl --bounds -5:5 --repeats 7 --plot contest.png
  python -m blackbox compare challenge.pkl --methods blackbox,bfgs,scipy:direct --json

\b
Exit codes: 0 a comparison · 2 wrong usage · 3 the file cannot be used · 4 stopped for safety""",
)
@challenge_options
@click.option("--start", type=POINT, help="Where each method starts [the origin, or inside the bounds].")
@click.option("--dimension", type=int, metavar="D", help="Number of inputs [found by itself].")
@click.option(
    "--methods", metavar="NAME[,NAME…]", help="Which; an unknown name lists them all [a choice of each kind]."
)
@click.option("--budget", type=int, metavar="N", help="Evaluations for each method [1,000 × (inputs + 2)].")
@click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Same seed, same comparison.")
@click.option("--maximize", is_flag=True, help="Find maxima.")
@click.option(
    "--repeats", type=int, default=1, show_default=True, metavar="N", help="Seeds for each method, from --seed on."
)
@click.option(
    "--plot", type=click.Path(path_type=Path), metavar="FILE.png|svg", help="Draw best value against evaluations."
)
@click.option("--quiet", is_flag=True, help="No progress on standard error.")
def command(challenge: str, as_json: bool, quiet: bool, plot: Path | None, **options: Any) -> int:
    """Our search, the textbook's walks and SciPy's optimisers on the function in the file CHALLENGE.

    Each gets the same counted evaluations and the same seed. What fails is shown with its reason.
    """
    import numpy as np

    from blackbox.comparison.contest import BUDGET_PER_AXIS, DEFAULT_METHODS, Contest, compare
    from blackbox.comparison.report import comparison_json, comparison_table
    from blackbox.core.bounds import Bounds
    from blackbox.core.numbers import require_whole
    from blackbox.oracle.oracle import Limits
    from blackbox.report.walk import lines_of
    from blackbox.solve.plan import check_start_inside, read_bounds, read_seed, read_start

    Limits(options["budget"])
    require_whole("repeats", options["repeats"], 1)
    kind = None if plot is None else picture_kind(plot)
    names = DEFAULT_METHODS if options["methods"] is None else tuple(options["methods"].split(","))
    given: list[float] | None = options["start"]
    dimension: int | None = options["dimension"]
    opening = opening_of(options, dimension or (len(given) if given else None))
    with open_at(challenge, opening, "start", None if dimension else given) as opened:
        d: int = opened.dimension
        box = read_bounds(options["bounds"], d) or Bounds.unbounded(d)
        start = read_start(options["start"], d)
        start = box.clip(np.zeros(d)) if start is None else start
        check_start_inside(start, box)
        budget = options["budget"] or BUDGET_PER_AXIS * (d + 2)
        contest = Contest(box, start, budget, read_seed(options["seed"]), options["maximize"], options["repeats"])
        results = compare(opened.executor, contest, names, None if quiet or as_json else _say)
    if plot is not None and kind is not None:
        from blackbox.comparison.picture import contest_picture

        keep(plot, contest_picture(results, contest.maximize, kind))
    if as_json:
        click.echo(comparison_json(results, contest.maximize))
    else:
        for line in lines_of(comparison_table(results, contest.maximize)):
            click.echo(line.rstrip())
    return 0


def _say(name: str) -> None:
    click.echo(f"blackbox: {name} …", err=True)
