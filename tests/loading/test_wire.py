import runpy
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackbox.core.evaluations import Status
from blackbox.loading import wire
from blackbox.loading.launch import PROGRAM
from blackbox.loading.printable import printable
from blackbox.loading.process import FLUSH_INTERVAL
from blackbox.loading.wire import Boot, CallStyle, Kind, ProtocolViolation, ValuesReader, read_reasons

LOCK = runpy.run_path(str(PROGRAM.with_name("lock.py")), run_name="lock")
WORKER = {**LOCK, **runpy.run_path(str(PROGRAM), run_name="worker")}
FINITE = st.floats(allow_nan=False, allow_infinity=False)
ANSWERS = st.lists(st.tuples(FINITE, st.sampled_from([0, 0, 0, 1, 2, 3, 4])), min_size=1, max_size=40)


def chunk(sequence, first, answers):
    body = struct.pack(f"<{len(answers)}d", *(value for value, _ in answers)) + bytes(status for _, status in answers)
    return wire.HEADER.pack(wire.MAGIC, Kind.VALUES, 0, 0, sequence, len(answers), first) + body


def pieces(data, cuts):
    ends = sorted({cut % (len(data) + 1) for cut in cuts} | {len(data)})
    return [data[start:end] for start, end in zip([0, *ends], ends, strict=False) if end > start]


def test_parent_and_worker_agree_on_every_format_and_number():
    assert WORKER["MAGIC"] == wire.MAGIC
    assert WORKER["REASON_MAGIC"] == wire.REASON_MAGIC
    assert WORKER["HEADER"].format == wire.HEADER.format
    assert WORKER["REASON"].format == wire.REASON.format
    for members in (Kind, Boot, CallStyle):
        for member in members:
            assert WORKER[member.name] == member.value
    for status in (Status.OK, Status.EXCEPTION, Status.NOT_A_NUMBER, Status.INFINITE, Status.WRONG_TYPE):
        assert WORKER[status.name] == status
    for name in ("MAX_REASON", "MAX_REASONS"):
        assert WORKER[name] == getattr(wire, name)
    assert WORKER["FLUSH_INTERVAL"] == FLUSH_INTERVAL


def test_all_reasons_of_a_batch_fit_into_one_write_each_and_into_an_empty_pipe():
    assert wire.REASON.size + wire.MAX_REASON <= 4096
    assert wire.MAX_REASONS * (wire.REASON.size + wire.MAX_REASON) <= 16 * 1024


@given(ANSWERS, st.lists(st.integers(0, 10**6), max_size=5), st.integers(1, 40))
def test_answers_arrive_whatever_the_chunks_and_however_the_bytes_are_cut(answers, cuts, size):
    data = b"".join(chunk(9, first, answers[first : first + size]) for first in range(0, len(answers), size))
    reader = ValuesReader(9, len(answers))
    for piece in pieces(data, cuts):
        assert not reader.done
        reader.feed(piece)
    reply = reader.reply({})
    assert reader.done
    for (value, status), got, mark in zip(answers, reply.values, reply.statuses, strict=True):
        assert mark == status
        assert got == value if status == 0 else np.isnan(got)


@given(ANSWERS, st.integers(0, 40))
def test_what_came_before_the_end_is_kept(answers, count):
    count = min(count, len(answers) - 1)
    reader = ValuesReader(9, len(answers))
    whole = chunk(9, 0, answers[:count]) if count else b""
    reader.feed(whole + chunk(9, count, answers[count:])[:-1])
    assert not reader.done
    assert len(reader.reply({}).values) == count


@settings(max_examples=400)
@given(
    st.lists(st.tuples(st.floats(), st.sampled_from([0, 0, 0, 1, 7])), min_size=1, max_size=4),
    st.integers(0, 60),
    st.binary(max_size=2),
)
def test_the_short_way_to_a_reply_takes_nothing_that_the_long_way_refuses(answers, place, bytes_there):
    honest = chunk(9, 0, answers)
    data = honest[:place] + bytes_there + honest[place + len(bytes_there) :]
    whole = wire.read_whole(data, 9, len(answers))
    if whole is None:
        return
    reader = ValuesReader(9, len(answers))
    reader.feed(data)
    reply = reader.reply({})
    assert reader.done
    assert np.array_equal(whole.values, reply.values)
    assert np.isfinite(whole.values).all()
    assert whole.statuses.tolist() == reply.statuses.tolist() == [0] * len(answers)


@given(st.lists(FINITE, min_size=1, max_size=40))
def test_an_answer_that_comes_whole_and_without_failures_goes_the_short_way(values):
    whole = wire.read_whole(chunk(9, 0, [(value, 0) for value in values]), 9, len(values))
    assert whole is not None
    assert whole.values.tolist() == values


@given(st.binary(max_size=200), st.integers(1, 5))
def test_random_bytes_are_a_violation_or_too_few(data, total):
    reader = ValuesReader(1, total)
    try:
        reader.feed(data)
    except ProtocolViolation:
        return
    assert reader.received <= total
    assert not reader.done


@settings(max_examples=400)
@given(ANSWERS, st.integers(0, 10**6), st.integers(0, 255))
def test_one_changed_byte_is_a_violation_or_another_honest_answer(answers, place, byte):
    data = bytearray(chunk(9, 0, answers))
    data[place % len(data)] = byte
    reader = ValuesReader(9, len(answers))
    try:
        reader.feed(bytes(data))
        reply = reader.reply({})
    except ProtocolViolation:
        return
    assert len(reply.values) <= len(answers)
    assert np.all(np.isfinite(reply.values) == (reply.statuses == Status.OK))


@given(st.binary(max_size=300))
def test_random_bytes_are_no_header(data):
    data = data.ljust(wire.HEADER.size, b"\0")
    if data[:4] != wire.MAGIC:
        with pytest.raises(ProtocolViolation):
            wire.read_header(data, Kind.READY, 0)


@settings(max_examples=300)
@given(st.binary(max_size=300), st.booleans())
def test_reasons_are_bounded_and_printable_or_a_violation(data, marked):
    if marked:
        data = wire.REASON.pack(wire.REASON_MAGIC, 1, 0, len(data), 5, 2) + data
    try:
        reasons = read_reasons(data, 5, 3)
    except ProtocolViolation:
        return
    assert all(0 <= index < 3 for index in reasons)
    assert all(text.isprintable() and len(text) <= wire.MAX_REASON for text in reasons.values())


@pytest.mark.parametrize(
    "fields",
    [
        (b"EVIL", 1, 0, 2, 5, 0),
        (wire.REASON_MAGIC, 5, 0, 2, 5, 0),
        (wire.REASON_MAGIC, 1, 1, 2, 5, 0),
        (wire.REASON_MAGIC, 1, 0, 2, 4, 0),
        (wire.REASON_MAGIC, 1, 0, 2, 5, 3),
        (wire.REASON_MAGIC, 1, 0, 501, 5, 0),
        (wire.REASON_MAGIC, 1, 0, 3, 5, 0),
    ],
)
def test_a_reason_that_lies_is_a_violation(fields):
    with pytest.raises(ProtocolViolation):
        read_reasons(wire.REASON.pack(*fields) + b"no", 5, 3)


def test_too_many_reasons_are_a_violation():
    one = wire.REASON.pack(wire.REASON_MAGIC, 1, 0, 2, 5, 0)
    many = b"".join(wire.REASON.pack(wire.REASON_MAGIC, 1, 0, 2, 5, index) + b"no" for index in range(40))
    assert read_reasons(one + b"no", 5, 3) == {0: "no"}
    with pytest.raises(ProtocolViolation):
        read_reasons(many, 5, 100)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"\x1b[2J\x1b]0;owned\x07 hello", r"\x1b[2J\x1b]0;owned\x07 hello"),
        (b" line\r\n\tline\x00\x08", r"line line\x00\x08"),
        ("right \u202eto left\u2066".encode(), r"right \u202eto left\u2066"),
        (b"\xff\xfe bytes", "\ufffd\ufffd bytes"),
        (b"x" * 5000, "x" * (wire.MAX_REASON - 1) + "…"),
    ],
)
def test_text_from_the_worker_is_safe_on_a_terminal(text, shown):
    assert printable(text) == shown


def test_points_travel_as_little_endian_rows_whatever_their_layout():
    points = np.asfortranarray(np.arange(6.0).reshape(3, 2))
    frame = wire.evaluate_frame(4, wire.Call(CallStyle.SCALARS), points)
    assert frame[wire.HEADER.size :] == struct.pack("<6d", *range(6))


def test_every_style_has_a_word_that_means_it():
    for style in CallStyle:
        assert CallStyle.from_word(style.word) is style
    with pytest.raises(ValueError, match="must be one of scalars, array, list, tuple"):
        CallStyle.from_word("matrix")
