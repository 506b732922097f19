"""A worker that plays a script: takes requests, sends bytes, waits, closes. For the fuzzer of the protocol."""

import os
import struct
import sys
import time

HEADER = struct.Struct("<4sBBHIII")
REQUESTS, REPLIES, REASONS = (int(word) for word in sys.argv[1:4])


def take(size):
    """So many bytes; ends with the parent."""
    while size:
        part = os.read(REQUESTS, size)
        if not part:
            os._exit(0)
        size -= len(part)
        yield part


def request():
    """One whole request, unread."""
    _, kind, _, _, _, n, d = HEADER.unpack(b"".join(take(HEADER.size)))
    for _ in take(n + d if kind == 2 else 8 * n * d):
        pass


def play(script):
    """Every step; then silence."""
    for step, argument in script:
        if step == "take":
            request()
        elif step == "send":
            os.write(REPLIES, argument)
        elif step == "reason":
            os.write(REASONS, argument)
        elif step == "pause":
            time.sleep(argument)
        elif step == "close":
            os.close(REPLIES)
        elif step == "end":
            os._exit(argument)
    time.sleep(60)
