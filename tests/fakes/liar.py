"""A worker that lies. Started as `python program.py` by a test; each mode is one way to break the protocol."""

import os
import random
import struct
import sys
import time

HEADER = struct.Struct("<4sBBHIII")
READY, DESCRIPTION, VALUES = 1, 3, 7
REQUESTS, REPLIES, REASONS = (int(word) for word in sys.argv[1:4])
DESCRIBED = (
    b'{"outcome": "loaded", "type": "function", "name": "f", "callables": [], "stated": null, "numpy": false,'
    b' "parameters": [["a", "positional", true, ""]]}'
)


def frame(kind, sequence, n, d, body=b"", magic=b"BBX1"):
    return HEADER.pack(magic, kind, 0, 0, sequence, n, d) + body


def send(data):
    view = memoryview(data)
    while view:
        view = view[os.write(REPLIES, view) :]


def take(size):
    data = b""
    while len(data) < size:
        part = os.read(REQUESTS, size - len(data))
        if not part:
            os._exit(0)
        data += part
    return data


def request():
    _, _, _, _, sequence, n, d = HEADER.unpack(take(HEADER.size))
    return sequence, n, d


def forever():
    while True:
        time.sleep(60)


def flood(byte):
    while True:
        send(byte * 65536)


def greet(mode):
    """The lies before the payload is asked for."""
    if mode == "silent":
        forever()
    if mode == "gone":
        os._exit(3)
    if mode == "half-ready":
        send(frame(READY, 0, 0, 0)[:7])
        forever()
    if mode == "half-ready-gone":
        send(frame(READY, 0, 0, 0)[:7])
        os._exit(0)
    if mode == "wrong-magic":
        send(frame(READY, 0, 0, 0, magic=b"EVIL"))
    if mode == "wrong-kind":
        send(frame(VALUES, 0, 0, 0))
    if mode == "flood":
        flood(b"\xff")
    if mode.startswith("facts"):
        send(frame(READY, 0, int(mode[5:]), 0x030B07F0))
        take(1)
        send(b"I was sent something")
    if mode == "never-reads":
        send(frame(READY, 0, 15, 0))
        forever()
    send(frame(READY, 0, 15, 0x030B07F0))


def describe(mode):
    """The lies about the payload."""
    sequence, n, d = request()
    take(n + d)
    bodies = {
        "no-json": b"{",
        "deep-json": b"[" * 60000,
        "list-json": b"[]",
        "huge-number": b'{"outcome": "loaded", "stated": 1e999}',
        "long-digits": b"1" * 60000,
        "no-fields": b'{"outcome": "loaded"}',
        "wrong-fields": DESCRIBED.replace(b"null", b'"7"'),
        "unknown-refusal": b'{"outcome": "because", "detail": "", "callables": []}',
        "not-ascii": DESCRIBED.replace(b'"f"', b'"\xff"'),
    }
    body = bodies.get(mode, DESCRIBED)
    if mode == "long-description":
        send(frame(DESCRIPTION, sequence, 1 << 31, 0) + b" " * 65536)
        forever()
    if mode == "short-description":
        send(frame(DESCRIPTION, sequence, len(body) + 1, 0, body))
        forever()
    send(frame(DESCRIPTION, sequence, len(body), 0, body))
    if mode == "unsolicited":
        send(b"\0" * 30)


def values(mode, sequence, n):
    """The lies about the values, as bytes."""
    honest = struct.pack(f"<{n}d", *range(n)) + bytes(n)
    nan = struct.pack(f"<{n}d", *[float("nan")] * n) + bytes(n)
    lies = {
        "value-magic": frame(VALUES, sequence, n, 0, honest, magic=b"XXXX"),
        "repeated": frame(VALUES, sequence - 1, n, 0, honest),
        "future": frame(VALUES, sequence + 1, n, 0, honest),
        "too-many": frame(VALUES, sequence, n + 1, 0, honest + bytes(9)),
        "trailing": frame(VALUES, sequence, n, 0, honest) + b"\0",
        "huge-count": frame(VALUES, sequence, 0xFFFFFFFF, 0, honest),
        "wrong-first": frame(VALUES, sequence, n, 1, honest),
        "empty-chunk": frame(VALUES, sequence, 0, 0),
        "nan-as-ok": frame(VALUES, sequence, n, 0, nan),
        "timeout-claimed": frame(VALUES, sequence, n, 0, honest[: 8 * n] + b"\5" * n),
        "status-200": frame(VALUES, sequence, n, 0, honest[: 8 * n] + b"\xc8" * n),
        "half-values": frame(VALUES, sequence, n, 0, honest[:-3]),
        "half-header": frame(VALUES, sequence, n, 0, honest)[:9],
        "no-answer": b"",
        "bad-reason": frame(VALUES, sequence, n, 0, honest[: 8 * n] + b"\1" * n),
    }
    return lies.get(mode, frame(VALUES, sequence, n, 0, honest))


def serve(mode):
    """Answer with lies."""
    while True:
        sequence, n, d = request()
        take(8 * n * d)
        if mode == "closes-pipe":
            os.close(REPLIES)
            forever()
        if mode == "bad-reason":
            os.write(REASONS, b"\x1b[2J" * 10)
        if mode == "flood-values":
            flood(frame(VALUES, sequence, 1, 0, bytes(9)))
        if mode == "trickle":
            for byte in frame(VALUES, sequence, n, 0, bytes(9 * n)):
                send(bytes([byte]))
                time.sleep(0.1)
        send(values(mode, sequence, n))


def babble(seed):
    """Noise: pure, after an honest greeting, or in place of values."""
    noise = random.Random(seed)
    if seed % 3:
        send(frame(READY, 0, 15, 0))
        if seed % 3 == 2:
            describe("honest")
    send(bytes(noise.randrange(256) for _ in range(noise.choice([1, 19, 20, 21, 4000]))))
    if seed % 2:
        forever()


def run(mode):
    """The program."""
    if mode.startswith("noise"):
        return babble(int(mode[5:]))
    greet(mode)
    describe(mode)
    return serve(mode)
