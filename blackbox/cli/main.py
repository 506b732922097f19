"""The command line: finds the subcommand, imports only that, and turns errors into sentences and exit codes."""

import signal
import sys
from importlib import import_module
from typing import Any

import click

from blackbox.cli.options import EXIT_CODES
from blackbox.core.errors import BlackboxError

COMMANDS = {
    "ask": "points to evaluate next: the search with a person, or any program, as the function",
    "compare": "our methods and SciPy's on one challenge, at equal budgets",
    "descend": "one textbook walk, step by step, as a table, picture or JSON",
    "grade": "judge submissions on hidden challenges: scores with a reason for every point",
    "gradient": "gradient, Hessian, directional derivative, kind of critical point",
    "inspect": "say what a challenge file is and asks for, without running it",
    "pack": "make a challenge file from a function, for others to solve",
    "practice": "learn by doing: exercises with checks that name the likely fault",
    "rates": "the same walk at several learning rates, side by side",
    "solve": "find the global minimum of a challenge, and explain it",
    "tell": "record what the function answered to the points that were asked",
}
"""Name → one line of help; each lives in `blackbox.cli.<name>` as `command`, and is imported when it is called."""


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return import_module(f"blackbox.cli.{cmd_name}").command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command and its words; `-log(x)` as a challenge is set apart from the options."""
        name, command, words = super().resolve_command(ctx, args)
        takes_challenge = command is not None and any(param.name == "challenge" for param in command.params)
        return name, command, _expressions_apart(words) if takes_challenge else words

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"""\b
Examples:
  python -m blackbox solve challenge.pkl
  python -m blackbox inspect challenge.pkl
  python -m blackbox pack function.py:f -o challenge.pkl

{EXIT_CODES}""",
)
@click.version_option(package_name="blackbox", prog_name="blackbox")
def main() -> None:
    """Minimise an unknown function from its values alone."""


def _expressions_apart(words: list[str]) -> list[str]:
    """The same words, with expressions that begin with a minus sign behind a `--`: there click sees no options."""
    dashed = [word for word in words if word[:1] == "-" and word[1:2] != "-" and len(word) > len("-h")]
    if not dashed or "--" in words:
        return words
    from blackbox.loading.formats.expression import is_led_by_minus

    meant = [word for word in dashed if is_led_by_minus(word)]
    return [*(word for word in words if word not in meant), "--", *meant] if meant else words


def run() -> None:
    """Entry point. Exits with the documented codes; errors are one sentence on standard error."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        code: Any = main.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except BlackboxError as error:
        click.echo(f"blackbox: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        click.echo("blackbox: interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:
        _let_go_of_output()
        sys.exit(0)
    except OSError as error:
        click.echo(f"blackbox: the answer cannot be written: {error.strerror or error}", err=True)
        _let_go_of_output()
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


def _terminate(_number: int, _frame: Any) -> None:
    """A polite kill is treated like Ctrl-C: the best so far is printed."""
    raise KeyboardInterrupt


def _let_go_of_output() -> None:
    """The reader of our output has gone (`| head`): let Python not complain while it exits."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
