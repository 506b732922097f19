"""The parent stays in command, whatever the function does: bounded in time and memory, and it says what happened."""

import bz2
import gzip
import lzma
import os
import resource
import sys
import time
import zlib
from dataclasses import replace

import pytest

from blackbox.core.errors import BlackboxError, ChallengeError
from blackbox.loading.formats.compressed import unpack
from blackbox.loading.inspection import inspect_bytes
from tests.loading.attacks.arena import gain, payload, strict
from tests.loading.attacks.corpus import ATTACKS
from tests.loading.attacks.harassing import BROKE, DIED, FAILED, HARASSMENTS, HUNG, PICKLES, REFUSED, STOPPED, VALUE

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the lock is Linux's")
QUICK, PATIENT = 1.0, 20.0
"""Seconds of an evaluation that may hang, and of one that may not."""
MEMORY, ROOMY = 512 * 1024**2, 4 * 1024**3
"""Bytes; with little memory `Thread.start` waits for ever for a thread that had none left, before they are too many."""
GROWTH = 200 * 1024
"""KiB that the parent may need on top at its peak: buffers, and what the test itself holds."""


def kind(outcome):
    """The ending, in the words of the table."""
    if not isinstance(outcome, str):
        return VALUE
    name = outcome.partition(":")[0]
    return name if name in (REFUSED, HUNG, DIED, BROKE, STOPPED) else FAILED


def cases():
    """One in three belongs to the quick tests."""
    for place, harassment in enumerate(HARASSMENTS):
        marks = [] if place % 3 == 0 else [pytest.mark.long]
        yield pytest.param(harassment, id=harassment.id, marks=marks)


@pytest.mark.parametrize("harassment", list(cases()))
def test_the_parent_says_what_happened(harassment):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    stuck = {HUNG, REFUSED} & set(harassment.endings)
    options = strict(call_timeout=QUICK if stuck else PATIENT, load_timeout=3.0 if stuck else PATIENT)
    options = replace(options, memory=ROOMY if STOPPED in harassment.endings else MEMORY)
    outcome = gain(options, payload(harassment.text), rounds=2)
    assert kind(outcome) in harassment.endings, outcome
    assert str(outcome).isprintable()
    assert len(str(outcome)) < 1000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < GROWTH
    os.kill(os.getpid(), 0)


@pytest.mark.long
@pytest.mark.parametrize("name", PICKLES)
def test_a_hostile_pickle_is_refused_or_harmless(name):
    outcome = gain(strict(call_timeout=QUICK, load_timeout=3.0, memory=MEMORY), PICKLES[name])
    assert kind(outcome) in (REFUSED, FAILED, VALUE, DIED), outcome
    assert str(outcome).isprintable()


@pytest.mark.long
@pytest.mark.parametrize("name", PICKLES)
def test_inspection_of_a_hostile_pickle_ends_and_judges(name):
    began = time.monotonic()
    report = inspect_bytes(PICKLES[name], "file.pkl")
    assert time.monotonic() - began < 20
    assert report.sha256


@pytest.mark.parametrize("harassment", HARASSMENTS[::7], ids=[harassment.id for harassment in HARASSMENTS[::7]])
def test_inspection_runs_nothing(harassment):
    assert inspect_bytes(payload(harassment.text), "file.pkl").sha256


BOMBS = {
    "gzip": lambda data: gzip.compress(data, 1),
    "zlib": lambda data: zlib.compress(data, 1),
    "bzip2": lambda data: bz2.compress(data, 1),
    "xz": lambda data: lzma.compress(data, preset=0),
    "gzip-in-gzip": lambda data: gzip.compress(gzip.compress(data, 1), 1),
    "xz-in-gzip": lambda data: gzip.compress(lzma.compress(data, preset=0)),
    "gzip-five-deep": lambda data: gzip.compress(gzip.compress(gzip.compress(gzip.compress(gzip.compress(data))))),
}


@pytest.mark.long
@pytest.mark.parametrize("name", BOMBS)
def test_a_decompression_bomb_is_refused_in_bounded_memory(name):
    bomb = BOMBS[name](bytes(70 * 1024**2))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BlackboxError) as caught:
        unpack(bomb)
    assert isinstance(caught.value, ChallengeError)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < GROWTH


def test_a_payload_beyond_the_bound_is_refused_before_a_process_starts():
    outcome = gain(strict(payload=1000), bytes(1001))
    assert outcome.startswith("ChallengeError: The file holds 1,001 bytes; at most 1,000 are taken")


def test_the_corpus_as_a_whole():
    assert len(ATTACKS) + len(HARASSMENTS) + len(PICKLES) + len(BOMBS) >= 350
