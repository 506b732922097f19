"""The journal is the state of a run: what it holds is never asked again, and what was paid for is in it."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackbox.core.asking import Foresight, Points, Prospect
from blackbox.core.errors import UsageError
from blackbox.core.evaluations import Reply, Status
from blackbox.core.stops import Stop
from blackbox.oracle.executors.in_process import InProcess
from blackbox.oracle.journal import Journal, JournalError
from blackbox.oracle.oracle import Limits, Oracle
from blackbox.solve.run import search_of
from blackbox.solve.runs import open_journal
from tests.fakes.executors import Counting, Failing, Handed
from tests.fakes.functions import siam_4, with_holes
from tests.fakes.plans import plan

BUDGET = 1500


def holed(x: np.ndarray) -> np.ndarray:
    return with_holes(siam_4, lambda p: p[..., 0] > 1)(x)


def run(path: Path, executor: Counting, *, budget: int = BUDGET, seed: int = 0, maximize: bool = False) -> Oracle:
    """One run of the whole search with a journal, as far as the budget goes."""
    with Journal(path) as journal:
        oracle = Oracle(executor, Limits(budget=budget), journal=journal, maximize=maximize)
        oracle.drive(search_of(plan(2, seed=seed)))
    return oracle


def outcome(oracle: Oracle) -> tuple[object, ...]:
    """Everything about a run that an answer is made of, seconds apart."""
    improvements = [(entry.evaluations, entry.x.tolist(), entry.value) for entry in oracle.improvements]
    landings = [(landing.point.tolist(), landing.value, landing.origin) for landing in oracle.landings]
    return improvements, landings, oracle.evaluations, oracle.failed, dict(oracle.failures)


def rows(path: Path) -> int:
    """Answers that another connection can see."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute("SELECT COALESCE(SUM(n), 0) FROM answers").fetchone()[0]
    finally:
        connection.close()


def until(condition: Callable[[], bool]) -> bool:
    """Whether it comes true, sooner or later."""
    for _ in range(1000):
        if condition():
            return True
        time.sleep(0.01)
    return False


def test_a_finished_run_is_replayed_without_asking_and_with_the_same_result(tmp_path: Path) -> None:
    first, second = Counting(holed), Counting(holed)
    one, again = (run(tmp_path / "run.sqlite", executor) for executor in (first, second))
    assert first.evaluations == BUDGET
    assert second.evaluations == 0
    assert again.replayed == BUDGET
    assert outcome(again) == outcome(one)


def test_a_resumed_run_knows_what_was_answered_and_which_walks_are_to_come(tmp_path: Path) -> None:
    run(tmp_path / "run", Counting(holed), budget=200)
    hands = Handed(holed)
    run(tmp_path / "run", hands, budget=200)
    assert hands.evaluations == 0
    assert hands.recalled == 200
    assert any(isinstance(told, Prospect) for told in hands.foreseen)
    walks = [told for told in hands.foreseen if isinstance(told, Foresight) and told.source == "walk"]
    assert len(walks) <= 1, "only what would be asked next"


@pytest.mark.parametrize("maximize", [False, True])
@pytest.mark.parametrize("cut", [1, 7, 400, 1499])
def test_a_cut_run_goes_on_where_it_ended_and_ends_as_an_uncut_one(tmp_path: Path, cut: int, maximize: bool) -> None:
    uncut = run(tmp_path / "uncut.sqlite", Counting(holed), maximize=maximize)
    run(tmp_path / "cut.sqlite", Counting(holed), budget=cut, maximize=maximize)
    rest = Counting(holed)
    resumed = run(tmp_path / "cut.sqlite", rest, maximize=maximize)
    assert rest.evaluations == uncut.evaluations - min(cut, uncut.evaluations)
    assert outcome(resumed) == outcome(uncut)


@settings(max_examples=5)
@given(interrupt_at=st.integers(1, BUDGET))
def test_after_ctrl_c_nothing_that_was_answered_is_asked_again(
    tmp_path_factory: pytest.TempPathFactory, interrupt_at: int
) -> None:
    path = tmp_path_factory.mktemp("journal") / "run.sqlite"
    first, rest = Counting(holed, interrupt_at=interrupt_at), Counting(holed)
    run(path, first)
    run(path, rest)
    assert first.evaluations + rest.evaluations == BUDGET


@pytest.mark.parametrize("lost", [1, 3, 50])
def test_a_lost_tail_is_asked_again_and_the_end_is_the_same(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "run.sqlite"
    whole = run(path, Counting(holed))
    connection = sqlite3.connect(path)
    last = connection.execute("SELECT MAX(sequence) FROM answers").fetchone()[0]
    connection.execute("DELETE FROM answers WHERE sequence > ?", (max(-1, last - lost),))
    connection.commit()
    connection.close()
    kept = rows(path)
    rest = Counting(holed)
    assert outcome(run(path, rest)) == outcome(whole)
    assert rest.evaluations == BUDGET - kept > 0
    assert rows(path) == BUDGET


KILLED = """
import os, signal, sys, time
from pathlib import Path
from tests.fakes.executors import Counting
from tests.oracle.test_journal import holed, run

class Mortal(Counting):
    def evaluate(self, points):
        if self.evaluations + len(points) > 600:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().evaluate(points)

run(Path(sys.argv[1]), Mortal(holed))
"""


def test_a_run_killed_with_signal_9_resumes_to_the_answer_of_an_unbroken_one(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    root = Path(__file__).resolve().parents[2]
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=root, check=False)
    assert killed.returncode == -signal.SIGKILL
    kept = rows(path)
    assert kept <= 600
    rest = Counting(holed)
    resumed = run(path, rest)
    assert rest.evaluations == BUDGET - kept
    assert outcome(resumed) == outcome(run(tmp_path / "unbroken.sqlite", Counting(holed)))


def test_an_answer_that_took_long_is_on_disk_before_the_function_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    seen: list[tuple[int, int]] = []

    def slow(x: np.ndarray) -> float:
        seen.append((len(seen), rows(path)))
        time.sleep(0.012)
        return float(siam_4(x))

    with Journal(path) as journal:
        Oracle(InProcess(slow), Limits(budget=40), journal=journal).drive(search_of(plan(2)))
    late = [(asked, stored) for asked, stored in seen if stored < asked]
    assert late == []


def test_a_flushed_answer_is_visible_to_others(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    with Journal(path) as journal:
        for k in range(5):
            journal.append(np.full((3, 2), float(k)), Reply.from_values(np.zeros(3)))
            journal.flush()
            assert rows(path) == 3 * (k + 1)


def test_an_answer_becomes_visible_by_itself_while_the_next_one_is_awaited(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    with Journal(path) as journal:
        for k in range(3):
            journal.append(np.full((3, 2), float(k)), Reply.from_values(np.zeros(3)))
            assert until(lambda k=k: rows(path) == 3 * (k + 1))


@given(seed=st.integers(0, 2**32 - 1), sizes=st.lists(st.integers(1, 9), min_size=1, max_size=9), d=st.integers(1, 5))
@settings(max_examples=15)
def test_what_goes_in_comes_out_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory, seed: int, sizes: list[int], d: int
) -> None:
    path = tmp_path_factory.mktemp("journal") / "run.sqlite"
    rng = np.random.default_rng(seed)
    points = rng.standard_normal((sum(sizes), d)) * 10 ** rng.uniform(-300, 300, (sum(sizes), d))
    values = np.where(rng.random(sum(sizes)) < 0.3, np.nan, rng.standard_normal(sum(sizes)))
    statuses = np.where(np.isnan(values), rng.integers(1, 7, sum(sizes)), 0).astype(np.uint8)
    reasons = {int(i): f"reason {i}: ü 'quoted'" for i in np.flatnonzero(statuses) if rng.random() < 0.5}
    with Journal(path) as journal:
        at = 0
        for size in sizes:
            part = slice(at, at + size)
            told = {i - at: text for i, text in reasons.items() if at <= i < at + size}
            journal.append(points[part], Reply(values[part], statuses[part], told))
            at += size
    with Journal(path) as journal:
        stored = journal.stored()
    assert stored.points.tobytes() == points.tobytes()
    assert np.array_equal(stored.reply.values, values, equal_nan=True)
    assert np.array_equal(stored.reply.statuses, statuses)
    assert stored.reply.reasons == reasons


def test_failures_are_replayed_as_the_failures_they_were(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    script = Failing([Status.TIMEOUT], [float("nan")], {0: "took longer than 3 s"})
    for executor in (script, Failing([], [], {})):
        with Journal(path) as journal:
            oracle = Oracle(executor, Limits(budget=1), journal=journal)
            oracle.drive(search_of(plan(2)))
        assert dict(oracle.failures) == {"took longer than 3 s": 1}


def test_a_journal_that_answers_other_questions_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    run(path, Counting(holed), seed=1)
    with pytest.raises(UsageError, match="other questions"):
        run(path, Counting(holed), seed=2)
    assert rows(path) == BUDGET


def test_a_journal_of_another_run_is_refused_and_the_differing_facts_are_named(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    open_journal(path, False, {"sha256": "aa", "seed": 1}, print).close()
    with pytest.raises(UsageError, match="seed differ"):
        open_journal(path, True, {"sha256": "aa", "seed": 2}, print)
    with pytest.raises(UsageError, match="--resume"):
        open_journal(path, False, {"sha256": "aa", "seed": 1}, print)
    with open_journal(path, True, {"sha256": "aa", "seed": 1}, print) as journal:
        assert journal.facts()["run"] == {"sha256": "aa", "seed": 1}


def test_facts_are_durable_on_return(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    with Journal(path) as journal:
        assert journal.facts() == {}
        journal.record({"seed": 5, "bounds": [[0, 1], None]})
        with Journal(path) as other:
            assert {"seed": 5, "bounds": [[0, 1], None]}.items() <= other.facts().items()


def _file_in_the_way(folder: Path) -> Path:
    (folder / "file").write_text("not a folder")
    return folder / "file" / "run.sqlite"


def _folder_in_the_way(folder: Path) -> Path:
    (folder / "run.sqlite").mkdir()
    return folder / "run.sqlite"


def _other_file(folder: Path) -> Path:
    (folder / "run.sqlite").write_bytes(b"this is no database" * 100)
    return folder / "run.sqlite"


def _no_device(_: Path) -> Path:
    return Path("/proc/blackbox/run.sqlite")


@pytest.mark.parametrize("place", [_file_in_the_way, _folder_in_the_way, _other_file, _no_device])
def test_a_place_that_cannot_hold_a_journal_is_refused_with_a_remedy(
    tmp_path: Path, place: Callable[[Path], Path]
) -> None:
    path = place(tmp_path)
    with pytest.raises(UsageError, match="choose another place with --journal") as caught:
        Journal(path)
    assert str(path) in str(caught.value)
    assert caught.value.exit_code == 2


def full(journal: Journal) -> None:
    """Let the file grow no more, as on a full disk: SQLite answers with the same error."""
    pages = journal._connection.execute("PRAGMA page_count").fetchone()[0]
    journal._connection.execute(f"PRAGMA max_page_count = {pages}")


def _write_without_end(journal: Journal) -> None:
    for _ in range(100):
        journal.append(np.zeros((500, 2)), Reply.from_values(np.zeros(500)))
        journal.flush()


def test_a_full_disk_is_told_and_what_was_saved_stays(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    with Journal(path) as journal:
        journal.append(np.zeros((1, 2)), Reply.from_values(np.zeros(1)))
        journal.flush()
        full(journal)
        with pytest.raises(JournalError, match="free some space"):
            _write_without_end(journal)
        with pytest.raises(JournalError):
            journal.close()
    assert rows(path) >= 1


def test_after_a_failed_write_the_journal_stays_a_prefix_of_the_run(tmp_path: Path) -> None:
    """Whatever fits later, an answer is never saved without all the answers before it."""
    path = tmp_path / "run.sqlite"
    journal = Journal(path)
    full(journal)
    for size in (5000, 1, 1):
        with suppress(JournalError):
            journal.append(np.full((size, 2), float(size)), Reply.from_values(np.zeros(size)))
            journal.flush()
    with suppress(JournalError):
        journal.close()
    with Journal(path) as reopened:
        points = reopened.stored().points
    assert len(points) == 0 or points[0].tolist() == [5000.0, 5000.0]


class Refusing(Journal):
    """A journal whose disk is full from the first answer on."""

    def append(self, points: Points, reply: Reply) -> None:
        raise JournalError(f"{len(reply.values)} of {len(points)} answers can no longer be written.")


def test_the_answer_that_the_journal_refuses_is_paid_for_and_counts(tmp_path: Path) -> None:
    with Refusing(tmp_path / "run.sqlite") as journal:
        oracle = Oracle(Counting(holed), Limits(), journal=journal)
        drive = oracle.drive(search_of(plan(2)))
    assert drive.stop is Stop.INTERRUPTED
    assert oracle.evaluations == 1
    assert oracle.best is not None


def test_on_a_full_disk_a_run_ends_with_the_best_so_far_and_resumes_where_there_is_space(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    executor = Counting(holed)
    journal = Journal(path)
    oracle = Oracle(executor, Limits(budget=20_000), journal=journal)
    full(journal)
    drive = oracle.drive(search_of(plan(2)))
    assert drive.stop is Stop.INTERRUPTED
    assert "--resume" in drive.detail
    assert oracle.best is not None
    assert oracle.best.value == np.nanmin(holed(executor.points))
    assert executor.evaluations < 20_000
    with pytest.raises(JournalError):
        journal.close()
    rest = Counting(holed)
    resumed = run(path, rest)
    assert outcome(resumed) == outcome(run(tmp_path / "other.sqlite", Counting(holed)))
