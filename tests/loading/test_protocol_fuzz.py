"""The parent against workers that play a nearly honest script: random, short, long, late and repeated frames."""

import os
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackbox.core.errors import BlackboxError, ChallengeError, SafetyError
from blackbox.core.evaluations import Status
from blackbox.loading import wire
from blackbox.loading.process import WorkerDied, WorkerOptions, WorkerProcess
from blackbox.loading.sandbox import Sandbox
from blackbox.loading.wire import CallStyle, Kind

FAKES = Path(__file__).parents[1] / "fakes"
POINTS = np.arange(6.0).reshape(3, 2)
VALUES = [4.0, 5.0, 6.0]
CALL, LOAD = 0.4, 2.0
"""Seconds: long enough for an honest script on a busy machine, short enough to wait for many liars."""
GRACE = 1.0


def frame(kind, sequence, n, d, body=b""):
    return wire.HEADER.pack(wire.MAGIC, kind, 0, 0, sequence, n, d) + body


DESCRIBED = (
    b'{"outcome": "loaded", "type": "function", "name": "f", "callables": [], "stated": null, "numpy": false,'
    b' "parameters": [["a", "positional", true, ""]]}'
)
ANSWER = np.array(VALUES).tobytes() + bytes(3)
HONEST = [
    ("send", frame(Kind.READY, 0, 0x7FFF, 0x030B07F0)),
    ("take", None),
    ("send", frame(Kind.DESCRIPTION, 1, len(DESCRIBED), 0, DESCRIBED)),
    ("take", None),
    ("send", frame(Kind.VALUES, 2, 3, 0, ANSWER)),
]
SENDS = [place for place, (step, _) in enumerate(HONEST) if step == "send"]


def mutations():
    """Functions from a script to a script."""
    place, sent = st.integers(0, len(HONEST)), st.sampled_from(SENDS)
    noise = st.binary(min_size=1, max_size=60)

    def inserted(kind):
        return lambda script, place, what: [*script[:place], (kind, what), *script[place:]]

    def changed(change):
        return lambda script, place, *what: [
            (step, change(argument, *what)) if index == place and step == "send" else (step, argument)
            for index, (step, argument) in enumerate(script)
        ]

    def corrupted(data, where, byte):
        return data[: where % len(data)] + bytes([byte]) + data[where % len(data) + 1 :] if data else data

    def bind(function, *strategies):
        return st.tuples(*strategies).map(lambda drawn: lambda script: function(script, *drawn))

    return st.one_of(
        bind(inserted("send"), place, noise),
        bind(inserted("send"), place, st.sampled_from([argument for step, argument in HONEST if step == "send"])),
        bind(inserted("reason"), place, noise),
        bind(inserted("reason"), place, st.just(wire.REASON.pack(wire.REASON_MAGIC, 1, 0, 3, 2, 1) + b"why")),
        bind(inserted("pause"), place, st.floats(0, 2 * CALL)),
        bind(inserted("close"), place, st.none()),
        bind(inserted("end"), place, st.integers(0, 3)),
        bind(changed(lambda data, cut: data[: cut % (len(data) + 1)]), sent, st.integers(0, 200)),
        bind(changed(lambda data, more: data + more), sent, noise),
        bind(changed(corrupted), sent, st.integers(0, 200), st.integers(0, 255)),
        bind(lambda script, place: script[:place] + script[place + 1 :], place),
        bind(lambda script, first, second: _swapped(script, first, second), sent, sent),
    )


def _swapped(script, first, second):
    script = list(script)
    if max(first, second) < len(script):
        script[first], script[second] = script[second], script[first]
    return script


def outcome_of(script, folder):
    """What the parent makes of the script: three values, or the error."""
    path = folder / "program.py"
    path.write_text(f"import sys\nsys.path.insert(0, {str(FAKES)!r})\nimport scripted\nscripted.play({script!r})\n")
    options = WorkerOptions(program=path, call_timeout=CALL, load_timeout=LOAD, sandbox=Sandbox.BASIC)
    before = set(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else set()
    with WorkerProcess(options) as worker:
        began = time.monotonic()
        try:
            worker.load(b"payload")
            result = worker.evaluate(POINTS, CallStyle.SCALARS)
        except BlackboxError as error:
            result = error
            assert worker.pid is None
        assert time.monotonic() - began < 2 * LOAD + 4 * CALL + GRACE
    if before:
        assert set(os.listdir("/proc/self/fd")) <= before
    return result


def check(script, folder):
    result = outcome_of(script, folder)
    if isinstance(result, BlackboxError):
        assert isinstance(result, (SafetyError, ChallengeError, WorkerDied))
        assert str(result).isprintable()
    else:
        assert result.values.shape == (3,)
        assert set(result.statuses.tolist()) <= {Status(number) for number in range(5)}
        assert np.all(np.isfinite(result.values) == (result.statuses == Status.OK))
        assert all(text.isprintable() for text in result.reasons.values())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("scripts")


def test_the_honest_script_is_believed(folder):
    assert outcome_of(HONEST, folder).values.tolist() == VALUES


@settings(max_examples=25)
@given(changes=st.lists(mutations(), min_size=1, max_size=3))
def test_a_nearly_honest_worker_is_judged_in_bounded_time(changes, folder):
    script = HONEST
    for change in changes:
        script = change(script)
    check(script, folder)


@pytest.mark.long
@settings(max_examples=100)
@given(changes=st.lists(mutations(), min_size=1, max_size=5), answers=st.binary(max_size=200))
def test_many_more_are(changes, answers, folder):
    script = [*HONEST[:-1], ("send", answers)] if len(answers) % 3 == 0 else HONEST
    for change in changes:
        script = change(script)
    check(script, folder)
