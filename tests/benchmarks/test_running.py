"""Items, records, resuming: with a suite that needs no library."""

import os
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import ours, pool, run, solvers, table
from benchmarks.counting import Trace
from benchmarks.execute import execute
from benchmarks.figures.board import arrange
from benchmarks.item import Item, Record
from benchmarks.solvers import is_ours
from benchmarks.store import Store, pack, unpack
from benchmarks.task import Task
from blackbox.core.errors import OptionError
from tests.benchmarks.surfaces import record

BOOTH = Item("ours", "classic", "booth", 2, 101, 0, 200)
ORIGIN = {"commit": "abc", "versions": '{"Python": "3"}', "machine": "a machine"}


@given(st.dictionaries(st.integers(1, 2**40), st.floats(allow_nan=False), max_size=40))
def test_a_trace_survives_the_store_bit_for_bit(improvements: dict[int, float]) -> None:
    ordered = dict(sorted(improvements.items()))
    trace = Trace(np.array(list(ordered), dtype=np.int64), np.array(list(ordered.values()), dtype=np.float64))
    back = unpack(pack(trace))
    assert np.array_equal(back.evaluations, trace.evaluations)
    assert back.values.tobytes() == trace.values.tobytes()


def test_a_stored_record_is_read_back_and_its_item_is_finished(tmp_path: Path) -> None:
    good, bad = record("a", {3: 1.5, 8: 0.25}), record("b", {}, end="failed: no reason")
    with Store(tmp_path) as store:
        store.begin(ORIGIN)
        store.add(good)
        store.add(bad)
    with Store(tmp_path) as store:
        assert store.finished() == {good.item, bad.item}
        assert store.finished(with_failures=False) == {good.item}
        back = next(store.records())
        assert store.origins()[0] == ("a", "abc", {"Python": "3"}, "a machine")
    assert (back.item, back.end, back.overhead) == (good.item, good.end, good.overhead)
    assert back.trace.values.tolist() == [1.5, 0.25]


def test_our_search_stays_within_the_budget_and_repeats_itself() -> None:
    first, again = execute(BOOTH, 60), execute(BOOTH, 60)
    assert first.evaluations <= 200
    assert first.trace.evaluations.tolist() == again.trace.evaluations.tolist()
    assert first.trace.values.tobytes() == again.trace.values.tobytes()
    assert first.gaps[-1] < 1e-6
    assert first.overhead > 0


def test_minimize_counts_as_the_bare_search_does() -> None:
    found = execute(Item("ours-minimize", "classic", "booth", 2, 101, 0, 200), 60)
    assert found.evaluations <= 200
    assert found.gaps[-1] < 1e-6


def test_another_seed_and_another_instance_draw_other_numbers() -> None:
    draws = {Item("a", "s", "f", 2, instance, seed, 9).rng().random() for instance in (1, 2) for seed in (0, 1)}
    assert len(draws) == 4
    assert Item("a", "s", "f", 2, 1, 0, 9).rng().random() == Item("b", "s", "f", 2, 1, 0, 99).rng().random()


def _with_solver(monkeypatch: pytest.MonkeyPatch, solve: solvers.Solve) -> Item:
    monkeypatch.setitem(solvers.OURS, "ours-test", solve)
    return Item("ours-test", "classic", "booth", 2, 101, 0, 50)


def test_a_solver_that_fails_keeps_what_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(task: Task) -> None:
        task.f(task.draw())
        raise ZeroDivisionError("on purpose")

    found = execute(_with_solver(monkeypatch, broken), 60)
    assert found.end == "failed: ZeroDivisionError: on purpose"
    assert found.evaluations == 1
    assert len(found.trace.values) == 1


def test_a_solver_that_takes_too_long_is_stopped_outside_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(task: Task) -> None:
        task.f(task.draw())
        while True:
            time.sleep(0.01)

    found = execute(_with_solver(monkeypatch, slow), 0.2)
    assert found.end == "time"
    assert found.evaluations == 1


def test_a_solver_that_stops_by_itself_has_ended_and_one_at_its_budget_has_spent_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert execute(_with_solver(monkeypatch, lambda task: task.f(task.draw())), 60).end == "ended"

    def greedy(task: Task) -> None:
        for start in task.restarts():
            task.f(start)

    found = execute(_with_solver(monkeypatch, greedy), 60)
    assert (found.end, found.evaluations) == ("budget", 50)


def test_restarts_that_ask_nothing_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def idle(task: Task) -> None:
        for _ in task.restarts():
            pass

    assert execute(_with_solver(monkeypatch, idle), 60).end == "ended"


def test_numbers_and_budgets_as_people_write_them() -> None:
    assert run.numbers("1,3,5-7") == [1, 3, 5, 6, 7]
    assert run.budget_of("1000d", 5) == 5000
    assert run.budget_of("1000", 5) == 1000
    for text in ("", "a", "1-", "3;4"):
        with pytest.raises(OptionError):
            run.numbers(text)
    for text in ("", "0d", "-3", "10 d"):
        with pytest.raises(OptionError):
            run.budget_of(text, 2)


def test_names_of_solvers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run.solvers_of("ours,ours@label,ours-minimize") == ["ours", "ours@label", "ours-minimize"]
    assert all(is_ours(name) for name in ("ours", "ours@label", "ours-without-axis"))
    assert not is_ours("biteopt")
    with pytest.raises(OptionError, match="must be one of ours"):
        run.solvers_of("nobody")
    monkeypatch.setattr(ours, "can_do_without", lambda: False)
    with pytest.raises(OptionError, match="no parameter `without`"):
        run.solvers_of("ours-without-axis")


def test_a_wrong_option_is_told_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--suite", "classic", "--budget", "many", "--out", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.long
def test_what_is_finished_is_never_run_again_and_the_table_needs_no_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--suite", "classic", "--functions", "booth,bird", "--dimensions", "2", "--budget", "20d"]
    words += ["--solvers", "ours,scipy-powell", "--out", str(tmp_path)]
    assert run.main([*words, "--instances", "101"]) == 0
    assert run.main([*words, "--instances", "101-102", "--jobs", "2"]) == 0
    told = capsys.readouterr().out
    assert "4 runs, 0 of them finished before" in told
    assert "8 runs, 4 of them finished before" in told
    saved = tmp_path / "tables" / "classic.md"
    assert table.main([str(tmp_path), "--per-function", "--save", str(saved)]) == 0
    text = saved.read_text()
    assert text in capsys.readouterr().out
    assert "## classic, d = 2" in text
    assert "4 problems" in text
    assert "| bird, d = 2 |" in text
    assert "not installed: " in text


def _die(item: Item, seconds: float) -> Record:
    if item.seed == 1:
        os._exit(1)
    return record(item.solver, {1: 0.5}, seed=item.seed)


@pytest.mark.long
def test_a_process_that_dies_takes_only_its_own_item_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "execute", _die)
    items = [Item("a", "test", "bowl", 2, 1, seed, 100) for seed in range(6)]
    found = list(pool.run_all(items, 2, 60))
    assert sorted(made.item.seed for made in found) == [0, 1, 2, 3, 4, 5]
    dead = [made for made in found if made.end.startswith("failed")]
    assert [made.item.seed for made in dead] == [1]
    board = arrange(found, ["a"])
    assert board.groups == {("bowl", 2): "bowls"}
    assert board.failures == {"a": 1}
    assert np.isinf(board.solved["a"]["bowl", 2][1])


def test_a_folder_without_records_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert table.main([str(tmp_path)]) == 2
    assert "No records" in capsys.readouterr().err
