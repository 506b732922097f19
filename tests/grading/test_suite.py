"""A suite that breaks a rule is refused with the file, the field, the value and the rule."""

import re
from pathlib import Path

import pytest

from blackbox.grading.suite import DEFAULT, SuiteError, read_suite
from tests.grading.classroom import SUITE

TEXT = SUITE.read_text(encoding="utf-8")


def test_the_default_suite_has_every_item_and_a_hundred_points() -> None:
    suite = read_suite()
    assert suite.points == 100
    assert len(suite.rubric) == 10
    assert suite.path == DEFAULT
    assert sum(challenge.hidden for challenge in suite.challenges) >= 3


def test_the_shares_of_an_item_add_up_to_its_points() -> None:
    suite = read_suite()
    for item, points in suite.rubric.items():
        rows = [challenge for challenge in suite.challenges if item in challenge.items]
        assert sum(suite.share(item, challenge) * challenge.instances for challenge in rows) == pytest.approx(points)


def test_another_seed_makes_another_grading() -> None:
    one, other = read_suite(SUITE, 1), read_suite(SUITE, 2)
    assert one.digest != other.digest
    assert one.digest == read_suite(SUITE, 1).digest
    bowl = one.challenge("bowl")
    assert (bowl.instance(1, 0).shift != bowl.instance(2, 0).shift).any()
    assert (bowl.instance(1, 0).shift != bowl.instance(1, 1).shift).any()


@pytest.mark.parametrize(
    ("pattern", "replacement", "words"),
    [
        (r"^schema = .*?$", 'schema = "other/1"', "schema='other/1'"),
        (r"^seed = 5", "seed = -1", "seed"),
        (r"^seconds = .*?$", "seconds = 0", "seconds=0.0: must be between"),
        (r"^seconds", "secnds", "secnds=0.5: unknown field"),
        (r"^hidden = 20", "hiden = 20", "rubric.hiden=20: unknown field"),
        (r"^hidden = 20", "", "rubric.hidden=None: a challenge has this item"),
        (r"^hidden = 20", "hidden = 20\nnoise = 5", "rubric.noise=5: no challenge has this item"),
        (r"^hidden = 20", "hidden = 0", "rubric.hidden=0: must be a positive"),
        (r'^id = "bowl"', 'id = "public-basins"', "each with an id of its own"),
        (r'^items = \["global"\]', 'items = ["globe"]', "items='globe': unknown item"),
        (r'^items = \["global"\]', "items = []", "at least one item"),
        (r"^dimension = 2", "dimension = 0", "bowl.dimension=0: must be a whole number"),
        (r"^dimension = 2", "dimension = true", "must be of type int"),
        (r"^budget = 300", "", "budget=None: is missing"),
        (r"^start = .*?$", "", "bowl.start=None: is missing"),
        (r"^start = .*?$", "start = [1]", "must hold 2 finite numbers"),
        (r"^start = .*?$", 'start = ["a", "b"]', "must hold 2 numbers"),
        (r"^at = .*?$", "", "bowl.at=None: is missing"),
        (r"^bounds = .*?$", "bounds = [[1, 0], [0, 1]]", "lower end first"),
        (r'^transform = \["shift", "value"\]', 'transform = ["rotation"]', "a turned box is no box"),
        (r'^transform = \["shift", "value"\]', 'transform = ["twist"]', "must be one of shift"),
        (r'^id = "bowl"', 'id = ""', "must be 1 to 64 letters"),
        (r'^id = "bowl"', 'id = "a|b/../c"', "must be 1 to 64 letters"),
        (r'^items = \["global"\]', 'items = [["global"]]', "unknown item"),
        (r'^transform = \["shift", "value"\]', "transform = [1]", "must be one of shift"),
        (r"^hidden = true", "hidden = true\nnoise = nan", "noise=nan: must be a number from 0"),
        (r"^hidden = true", "hidden = true\nnoise = -1", "noise=-1.0: must be a number from 0"),
        (r"^hidden = true", "hidden = true\nreach = inf", "reach=inf: must be a number from 0"),
        (r"^hidden = true", "hidden = true\nweight = inf", "weight=inf: must be a number from"),
        (r"^hidden = true", "hidden = true\nweight = 0", "weight=0.0: must be a number from"),
        (r"^hidden = true", "", "must be true where the item hidden is"),
        (r"^source = '''.*?'''", "source = 'def g(x): pass'", "defines no f"),
        (r"^source = '''.*?'''", "", "give either source"),
        (r"^source = '''.*?'''", "file = 'nowhere.pkl'", "nowhere.pkl.*cannot be read"),
        (r"^schema", "schema schema", "this is no TOML"),
    ],
)
def test_a_broken_rule_is_named(tmp_path: Path, pattern: str, replacement: str, words: str) -> None:
    text, count = re.subn(pattern, lambda _: replacement, TEXT, count=1, flags=re.M | re.S)
    assert count == 1
    path = tmp_path / "suite.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SuiteError, match=words) as caught:
        read_suite(path)
    assert str(path) in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_suite_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="cannot be read"):
        read_suite(tmp_path / "none.toml")
