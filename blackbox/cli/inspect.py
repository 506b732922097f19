"""`blackbox inspect CHALLENGE`."""

import json
from typing import Any

import click

from blackbox.cli.options import ENTRY, MAX_OPCODES, MAX_SIZE, PYTHON


@click.command(
    "inspect",
    epilog="""\b
Examples:
  python -m blackbox inspect challenge.pkl
  python -m blackbox inspect challenge.pkl --json
  python -m blackbox inspect function.py:height

\b
Exit codes: 0 the file can be used here · 2 wrong usage · 3 it cannot (reason and remedy are shown)""",
)
@click.argument("challenge")
@ENTRY
@PYTHON
@MAX_SIZE
@MAX_OPCODES
@click.option("--json", "as_json", is_flag=True, help="The findings as one JSON object, and nothing else.")
def command(
    challenge: str, entry: str | None, python: str | None, max_size: int, max_opcodes: int, as_json: bool
) -> int:
    """Say what CHALLENGE is and what it asks for. Nothing of it is executed.

    This informs; it never permits: code can do anything, and only the worker's walls hold it.
    """
    from blackbox.loading.allowance import Allowance
    from blackbox.loading.opening import inspect_target

    found = inspect_target(challenge, entry, python, Allowance(max_size, max_opcodes))
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        _print(challenge, found)
    return 0 if found.usable else 3


def _print(challenge: str, found: Any) -> None:
    click.echo(f"{challenge}: {found.size:,} bytes, sha256 {found.sha256}")
    protocol = "" if found.protocol is None else f", protocol {found.protocol}"
    click.echo(f"{found.container}{protocol}{_writer(found)}")
    for finding in found.findings:
        click.echo(f"  · {finding}")
    if found.callables:
        click.echo(f"callables: {', '.join(found.callables)}")
    click.echo("It can be opened here." if found.usable else f"It cannot be used here. {found.remedy or ''}".rstrip())


def _writer(found: Any) -> str:
    if found.python:
        return f"; written by Python {found.python}"
    if found.protocol is None:
        return ""
    return "; written by any Python" if not found.by_value else "; written by a Python that its bytes do not tell"
