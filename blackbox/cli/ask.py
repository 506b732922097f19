"""`blackbox ask RUN`."""

from pathlib import Path
from typing import Any

import click

from blackbox.cli.options import BOUNDS

DATA = click.option(
    "--data", nargs=2, multiple=True, type=click.Path(path_type=Path), metavar="INPUTS OUTPUTS",
    help="Points and values known already: .npy, .csv, or text as numpy prints it.",
)  # fmt: skip
WHICH = click.option(
    "--which", type=int, metavar="K",
    help="The files hold one array for each of several functions in every list: take the K-th.",
)  # fmt: skip


@click.command(
    "ask",
    epilog="""\b
Examples:
  python -m blackbox ask yield --dimension 4 --bounds 0:1 --maximize --data inputs.npy outputs.npy
  python -m blackbox ask yield                      the same point again, until it is told
  python -m blackbox ask yield -n 3 --format hyphens
  python -m blackbox ask yield --status

\b
RUN is a name, kept in the state folder, or the path of a file. Options that say what the
function is are given once; with --format hyphens the upper ends are left out (0.999999 at most).

\b
Exit codes: 0 points or a status · 2 wrong usage · 3 a file cannot be used""",
)
@click.argument("run")
@click.option("--dimension", type=int, metavar="D", help="Number of inputs.")
@click.option("--bounds", type=BOUNDS, help="Box to ask in, one LO:HI for all inputs or one each.")
@click.option("--maximize/--minimize", default=None, help="Which way is better [--minimize].")
@click.option("--seed", type=int, metavar="N", help="Same seed and data, same points [0].")
@click.option("--decimals", type=int, metavar="N", help="Of the points asked [a millionth of each side].")
@click.option("--half-open/--closed", default=None, help="Whether the upper ends are left out [with hyphens].")
@DATA
@WHICH
@click.option("-n", "count", type=int, default=1, show_default=True, metavar="N", help="Points, those pending first.")
@click.option("--format", "form", type=click.Choice(["csv", "json", "hyphens"]), help="[the campaign's first, or csv]")
@click.option("--replicate", is_flag=True, help="Points of --data that were told with other values are measured again.")
@click.option("--status", is_flag=True, help="Best so far, number told, pending; ask nothing new.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, and nothing else.")
@click.option("--quiet", is_flag=True, help="No summary on standard error.")
def command(run: str, **options: Any) -> int:
    """Points whose values are wanted next, one a line: the search with a person, or any program, as the function.

    A surrogate of everything told so far proposes them. Made for tens of evaluations in all.
    """
    one_thread()
    from blackbox.core.numbers import require_whole
    from blackbox.report.campaign import ask_json, summary, written
    from blackbox.solve.campaign_run import CampaignOptions, opened_campaign

    names = ("dimension", "maximize", "seed", "decimals", "half_open")
    given = CampaignOptions(bounds=options["bounds"], format=options["form"], **{name: options[name] for name in names})
    count = require_whole("n", options["count"], 1)
    with opened_campaign(run, given) as opened:
        tell_files(opened, options["data"], options["which"], options["replicate"])
        campaign = opened.campaign
        asked = campaign.pending if options["status"] else opened.ask(count)
        form = options["form"] or opened.format
        if options["as_json"]:
            click.echo(ask_json(str(opened.path), campaign, asked, form))
            return 0
        for point in asked:
            click.echo(written(point, form, campaign.field.places))
        if options["status"] or not options["quiet"]:
            click.echo(f"blackbox: {summary(campaign)}", err=True)
    return 0


def tell_files(opened: Any, pairs: tuple[tuple[Path, Path], ...], which: int | None, replicate: bool) -> Any:
    """Record what files hold, all of them or nothing; what came of it, or None without files."""
    if not pairs:
        return None
    import numpy as np

    from blackbox.loading.array_text import DataError
    from blackbox.loading.tables import read_points, read_values

    read = [(read_points(a, opened.campaign.field.dimension, which), read_values(b, which), a, b) for a, b in pairs]
    for points, values, inputs, outputs in read:
        if len(points) != len(values):
            raise DataError(f"{inputs} holds {len(points)} points, but {outputs} holds {len(values)} values.")
    points, values = np.vstack([row[0] for row in read]), np.concatenate([row[1] for row in read])
    return opened.tell(points, values, replicate)


def one_thread() -> None:
    """Arrays of tens of points are slower on many threads, and their last bits would depend on how many there are."""
    import os

    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
