"""A crew of workers: answers in order whoever gives them, deaths that cost their own point, work ahead that is told."""

import os
import signal
import threading

import numpy as np
import pytest

from blackbox.core.asking import Asking, Foresight, Points, Prospect
from blackbox.core.bounds import Bounds
from blackbox.core.errors import ChallengeError
from blackbox.core.evaluations import FunctionLost, Reply, Status
from blackbox.loading.styles import CallStyle
from blackbox.oracle.executors.crew import Crew
from blackbox.oracle.executors.executor import Interrupted
from blackbox.oracle.executors.worker import Hand, RestartingWorker
from blackbox.oracle.oracle import Limits, Oracle
from blackbox.solve.plan import Plan
from blackbox.solve.run import run
from tests.fakes.drive import Surface
from tests.fakes.functions import rastrigin, rosenbrock, taxicab
from tests.fakes.mortal import MortalProcess

SURFACE = rastrigin(np.array([0.7, -1.3, 2.1]))


class Sleeper:
    """A member that takes a little longer than what is shared point by point, and notes what it was asked."""

    def __init__(
        self, asked: list[bytes], seconds: float = 0.003, lame: bool = False, surface: Surface = SURFACE
    ) -> None:
        self._asked, self._seconds, self._lame, self._surface = asked, seconds, lame, surface
        self.closed = 0

    def start(self) -> None:
        if self._lame:
            raise ChallengeError("It does not load.")

    def ask(self, points: Points) -> Reply:
        self._asked.extend(point.tobytes() for point in points)
        threading.Event().wait(self._seconds * len(points))
        return Reply.from_values(self._surface(points))

    def dismiss(self) -> None:
        """It sleeps for a moment only."""

    def close(self) -> None:
        self.closed += 1


def crew_of(n: int, asked: list[bytes], seconds: float = 0.003) -> Crew:
    return Crew([Sleeper(asked, seconds) for _ in range(n)])


def mortal_crew(*processes: MortalProcess) -> Crew:
    return Crew([Hand(RestartingWorker(p).one_of_many(), CallStyle.SCALARS, lambda: None) for p in processes])


def column(*values: float) -> Points:
    return np.array(values, dtype=np.float64)[:, np.newaxis]


@pytest.mark.parametrize("seconds", [0.0, 0.003])
@pytest.mark.parametrize("workers", [1, 3, 8])
def test_answers_come_in_the_order_of_the_points(workers: int, seconds: float) -> None:
    points = np.random.default_rng(0).standard_normal((41, 3))
    crew = crew_of(workers, [], seconds)
    try:
        for size in (1, 2, 7, 41):
            assert np.array_equal(crew.evaluate(points[:size]).values, SURFACE(points[:size]))
    finally:
        crew.close()


@pytest.mark.parametrize("bounds", [Bounds.from_pairs([(-5, 4)], 3), Bounds.from_pairs([(-5, 4), (1, 1), (0, 3)], 3)])
def test_the_search_asks_and_finds_the_same_whatever_the_number_of_workers(bounds: Bounds) -> None:
    answers = []
    for workers in (1, 2, 8):
        crew = crew_of(workers, [])
        try:
            limits = Limits(400)
            answers.append(run(Plan(bounds, None, 3, False, limits), Oracle(crew, limits)))
        finally:
            crew.close()
    for other in answers[1:]:
        assert other.evaluations == answers[0].evaluations
        assert np.array_equal(other.history.x, answers[0].history.x)
        assert np.array_equal(other.history.values, answers[0].history.values)
        assert other.stop is answers[0].stop


def test_what_is_foreseen_is_evaluated_ahead_once_and_told_apart_while_nobody_asks() -> None:
    asked: list[bytes] = []
    crew = crew_of(4, asked, 0.02)
    try:
        crew.evaluate(column(*np.zeros(4)).repeat(3, axis=1))
        soon = np.arange(6.0).reshape(2, 3)
        crew.foresee(Foresight("test", lambda: soon, 1))
        crew.evaluate(np.full((1, 3), 9.0))
        for _ in range(200):
            if crew.ahead == 2:
                break
            threading.Event().wait(0.02)
        assert crew.ahead == 2
        assert np.array_equal(crew.evaluate(soon).values, SURFACE(soon))
        assert crew.ahead == 0
        assert all(asked.count(point.tobytes()) == 1 for point in soon)
        crew.evaluate(soon)
        assert all(asked.count(point.tobytes()) == 2 for point in soon), "who asks again is answered afresh"
    finally:
        crew.close()


def test_what_is_less_likely_comes_after_what_anybody_foresees_with_more_certainty() -> None:
    asked: list[bytes] = []
    crew = crew_of(2, asked, 0.02)
    try:
        crew.evaluate(np.zeros((4, 3)))
        likely, perhaps, others = (np.full((1, 3), value) for value in (1.0, 2.0, 3.0))
        crew.foresee(Foresight("test", lambda: likely, 1, lambda: perhaps))
        crew.foresee(Foresight("other", lambda: others, 2))
        for question in range(20):
            before = crew.ahead
            crew.evaluate(np.full((1, 3), 10.0 + question))
            for _ in range(100):  # what was begun ahead is let finish, so that the notes are in order
                if crew.ahead > before:
                    break
                threading.Event().wait(0.01)
            if perhaps.tobytes() in asked:
                break
        order = [asked.index(points.tobytes()) for points in (likely, others, perhaps)]
        assert order == sorted(order)
    finally:
        crew.close()


@pytest.mark.parametrize("function", [rosenbrock, taxicab(np.array([0.7, -1.3, 2.1]))])
def test_walks_whose_line_searches_are_foreseen_ask_the_same_whatever_the_number_of_workers(function: Surface) -> None:
    histories = []
    for workers in (1, 8):
        crew = Crew([Sleeper([], surface=function) for _ in range(workers)])
        try:
            limits = Limits(250)
            histories.append(run(Plan(Bounds.unbounded(3), None, 5, False, limits), Oracle(crew, limits)).history)
        finally:
            crew.close()
    assert np.array_equal(histories[0].x, histories[1].x)
    assert np.array_equal(histories[0].values, histories[1].values)


def test_a_member_that_does_not_start_is_missed_by_nobody_unless_all_are() -> None:
    asked: list[bytes] = []
    crew = Crew([Sleeper(asked), Sleeper(asked, lame=True)])
    try:
        points = np.eye(3)
        assert np.array_equal(crew.evaluate(points).values, SURFACE(points))
    finally:
        crew.close()
    nobody = Crew([Sleeper(asked, lame=True), Sleeper(asked, lame=True)])
    try:
        with pytest.raises(ChallengeError, match="does not load"):
            nobody.evaluate(np.eye(3))
    finally:
        nobody.close()


def test_a_worker_that_dies_costs_its_point_alone() -> None:
    crew = mortal_crew(MortalProcess({3.0: 9}), MortalProcess({3.0: 9}))
    try:
        reply = crew.evaluate(column(1, 2, 3, 4, 5))
    finally:
        crew.close()
    assert reply.statuses.tolist() == [Status.OK, Status.OK, Status.CRASH, Status.OK, Status.OK]
    assert np.array_equal(reply.values, [1, 2, np.nan, 4, 5], equal_nan=True)


def test_three_points_in_a_row_that_end_their_process_end_the_run_as_with_one_worker() -> None:
    crew = mortal_crew(*(MortalProcess(hangs=(2.0, 3.0, 4.0)) for _ in range(3)))
    try:
        with pytest.raises(FunctionLost, match="3 points in a row") as lost:
            crew.evaluate(column(1, 2, 3, 4, 5))
    finally:
        crew.close()
    assert len(lost.value.partial.values) == 4


def test_closing_ends_and_closes_every_member() -> None:
    members = [Sleeper([]) for _ in range(3)]
    crew = Crew(members)
    crew.evaluate(np.eye(3))
    crew.close()
    assert [member.closed for member in members] == [1, 1, 1]


def test_answers_made_ahead_do_not_pile_up() -> None:
    crew = Crew([Sleeper([], 0.02) for _ in range(4)], kept=3)
    try:
        crew.evaluate(np.zeros((4, 3)))
        for round_ in range(1, 6):
            points = np.full((2, 3), float(round_)) + np.arange(2)[:, np.newaxis] / 2
            crew.foresee(Foresight("test", lambda points=points: points, 1))
            crew.evaluate(np.full((1, 3), 100.0 + round_))
        made = crew.ahead
        assert len(crew._ready) <= 3
        assert made >= len(crew._ready)
    finally:
        crew.close()


def wait_for(crew: Crew, ahead: int) -> None:
    """Until so many evaluations were made ahead, with a question for each that may bring one."""
    for question in range(200):
        crew.evaluate(np.full((1, 3), 50.0 + question))
        if crew.ahead >= ahead:
            return
    raise AssertionError


def test_a_walk_ahead_that_fails_holds_up_nobody() -> None:
    def walk(number: int) -> Asking[object]:
        values = yield np.full((1, 3), float(number))
        if number % 2:
            raise ZeroDivisionError
        _ = yield np.full((1, 3), 100.0 + number) + 0 * values[0]

    asked: list[bytes] = []
    crew = crew_of(4, asked, 0.01)
    try:
        crew.evaluate(np.zeros((4, 3)))
        crew.foresee(Prospect("walks", walk, 1, 6))
        wait_for(crew, 9)
        for number in (2.0, 4.0, 6.0):
            points = np.full((1, 3), 100.0 + number)
            assert np.array_equal(crew.evaluate(points).values, SURFACE(points))
            assert asked.count(points[0].tobytes()) == 1
    finally:
        crew.close()


def test_what_fails_ahead_is_asked_again_when_the_search_asks_for_it() -> None:
    class Stumbling(Sleeper):
        def ask(self, points: Points) -> Reply:
            reply = super().ask(points)
            if points[0, 0] == 7.0 and asked.count(points[0].tobytes()) == 1:
                raise FunctionLost("once", Reply.from_values(np.empty(0)))
            return reply

    asked: list[bytes] = []
    crew = Crew([Stumbling(asked, 0.01) for _ in range(2)])
    try:
        crew.evaluate(np.zeros((2, 3)))
        sevens = np.full((1, 3), 7.0)
        crew.foresee(Foresight("test", lambda: sevens, 1))
        for question in range(200):
            crew.evaluate(np.full((1, 3), 20.0 + question))
            if sevens[0].tobytes() in asked:
                break
        crew.evaluate(np.full((1, 3), 9.0))
        assert np.array_equal(crew.evaluate(sevens).values, SURFACE(sevens))
        assert asked.count(sevens[0].tobytes()) == 2
    finally:
        crew.close()


def test_ctrl_c_keeps_the_answers_so_far_while_walks_are_gone_ahead() -> None:
    def walk(number: int) -> Asking[object]:
        while True:
            number += 1000
            _ = yield np.full((1, 3), float(number))

    class Impatient(Sleeper):
        def ask(self, points: Points) -> Reply:
            if points[0, 0] == 3.0:
                os.kill(os.getpid(), signal.SIGINT)
                released.wait(60)  # the answer comes after the interruption
            return super().ask(points)

    asked: list[bytes] = []
    released = threading.Event()
    crew = Crew([Impatient(asked, 0.01) for _ in range(2)])
    try:
        crew.evaluate(np.zeros((2, 3)))
        crew.foresee(Prospect("walks", walk, 0))
        with pytest.raises(Interrupted) as stopped:
            crew.evaluate(column(1, 2, 3, 4).repeat(3, axis=1))
        released.set()
        answered = len(stopped.value.partial.values)
        assert answered <= 2
        assert np.array_equal(stopped.value.partial.values, SURFACE(column(1, 2, 3, 4).repeat(3, axis=1))[:answered])
    finally:
        crew.close()
