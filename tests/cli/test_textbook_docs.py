"""docs/textbook.md and the README show what the commands really print."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from blackbox.descent.catalogue import METHODS
from blackbox.gradients.catalogue import NAMES
from tests.cli.command import environment

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "textbook.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n\$ python (-m .*?)\n(.*?)\n```", TEXT, re.DOTALL)


def printed(command: str, state: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, *command.split()],
        cwd=ROOT,
        env=environment(state),
        capture_output=True,
        text=True,
        timeout=120,
    )
    return [line.rstrip() for line in done.stdout.strip("\n").splitlines()]


@pytest.mark.parametrize(("command", "shown"), BLOCKS, ids=[re.sub(r"\W+", "-", block[0])[:40] for block in BLOCKS])
def test_each_block_is_the_real_output(command: str, shown: str, tmp_path: Path) -> None:
    real = printed(command, tmp_path)
    if " compare " in command:
        # Last digits of values near 0 are rounding; who came out with what budget is not.
        assert [line.split()[0] for line in real] == [line.split()[0] for line in shown.splitlines()]
        return
    assert real == shown.splitlines()


def test_the_readmes_walk_is_a_part_of_it(tmp_path: Path) -> None:
    command, shown = re.findall(r"\$ python (-m blackbox descend .*?)\n(.*?)\n```", README, re.DOTALL)[0]
    real = printed(command, tmp_path)
    for line in shown.splitlines():
        assert line in real or line == "…"


def test_every_method_is_told() -> None:
    for name in (*METHODS, *NAMES):
        assert f"`{name}`" in TEXT
