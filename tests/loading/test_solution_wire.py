"""Whatever a solution's process sends is understood or refused: nothing else can happen to the judge."""

import ast
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.loading import candidate_process, solution_wire
from blackbox.loading.solution_wire import Frame, Head, Raised
from blackbox.loading.wire import HEADER, MAGIC, ProtocolViolation

PROGRAM = Path(candidate_process.__file__).with_name("candidate.py")


def test_both_copies_of_the_constants_are_equal() -> None:
    names = {}
    for node in ast.parse(PROGRAM.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign):
            targets = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else [node.targets[0]]
            values = node.value.elts if isinstance(node.targets[0], ast.Tuple) else [node.value]
            names |= {t.id: v.value for t, v in zip(targets, values, strict=False) if isinstance(v, ast.Constant)}
    for frame in Frame:
        assert names[frame.name] == frame.value
    assert names["MAX_RESULT"] == solution_wire.MAX_COORDINATES


@given(st.binary(min_size=HEADER.size, max_size=HEADER.size), st.integers(0, 9), st.integers(0, 9))
def test_a_random_header_is_refused(data: bytes, number: int, asked: int) -> None:
    if not data.startswith(MAGIC):
        with pytest.raises(ProtocolViolation):
            solution_wire.read_head(data, number, asked)


fields = st.tuples(
    st.sampled_from([*Frame, 0, 1, 255]),
    st.integers(0, 2),
    st.integers(0, 3),
    st.integers(0, 5000),
    st.integers(0, 5000),
)


@given(fields)
def test_a_header_is_either_refused_or_within_bounds(drawn) -> None:
    kind, style, sequence, n, d = drawn
    try:
        head = solution_wire.read_head(HEADER.pack(MAGIC, kind, style, 0, sequence, n, d), 1, 0)
    except ProtocolViolation:
        return
    assert head.kind in (Frame.ASK, Frame.RETURNED, Frame.RAISED)
    assert style == 0
    assert head.sequence == 1
    assert head.size <= 8 * solution_wire.MAX_COORDINATES


@given(st.binary(max_size=200))
def test_a_report_of_any_bytes_is_understood_or_refused(body: bytes) -> None:
    for read in (solution_wire.read_report, lambda data: solution_wire.read_said(Head(Frame.RAISED, 1, 9, 0), data, 2)):
        with pytest.raises(ProtocolViolation):
            read(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"kind": "spent"}',
        b'{"kind": "won", "text": "", "line": 1}',
        b'{"kind": "raised", "text": 5, "line": 1}',
        b'{"kind": "raised", "text": "", "line": true}',
        b"[" * 2000,
        b'[{"defines": []}]',
        b'{"defines": [5], "error": null}',
    ],
)
def test_a_lie_in_json_is_refused(body: bytes) -> None:
    for read in (solution_wire.read_report, lambda data: solution_wire.read_said(Head(Frame.RAISED, 1, 9, 0), data, 2)):
        with pytest.raises(ProtocolViolation):
            read(body)


def test_a_question_of_another_dimension_is_refused() -> None:
    with pytest.raises(ProtocolViolation, match="3 numbers"):
        solution_wire.read_said(Head(Frame.ASK, 1, 1, 3), struct.pack("<3d", 1, 2, 3), 2)


def test_text_for_a_person_is_short_and_steers_no_terminal() -> None:
    said = solution_wire.read_complaint({"kind": "raised", "text": "\x1b[2J\n" + "x" * 9999, "line": 3})
    assert isinstance(said, Raised)
    assert said.sentence.isprintable()
    assert len(said.sentence) < 300
