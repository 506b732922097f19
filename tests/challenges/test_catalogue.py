"""A manifest that breaks a rule is named with its field and the rule; the builder says what changed."""

import dataclasses
import re
import shutil

import pytest

from challenges.build import main
from challenges.catalogue import ROOT, ManifestError, catalogue, read


@pytest.fixture
def folder(tmp_path):
    """A catalogue of one challenge, to be spoiled."""
    shutil.copytree(ROOT / "few-queries", tmp_path / "few-queries")
    return tmp_path / "few-queries"


def spoil(folder, pattern: str, replacement: str) -> None:
    path = folder / "manifest.toml"
    text, count = re.subn(pattern, lambda _: replacement, path.read_text("utf-8"), count=1, flags=re.M | re.S)
    assert count == 1
    path.write_text(text, "utf-8")


def test_the_catalogue_is_sorted_and_immutable():
    challenges = catalogue()
    assert [c.id for c in challenges] == sorted(c.id for c in challenges)
    with pytest.raises(dataclasses.FrozenInstanceError):
        challenges[0].title = "another"


def test_fields_are_read_as_they_are_written():
    told = read(ROOT / "few-queries")
    assert (told.dimension, told.bounds, told.queries, told.takes_array) == (1, ((0.0, 1000.0),), 30, False)
    assert told.known.at == ((344.0,), (389.5,))
    assert read(ROOT / "valley").bounds is None
    assert read(ROOT / "rosenbrock-10").takes_array
    assert not read(ROOT / "valley").takes_array


@pytest.mark.parametrize("challenge", catalogue(), ids=lambda challenge: challenge.id)
def test_statements_keep_the_answer_to_themselves(challenge):
    told = challenge.title + challenge.statement
    for number in (challenge.known.value, *(x for place in challenge.known.at for x in place)):
        digits = f"{abs(number):g}"
        # Single digits, and sizes of things that the statement has to give, are no clue.
        assert len(digits) < 2 or not re.search(rf"(?<![\d.]){re.escape(digits)}(?!\d)", told)


@pytest.mark.parametrize(
    ("pattern", "replacement", "words"),
    [
        (r"^title = .*?$", "", "title=None: is missing"),
        (r"^title = .*?$", 'title = " "', "title=' ': must be some text"),
        (r"^title", "titel = 1\ntitle", "titel=1: unknown field"),
        (r"^difficulty = 2", "difficulty = 6", "difficulty=6: must be a whole number from 1 to 5"),
        (r"^difficulty = 2", "difficulty = true", "difficulty=True: must be a whole number"),
        (r"^dimension = 1", "dimension = 0", "dimension=0: must be a whole number from 1"),
        (r"^dimension = 1", "dimension = 3", "bounds=.* must be a list of 3 pairs"),
        (r"^call = .*?$", 'call = "g(x)"', r"call='g\(x\)': must read f\(…\)"),
        (r"^call = .*?$", 'call = "f(x, y)"', "must name 1 argument or 1"),
        (r"^bounds = .*?$", "bounds = [[3, 2]]", "lower bound must be below"),
        (r"^bounds = .*?$", "bounds = [[0, 1, 2]]", "must hold 2 numbers"),
        (r"^bounds = .*?$", "bounds = [[0, nan]]", "must be a finite number"),
        (r"^bounds = .*?$", "bounds = [[0, 350]]", "must lie within the bounds"),
        (r"^queries = 30", "queries = 0", "queries=0"),
        (r"^pitfalls = \[.*?^\]", "pitfalls = []", "at least one sentence"),
        (r"^\[minimum\].*", "", "minimum=None: is missing"),
        (r"^\[minimum\].*", "[[minimum]]", "must be a table"),
        (r"^value = .*?$", 'value = "low"', "minimum.value='low': must be a finite number"),
        (r"^at = .*?$", "at = []", "at least one point"),
        (r"^at = .*?$", "at = [[1, 2]]", "must hold 1 numbers"),
        (r"^tolerance = .*?$", "tolerance = 0", "minimum.tolerance=0.0: must be positive"),
        (r"^reach = .*?$", "", "minimum.reach=None: is missing"),
        (r"^title", "title title", "cannot be read"),
    ],
)
def test_a_broken_rule_is_named_with_file_field_and_value(folder, pattern, replacement, words):
    spoil(folder, pattern, replacement)
    with pytest.raises(ManifestError, match=words) as caught:
        catalogue(folder.parent)
    assert str(folder / "manifest.toml") in str(caught.value)
    assert caught.value.exit_code == 3


def test_check_finds_a_stale_and_a_missing_file_and_building_mends_both(folder, capsys):
    root = ["--root", str(folder.parent)]
    packed = folder / "challenge.pkl"
    original = packed.read_bytes()
    assert main([*root, "--check"]) == 0
    packed.write_bytes(b"old")
    assert main([*root, "--check"]) == 1
    assert packed.read_bytes() == b"old"
    assert main(root) == 0
    assert packed.read_bytes() == original
    packed.unlink()
    assert main([*root, "--check"]) == 1
    assert main(root) == 0
    assert main(root) == 0
    assert [line.split(" (")[0] for line in capsys.readouterr().out.splitlines()] == [
        "few-queries: unchanged",
        "few-queries: stale",
        "few-queries: stale",
        "few-queries: missing",
        "few-queries: missing: rebuilt",
        "few-queries: unchanged",
    ]


def test_a_source_without_the_entry_stops_the_build_with_one_sentence(folder, capsys):
    (folder / "function.py").write_text("def g(x): ...\n")
    assert main(["--root", str(folder.parent)]) == 2
    assert "defines no f" in capsys.readouterr().err
