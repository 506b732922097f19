import select
import sys
import textwrap
import time

import numpy as np
import pytest

from blackbox.core.errors import ChallengeError
from blackbox.core.evaluations import Status, TimeIsUp
from blackbox.loading.launch import WorkerOptions
from blackbox.loading.process import WorkerDied, WorkerHung
from blackbox.loading.program import ProgramProcess
from blackbox.loading.styles import Call, CallStyle

POINTS = np.array([[1.0, 2.5], [3.0, -1e-300], [0.1, 7.0]])
SUM = "for line in sys.stdin:\n    print(repr(sum(map(float, line.split()))), flush=True)\n"


@pytest.fixture
def program(tmp_path):
    running = []

    def start(body, timeout=5.0):
        path = tmp_path / "program"
        path.write_text(f"#!{sys.executable}\nimport os, sys, time\n{textwrap.dedent(body)}")
        path.chmod(0o755)
        process = ProgramProcess(path, WorkerOptions(call_timeout=timeout))
        process.reload()
        running.append(process)
        return process

    yield start
    for process in running:
        process.close()


def test_points_are_lines_and_values_are_lines_back(program):
    process = program(SUM)
    assert process.evaluate(POINTS, CallStyle.LIST).values.tolist() == POINTS.sum(axis=1).tolist()
    many = np.random.default_rng(0).random((5000, 3))
    assert process.evaluate(many, CallStyle.LIST).values == pytest.approx(many.sum(axis=1), abs=0, rel=1e-15)


def test_a_program_that_reads_all_before_it_answers_does_not_block(program):
    process = program(
        """
        while True:
            lines = [sys.stdin.readline() for _ in range(512)]
            print("\\n".join(str(len(line)) for line in lines), flush=True)
        """
    )
    assert len(process.evaluate(np.ones((1024, 40)), CallStyle.LIST).values) == 1024


def test_whole_numbers_are_written_without_a_point(program):
    process = program("for line in sys.stdin:\n    print(int(line), flush=True)\n")
    assert process.evaluate(np.array([[2.4], [-3.6]]), Call(CallStyle.LIST, (), True)).values.tolist() == [2.0, -4.0]


def test_lines_that_are_no_numbers_are_failed_evaluations_with_their_text(program):
    process = program(
        """
        for line, say in zip(sys.stdin, ['1.5', 'nan', '-inf', 'ReachFunctionLimit\\x1b[2J']):
            print(say, flush=True)
        """
    )
    reply = process.evaluate(np.ones((4, 1)), CallStyle.LIST)
    assert reply.statuses.tolist() == [Status.OK, Status.NOT_A_NUMBER, Status.INFINITE, Status.WRONG_TYPE]
    assert reply.reasons[3] == r"returned text 'ReachFunctionLimit\x1b[2J'"


def test_a_program_that_falls_silent_or_ends_keeps_what_it_said(program):
    stuck = program("print(input() and 4.0, flush=True)\ntime.sleep(60)\n", 0.5)
    with pytest.raises(WorkerHung, match=r"no answer within 0\.5 s \(does it flush each line\?\)") as hung:
        stuck.evaluate(POINTS, CallStyle.LIST)
    assert (hung.value.partial.values.tolist(), hung.value.suspect, stuck.pid) == ([4.0], 1, None)
    gone = program("print(input() and 4.0, flush=True)\nsys.exit(7)\n")
    with pytest.raises(WorkerDied, match="exit code 7") as died:
        gone.evaluate(POINTS, CallStyle.LIST)
    assert died.value.partial.values.tolist() == [4.0]
    gone.reload()
    assert gone.pid is not None


@pytest.mark.parametrize(
    "body", ["print('1\\n2\\n3\\n4', flush=True)\ntime.sleep(60)", "os.write(1, b'1' * 3000000)\ntime.sleep(60)"]
)
def test_more_than_one_short_line_a_point_ends_it(program, body):
    with pytest.raises(WorkerDied, match="more than one short line"):
        program(f"input()\n{body}\n").evaluate(POINTS, CallStyle.LIST)


def test_a_line_that_nobody_asked_for_is_never_taken_for_an_answer(program):
    """A greeting would put every answer beside the wrong point; so would a number left over from the last line."""
    greets = program("print('ready', flush=True)\n" + SUM)
    with pytest.raises(WorkerDied, match=r"nobody asked for|more than one short line"):
        greets.evaluate(POINTS, CallStyle.LIST)
    twice = program("for line in sys.stdin:\n    print(1.0, flush=True)\n    print(2.0, flush=True)\n")
    with pytest.raises(WorkerDied, match=r"nobody asked for|more than one short line"):
        ask_again_when_it_has_said_more(twice)


def ask_again_when_it_has_said_more(process):
    process.evaluate(POINTS[:1], CallStyle.LIST)
    while not process._buffer and not select.select([process._process.stdout], [], [], 1.0)[0]:
        pass
    process.evaluate(POINTS[:1], CallStyle.LIST)


def test_a_first_answer_that_is_no_number_stays_one(program):
    process = program("for line in sys.stdin:\n    print('no' if line.startswith('1') else 4.0, flush=True)\n")
    assert process.evaluate(POINTS, CallStyle.LIST).statuses.tolist() == [Status.WRONG_TYPE, Status.OK, Status.OK]
    assert process.evaluate(POINTS[1:], CallStyle.LIST).values.tolist() == [4.0, 4.0]


def test_at_the_end_of_the_run_nobody_waits_for_an_answer(program):
    process = program("print(input() and 4.0, flush=True)\ntime.sleep(60)\n", 50.0)
    process._end.at = time.monotonic() + 1.0
    with pytest.raises(TimeIsUp) as end:
        process.evaluate(POINTS, CallStyle.LIST)
    assert (end.value.partial.values.tolist(), process.pid) == ([4.0], None)


def test_no_question_and_no_answer_is_longer_than_allowed(tmp_path):
    path = tmp_path / "program"
    path.write_text(
        f"#!{sys.executable}\nimport os\n"
        "while True:\n    lines = os.read(0, 65536).splitlines()\n"
        "    os.write(1, b'\\n'.join([str(len(lines)).encode()] * len(lines)) + b'\\n')\n"
    )
    path.chmod(0o755)
    few = ProgramProcess(path, WorkerOptions(max_batch=3))
    few.reload()
    try:
        assert few.evaluate(np.ones((7, 1)), CallStyle.LIST).values.max() <= 3
    finally:
        few.close()
    short = ProgramProcess(path, WorkerOptions(max_output=1))
    short.reload()
    with pytest.raises(WorkerDied, match="more than one short line"):
        short.evaluate(np.ones((40, 1)), CallStyle.LIST)


def test_a_file_that_is_no_program_says_how_to_make_it_one(tmp_path):
    path = tmp_path / "program"
    path.write_text("#!/bin/sh\n")
    with pytest.raises(ChallengeError, match=r"cannot be started: .*chmod \+x"):
        ProgramProcess(path, WorkerOptions()).reload()
