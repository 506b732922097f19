"""The contest of campaigns tells the truth about its functions and contestants."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import campaign_contest
from benchmarks.campaign.functions import SETS, CampaignFunction
from benchmarks.campaign.play import QUESTIONS, Record, append, load, play
from benchmarks.campaign.table import table

ALL = [function for functions in SETS.values() for function in functions]


@pytest.mark.parametrize("function", ALL, ids=lambda function: function.name)
def test_no_point_is_better_than_what_is_called_the_best_and_one_comes_near(function: CampaignFunction) -> None:
    from scipy.optimize import minimize

    rng = np.random.default_rng(0)
    points = rng.random((2000, function.dimension))
    values = np.array([function.value(point) for point in points])
    slack = 1e-9 * max(1.0, abs(function.best))
    assert values.max() <= function.best + slack
    found = []
    for row in np.argsort(-values)[:8]:
        walk = minimize(
            lambda x: -function.value(np.clip(x, 0, 1)), points[row], method="Nelder-Mead", options={"maxiter": 4000}
        )
        found.append(-float(walk.fun))
    assert max(found) <= function.best + slack
    scale = function.best - float(np.median(values))
    assert function.best - max(found) < 0.05 * scale


def test_the_names_are_different_and_the_sets_have_no_formula_in_common() -> None:
    assert len({function.name for function in ALL}) == len(ALL)
    assert len({function.value for function in ALL}) == len(ALL)


def test_a_run_is_told_the_same_points_whoever_plays_and_keeps_its_best() -> None:
    function = SETS["reported"][0]
    one, other = play("random", function, 0, 3), play("random", function, 0, 5)
    assert len(one.regrets) == 4
    assert other.regrets[:4] == one.regrets
    assert all(later <= earlier for earlier, later in zip(other.regrets, other.regrets[1:], strict=False))
    assert other.failure is None


def test_a_contestant_that_gives_up_keeps_what_it_had(monkeypatch: pytest.MonkeyPatch) -> None:
    from collections.abc import Generator

    from benchmarks.campaign import play as playing

    def breaks(known: object) -> Generator[np.ndarray, float, None]:
        yield np.array([0.68, 0.27])
        raise ValueError("enough")

    monkeypatch.setitem(playing.CONTESTANTS, "breaks", breaks)
    record = play("breaks", SETS["reported"][0], 0)
    assert len(record.regrets) == QUESTIONS + 1
    assert record.regrets[-1] == pytest.approx(0, abs=1e-12)
    assert record.failure == "ValueError: enough"


def test_records_are_kept_and_the_table_ranks_them(tmp_path: Path) -> None:
    function = SETS["reported"][0]
    for seed in (0, 1):
        append(tmp_path / "a.jsonl", Record("good", function.name, seed, [1.0, 0.1], 1.0))
        append(tmp_path / "a.jsonl", Record("idle", function.name, seed, [1.0, 1.0], 1.0))
    text = table(load(tmp_path / "a.jsonl"), [function])
    rows = [line for line in text.splitlines() if line.startswith(("| good", "| idle"))]
    assert rows[0].startswith("| good | 0.1000 | 0.100 | 1.00 |")
    assert rows[1].startswith("| idle | 1.0000 | 1.000 | 2.00 |")


def test_the_contest_goes_on_where_it_was_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--contestants", "random", "--seeds", "1", "--out", str(tmp_path), "--save", str(tmp_path / "table.md")]
    assert campaign_contest.main(words) == 0
    first = (tmp_path / "random.jsonl").read_text()
    assert campaign_contest.main(words) == 0
    assert (tmp_path / "random.jsonl").read_text() == first
    assert "| random | " in (tmp_path / "table.md").read_text()
    assert "| random | " in capsys.readouterr().out
