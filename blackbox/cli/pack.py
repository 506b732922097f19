"""`python -m blackbox pack FILE.py:NAME -o challenge.pkl`: make a challenge for others to solve."""

from pathlib import Path

import click

_EXAMPLES = """\b
Examples:
  python -m blackbox pack surface.py:height -o challenge.pkl
  python -m blackbox pack surface.py:height -o challenge.pkl --force
  python -m blackbox pack model.py:predict -o model.pkl --bytecode

The packed file holds the text of FILE.py, comments included: leave the answer out of it. Every Python from 3.6 on
can load it. With --bytecode, FILE.py is run here and what NAME then is gets packed without the text; only the same
Python version (3.11 for 3.11) can load that.
"""


@click.command("pack", epilog=_EXAMPLES)
@click.argument("entry", metavar="FILE.py:NAME")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("challenge.pkl"),
    show_default=True,
    help="Where to put the packed file.",
)
@click.option("--bytecode", is_flag=True, help="Run FILE.py and pack its bytecode instead of its text.")
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@click.option("--quiet", is_flag=True, help="Print nothing.")
def command(entry: str, output: Path, bytecode: bool, force: bool, quiet: bool) -> None:
    """Make a challenge file from the function NAME in FILE.py, for others to solve."""
    import os.path

    from blackbox.core.errors import UsageError
    from blackbox.loading.packing import execute, load_entry, pack_bytecode, pack_source, write_atomically

    if os.path.isfile(output) and not force:
        raise UsageError(f"{output} is there already: give --force to replace it")
    author = load_entry(entry)
    data = pack_bytecode(execute(author)) if bytecode else pack_source(author.source, author.name)
    write_atomically(output, data)
    if not quiet:
        click.echo(_receipt(output, data, author.source))


def _receipt(output: Path, data: bytes, source: str) -> str:
    import hashlib
    import shlex

    from blackbox.loading.packing import needed_modules

    needed = needed_modules(source)
    needs = f", needs {', '.join(needed)}" if needed else ""
    digest = hashlib.sha256(data).hexdigest()
    return (
        f"{output}: {len(data)} bytes, sha256 {digest}{needs}; "
        f"try it: python -m blackbox solve {shlex.quote(str(output))}"
    )
