"""The README shows what really comes out."""

import re
from pathlib import Path

import pytest

from tests.cli.command import run

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


PLAY, VANISHING = 0.2, 1e-6
"""Part by which a number may differ from one processor to another, whose linear algebra rounds in its own way, and
what counts as zero."""


def words_and_numbers(text: str) -> tuple[str, list[float]]:
    """The words, however they are broken into lines, and the numbers among them; seconds are left out."""
    number = r"-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?"
    timeless = " ".join(re.sub(r"\d+\.\d\d s", "seconds", text).split())
    # Parts that cost nearly the same may change places, too.
    timeless = re.sub(
        r"(?<=spent on )(?:[a-z ]+ \d+ %(?:, )?)+",
        lambda spent: " ".join(sorted(spent[0].split(", "), key=str.lower)),
        timeless,
    )
    return re.sub(number, "#", timeless), [float(found.replace(",", "")) for found in re.findall(number, timeless)]


def lines(text: str) -> list[str]:
    """Without trailing blanks, and with seconds levelled: they differ from run to run."""
    return [re.sub(r"\d+\.\d\d s", "# s", line.rstrip()) for line in text.strip("\n").splitlines()]


def test_the_readme_shows_the_real_output_of_make_solve(tmp_path: Path) -> None:
    shown = README.partition("<!-- make solve -->\n```\n")[2].partition("\n```")[0]
    words, numbers = words_and_numbers(shown)
    really, found = words_and_numbers(
        run("solve", ROOT / "challenges" / "valley" / "challenge.pkl", state=tmp_path).out
    )
    assert really == words
    assert found == pytest.approx(numbers, rel=PLAY, abs=VANISHING)


def test_the_readme_shows_the_real_output_of_inspect(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    shown = README.partition("inspect challenges/valley/challenge.pkl\n")[2].partition("\n```")[0]
    assert lines(run("inspect", "challenges/valley/challenge.pkl", state=tmp_path).out) == lines(shown)


def test_every_option_of_the_readme_is_one_of_solve(tmp_path: Path) -> None:
    table = README.partition("| option | meaning |")[2].partition("\n\n")[0]
    told = run("solve", "--help", state=tmp_path).out
    for option in set(re.findall(r"--[a-z][a-z-]+", table)):
        assert option in told
