"""`blackbox tell RUN POINT VALUE`."""

from pathlib import Path
from typing import Any

import click

from blackbox.cli.ask import DATA, WHICH, one_thread, tell_files


@click.command(
    "tell",
    context_settings={"ignore_unknown_options": True},
    epilog="""\b
Examples:
  python -m blackbox tell yield 0.131313,0.5,0.25,0.75 -3.5
  python -m blackbox tell yield 0.131313-0.500000-0.250000-0.750000 failed
  python -m blackbox tell yield '[0.1, 0.5, 0.2, 0.7]' 12.5 '[0.2, 0.5, 0.2, 0.7]' 12.1
  python -m blackbox tell yield --data inputs.txt outputs.txt --which 5

\b
POINT in any format that ask prints, or as numpy prints it; VALUE a number, or nan, none or
failed. Points that nobody asked may be told too.

\b
Exit codes: 0 recorded · 2 wrong usage · 3 a file cannot be used""",
)
@click.argument("run")
@click.argument("answers", nargs=-1, metavar="[POINT VALUE]...")
@DATA
@WHICH
@click.option("--replicate", is_flag=True, help="A point that was told already was measured again.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, and nothing else.")
@click.option("--quiet", is_flag=True, help="No summary on standard error.")
def command(run: str, answers: tuple[str, ...], data: tuple[tuple[Path, Path], ...], **options: Any) -> int:
    """Record what the function answered, on the campaign that `ask` began; durable when the command ends."""
    one_thread()
    from blackbox.core.errors import UsageError
    from blackbox.report.campaign import summary, tell_json, told_sentence
    from blackbox.solve.campaign import Telling
    from blackbox.solve.campaign_run import opened_campaign

    if not answers and not data:
        raise UsageError("tell: nothing to record: give POINT VALUE, or --data INPUTS OUTPUTS.")
    points, values = _pairs(answers)
    with opened_campaign(run, None) as opened:
        tellings: list[Telling] = []
        if points:
            tellings.append(opened.tell(points, values, options["replicate"]))
        if data:
            tellings.append(tell_files(opened, data, options["which"], options["replicate"]))
        if options["as_json"]:
            click.echo(tell_json(str(opened.path), opened.campaign, tellings[-1]))
        elif not options["quiet"]:
            said = "; ".join(told_sentence(telling) for telling in tellings)
            click.echo(f"blackbox: {said}; {summary(opened.campaign)}", err=True)
    return 0


def _pairs(answers: tuple[str, ...]) -> tuple[list[list[float]], list[float]]:
    from blackbox.core.errors import UsageError
    from blackbox.loading.tables import read_point, read_value

    if len(answers) % 2:
        raise UsageError(
            f"tell: every POINT wants a VALUE behind it, but there are {len(answers)} words: quote a point."
        )
    points: list[list[float]] = []
    values: list[float] = []
    for text, answer in zip(answers[::2], answers[1::2], strict=True):
        point, value = read_point(text), read_value(answer)
        if point is None:
            raise UsageError(
                f"tell: {text!r} is no point: write it as ask prints it, as in 0.1,0.2 or 0.100000-0.200000."
            )
        if value is None:
            raise UsageError(f"tell: {answer!r} is no value: a number is wanted, or nan, none or failed.")
        points.append(point)
        values.append(value)
    if len({len(point) for point in points}) > 1:
        raise UsageError("tell: the points have different numbers of inputs.")
    return points, values
