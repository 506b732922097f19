"""Options that mean the same in every command, and their parsing."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

EXIT_CODES = """\b
Exit codes:
  0  an answer                   3  the file cannot be used
  1  a fault of blackbox         4  refused or stopped for safety
  2  wrong usage                 5  no usable minimum (unbounded, infimum, no-finite-value)
  130  interrupted before there was anything to show"""
"""For the help of every command."""

F = TypeVar("F", bound=Callable[..., Any])


class BoundsType(click.ParamType):  # pyright: ignore[reportMissingTypeArgument] - generic in new releases only
    """`LO:HI[,LO:HI…]`; an empty side has no bound."""

    name = "LO:HI[,LO:HI…]"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[tuple[float | None, float | None]]:
        """Pairs, one a comma-separated part."""
        if not isinstance(value, str):
            return value
        return [self._pair(part, value, param, ctx) for part in value.split(",")]

    def _pair(
        self, part: str, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float | None, float | None]:
        low, colon, high = part.partition(":")
        if not colon:
            self.fail(f"{part!r} in {value!r} is not LO:HI, as in -5:5 or 0:1,0:10", param, ctx)
        try:
            return (float(low) if low.strip() else None), (float(high) if high.strip() else None)
        except ValueError:
            self.fail(f"{part!r} in {value!r}: both ends must be numbers (or empty for no bound)", param, ctx)


class PointType(click.ParamType):  # pyright: ignore[reportMissingTypeArgument] - generic in new releases only
    """`X[,X…]`."""

    name = "X[,X…]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[float]:
        """Numbers, comma-separated."""
        if not isinstance(value, str):
            return value
        try:
            return [float(part) for part in value.split(",")]
        except ValueError:
            self.fail(f"{value!r} is not a point: numbers separated by commas, as in 1,2", param, ctx)


BOUNDS, POINT = BoundsType(), PointType()


def search_options(command: F) -> F:
    """The options of every command that searches."""
    for option in reversed(_SEARCH):
        command = option(command)
    return command


def challenge_options(command: F) -> F:
    """The options of every command that runs a challenge: which function of it, how, and with how much freedom."""
    for option in reversed(_CHALLENGE):
        command = option(command)
    return command


ENTRY = click.option(
    "--entry", metavar="NAME", help="Which callable, where it holds several; for a library 'f(double,double)->double'."
)
MAX_SIZE = click.option(
    "--max-size", type=int, default=64, show_default=True, metavar="MIB",
    help="A larger file, or one that unpacks to more, is refused.",
)  # fmt: skip
MAX_OPCODES = click.option(
    "--max-opcodes", type=int, default=2_000_000, show_default=True, metavar="N",
    help="A longer pickle is refused.",
)  # fmt: skip
PYTHON = click.option("--python", metavar="PATH|NAME", help="Interpreter that runs it [the one that wrote it].")

_CHALLENGE = [
    ENTRY,
    click.option("--call", metavar="STYLE", help="How it takes a point: scalars, array, list, tuple, batch, "
                 "keywords[:a,b], dict[:a,b]; +integers for whole numbers [found by itself]."),
    PYTHON,
    click.option("--sandbox", type=click.Choice(["strict", "basic"]), default="strict", show_default=True,
                 help="strict: locked in by the kernel; basic: a separate process, no protection from malice."),
    click.option("--trust", metavar="SHA256-PREFIX",
                 help="You vouch for the file with this sha256 (8 digits or more): as --sandbox basic, for it alone."),
    click.option("--call-timeout", type=float, default=30.0, show_default=True, metavar="SECONDS",
                 help="One evaluation that takes longer has failed."),
    click.option("--load-timeout", type=float, default=30.0, show_default=True, metavar="SECONDS",
                 help="Loading that takes longer is stopped."),
    click.option("--memory", type=int, default=4096, show_default=True, metavar="MIB",
                 help="Memory that the function may use."),
    MAX_SIZE,
    MAX_OPCODES,
    click.option("--max-batch", type=int, default=1024, show_default=True, metavar="N",
                 help="Points that it is given at once, at most."),
    click.option("--max-output", type=int, default=1024, show_default=True, metavar="KIB",
                 help="Of one answer of a program or an HTTP oracle, and of an interpreter's complaints."),
]  # fmt: skip

_SEARCH = [
    click.option("--budget", type=int, metavar="N", help="Evaluations at most [10,000 × (inputs + 2)]."),
    click.option("--time", type=float, metavar="SECONDS", help="Seconds at most, from when the function is loaded."),
    click.option("--target", type=float, metavar="V", help="Stop at this value or a better one."),
    click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Same seed, same answer."),
    click.option("--bounds", type=BOUNDS, help="Box to search, one LO:HI for all inputs or one each; [none]."),
    click.option("--start", type=POINT, help="Where to start [the origin, or inside the bounds]."),
    click.option("--dimension", type=int, metavar="D", help="Number of inputs [found by itself]."),
    click.option("--maximize", is_flag=True, help="Find the global maximum."),
]  # fmt: skip
