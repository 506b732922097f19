"""The README shows what really comes out."""

import re
from pathlib import Path

from tests.cli.command import run

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def lines(text: str) -> list[str]:
    """Without trailing blanks, and with seconds levelled: they differ from run to run."""
    return [re.sub(r"\d+\.\d\d s", "# s", line.rstrip()) for line in text.strip("\n").splitlines()]


def test_the_readme_shows_the_real_output_of_make_solve(tmp_path: Path) -> None:
    shown = README.partition("<!-- make solve -->\n```\n")[2].partition("\n```")[0]
    ran = run("solve", ROOT / "challenges" / "valley" / "challenge.pkl", state=tmp_path)
    assert lines(ran.out) == lines(shown)


def test_the_readme_shows_the_real_output_of_inspect(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    shown = README.partition("inspect challenges/valley/challenge.pkl\n")[2].partition("\n```")[0]
    assert lines(run("inspect", "challenges/valley/challenge.pkl", state=tmp_path).out) == lines(shown)


def test_every_option_of_the_readme_is_one_of_solve(tmp_path: Path) -> None:
    table = README.partition("| option | meaning |")[2].partition("\n\n")[0]
    told = run("solve", "--help", state=tmp_path).out
    for option in set(re.findall(r"--[a-z][a-z-]+", table)):
        assert option in told
