"""Options of the commands that ask a challenge for slopes and walks."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from blackbox.cli import options
from blackbox.cli.options import BOUNDS, POINT

F = TypeVar("F", bound=Callable[..., Any])


def challenge_options(command: F) -> F:
    """How a challenge is opened and asked; the same in every command that asks one."""
    command = options.challenge_options(command)
    for option in reversed(_CHALLENGE):
        command = option(command)
    return command


def opening_of(given: dict[str, Any], dimension: int | None) -> Any:
    """The `OpenOptions` among the options given, which are taken out."""
    from dataclasses import fields

    from blackbox.solve.opening import OpenOptions

    names = [entry.name for entry in fields(OpenOptions) if entry.name in given and entry.name != "dimension"]
    return OpenOptions(dimension=dimension, **{name: given.pop(name) for name in names})


@contextmanager
def open_at(challenge: str, opening: Any, name: str, point: list[float] | None) -> Generator[Any]:
    """The challenge, opened for as many inputs as a point has. Raises `OptionError` where it takes others."""
    from blackbox.core.errors import MisfitError, OptionError
    from blackbox.solve.opening import open_challenge

    try:
        with open_challenge(challenge, opening) as opened:
            yield opened
    except MisfitError as misfit:
        if point is None:
            raise
        taken = misfit.taken[:1].lower() + misfit.taken[1:]
        raise OptionError(name, point, f"must be one number for each input: {taken}") from misfit


_CHALLENGE = [
    click.argument("challenge"),
    click.option("--bounds", type=BOUNDS, help="Where the function may be asked; [anywhere]."),
    click.option("--json", "as_json", is_flag=True, help="One JSON object, and nothing else."),
]  # fmt: skip


def walk_options(command: F) -> F:
    """What a walk may be told."""
    for option in reversed(_WALK):
        command = option(command)
    return command


_WALK = [
    click.option("--start", type=POINT, required=True, help="Where the walk begins."),
    click.option("--method", default="gradient-descent", show_default=True, metavar="NAME",
                 help="Which walk; an unknown name lists them all."),
    click.option("--momentum", type=float, default=0.9, show_default=True, metavar="M",
                 help="Part of the last move that is kept, for the methods that keep one."),
    click.option("--step", type=float, metavar="H", help="Of the differences, or the first stride [chosen]."),
    click.option("--difference", default="central", show_default=True, metavar="NAME",
                 help="Slopes from central, forward or backward differences."),
    click.option("--maximize", is_flag=True, help="Walk uphill."),
    click.option("--budget", type=int, metavar="N", help="Evaluations at most."),
    click.option("--time", type=float, metavar="SECONDS", help="Seconds at most."),
    click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Same seed, same walk."),
]  # fmt: skip

PICTURE_KINDS = (".png", ".svg")


def picture_kind(path: Path) -> str:
    """`png` or `svg`, from the file's name. Raises `UsageError`."""
    from blackbox.core.errors import OptionError

    if path.suffix.lower() not in PICTURE_KINDS:
        raise OptionError("plot", str(path), "must end in .png or .svg")
    return path.suffix.lower()[1:]


def keep(path: Path, data: bytes) -> None:
    """Write a file. Raises `UsageError` where it cannot be written."""
    from blackbox.core.errors import UsageError

    try:
        path.write_bytes(data)
    except OSError as trouble:
        raise UsageError(f"{path} cannot be written: {trouble.strerror}.") from trouble


def ground_of(executor: Any, steps: Sequence[Any], bounds: Any) -> Any:
    """The landscape around a walk, asked for the picture; None for more than two inputs."""
    import numpy as np

    from blackbox.report.pictures import landscape, window
    from blackbox.solve.plan import read_bounds

    if not steps:
        return None
    size = steps[0].point.size
    box = read_bounds(bounds, size)
    lower = np.full(size, -np.inf) if box is None else box.lower
    upper = np.full(size, np.inf) if box is None else box.upper
    axes = window(steps, lower, upper)
    return None if axes is None else landscape(axes, lambda points: executor.evaluate(points).values)
