"""The parent's ends of the pipes to a worker: non-blocking, with a deadline on every read and every write."""

import contextlib
import os
import select
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass

READ_SIZE = 64 * 1024
"""Bytes: what a pipe holds on Linux."""
PAGE = 64 * 1024
"""Bytes of the shared page: the largest page size in use, so that one mapping fits everywhere. One number is used."""


LOOK_INTERVAL = 0.05
"""Seconds between two looks at a worker that makes us wait."""


class PipeClosed(Exception):  # noqa: N818 - a signal, no error
    """The other end is gone."""


class PipeSilent(Exception):  # noqa: N818 - a signal, no error
    """The deadline has passed."""


@dataclass(frozen=True, slots=True)
class ChildEnds:
    """The descriptors that the worker inherits."""

    requests: int
    replies: int
    reasons: int
    progress: int

    def all(self) -> tuple[int, int, int, int]:
        """In the order of the worker's command line."""
        return self.requests, self.replies, self.reasons, self.progress


class Pipes:
    """Three pipes and a page. `child` is what the worker inherits; close it here once the worker runs."""

    __slots__ = ("_progress", "_readable", "_reasons", "_replies", "_requests", "_writable", "child", "look")

    def __init__(self, look: Callable[[], None] = lambda: None) -> None:
        self.look = look
        """Called again and again while something is waited for; may raise."""
        requests, self._requests = os.pipe()
        self._replies, replies = os.pipe()
        self._reasons, reasons = os.pipe()
        self._progress = _shared_file()
        self.child: ChildEnds | None = ChildEnds(requests, replies, reasons, os.dup(self._progress))
        for descriptor in (self._requests, self._replies, self._reasons):
            os.set_blocking(descriptor, False)
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(self._replies, select.POLLIN)
        self._writable.register(self._requests, select.POLLOUT)

    def release_child(self) -> None:
        """Close the worker's ends here, so that its death shows as an end of file."""
        if self.child is not None:
            for descriptor in self.child.all():
                os.close(descriptor)
            self.child = None

    def close(self) -> None:
        """Close everything. Harmless when repeated."""
        self.release_child()
        for name in ("_requests", "_replies", "_reasons", "_progress"):
            descriptor: int = getattr(self, name)
            if descriptor >= 0:
                setattr(self, name, -1)
                os.close(descriptor)

    def send(self, data: bytes, deadline: float) -> None:
        """Write every byte until the monotonic time `deadline`. Raises `PipeClosed` and `PipeSilent`."""
        rest: bytes | memoryview = data
        while rest:
            try:
                written = os.write(self._requests, rest)
            except BlockingIOError:
                self._wait(self._writable, deadline)
            except OSError as cause:
                raise PipeClosed from cause
            else:
                if written == len(rest):
                    return
                rest = memoryview(rest)[written:]

    def receive(self, size: int, deadline: float) -> bytes:
        """Between 1 and `size` bytes. Raises `PipeClosed` and `PipeSilent`."""
        while True:
            self._wait(self._readable, deadline)
            try:
                data = os.read(self._replies, min(size, READ_SIZE))
            except BlockingIOError:
                continue
            except OSError as cause:
                raise PipeClosed from cause
            if not data:
                raise PipeClosed
            return data

    def _wait(self, poll: select.poll, deadline: float) -> None:
        """Until the descriptor is ready, or closed. Raises `PipeSilent`."""
        left = deadline - time.monotonic()
        while not poll.poll(1000 * LOOK_INTERVAL if left > LOOK_INTERVAL else 1000 * max(0.0, left)):
            left = deadline - time.monotonic()
            if left <= 0:
                raise PipeSilent
            self.look()

    def receive_exactly(self, size: int, deadline: float) -> bytes:
        """`size` bytes. Raises `PipeClosed` and `PipeSilent`."""
        parts: list[bytes] = []
        while size:
            parts.append(self.receive(size, deadline))
            size -= len(parts[-1])
        return b"".join(parts)

    def reasons(self, limit: int) -> bytes:
        """What lies in the reasons pipe now, at most about `limit` bytes, without waiting."""
        parts: list[bytes] = []
        with contextlib.suppress(OSError):
            while limit > 0 and (data := os.read(self._reasons, min(limit, READ_SIZE))):
                parts.append(data)
                limit -= len(data)
        return b"".join(parts)

    def progress(self) -> tuple[int, int]:
        """Sequence and index of what the worker says it is evaluating. Read, never mapped: no trick can kill us."""
        try:
            word = os.pread(self._progress, 8, 0)
        except OSError:
            word = b""
        number = int.from_bytes(word, "little" if _LITTLE else "big")
        return number >> 32, number & 0xFFFFFFFF


_LITTLE = memoryview(b"\1\0").cast("H")[0] == 1


def _shared_file() -> int:
    """A descriptor of an anonymous file of one page, sealed against resizing where the system can."""
    if not hasattr(os, "memfd_create"):
        with tempfile.TemporaryFile() as file:
            file.truncate(PAGE)
            return os.dup(file.fileno())
    descriptor = os.memfd_create("blackbox-progress", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(descriptor, PAGE)
    import fcntl

    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
    return descriptor
