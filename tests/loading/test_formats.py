import bz2
import contextlib
import gzip
import io
import itertools
import json
import lzma
import math
import pickle
import random
import sys
import tarfile
import tracemalloc
import zipfile
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackbox.core.errors import ChallengeError
from blackbox.loading.allowance import Allowance
from blackbox.loading.formats import compressed
from blackbox.loading.formats.catalogue import KINDS, identify
from blackbox.loading.formats.compressed import unpack

COMPRESSORS = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
    "zlib": zlib.compress,
}
PICKLE = pickle.dumps([1.5, {"a": math.sin}])


@pytest.mark.parametrize("name", COMPRESSORS)
@given(data=st.binary(max_size=2000))
def test_every_compression_opens_to_what_was_put_in(name, data):
    unpacked = unpack(COMPRESSORS[name](b"\x80" + data))
    assert unpacked.data == b"\x80" + data
    assert unpacked.layers == (name,)


@pytest.mark.parametrize(("inner", "outer"), list(itertools.permutations(COMPRESSORS, 2)))
def test_layers_are_named_from_the_outside_in(inner, outer):
    unpacked = unpack(COMPRESSORS[outer](COMPRESSORS[inner](PICKLE)))
    assert (unpacked.data, unpacked.layers) == (PICKLE, (outer, inner))


def test_bytes_without_compression_come_back_as_they_are():
    assert unpack(PICKLE) == compressed.Unpacked(PICKLE, ())


@pytest.mark.parametrize("name", ["gzip", "bzip2", "xz"])
def test_streams_one_after_the_other_and_padding_are_joined(name):
    compress = COMPRESSORS[name]
    assert unpack(compress(PICKLE[:9]) + compress(PICKLE[9:]) + bytes(512)).data == PICKLE


@pytest.mark.parametrize("name", COMPRESSORS)
def test_every_truncation_is_a_challenge_error(name):
    whole = COMPRESSORS[name](PICKLE * 5)
    for length in range(14, len(whole) - 1):
        with pytest.raises(ChallengeError, match=r"ends in the middle|is damaged"):
            unpack(whole[:length])


@pytest.mark.parametrize("name", COMPRESSORS)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_stream_is_a_challenge_error_or_opens(name, seed):
    draw = random.Random(seed)
    damaged = bytearray(COMPRESSORS[name](PICKLE * 5))
    for _ in range(3):
        damaged[draw.randrange(len(damaged))] = draw.randrange(256)
    with contextlib.suppress(ChallengeError):
        unpack(bytes(damaged))


@pytest.mark.parametrize("name", ["gzip", "bzip2", "xz", "zlib"])
def test_a_bomb_is_refused_before_it_grows(name):
    for allowed in (Allowance(size=1), Allowance(size=3)):
        assert len(unpack(COMPRESSORS[name](bytes(allowed.bytes)), allowed).data) == allowed.bytes
        bomb = COMPRESSORS[name](bytes(40 * 2**20))
        tracemalloc.start()
        with pytest.raises(ChallengeError, match=rf"grows beyond {allowed.size} MiB when opened\..*--max-size"):
            unpack(bomb, allowed)
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert held < 2 * allowed.bytes + 16 * 2**20  # the dictionary of xz alone takes 8 MiB


def test_a_header_that_asks_for_a_huge_dictionary_is_refused():
    header = b"\x5d" + (2**31).to_bytes(4, "little") + b"\xff" * 8
    with pytest.raises(ChallengeError):
        unpack(header + lzma.compress(PICKLE, lzma.FORMAT_ALONE)[13:])


def test_layers_without_end_are_refused():
    data = PICKLE
    for _ in range(compressed.MAXIMUM_DEPTH + 1):
        data = gzip.compress(data)
    with pytest.raises(ChallengeError, match="more than 3 times"):
        unpack(data)


def test_empty_streams_without_end_are_refused():
    with pytest.raises(ChallengeError, match="more than 1000 streams"):
        unpack(gzip.compress(b"") * 100_000)


def saved_with(save):
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


def zipped():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("challenge.pkl", PICKLE)
    return buffer.getvalue()


def tarred():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("challenge.pkl"))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("zip", zipped()),
        ("tar", tarred()),
        ("npy", saved_with(lambda file: np.save(file, np.zeros(3)))),
        ("zip", saved_with(lambda file: np.savez(file, a=np.zeros(3)))),
        ("hdf5", b"\x89HDF\r\n\x1a\n" + bytes(50)),
        ("html", b"\n<!DOCTYPE html><html><body>Sign in</body></html>"),
        ("xml", b'<?xml version="1.0"?><a/>'),
        ("json", json.dumps({"a": [1, 2]}).encode()),
        ("json", b"[1, 2, 3]"),
        ("notebook", b'{\n "cells": [], "nbformat": 4}'),
        ("git-lfs", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"),
        ("base64", b"gASVLgAAAAAAAACMBG1hdGiUjANzaW6Uk5Qu\n"),
        ("text", b"Please minimise this function.\n"),
        ("unknown", bytes(range(200, 256)) * 20),
    ],
)
def test_foreign_files_are_recognised_and_come_with_a_remedy(name, data):
    kind = identify(data)
    assert kind.name == name
    assert kind.remedy


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("elf", b"\x7fELF\x02\x01\x01" + bytes(50)),
        ("pe", b"MZ\x90\x00" + bytes(50)),
        ("mach-o", b"\xcf\xfa\xed\xfe" + bytes(50)),
        ("pyc", b"\xa7\x0d\r\n" + bytes(12) + b"\xe3"),
        ("python", b'"""A function."""\nimport math\n\n\ndef f(x):\n    return x\n'),
        ("python", "# é\nf = lambda x: x\n".encode()),
        ("script", b"#!/bin/sh\nexec awk 1\n"),
        ("oracle", b'# ours\nurl = "https://example.org/f"\n'),
    ],
)
def test_forms_that_are_opened_are_recognised(name, data):
    kind = identify(data)
    assert kind.name == name
    assert kind.opened
    assert kind.open is not None


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("value", [[1, 2.5, "text"], math.sin, {"a": None}, 12, 1.5, "x", (), b"ab"])
def test_every_honest_pickle_is_a_pickle(protocol, value):
    assert identify(pickle.dumps(value, protocol)).name == "pickle"


def test_a_truncated_pickle_is_still_a_pickle():
    for protocol in range(6):
        whole = pickle.dumps(math.sin, protocol)
        assert identify(whole[: len(whole) // 2 + 6]).name == "pickle"


@given(st.text(max_size=300))
def test_prose_is_no_pickle(text):
    assert identify(("Dear candidate, " + text).encode()).name != "pickle"


@given(st.binary(max_size=300))
def test_any_bytes_have_a_kind(data):
    assert identify(data).phrase


def test_names_in_the_catalogue_are_unique():
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert [kind.name for kind in KINDS if kind.opened and kind.open is None] == ["pickle"]
    assert all(kind.opened or kind.remedy for kind in KINDS)


def test_our_own_bytecode_magic_is_recognised():
    import importlib.util

    assert identify(importlib.util.MAGIC_NUMBER + bytes(20)).name == "pyc", sys.version
