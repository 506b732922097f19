"""How long a process has done nothing: neither computed, nor waited for a processor, nor for us.

A clock on the wall would blame a solution for a busy machine. The kernel tells for each thread how long it has run and
how long it was ready and had no processor (`/proc/PID/schedstat`, nanoseconds); what is left of the wall's time after
those of the process and our own is sleep.
"""

import os
import time
from pathlib import Path

NANOSECONDS = 1e9


class Idleness:
    """Sums up the idle time of one process; look at it often."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._idle, self._excused = 0.0, 0.0
        self._seen, self._theirs, self._ours = time.monotonic(), busy_seconds(pid), _own_seconds()

    def excuse(self, seconds: float) -> None:
        """So much of the time since the last look was spent waiting for others."""
        self._excused += seconds

    def look(self) -> float:
        """Idle seconds so far."""
        now, theirs, ours = time.monotonic(), busy_seconds(self._pid), _own_seconds()
        busy = max(0.0, theirs - self._theirs) + max(0.0, ours - self._ours)
        self._idle += max(0.0, now - self._seen - self._excused - busy)
        self._seen, self._theirs, self._ours, self._excused = now, theirs, ours, 0.0
        return self._idle


def busy_seconds(pid: int) -> float:
    """Seconds that the living threads of a process have run or waited for a processor; 0 where nobody tells."""
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return 0.0
    return sum(_schedule(f"/proc/{pid}/task/{thread}/schedstat") for thread in threads)


def _own_seconds() -> float:
    return _schedule("/proc/thread-self/schedstat")


def _schedule(path: str) -> float:
    try:
        ran, waited, _ = Path(path).read_bytes().split()
        return (int(ran) + int(waited)) / NANOSECONDS
    except (OSError, ValueError):
        return 0.0
